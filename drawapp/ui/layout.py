"""The layout: where everything lies, for any size of the window.

What is drawn and what is pressed must agree on places, so they are computed once: by one pure function from the window
to boxes. All lengths are pixels. `scale` is 1 in a window of 1100x720 on an ordinary screen; it grows with the window
but is never less than the density of the screen, so that type can be read and targets can be hit in a small window,
too: there the grid and the margins give way.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from drawapp.drawing.canvas import CELLS
from drawapp.drawing.geometry import Box, Point

DEFAULT = (1100, 720)
MINIMUM = (640, 480)
UPRIGHT = 1.05  # a window higher than this times its width stacks its cards
LARGEST_TYPE = 1.5  # times the usual size, in a window of the default size
TARGET = 44  # pixels along the shorter side of a control, at least


@dataclass(frozen=True)
class Viewport:
    """Converts between pixels of the window and cells of the canvas."""

    grid: Box

    @property
    def cell(self) -> float:
        """Pixels along the side of a cell."""
        return self.grid.width / CELLS

    def to_cells(self, x: float, y: float) -> Point:
        return (x - self.grid.left) / self.cell, (y - self.grid.top) / self.cell

    def to_screen(self, x: float, y: float) -> Point:
        return self.grid.left + x * self.cell, self.grid.top + y * self.cell


@dataclass(frozen=True)
class Look:
    """What the layout depends on beside the size of the window.

    `density` is the number of pixels per pixel of an ordinary screen, `type_scale` how much larger than usual the type
    is, and `left_handed` puts the cards on the left.
    """

    density: float = 1.0
    type_scale: float = 1.0
    left_handed: bool = False


@dataclass(frozen=True)
class Spaces:
    """The free room: around everything, between cards, within a card, and around the grid in its sheet."""

    margin: int
    gutter: int
    inset: int
    padding: int


@dataclass(frozen=True)
class Layout:
    """Where everything lies in a window of the size `window`."""

    window: tuple[int, int]
    scale: float
    look: Look
    inset: int  # the free room within a card
    gutter: int  # the free room between cards
    sheet: Box  # the panel around the grid
    viewport: Viewport
    header: Box  # the line above the answer, in which the model is chosen
    answer: Box
    seen: Box  # the panel with the image that the network saw
    bars: Box
    tools: Box  # the tool bar

    def pixels(self, length: float) -> int:
        """`length`, meant for a window of the default size, in pixels of this one."""
        return max(1, round(length * self.scale))


def grid_in(sheet: Box) -> Box:
    """The grid in the middle of a small sheet, a whole number of pixels per cell."""
    side = (min(sheet.width, sheet.height) - 12) // CELLS * CELLS
    x, y = sheet.centre
    return Box(x - side // 2, y - side // 2, side, side)


class Plan:
    """The lengths that both arrangements share: what one may spend in a window of `width` x `height` pixels."""

    def __init__(self, width: int, height: int, look: Look) -> None:
        self.width, self.height = width, height
        self.is_upright = height > UPRIGHT * width
        usual = (DEFAULT[1], DEFAULT[0]) if self.is_upright else DEFAULT
        fit = min(width / usual[0], height / usual[1])
        self.scale = max(look.density, fit)
        tightness = 1 - min(1.0, fit / self.scale)  # 0 in a window of the default size and above
        largest = max(1.0, LARGEST_TYPE * (1 - tightness))  # large type needs room, and nothing may be cut off
        self.look = replace(look, type_scale=min(look.type_scale, largest))
        self.spaces = Spaces(
            margin=self.pixels(max(8.0, 26 - 40 * tightness)),
            gutter=self.pixels(max(8.0, 16 - 16 * tightness)),
            inset=self.pixels(max(12.0, 20 - 20 * tightness)),
            padding=self.pixels(max(6.0, 10 - 10 * tightness)),
        )

    def pixels(self, length: float) -> int:
        return max(1, round(length * self.scale))

    def grid_side(self, width: int, height: int) -> int:
        """The side of the largest grid in a sheet of that size. Its cells are whole pixels, or they would differ."""
        side = min(width, height) - 2 * self.spaces.padding
        return max(side - side % CELLS, CELLS)

    def image_side(self, card_height: int) -> int:
        """The side of the image that the network sees, in a card of that height, below its caption."""
        room = card_height - 2 * self.spaces.inset - self.pixels(16 * self.look.type_scale * 1.35)
        side = min(room, self.pixels(116))
        return max(side - side % CELLS, CELLS)

    def layout(self, sheet: Box, cards: tuple[Box, Box, Box, Box], tools: Box) -> Layout:
        """The layout of these boxes: a `sheet` with the grid in its middle, and header, answer, image and bars."""
        side = self.grid_side(sheet.width, sheet.height)
        x, y = sheet.centre
        grid = Box(x - side // 2, y - side // 2, side, side)
        window, spaces = (self.width, self.height), self.spaces
        return Layout(window, self.scale, self.look, spaces.inset, spaces.gutter, sheet, Viewport(grid), *cards, tools)


def layout_for(window: tuple[int, int], look: Look = Look()) -> Layout:
    """Lay the screen out in a window of (width, height) pixels; one smaller than `MINIMUM` cuts it off."""
    width, height = max(window[0], MINIMUM[0]), max(window[1], MINIMUM[1])
    density = min(look.density, width / MINIMUM[0], height / MINIMUM[1])  # rather small than cut off
    plan = Plan(width, height, replace(look, density=density))
    return stacked(plan) if plan.is_upright else side_by_side(plan)


def side_by_side(plan: Plan) -> Layout:
    """The sheet beside the cards, with the tool bar below both."""
    pixels, spaces = plan.pixels, plan.spaces
    gap = round(1.5 * spaces.gutter)
    bar = pixels(TARGET)
    content = plan.height - 2 * spaces.margin - spaces.gutter - bar
    room = plan.width - 2 * spaces.margin - gap
    wanted = round(pixels(404) * (1 + plan.look.type_scale) / 2)
    side = plan.grid_side(room - min(wanted, round(0.4 * plan.width)), content)
    sheet_width = side + 2 * spaces.padding
    column = min(wanted, room - sheet_width)
    left, top = (plan.width - sheet_width - gap - column) // 2, spaces.margin
    if plan.look.left_handed:
        sheet, right = Box(left + column + gap, top, sheet_width, content), left
    else:
        sheet, right = Box(left, top, sheet_width, content), left + sheet_width + gap
    header = Box(right, top, column, pixels(TARGET))
    below = header.bottom + spaces.gutter
    room_below = top + content - below - spaces.gutter
    card = min(round(pixels(208) * (1 + plan.look.type_scale) / 2), round(0.42 * room_below))
    seen_width = plan.image_side(card) + 2 * spaces.inset
    answer = Box(right, below, column - spaces.gutter - seen_width, card)
    seen = Box(answer.right + spaces.gutter, below, seen_width, card)
    bars = Box(right, answer.bottom + spaces.gutter, column, room_below - card)
    tools = Box(left, top + content + spaces.gutter, sheet_width + gap + column, bar)
    return plan.layout(sheet, (header, answer, seen, bars), tools)


def stacked(plan: Plan) -> Layout:
    """The sheet above the cards, for a window that is higher than wide."""
    pixels, spaces = plan.pixels, plan.spaces
    target, gutter = pixels(TARGET), spaces.gutter
    width = plan.width - 2 * spaces.margin
    room = plan.height - 2 * spaces.margin - 2 * target - 3 * gutter  # for the sheet and the cards
    card = max(min(pixels(240), round(0.32 * room)), room - width)
    card = min(card, round(pixels(340) * plan.look.type_scale))
    sheet_height = min(room - card, width)
    left, top = spaces.margin, (plan.height - sheet_height - card - 2 * target - 3 * gutter) // 2
    sheet = Box(left, top, width, sheet_height)
    header = Box(left, sheet.bottom + gutter, width, target)
    below = header.bottom + gutter
    seen_width = plan.image_side(card) + 2 * spaces.inset
    answer_width = min(pixels(252), round(0.32 * width))
    bars_width = width - answer_width - seen_width - 2 * gutter
    widths = [answer_width, seen_width, bars_width]
    order = [2, 1, 0] if plan.look.left_handed else [0, 1, 2]
    cards = {}
    for number in order:
        cards[number] = Box(left, below, widths[number], card)
        left += widths[number] + gutter
    tools = Box(spaces.margin, below + card + gutter, width, target)
    return plan.layout(sheet, (header, cards[0], cards[1], cards[2]), tools)
