"""Random crops and flips: photographs, framed a little differently each time.

What a photograph shows does not change when the camera moves by a few pixels, and most things may as well be seen in a
mirror. Letters may not, so each of the two is a choice of its own. Unlike the maps of `images.augment`, which are for
handwriting, these need no interpolation and suit images of any size and colour.
Source: He, Zhang, Ren and Sun, "Deep Residual Learning for Image Recognition" (2016), section 4.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray


@dataclass(frozen=True)
class Crops:
    """How images are varied: moved by up to `padding` pixels, beyond which all is 0; mirrored or not, one in two."""

    padding: int = 4
    flip: bool = False


class Cropper:
    """Makes batches of `images`, (N, H, W) or (N, H, W, C), each cropped and flipped at random as `crops` say."""

    def __init__(self, images: NDArray[Any], crops: Crops, rng: np.random.Generator) -> None:
        self.images = images.reshape(*images.shape[:3], -1)  # (N, H, W, C)
        self.crops = crops
        self.rng = rng

    def __call__(self, rows: NDArray[np.int64]) -> NDArray[Any]:
        """The images with the numbers `rows` (B,), varied at random: (B, H W C)."""
        seen = self.cropped(self.images[rows])  # (B, H, W, C)
        if self.crops.flip:
            mirrored = self.rng.random(len(rows)) < 0.5
            seen[mirrored] = seen[mirrored, :, ::-1]
        return seen.reshape(len(rows), -1)

    def cropped(self, images: NDArray[Any]) -> NDArray[Any]:
        """`images` (B, H, W, C), each seen through a window of its size that moves over it in a frame of zeros."""
        padding = self.crops.padding
        if not padding:
            return images
        batch, height, width, _ = images.shape
        framed = np.pad(images, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
        windows = sliding_window_view(framed, (height, width), axis=(1, 2))  # (B, 2 padding + 1, ..., C, H, W)
        down, across = self.rng.integers(0, 2 * padding + 1, (2, batch))
        return np.moveaxis(windows[np.arange(batch), down, across], 1, 3)  # only these windows are copied
