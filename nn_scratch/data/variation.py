"""Variation: the same images, a little different each time that they are shown.

Nobody writes a 4 twice at the same place, slant and size, and no photograph is framed twice alike. A network that sees
each image anew in each epoch learns that these differences mean nothing.
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
    Source: Simard, Steinkraus and Platt, "Best Practices for Convolutional Neural Networks" (2003).

    It must be fast, because the network itself needs only about three microseconds per image. So all images are
    enlarged once to twice their size, smoothly. Each pixel of a batch is then a single number from an enlarged image:
    the one to which the inverse map sends the pixel's middle, or the one at the edge where that is beyond. The network
    does not notice the rounding to half a pixel. Sixteen images of a batch share one map, another sixteen each time.
    """

    shift: float = 1.2  # pixels, across and down
    rotation: float = 12.0  # degrees
    scale: float = 0.12  # fraction of the size
    shear: float = 0.15  # pixels across for each pixel down
    taper: float = 0.2  # fraction of the width that is gained at the bottom of the box and lost at its top
    bow: float = 0.8  # pixels by which the middle moves across, against top and bottom
    stretch: float = 1.2  # pixels by which the middle moves down, against top and bottom

    def source(self, images: NDArray[Any], rng: np.random.Generator) -> Callable[[Rows], Images]:
        """What gives those of `images` (N, S, S), bytes or else ValueError, numbered `rows` (B,), moved: (B, S S)."""
        if images.dtype != np.uint8 or images.ndim != 3 or images.shape[1] != images.shape[2]:
            raise ValueError(f"Augmentation is for square grey images of uint8, not {images.dtype} {images.shape}.")
        check_memory(FINE**2 * images.nbytes, "Moving these images", "leave out the augmentation, or take fewer images")
        side = images.shape[1]
        parts = [enlarge(images[i : i + 1024]) for i in range(0, max(1, len(images)), 1024)]
        fine = np.concatenate(parts).reshape(len(images), FINE**2 * side**2)
        y, x = np.indices((side, side), np.float32).reshape(2, -1) - (side - 1) / 2  # (S S,) each, from the middle
        pixels = np.stack([x, y, np.ones_like(x), x * y / HALF_BOX, 1 - (y / HALF_BOX) ** 2])  # (5, S S)

        def moved(rows: Rows) -> Images:
            batch = np.empty((len(rows), side * side), np.uint8)
            maps = FINE * self.random_maps(-(-len(rows) // GROUP), rng)  # (ceil(B / GROUP), 2, 5)
            maps[:, :, 2] += FINE * side / 2
            x, y = np.moveaxis(maps @ pixels, 1, 0).clip(0, FINE * side - 1).astype(np.intp)  # (maps, S S) each
            for group, places in enumerate(y * (FINE * side) + x):
                members = slice(group * GROUP, (group + 1) * GROUP)
                np.take(fine[rows[members]], places, axis=1, out=batch[members], mode="clip")  # "clip" needs no buffer
            return batch

        return moved

    def random_maps(self, count: int, rng: np.random.Generator) -> NDArray[np.float32]:
        """`count` maps (count, 2, 5) from (x, y, 1, x y / r, 1 - y^2 / r^2), where r is `HALF_BOX`, to the source."""
        angle = rng.uniform(-1, 1, count) * np.radians(self.rotation)
        scale = 1 + rng.uniform(-1, 1, count) * self.scale
        shear = rng.uniform(-1, 1, count) * self.shear
        maps = np.zeros((count, 2, 5), np.float32)
        maps[:, 0, 0], maps[:, 0, 1] = np.cos(angle), -np.sin(angle) + shear
        maps[:, 1, 0], maps[:, 1, 1] = np.sin(angle), np.cos(angle)
        maps[:, :, :2] *= scale[:, None, None]
        maps[:, :, 2] = rng.uniform(-self.shift, self.shift, (count, 2))
        maps[:, 0, 3] = rng.uniform(-self.taper, self.taper, count)  # this and the next two change the proportions
        maps[:, 0, 4] = rng.uniform(-self.bow, self.bow, count)
        maps[:, 1, 4] = rng.uniform(-self.stretch, self.stretch, count)
        return maps


def enlarge(images: Images) -> Images:
    """Twice the size by linear interpolation: (N, S, S) -> (N, 2 S, 2 S).

    The middle of a fine pixel lies a quarter of a pixel from the middle of its coarse pixel, so its value is 3/4 of
    that pixel and 1/4 of the nearer neighbour, along each axis.
    """
    fine = images.astype(np.uint16).repeat(2, axis=1).repeat(2, axis=2)  # (N, 2 S, 2 S)
    padded = np.pad(fine, ((0, 0), (1, 1), (1, 1)), mode="edge")
    rows = padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:]  # of each fine pixel and its two neighbours: 1 2 1
    both = rows[:, :, :-2] + 2 * rows[:, :, 1:-1] + rows[:, :, 2:]
    return ((both + 8) >> 4).astype(np.uint8)


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
        """What gives those of `images` (N, H, W[, C]), or else ValueError, numbered `rows` (B,), varied: (B, H W C)."""
        if images.ndim not in (3, 4):
            raise ValueError(f"Crops are for images (N, H, W) or (N, H, W, C), not {images.shape}.")
        whole = images if images.ndim == 4 else images[..., None]  # (N, H, W, C)
        size, frame = images.shape[1:3], ((0, 0), *[(self.padding, self.padding)] * 2, (0, 0))

        def varied(rows: Rows) -> NDArray[Any]:
            seen = whole[rows]  # (B, H, W, C)
            if self.padding:  # each is seen through a window of its size that moves over it in a frame of zeros
                windows = sliding_window_view(np.pad(seen, frame), size, axis=(1, 2))  # (B, places, places, C, H, W)
                down, across = rng.integers(0, 2 * self.padding + 1, (2, len(rows)))
                seen = np.moveaxis(windows[np.arange(len(rows)), down, across], 1, 3)  # only these are copied
            if self.flip:
                mirrored = rng.random(len(rows)) < 0.5
                seen[mirrored] = seen[mirrored, :, ::-1]
            return seen.reshape(len(rows), -1)

        return varied
