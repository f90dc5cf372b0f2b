"""The network: every unit as a tile, and the few connections that matter.

A network of 40,000 weights cannot be drawn, and need not: for one drawing, a dozen connections between two layers carry
most of the answer. They are chosen by what they add to the score, blue for and orange against it.
"""

from __future__ import annotations

from dataclasses import replace

import pygame

from drawapp.drawing.geometry import Box, Point
from drawapp.reading.arithmetic import look_of
from drawapp.reading.explanation import SIDE, Explanation, Stage
from drawapp.reading.links import MAPS, links_of
from drawapp.reading.pixel import pixel_of
from drawapp.session.language import gettext as _
from drawapp.ui import intents
from drawapp.ui.controls.control import Control, State
from drawapp.ui.inside_state import InsideState
from drawapp.ui.intents import Intent
from drawapp.ui.keys import KeyStroke
from drawapp.ui.painter import CORNER, Painter
from drawapp.ui.screens.draw.bars import Row, draw_row, fitted_size
from drawapp.ui.screens.draw.sheet import ARROWS
from drawapp.ui.screens.inside.kept_image import KeptImage
from drawapp.ui.screens.inside.tiles import Place, number_of, pixel_at, pixel_in, places_of, tile_number
from drawapp.ui.screens.inside.wording import caption_of, obstacle_of
from drawapp.ui.theme import CAPTION, SMALLEST
from drawapp.ui.view import View
from nn_scratch.explain.trace import Connection

SHOWN = 12  # connections between two layers, at most
MATTERS = 0.03  # of the largest of them: a smaller one is not shown
THICKEST = 6.0  # pixels of a window of the default size
BARS_WIDTH = 132  # pixels, at least


class NetworkCard(Control):
    """Draws the explanation of a `view`. A press on a unit opens its card, and the mouse lights its connections."""

    def __init__(self) -> None:
        super().__init__("network")
        self.view: View | None = None
        self.inner = self.box
        self.places: list[Place] = []
        self._legend = 0  # pixels at the bottom
        self._kept = KeptImage()
        self._placed: tuple[object, ...] = ()  # what the places were computed from

    def arrange(self, box: Box, inset: int) -> None:
        """Put the card there."""
        self.box, self.inner = box, box.shrunk(inset)

    def update(self, view: View, caption: int, least_bars: int) -> None:
        """Show this view; `caption` is the height of a line of type, and `least_bars` the width that bars need."""
        self.view, self._legend = view, caption
        inner = self.inner.without_bottom(round(1.4 * caption))
        explanation = view.explanation
        needs = (
            explanation and explanation.network,
            explanation and len(explanation.shown),
            inner,
            caption,
            least_bars,
        )
        if needs != self._placed:
            self._placed = needs
            self.places = places_of(explanation, inner, caption, least_bars) if explanation else []

    def unit_at(self, at: Point) -> tuple[int, int] | None:
        """The unit, or the pixel, at a place in the window: the numbers of its stage and its own."""
        if self.view is None or self.view.explanation is None:
            return None
        for place in self.places:
            for number, tile in enumerate(place.tiles):
                if tile.shrunk(-2).contains(*at):
                    is_image = self.view.explanation.stages[place.stage].kind == "image"
                    found = pixel_at(tile, at) if is_image else number_of(self.view.explanation, place.stage, number)
                    return place.stage, found
        return None

    def release(self, at: Point) -> Intent | None:
        """A press on a unit opens its card; on the bar of another class it also asks why the answer is not this one."""
        explanation = self.view.explanation if self.view else None
        unit = self.unit_at(at)
        if unit is None or explanation is None or explanation.at_rest:
            return None
        return looking_at(explanation, unit)

    def key(self, stroke: KeyStroke) -> Intent | None:
        """The arrows open a card: of the unit above or below, or of the stage on the left or the right."""
        explanation, unit = (self.view.explanation, self.view.inside.unit) if self.view else (None, None)
        if stroke.key not in ARROWS or stroke.shift or explanation is None or explanation.at_rest:
            return None
        if unit is None:
            return looking_at(explanation, (len(explanation.stages) - 1, explanation.label))
        across, down = ARROWS[stroke.key]
        stage = min(max(unit[0] + across, 0), len(explanation.stages) - 1)
        tiles = next(place.tiles for place in self.places if place.stage == stage)
        tile = min(max(tile_number(explanation, *unit) + down, 0), len(tiles) - 1)
        number = number_of(explanation, stage, tile)
        is_same = stage == unit[0] and tile == tile_number(explanation, *unit)
        return None if is_same else looking_at(explanation, (stage, number))

    def draw(self, painter: Painter, state: State) -> None:
        """Draw the card, anew where the explanation or what the user looks at has changed."""
        if self.view is not None:
            shows = (self.view.explanation, replace(self.view.inside, why=False, against=None), self.view.chosen)
            self._kept.draw(painter, self.box, shows, lambda: self._draw_all(painter))
        if state.has_ring:
            painter.ring(self.box, CORNER)

    def _draw_all(self, painter: Painter) -> None:
        """Draw the stages that the steps have come to, the connections between them, and the legend."""
        painter.card(self.box)
        view, theme = self.view, painter.theme
        if view is None:
            return
        if view.explanation is None:
            words = obstacle_of(view)
            painter.write(words, CAPTION, theme.muted, "center", self.box.centre, room=self.inner.width)
            return
        step = view.inside.step
        reached = len(view.explanation.stages) - 1 if step is None else step
        self._draw_connections(painter, view.explanation, reached)
        for place in self.places:
            self._draw_stage(painter, view, place, place.stage <= reached, place.stage == step)
        if not view.explanation.at_rest:
            self._draw_chosen(painter, view.explanation, view.inside)
            self._draw_legend(painter, view.explanation)

    def draw_hover(self, painter: Painter, mouse: Point | None) -> None:
        """Light the unit below the mouse, and its connections."""
        explanation = self.view.explanation if self.view else None
        unit = self.unit_at(mouse) if mouse and explanation and not explanation.at_rest else None
        if unit is None or explanation is None or self.view is None or self.view.inside.step is not None:
            return
        self._draw_links(painter, explanation, unit)
        tile = self.tile_of(explanation, *unit)
        if tile:
            painter.outline(tile.shrunk(-painter.pixels(2)), painter.theme.focus, 3, 2)

    def _draw_chosen(self, painter: Painter, explanation: Explanation, state: InsideState) -> None:
        """Frame what has its card open; a pixel is shown with all that it is connected to."""
        unit = state.unit
        tile = self.tile_of(explanation, *unit) if unit else None
        if unit is None or tile is None:
            return
        if state.step is None and explanation.stages[unit[0]].kind in ("image", "maps"):
            self._draw_links(painter, explanation, unit)
        if explanation.stages[unit[0]].kind == "maps":
            self._draw_window(painter, explanation, unit)
        painter.outline(tile.shrunk(-painter.pixels(3)), painter.theme.focus, 4, 2)

    def _draw_links(self, painter: Painter, explanation: Explanation, unit: tuple[int, int]) -> None:
        """Draw the connections of a unit or a pixel, and what it is made of in the stage before."""
        found = links_of(explanation, *unit, SHOWN)
        largest = max((abs(connection.value) for _, connection in found), default=1.0)
        for stage, connection in found:
            self._draw_connection(painter, explanation, stage, connection, largest)
        if explanation.stages[unit[0]].kind == "image":
            for number, _fraction in pixel_of(explanation, *unit).blended:
                tile = self.tile_of(explanation, unit[0] + 1, number)
                if tile:
                    painter.outline(tile.shrunk(-painter.pixels(2)), painter.theme.focus, 2, 1.5)

    def _draw_window(self, painter: Painter, explanation: Explanation, unit: tuple[int, int]) -> None:
        """Outline the window that a pixel of a map comes from, in the image or in the maps before that add most."""
        look, stage = look_of(explanation, *unit), explanation.stages[unit[0] - 1]
        shape = stage.values.shape[:2]
        if look is None or explanation.input_of(unit[0]).shape[:2] != shape:
            return
        end = look.top + look.kernel.shape[0] - 1, look.left + look.kernel.shape[1] - 1
        for number in look.strongest(MAPS):
            place = next(place for place in self.places if place.stage == unit[0] - 1)
            if number < len(place.tiles):
                tile = place.tiles[number]
                (left, top, _w, _h), last = pixel_in(tile, (look.top, look.left), shape), pixel_in(tile, end, shape)
                with painter.within(tile.shrunk(-2)):
                    window = Box(left, top, last.right - left, last.bottom - top)
                    painter.outline(window.shrunk(-2), painter.theme.focus, 1, 1.5)

    def tile_of(self, explanation: Explanation, stage: int, unit: int) -> Box | None:
        """Where a unit, the map of a pixel or the pixel of an image lies; None where there is no room for it."""
        place, shown = next(place for place in self.places if place.stage == stage), explanation.stages[stage]
        if shown.kind == "image":
            return pixel_in(place.tiles[0], divmod(unit, SIDE), (SIDE, SIDE))
        tile = tile_number(explanation, stage, unit)
        return place.tiles[tile] if tile < len(place.tiles) else None

    def _draw_connections(self, painter: Painter, explanation: Explanation, reached: int) -> None:
        if explanation.at_rest:
            return
        for stage in range(1, reached + 1):
            found = explanation.strongest(stage, SHOWN)
            largest = abs(found[0].value) if found else 0.0
            for connection in reversed(found):
                if abs(connection.value) >= MATTERS * largest:
                    self._draw_connection(painter, explanation, stage, connection, largest)

    def _draw_connection(
        self, painter: Painter, explanation: Explanation, stage: int, connection: Connection, largest: float
    ) -> None:
        start, end = (
            self.tile_of(explanation, stage - 1, connection.source),
            self.tile_of(explanation, stage, connection.target),
        )
        if start is None or end is None:
            return
        theme, gap = painter.theme, painter.pixels(4)
        colour = theme.answer if connection.value > 0 else theme.unsure
        width = max(1.0, THICKEST * painter.scale * abs(connection.value) / max(largest, 1e-12))
        here, there = (next(place for place in self.places if place.stage == k) for k in (stage - 1, stage))
        points = [(here.sides[1] + gap, here.port(start)), (there.sides[0] - gap, there.port(end))]
        painter.lines(points, colour, width)
        for tile in (start, end)[: 1 if explanation.stages[stage].kind == "answer" else 2]:
            painter.outline(tile.shrunk(-painter.pixels(2)), colour, 2, 2)

    def _draw_stage(self, painter: Painter, view: View, place: Place, is_reached: bool, is_step: bool) -> None:
        explanation = view.explanation
        assert explanation is not None
        stage, theme = explanation.stages[place.stage], painter.theme
        colour = theme.text if is_step else theme.muted
        words = caption_of(explanation, place.stage, len(place.tiles))
        at = (place.box.centre[0] if stage.kind != "answer" else place.box.left, place.box.top)
        anchor = "midtop" if stage.kind != "answer" else "topleft"
        room = round(place.box.width * (1.25 if stage.kind != "answer" else 1))
        painter.write(words, SMALLEST, colour, anchor, at, bold=is_step, room=room)  # type: ignore[arg-type]
        is_lit = is_reached and not explanation.at_rest
        if stage.kind == "answer":
            self._draw_bars(painter, view, explanation, place, is_lit)
        else:
            draw_tiles(painter, stage, place, is_lit)

    def _draw_bars(self, painter: Painter, view: View, explanation: Explanation, place: Place, is_lit: bool) -> None:
        if explanation.at_rest and len(explanation.shown) < len(explanation.network.classes):
            return  # the best of many classes are unknown without a drawing
        left = max(painter.pixels(22), painter.width("W", CAPTION, True) + painter.pixels(6))
        numbers = painter.width("99.9 %", CAPTION, True) + painter.pixels(8)
        for number, tile in zip(explanation.shown, place.tiles, strict=False):
            value = float(explanation.probabilities[number]) if is_lit else 0.0
            is_best = is_lit and number == explanation.label
            row = Row(explanation.network.classes[number], value, is_best, is_best and explanation.is_sure)
            high = min(painter.pixels(10), max(4, tile.height // 2))
            track = Box(tile.left + left, tile.centre[1] - high // 2, max(8, tile.width - left - numbers), high)
            size = max(SMALLEST, min(CAPTION, fitted_size(painter, tile.height)))
            draw_row(painter, tile, row, track, value, size)

    def _draw_legend(self, painter: Painter, explanation: Explanation) -> None:
        theme, gap = painter.theme, painter.pixels(8)
        label = explanation.network.classes[explanation.label]
        left, middle = self.inner.left, self.inner.bottom - self._legend // 2
        words = ((theme.answer, _("for {label}")), (theme.unsure, _("against")))
        for colour, word in words:
            end = left + painter.pixels(20)
            painter.lines([(left, middle), (end, middle)], colour, painter.pixels(4))
            at = (end + gap, middle)
            written = painter.write(word.format(label=label), SMALLEST, theme.text, "midleft", at)
            left = written.right + 2 * gap
        fuller, darker = _("brighter: more active"), _("darker: more active")
        room = self.inner.right - left
        painter.write(fuller if theme.is_dark else darker, SMALLEST, theme.muted, "midleft", (left, middle), room=room)


def draw_tiles(painter: Painter, stage: Stage, place: Place, is_lit: bool) -> None:
    """Draw an image, feature maps or units as bright as their activations."""
    theme = painter.theme
    brightness = stage.brightness if is_lit else stage.brightness * 0
    for number, tile in enumerate(place.tiles):
        if stage.kind == "units":
            level = int(brightness[number])
            low, high = theme.paper, theme.ink
            colour = tuple(int(a * (1 - level / 255) + b * (level / 255) + 0.5) for a, b in zip(low, high, strict=True))
            pygame.draw.rect(painter.surface, theme.card_edge, tile)
            pygame.draw.rect(painter.surface, colour, tile.shrunk(1))
        else:
            image = brightness if stage.kind == "image" else brightness[:, :, number]
            pygame.draw.rect(painter.surface, theme.card_edge, tile.shrunk(-1))
            painter.image(image, tile, theme.paper, theme.ink)


def looking_at(explanation: Explanation, unit: tuple[int, int]) -> Intent:
    """Look at a unit or a pixel; the output of another class asks why the answer is not this one."""
    is_other = explanation.stages[unit[0]].kind == "answer" and unit[1] != explanation.label
    return intents.LookAt(unit, unit[1] if is_other else None)
