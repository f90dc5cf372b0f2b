"""The plan of Inside: where the sheet, the network, the card of a unit and the sentences lie.

As for every place, one pure function gives all boxes, so that what is drawn and what is pressed agree.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from drawapp.drawing.geometry import Box
from drawapp.ui.layout import TARGET, UPRIGHT, Layout, Viewport, grid_in

SHEET = 0.32  # of the width, or of the height where the window is upright
CARD = 0.3  # of the height, for the card of a unit
LEAST_CARD = 184  # pixels
SENTENCE = 46  # pixels: two lines


@dataclass(frozen=True)
class Plan:
    """`layout` has the sheet and the list of models of this place; the other boxes are its own."""

    layout: Layout
    steps: Box  # the buttons that go through the network
    tries: Box  # the buttons of the experiments
    notes: Box  # the sentence
    network: Box
    card: Box | None


def plan_for(layout: Layout, has_card: bool) -> Plan:
    """The plan for the window of `layout`; with a card, the network is as much lower."""
    gap, target, tools = layout.gutter, layout.pixels(TARGET), layout.tools
    margin = min(layout.sheet.top, layout.window[1] - tools.bottom)
    content = Box(tools.left, margin, tools.width, tools.top - gap - margin)
    if layout.window[1] > UPRIGHT * layout.window[0]:
        side = round(SHEET * content.height)
        sheet = Box(content.left, content.top, side, side)
        column = Box(sheet.right + gap, sheet.top, content.width - side - gap, side)
        network = content.without_top(side + gap)
    else:
        side = min(round(SHEET * content.width), content.height - 3 * (target + gap) - layout.pixels(SENTENCE))
        is_left = not layout.look.left_handed
        left, beside = content.left, content.width - side - gap
        sheet = Box(left if is_left else content.right - side, content.top, side, side)
        column = Box(sheet.left, sheet.bottom + gap, side, content.height - side - gap)
        network = Box(left + side + gap if is_left else left, content.top, beside, content.height)
    card = None
    if has_card:
        least = layout.pixels(LEAST_CARD) * (1 + layout.look.type_scale) / 2
        height = max(round(CARD * network.height), round(least))
        card = Box(network.left, network.bottom - height, network.width, height)
        network = network.without_bottom(height + gap)
    header = Box(column.left, column.top, column.width, target)
    steps = Box(column.left, header.bottom + gap, column.width, target)
    tries = Box(column.left, steps.bottom + gap // 2, column.width, target)
    notes = Box(column.left, tries.bottom + gap, column.width, column.bottom - tries.bottom - gap)
    own = replace(layout, sheet=sheet, header=header, viewport=Viewport(grid_in(sheet)))
    return Plan(own, steps, tries, notes, network, card)
