"""Placed images: an image that somebody opens, as ink on the canvas.

What is read must be what is seen, so an opened image is not read beside the canvas, but becomes ink on it: as large as
fits, in the middle, its proportions kept.
"""

from __future__ import annotations

import numpy as np

from nn_scratch.ink import rendering as ink
from nn_scratch.ink.rendering import Raster

FRACTION = 0.9  # of the side of the canvas that an image takes at most
MOST_ENLARGED = 4  # times as large as the whole image would fit: a dot in the middle of a page stays a dot


def placed(image: Raster, side: int) -> Raster:
    """The ink of `image` (H, W), 0 paper to 1 full ink, on a blank canvas: float32 (side, side).

    Blank margins are cropped first, so that a digit on a large page is seen. Without ink the canvas is blank.
    """
    canvas = np.zeros((side, side), np.float32)
    image = np.clip(np.nan_to_num(np.asarray(image, np.float32), nan=0.0), 0.0, 1.0)
    inked = ink.cropped(image)
    if inked.size == 0:
        return canvas
    room = int(FRACTION * side)
    scale = min(room / max(inked.shape), MOST_ENLARGED * room / max(image.shape))
    fitted = ink.resized(inked, scale)[:room, :room]
    fitted /= fitted.max()  # thin lines were averaged with much paper
    height, width = fitted.shape
    top, left = (side - height) // 2, (side - width) // 2
    canvas[top : top + height, left : left + width] = fitted.clip(0.0, 1.0)
    return canvas
