"""The plan of Inside: where the sheet, the network, the card of a unit and the sentences lie.

As for every place, one pure function gives all boxes, so that what is drawn and what is pressed agree.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from drawapp.drawing.geometry import Box
from drawapp.ui.layout import TARGET, UPRIGHT, Layout, Viewport, grid_in
from drawapp.ui.theme import BODY, SMALLEST, STRONG

SHEET = 0.32  # of the width, or of the height where the window is upright
CARDS = {"value": (0.3, 184), "trial": (0.4, 214)}  # of the height, for a card, and how many pixels at least
PITCH, CONTROLS = 90, 230  # pixels from one image of an experiment to the next, and for its controls, at least
WIDE = 600  # pixels: from here on the words of an experiment fit into one line
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


def plan_for(layout: Layout, card: str | None) -> Plan:
    """The plan for the window of `layout`; with a card, one of `CARDS`, the network is as much lower."""
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
    place = None
    if card:
        share, least = CARDS[card]
        height = max(round(share * network.height), round(layout.pixels(least) * (1 + layout.look.type_scale) / 2))
        place = Box(network.left, network.bottom - height, network.width, height)
        network = network.without_bottom(height + gap)
    header = Box(column.left, column.top, column.width, target)
    steps = Box(column.left, header.bottom + gap, column.width, target)
    tries = Box(column.left, steps.bottom + gap // 2, column.width, target)
    notes = Box(column.left, tries.bottom + gap, column.width, column.bottom - tries.bottom - gap)
    own = replace(layout, sheet=sheet, header=header, viewport=Viewport(grid_in(sheet)))
    return Plan(own, steps, tries, notes, network, place)


class TrialPlan(NamedTuple):
    """Where the parts of the card of an experiment lie below its words."""

    side: int  # of an image
    pitch: int  # from one image to the next
    images: Box  # with their captions, `caption` pixels high
    caption: int
    controls: Box


def trial_plan(inner: Box, layout: Layout, count: int) -> TrialPlan:
    """The plan of the card of an experiment with so many images, in `inner`: the controls lie beside them."""
    line = 1.35 * layout.look.type_scale
    lines = 1 if inner.width >= layout.pixels(WIDE) * layout.look.type_scale or count < 3 else 2
    below = inner.without_top(round(line * (layout.pixels(STRONG) + lines * layout.pixels(BODY))) + layout.pixels(4))
    caption, gap = round(line * layout.pixels(SMALLEST)), layout.pixels(14)
    room = (below.width - layout.pixels(CONTROLS)) // count - gap
    side = max(min(below.height - caption, room), 1)
    pitch = max(side + gap, min(layout.pixels(PITCH), below.width // (count + 2)))
    controls = below.without_left(count * pitch)
    return TrialPlan(side, pitch, below, caption, controls)
