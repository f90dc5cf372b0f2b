"""Variation: the same images, a little different each time that they are shown.

Nobody writes a 4 twice in the same place, at the same slant and size, and no photograph is framed twice in the same
way. A network that sees each image anew in each epoch learns that these differences mean nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from nn_scratch.arrays import Images
from nn_scratch.checks import check_memory
from nn_scratch.dataset import Rows

FINE = 2  # how much larger the enlarged images are
GROUP = 16  # images of a batch that share one map
HALF_BOX = 10  # pixels: half of the box that MNIST scales its digits to


@dataclass(frozen=True)
class Augment:
    """Handwriting under random affine maps, and in other proportions: another hand's 9 has a smaller head.

    Each number says how far an image may be moved: it is drawn uniformly from minus this value to plus this value.
    It must be fast, because the network itself needs only about three microseconds per image. So all images are
    enlarged once to twice their size, smoothly. Each pixel of a batch is then a single number from an enlarged image:
    the one nearest to where the inverse map sends the pixel's middle. The network does not notice that this rounds to
    half a pixel instead of interpolating. Sixteen images of a batch share one map; which sixteen is random each time.
    Source: Simard, Steinkraus and Platt, "Best Practices for Convolutional Neural Networks" (2003).
    """

    shift: float = 1.2  # pixels, across and down
    rotation: float = 12.0  # degrees
    scale: float = 0.12  # fraction of the size
    shear: float = 0.15  # pixels across for each pixel down
    taper: float = 0.2  # fraction of the width that is gained at the bottom of the box and lost at its top
    bow: float = 0.8  # pixels by which the middle moves across, against top and bottom
    stretch: float = 1.2  # pixels by which the middle moves down, against top and bottom

    def source(self, images: NDArray[Any], rng: np.random.Generator) -> Callable[[Rows], Images]:
        """What gives the images (B, S S) with the numbers `rows` (B,) of `images` (N, S, S), moved at random.

        Raises:
            ValueError: they are not square grey images of bytes.
        """
        if images.dtype != np.uint8 or images.ndim != 3 or images.shape[1] != images.shape[2]:
            kind = f"{images.dtype} {images.shape}"
            raise ValueError(f"Augmentation is for square grey images of uint8, not {kind}.")
        check_memory(FINE**2 * images.nbytes, "Moving these images", "leave out the augmentation, or take fewer images")
        side = images.shape[1]
        parts = [enlarge(images[i : i + 1024]) for i in range(0, len(images), 1024)]
        fine = np.concatenate(parts).reshape(len(images), -1) if parts else images.reshape(0, 0)  # (N, 4 S S)
        from_middle = np.arange(side, dtype=np.float32) - (side - 1) / 2  # (S,)
        x, y = np.tile(from_middle, side), np.repeat(from_middle, side)
        r = np.float32(HALF_BOX)
        pixels = np.stack([x, y, np.ones_like(x), x * y / r, 1 - (y / r) ** 2])  # (5, S S)

        def moved(rows: Rows) -> Images:
            batch = np.empty((len(rows), side * side), np.uint8)
            maps = random_maps(-(-len(rows) // GROUP), self, rng)
            for group, places in enumerate(source_pixels(maps, pixels, side)):
                members = slice(group * GROUP, (group + 1) * GROUP)
                np.take(fine[rows[members]], places, axis=1, out=batch[members], mode="clip")  # "clip" needs no buffer
            return batch

        return moved


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


def random_maps(count: int, augment: Augment, rng: np.random.Generator) -> NDArray[np.float32]:
    """`count` maps from a pixel (x, y, 1, x y / r, 1 - y^2 / r^2), relative to the middle of the image, to its source:
    (count, 2, 5). The last two terms, where r is `HALF_BOX`, change the proportions.
    """
    angle = rng.uniform(-1, 1, count) * np.radians(augment.rotation)
    scale = 1 + rng.uniform(-1, 1, count) * augment.scale
    shear = rng.uniform(-1, 1, count) * augment.shear
    maps = np.zeros((count, 2, 5), np.float32)
    maps[:, 0, 0], maps[:, 0, 1] = np.cos(angle), -np.sin(angle) + shear
    maps[:, 1, 0], maps[:, 1, 1] = np.sin(angle), np.cos(angle)
    maps[:, :, :2] *= scale[:, None, None]
    maps[:, :, 2] = rng.uniform(-augment.shift, augment.shift, (count, 2))
    maps[:, 0, 3] = rng.uniform(-augment.taper, augment.taper, count)
    maps[:, 0, 4] = rng.uniform(-augment.bow, augment.bow, count)
    maps[:, 1, 4] = rng.uniform(-augment.stretch, augment.stretch, count)
    return maps


def source_pixels(maps: NDArray[np.float32], pixels: NDArray[np.float32], side: int) -> NDArray[np.intp]:
    """The number of the fine pixel that each of `pixels` (5, S S) comes from by each of `maps`: (count, S S)."""
    maps = maps * np.float32(FINE)
    maps[:, :, 2] += FINE * side / 2
    x, y = np.moveaxis(maps @ pixels, 1, 0).astype(np.intp)  # truncated: the pixel that holds the point
    np.clip(x, 0, FINE * side - 1, out=x)  # outside of the image there is paper, as along its edge
    np.clip(y, 0, FINE * side - 1, out=y)
    return y * (FINE * side) + x


@dataclass(frozen=True)
class Crop:
    """Photographs, moved by up to `padding` pixels, beyond which all is 0; and mirrored, one in two, if `flip`.

    What a photograph shows does not change when the camera moves by a few pixels, and most things may as well be seen
    in a mirror. Letters may not, so each of the two is a choice of its own.
    Source: He, Zhang, Ren and Sun, "Deep Residual Learning for Image Recognition" (2016), section 4.2.
    """

    padding: int = 4
    flip: bool = False

    def source(self, images: NDArray[Any], rng: np.random.Generator) -> Callable[[Rows], NDArray[Any]]:
        """What gives the images (B, H W C) numbered `rows` (B,) of `images` (N, H, W) or (N, H, W, C), varied."""
        whole = images.reshape(*images.shape[:3], -1)  # (N, H, W, C)

        def varied(rows: Rows) -> NDArray[Any]:
            seen = self.cropped(whole[rows], rng)  # (B, H, W, C)
            if self.flip:
                mirrored = rng.random(len(rows)) < 0.5
                seen[mirrored] = seen[mirrored, :, ::-1]
            return seen.reshape(len(rows), -1)

        return varied

    def cropped(self, images: NDArray[Any], rng: np.random.Generator) -> NDArray[Any]:
        """`images` (B, H, W, C), each seen through a window of its size that moves over it in a frame of zeros."""
        padding = self.padding
        if not padding:
            return images
        batch, height, width, _ = images.shape
        framed = np.pad(images, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
        windows = sliding_window_view(framed, (height, width), axis=(1, 2))  # (B, 2 padding + 1, ..., C, H, W)
        down, across = rng.integers(0, 2 * padding + 1, (2, batch))
        return np.moveaxis(windows[np.arange(batch), down, across], 1, 3)  # only these windows are copied
