"""Photographs of handwriting: from what a camera saw to ink, as somebody would have drawn it.

Drawings and screenshots have one colour of paper, and what differs from it is ink. A photograph has light, shadows,
the grain and the rules of the paper, noise, the table, and other writing. Each has a module of its own; this one tells
photographs from drawings, and takes the steps in their order.
"""

from __future__ import annotations

import numpy as np

from nn_scratch.ink import paper
from nn_scratch.ink.page import Page, main_line
from nn_scratch.ink.paper import Density
from nn_scratch.ink.rendering import Raster
from nn_scratch.ink.rules import without_rules

SMALLEST = 100  # pixels of the shorter side: no camera's image is smaller
FLAT = 0.25  # of a drawing, a screenshot or a scan has exactly the colour of the paper, and so have its neighbours
NOISE = 6.0  # standard deviations: paper that differs by less is paper
FAINTEST = 0.15  # density: what is fainter is a stain, or shines through from the back of the sheet
INK = (0.2, 0.6)  # of the light that the strongest ink nearby takes away: the edges of a line
SKIP = 3  # pixels: a pen that leaves narrower gaps has drawn one line
NEARBY = 2  # blocks on each side in which the strongest ink is looked for


def is_photograph(grey: Raster) -> bool:
    """Whether `grey` levels (H, W), 0 to 255, are those of a photograph.

    A camera sees light that varies, and noise: neighbouring pixels are rarely the same. Whatever was drawn has paper of
    one colour.
    """
    if min(grey.shape) < SMALLEST:
        return False
    levels = np.rint(grey).clip(0, 255).astype(np.uint8)
    is_paper = levels == np.bincount(levels.ravel(), minlength=256).argmax()
    is_flat = is_paper[1:, 1:] & is_paper[:-1, 1:] & is_paper[1:, :-1]
    return bool(is_flat.mean() < FLAT)


def ink_on_photograph(grey: Raster) -> Page:
    """The ink that is to be read in a photograph, of which `grey` has the levels (H, W), 0 to 255."""
    density = paper.density_of(grey)
    if paper.is_light_on_dark(density):
        density = -density
    lines = paper.of_lines(density)
    floor = np.maximum(NOISE * paper.noise_of(lines, np.abs(density - lines)), FAINTEST)
    lines = without_rules(lines, floor / 2)
    usual_floor = np.full_like(floor, np.median(floor))  # the grain of a table is not noise
    ink, structure = (ink_of_lines(lines, each) for each in (floor, usual_floor))
    return main_line(ink, structure > 0, ink_of_lines(lines, floor / 2))


def ink_of_lines(lines: Density, floor: Density) -> Raster:
    """How much of each pixel ink covers, 0 to 1, where `lines` (H, W) are denser than `floor` (H, W).

    Ink takes a fraction 1 - exp(-density) of the light away. How much that is where ink covers a pixel is seen at the
    strongest ink nearby: pencil is not black, and another line on the page may be. The edge of a line is where half of
    that is taken away (Bernsen 1986).
    """
    taken = 1 - np.exp(-np.maximum(lines, 0))
    strongest = paper.in_blocks(taken, paper.BLOCK).max(axis=(1, 3))
    strongest = paper.spread(paper.extremes(strongest, 2 * NEARBY + 1, np.maximum), taken.shape)
    low, high = INK
    ink = ((taken / np.maximum(strongest, 1e-6) - low) / (high - low)).clip(0, 1)
    ink = np.where(lines > floor, ink, 0).astype(np.float32)
    return paper.extremes(paper.extremes(ink, SKIP, np.maximum), SKIP, np.minimum)
