"""Draws the icon of the app with its own ink, in the formats that Windows, macOS and the window ask for.

python assets/sources/make_icon.py
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from drawapp.drawing import sample_digits
from drawapp.drawing.canvas import CELLS
from nn_scratch import ink

SIDE = 1024
TILE = 944  # the coloured tile; the rest is the margin that icons have
TOP, BOTTOM, INK = (96, 176, 255), (38, 92, 190), (255, 249, 236)
PEN = 3.6  # cells
DIGIT = "3"


def tile() -> NDArray[np.float32]:
    """How opaque the rounded tile is, float32 (SIDE, SIDE)."""
    radius = TILE * 0.225
    beyond = np.maximum(np.abs(np.arange(SIDE) + 0.5 - SIDE / 2) - (TILE / 2 - radius), 0)
    opacity: NDArray[np.float32] = np.clip(radius + 0.5 - np.hypot(beyond[:, None], beyond), 0, 1).astype(np.float32)
    return opacity


def digit() -> NDArray[np.float32]:
    """The ink of the digit, float32 (SIDE, SIDE)."""
    raster = np.zeros((SIDE, SIDE), np.float32)
    for line in sample_digits.STROKES[DIGIT]:
        points = [(x * SIDE / CELLS, y * SIDE / CELLS) for x, y in line]
        for start, end in pairwise(points):
            ink.stamp(raster, start, end, PEN / 2 * SIDE / CELLS)
    return raster


def icon() -> Image.Image:
    down = np.linspace(0, 1, SIDE)[:, None, None]
    ground = np.array(TOP) * (1 - down) + np.array(BOTTOM) * down  # (SIDE, 1, 3)
    share = digit()[:, :, None]
    colours = ground * (1 - share) + np.array(INK) * share  # (SIDE, SIDE, 3)
    return Image.fromarray(np.dstack([colours, tile() * 255]).astype(np.uint8), "RGBA")


def main() -> None:
    folder = Path(__file__).resolve().parent.parent
    image = icon()
    image.resize((256, 256), Image.Resampling.LANCZOS).save(folder / "icon.png", optimize=True)
    image.save(folder / "icon.ico", sizes=[(side, side) for side in (16, 24, 32, 48, 64, 128, 256)])
    image.resize((512, 512), Image.Resampling.LANCZOS).save(folder / "icon.icns")


if __name__ == "__main__":
    main()
