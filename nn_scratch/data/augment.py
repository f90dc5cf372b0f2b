"""Augmentation: the same digits, written a little differently each time.

Nobody writes a 4 twice in the same place, at the same slant and size. A network that sees each image under a new random
affine map in each epoch learns that these differences mean nothing (Simard, Steinkraus and Platt 2003). Two more terms
of the map change the proportions: another hand's 9 has a smaller head on a wider tail.

Augmentation must be fast, because the network itself needs only about three microseconds per image. So all images are
enlarged once to twice their size, smoothly. Each pixel of a batch is then a single number from an enlarged image: the
one nearest to where the inverse map sends the pixel's middle. The network does not notice that this rounds to half a
pixel instead of interpolating. Sixteen images of a batch share one map; which sixteen is random in every epoch.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nn_scratch.arrays import Images

FINE = 2  # how much larger the enlarged images are
GROUP = 16  # images of a batch that share one map
HALF_BOX = 10  # pixels: half of the box that MNIST scales its digits to


@dataclass(frozen=True)
class Wobble:
    """How far an image may be moved: each number is drawn uniformly from minus this value to plus this value."""

    shift: float = 1.2  # pixels, across and down
    rotation: float = 12.0  # degrees
    scale: float = 0.12  # fraction of the size
    shear: float = 0.15  # pixels across for each pixel down
    taper: float = 0.2  # fraction of the width that is gained at the bottom of the box and lost at its top
    bow: float = 0.8  # pixels by which the middle moves across, against top and bottom
    stretch: float = 1.2  # pixels by which the middle moves down, against top and bottom


def enlarge(images: Images) -> Images:
    """Twice the size by linear interpolation: (N, S, S) -> (N, 2 S, 2 S).

    The middle of a fine pixel lies a quarter of a pixel from the middle of its coarse pixel, so its value is 3/4 of
    that pixel and 1/4 of the nearer neighbour.
    """
    fine = np.repeat(np.repeat(images, 2, axis=1), 2, axis=2)  # (N, 2 S, 2 S)
    padded = np.pad(fine, ((0, 0), (1, 1), (1, 1)), mode="edge").astype(np.uint16)
    rows = padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:]  # of each fine pixel and its two neighbours: 1 2 1
    both = rows[:, :, :-2] + 2 * rows[:, :, 1:-1] + rows[:, :, 2:]
    mean: Images = ((both + 8) >> 4).astype(np.uint8)
    return mean


def random_maps(count: int, wobble: Wobble, rng: np.random.Generator) -> NDArray[np.float32]:
    """`count` maps from a pixel (x, y, 1, x y / r, 1 - y^2 / r^2), relative to the middle of the image, to its source:
    (count, 2, 5). The last two terms, where r is `HALF_BOX`, change the proportions.
    """
    angle = rng.uniform(-1, 1, count) * np.radians(wobble.rotation)
    scale = 1 + rng.uniform(-1, 1, count) * wobble.scale
    shear = rng.uniform(-1, 1, count) * wobble.shear
    maps = np.zeros((count, 2, 5), np.float32)
    maps[:, 0, 0], maps[:, 0, 1] = np.cos(angle), -np.sin(angle) + shear
    maps[:, 1, 0], maps[:, 1, 1] = np.sin(angle), np.cos(angle)
    maps[:, :, :2] *= scale[:, None, None]
    maps[:, :, 2] = rng.uniform(-wobble.shift, wobble.shift, (count, 2))
    maps[:, 0, 3] = rng.uniform(-wobble.taper, wobble.taper, count)
    maps[:, 0, 4] = rng.uniform(-wobble.bow, wobble.bow, count)
    maps[:, 1, 4] = rng.uniform(-wobble.stretch, wobble.stretch, count)
    return maps


class Augmenter:
    """Makes batches of `images` (N, S, S), each image moved at random within `wobble`."""

    def __init__(self, images: Images, wobble: Wobble, rng: np.random.Generator) -> None:
        self.wobble = wobble
        self.rng = rng
        self.side = images.shape[1]
        fine = [enlarge(images[i : i + 1024]) for i in range(0, len(images), 1024)]
        self.fine = np.concatenate(fine).reshape(len(images), -1)  # (N, 4 S S)
        from_middle = np.arange(self.side, dtype=np.float32) - (self.side - 1) / 2  # (S,)
        x, y = np.tile(from_middle, self.side), np.repeat(from_middle, self.side)
        r = np.float32(HALF_BOX)
        self.pixels = np.stack([x, y, np.ones_like(x), x * y / r, 1 - (y / r) ** 2])  # (5, S S)

    def __call__(self, rows: NDArray[np.int64]) -> NDArray[np.uint8]:
        """The images with the numbers `rows` (B,), moved at random: (B, S S)."""
        moved = np.empty((len(rows), self.side * self.side), np.uint8)
        for group, places in enumerate(self.places(-(-len(rows) // GROUP))):
            members = slice(group * GROUP, (group + 1) * GROUP)
            np.take(self.fine[rows[members]], places, axis=1, out=moved[members], mode="clip")  # "clip" needs no buffer
        return moved

    def places(self, count: int) -> NDArray[np.intp]:
        """For `count` random maps, the number of the fine pixel that each pixel comes from: (count, S S)."""
        side = FINE * self.side
        maps = random_maps(count, self.wobble, self.rng) * np.float32(FINE)  # (count, 2, 5)
        maps[:, :, 2] += side / 2
        x, y = np.moveaxis(maps @ self.pixels, 1, 0).astype(np.intp)  # truncated: the pixel that holds the point
        np.clip(x, 0, side - 1, out=x)  # outside of the image there is paper, as along its edge
        np.clip(y, 0, side - 1, out=y)
        places: NDArray[np.intp] = y * side + x
        return places
