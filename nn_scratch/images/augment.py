"""Augmentation: the same digits, written a little differently each time.

Nobody writes a 4 twice in the same place, at the same slant and size. Showing the network a new random affine map of
each image in each epoch teaches it that these differences mean nothing (Simard, Steinkraus and Platt 2003).

Speed decides how this is done, because the network itself needs only some three microseconds a image. All images
are enlarged to twice their size once, smoothly; a batch then needs, for each of its pixels, one number from there, the
nearest to where the inverse map sends the pixel's middle. Half-pixel rounding of a smooth image is as good to the
network as interpolation. And sixteen images of a batch share one map: which they are is chance again in every epoch.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nn_scratch.arrays import Images

FINE = 2  # enlargement
GROUP = 16  # images of a batch that are moved alike


@dataclass(frozen=True)
class Wobble:
    """How far a image may be moved: each number is drawn evenly from minus to plus this."""

    shift: float = 1.2  # pixels, each way
    rotation: float = 12.0  # degrees
    scale: float = 0.12  # part of the size
    shear: float = 0.15  # pixels to the side for each pixel up


def enlarge(images: Images) -> Images:
    """Twice the size by linear interpolation: (N, S, S) -> (N, 2 S, 2 S).

    The middle of a fine pixel lies a quarter pixel from the middle of the coarse one it is in, so it is 3/4 of that one
    and 1/4 of the neighbour on its side.
    """
    fine = np.repeat(np.repeat(images, 2, axis=1), 2, axis=2)  # (N, 2 S, 2 S)
    padded = np.pad(fine, ((0, 0), (1, 1), (1, 1)), mode="edge").astype(np.uint16)
    rows = padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:]  # of each fine pixel and its two neighbours: 1 2 1
    both = rows[:, :, :-2] + 2 * rows[:, :, 1:-1] + rows[:, :, 2:]
    mean: Images = ((both + 8) >> 4).astype(np.uint8)
    return mean


def random_maps(count: int, wobble: Wobble, rng: np.random.Generator) -> NDArray[np.float32]:
    """`count` maps from a pixel (x, y, 1), seen from the middle of the image, to where it comes from: (B, 2, 3)."""
    angle = rng.uniform(-1, 1, count) * np.radians(wobble.rotation)
    scale = 1 + rng.uniform(-1, 1, count) * wobble.scale
    shear = rng.uniform(-1, 1, count) * wobble.shear
    maps = np.empty((count, 2, 3), np.float32)
    maps[:, 0, 0], maps[:, 0, 1] = np.cos(angle), -np.sin(angle) + shear
    maps[:, 1, 0], maps[:, 1, 1] = np.sin(angle), np.cos(angle)
    maps[:, :, :2] *= scale[:, None, None]
    maps[:, :, 2] = rng.uniform(-wobble.shift, wobble.shift, (count, 2))
    return maps


class Augmenter:
    """Gives batches of `images` (N, S, S), each moved at random within `wobble`."""

    def __init__(self, images: Images, wobble: Wobble, rng: np.random.Generator) -> None:
        self.wobble = wobble
        self.rng = rng
        self.side = images.shape[1]
        fine = [enlarge(images[i : i + 1024]) for i in range(0, len(images), 1024)]
        self.fine = np.concatenate(fine).reshape(len(images), -1)  # (N, 4 S S)
        from_middle = np.arange(self.side, dtype=np.float32) - (self.side - 1) / 2  # (S,)
        x, y = np.tile(from_middle, self.side), np.repeat(from_middle, self.side)
        self.pixels = np.stack([x, y, np.ones_like(x)])  # (3, S S)

    def __call__(self, rows: NDArray[np.int64]) -> NDArray[np.uint8]:
        """The images numbered `rows` (B,), moved: (B, S S)."""
        moved = np.empty((len(rows), self.side * self.side), np.uint8)
        for group, places in enumerate(self.places(-(-len(rows) // GROUP))):
            some = slice(group * GROUP, (group + 1) * GROUP)
            np.take(self.fine[rows[some]], places, axis=1, out=moved[some], mode="clip")  # "clip": without a buffer
        return moved

    def places(self, count: int) -> NDArray[np.intp]:
        """For `count` random maps, the number of the fine pixel that each pixel comes from: (count, S S)."""
        side = FINE * self.side
        maps = random_maps(count, self.wobble, self.rng) * np.float32(FINE)  # (count, 2, 3)
        maps[:, :, 2] += side / 2
        x, y = np.moveaxis(maps @ self.pixels, 1, 0).astype(np.intp)  # truncated: the pixel that holds the point
        np.clip(x, 0, side - 1, out=x)  # outside there is paper, as along the edge
        np.clip(y, 0, side - 1, out=y)
        places: NDArray[np.intp] = y * side + x
        return places
