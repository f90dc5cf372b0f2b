"""The plan of Train: where the buttons, the curves, the weights and the confusion lie.

What matters most is the curve. In a small window the confusion goes first and then the weights, so that what is left
can still be read.
"""

from __future__ import annotations

from dataclasses import dataclass

from drawapp.drawing.geometry import Box
from drawapp.ui.layout import TARGET, Layout
from drawapp.ui.theme import SMALLEST

CURVES = 0.57  # of the width, or of the height where the window is upright
LEAST = 96, 150  # pixels: heights of the weights, and of the confusion, in a window of the default size
FACTS = 1.6  # of the size of type


@dataclass(frozen=True)
class TrainPlan:
    """`buttons` are in a row above everything, `facts` a line below. A box that there is no room for is None."""

    buttons: Box
    body: Box  # all between
    curves: Box
    side: Box  # beside the curves: the runs
    weights: Box | None
    confusion: Box | None
    facts: Box


def train_plan(layout: Layout, box: Box) -> TrainPlan:
    """The plan for the part in `box`."""
    gap, target = layout.gutter, layout.pixels(TARGET)
    line = round(layout.pixels(SMALLEST) * layout.look.type_scale * FACTS)
    buttons = Box(box.left, box.top, box.width, target)
    facts = Box(box.left, box.bottom - line, box.width, line)
    body = Box(box.left, buttons.bottom + gap, box.width, facts.top - layout.pixels(4) - buttons.bottom - gap)
    if body.height > body.width:
        height = round(CURVES * (body.height - gap))
        curves = body.without_bottom(body.height - height)
        side = body.without_top(height + gap)
        half = (side.width - gap) // 2
        weights, confusion = side.without_right(side.width - half), side.without_left(half + gap)
        return TrainPlan(buttons, body, curves, side, weights, confusion, facts)
    width = round(CURVES * (body.width - gap))
    curves, side = body.without_right(body.width - width), body.without_left(width + gap)
    least = [round(layout.pixels(height) * (1 + layout.look.type_scale) / 2) for height in LEAST]
    if side.height < sum(least) + gap:
        return TrainPlan(buttons, body, curves, side, side if side.height >= least[0] else None, None, facts)
    upper = max(least[0], min(side.height - gap - least[1], round(0.44 * side.height)))
    weights = side.without_bottom(side.height - upper)
    return TrainPlan(buttons, body, curves, side, weights, side.without_top(upper + gap), facts)
