"""The plan of Learn: where the sheet, the answer and the parts lie.

As for every place, one pure function gives all boxes, so that what is drawn and what is pressed agree.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from drawapp.drawing.geometry import Box
from drawapp.ui.layout import TARGET, UPRIGHT, Layout, Viewport, grid_in

SHEET = 0.27  # of the width, or of the height where the window is upright


@dataclass(frozen=True)
class Plan:
    """`layout` has the sheet and the list of models of this place; the other boxes are its own."""

    layout: Layout
    reads: Box  # what the network makes of the sheet
    parts: Box  # the buttons of the three parts
    content: Box  # the part itself


def plan_for(layout: Layout) -> Plan:
    """The plan for the window of `layout`."""
    gap, target, tools = layout.gutter, layout.pixels(TARGET), layout.tools
    margin = min(layout.sheet.top, layout.window[1] - tools.bottom)
    whole = Box(tools.left, margin, tools.width, tools.top - gap - margin)
    if layout.window[1] > UPRIGHT * layout.window[0]:
        side = round(SHEET * whole.height)
        sheet = Box(whole.left, whole.top, side, side)
        column = Box(sheet.right + gap, sheet.top, whole.width - side - gap, side)
        beside = whole.without_top(side + gap)
    else:
        side = round(SHEET * whole.width)
        is_left = not layout.look.left_handed
        sheet = Box(whole.left if is_left else whole.right - side, whole.top, side, side)
        column = Box(sheet.left, sheet.bottom + gap, side, whole.height - side - gap)
        beside = Box(whole.left + (side + gap if is_left else 0), whole.top, whole.width - side - gap, whole.height)
    header = Box(column.left, column.top, column.width, target)
    reads = column.without_top(target + gap)
    parts = Box(beside.left, beside.top, beside.width, target)
    own = replace(layout, sheet=sheet, header=header, viewport=Viewport(grid_in(sheet)))
    return Plan(own, reads, parts, beside.without_top(target + gap))
