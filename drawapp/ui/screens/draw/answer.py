"""The answer: what was read in large type, and how sure the network is.

It is the one thing that a user looks for, so it is the largest. It also admits what the network does not know: an
answer that is more likely wrong than right is only an outline, and a drawing that is not recognized gets a question
mark. Of several characters, each can be chosen to see its bars; and a wrong one can be corrected.
"""

from __future__ import annotations

from typing import NamedTuple

import pygame

from drawapp.drawing.geometry import Box, Point
from drawapp.reading.prediction import Character, Prediction
from drawapp.reading.wording import alone, maybe, on_one_line, percent, try_letters
from drawapp.session.language import gettext as _
from drawapp.session.language import marked
from drawapp.ui import typography
from drawapp.ui.controls.button import Button
from drawapp.ui.controls.control import Control, State
from drawapp.ui.intents import ChooseCharacter, ChooseModel, Intent
from drawapp.ui.keys import KeyStroke
from drawapp.ui.layout import TARGET, Layout
from drawapp.ui.learn_intents import AskForLabel
from drawapp.ui.painter import CORNER, Painter
from drawapp.ui.screens.draw.rows import rows_of
from drawapp.ui.theme import ANSWER_SIZE, BODY, CAPTION, STRONG, TITLE, Colour
from drawapp.ui.view import View

REJECTIONS = {  # in two lines
    "digit": marked("not a digit\nI recognize"),
    "letter": marked("not a letter\nI recognize"),
    "character": marked("not a character\nI recognize"),
}
STEPS = {pygame.K_LEFT: -1, pygame.K_UP: -1, pygame.K_RIGHT: 1, pygame.K_DOWN: 1}
SPACE, LEADING = 0.08, 0.94  # between characters and from row to row, in sizes of their type
OFFER = 100  # width of the button with the offer, in pixels of a window of the default size
OUTLINE = 0.022  # width of an outline, in sizes of the type


class Glyph(NamedTuple):
    """A character of the answer: its words, its colour, and whether it is an outline."""

    words: str
    colour: Colour
    is_outline: bool


class Answer(Control):
    """The card with the answer."""

    def __init__(self, view: View) -> None:
        super().__init__("answer", _("Wrong? Click it, and say what it is (Enter)"))
        self.inset = 0
        self._was_chosen = False  # whether the press was on the character whose bars are shown already
        self._view = view
        self.places: dict[int, Box] = {}  # of the characters, by number
        self.offer = Button("offer", "", try_letters(), ChooseModel(0), framed=True)

    def update(self, view: View) -> None:
        """Show this view from here on. Where there is a character, it can be chosen and corrected."""
        self._view = view
        self.enabled = view.prediction is not None and view.prediction.has_ink and not view.prediction.shape
        self.offer.shown = view.offer is not None
        self.offer.intent = ChooseModel(view.offer or 0)

    def arrange(self, layout: Layout) -> None:
        """Put the card there, and on its right what it may offer."""
        self.box, self.inset = layout.answer, layout.inset
        width, height = layout.pixels(OFFER), layout.pixels(TARGET)
        self.offer.box = Box(self.box.right - self.inset - width, self.box.centre[1] - height // 2, width, height)

    def press(self, at: Point, erase: bool = False) -> Intent | None:
        """A press chooses the nearest character."""
        if not self.places:
            return None
        nearest = min(self.places, key=lambda number: distance(self.places[number], at))
        self._was_chosen = nearest == self._view.number
        return ChooseCharacter(nearest)

    def release(self, at: Point) -> Intent | None:
        """A press on the character that was chosen already asks what it should have been."""
        return AskForLabel() if self._was_chosen and self.contains(at) else None

    def key(self, stroke: KeyStroke) -> Intent | None:
        """The arrows go from character to character."""
        if stroke.key not in STEPS or self._view.number is None:
            return None
        return ChooseCharacter((self._view.number + STEPS[stroke.key]) % len(self._view.characters))

    def draw(self, painter: Painter, state: State) -> None:
        """Draw the card: what was read, how sure that is, and what else it may be."""
        theme, prediction = painter.theme, self._view.prediction
        painter.card(self.box)
        inner = self.box.shrunk(self.inset)
        line = inner.top + painter.line_height(CAPTION) // 2
        caption = painter.write(_("Answer"), CAPTION, theme.muted, "midleft", (inner.left, line))
        self.places = {}
        if prediction is None or not prediction.has_ink:
            self._draw_glyphs(painter, [[Glyph("\N{EN DASH}", theme.muted, False)]], [[0]])
            note(painter, inner, _("Nothing drawn yet"), theme.muted)
            return
        if prediction.label is not None:
            room = inner.right - caption.right - painter.pixels(8)
            sure = percent(prediction.probability)
            size = min(TITLE, 0.2 * inner.height / painter.scale)
            painter.write(sure, size, theme.text, "midright", (inner.right, line), bold=True, room=room)
        self._draw_read(painter, inner, prediction)
        if state.has_ring:
            painter.ring(self.box, CORNER)

    def _draw_read(self, painter: Painter, inner: Box, prediction: Prediction) -> None:
        """Draw what was read, or that the drawing shows no character, and a note below."""
        theme = painter.theme
        if prediction.shape:
            at = (inner.left, self._glyph_room(painter).centre[1])
            painter.write(prediction.remark or "", TITLE, theme.text, "midleft", at, bold=True, room=inner.width)
            return
        rows = rows_of(prediction.characters)
        glyphs = [[self._glyph(painter, prediction.characters[number]) for number in row] for row in rows]
        self._draw_glyphs(painter, glyphs, rows)
        if len(prediction.characters) == 1 and prediction.label is None and prediction.offer is None:
            self._draw_rejection(painter, inner)
        note(painter, inner, self._note(prediction), theme.muted if self._view.is_sure else theme.unsure)
        self._draw_choice(painter)

    def _glyph(self, painter: Painter, character: Character) -> Glyph:
        """How a character is shown. The colour of an answer needs a whole answer that is sure."""
        theme, weakest = painter.theme, self._view.prediction and self._view.prediction.weakest
        if character.label is None:
            return Glyph("?", theme.unsure, True)
        if self._view.is_sure:
            return Glyph(character.written, theme.answer, False)
        is_outline = not character.is_sure or character is weakest
        return Glyph(character.written, theme.unsure if is_outline else theme.text, is_outline)

    def _note(self, prediction: Prediction) -> str:
        """What else it may be, or what to do."""
        if prediction.hint:
            return prediction.hint
        if prediction.label is None:
            return _("nearest is {best}").format(best=on_one_line(prediction.written or ""))
        if not self._view.is_sure:
            return prediction.remark or maybe([prediction.written or "", *second(prediction)])
        chosen = None if self._view.number is None else prediction.characters[self._view.number]
        if chosen and chosen.alone:
            return alone(chosen.alone)
        if prediction.runner_up:
            other, probability = prediction.runner_up
            return _("or {other}, {percent}").format(other=on_one_line(other), percent=percent(probability))
        only = prediction.characters[0] if len(prediction.characters) == 1 else None
        return only.says if only and len(only.forms) > 1 else ""

    def _draw_glyphs(self, painter: Painter, rows: list[list[Glyph]], numbers: list[list[int]]) -> None:
        """Draw the characters as large as they fit, and remember where they are."""
        room = self._glyph_room(painter)
        size = fitting(rows, painter.pixels(ANSWER_SIZE), room)
        top = room.centre[1] - round((len(rows) - 1) / 2 * size * LEADING) - typography.middle(size)
        for row, row_numbers in zip(rows, numbers, strict=True):
            left = room.left
            for glyph, number in zip(row, row_numbers, strict=True):
                line = max(2, round(size * OUTLINE)) if glyph.is_outline else 0
                image = typography.glyph(glyph.words, size, glyph.colour, line)
                place = painter.put(image, "topleft", (left, top))
                middle = top + typography.middle(size)
                self.places[number] = Box(left, round(middle - size * 0.36), place.width, round(size * 0.72))
                left = place.right + round(size * SPACE)
            top += round(size * LEADING)

    def _glyph_room(self, painter: Painter) -> Box:
        """Where the characters may be: between the caption and the note."""
        inner = self.box.shrunk(self.inset)
        above, below = painter.line_height(CAPTION) + painter.pixels(8), painter.line_height(BODY)
        width = inner.width - (self.offer.box.width + painter.pixels(8) if self.offer.shown else 0)
        if len(self._view.characters) > 1:
            below += painter.pixels(8)  # for the line below the chosen one
        return Box(inner.left, inner.top + above, width, inner.height - above - below)

    def _draw_rejection(self, painter: Painter, inner: Box) -> None:
        """Say beside the question mark what it means, where there is room for it."""
        place = self.places[0]
        left = place.right + painter.pixels(14)
        lines = _(REJECTIONS[self._view.noun]).split("\n")
        if max(painter.width(line, STRONG, True) for line in lines) > inner.right - left:
            return
        for index, line in enumerate(lines):
            y = place.centre[1] + (index - 0.5) * painter.line_height(STRONG)
            painter.write(line, STRONG, painter.theme.text, "midleft", (left, y), bold=True)

    def _draw_choice(self, painter: Painter) -> None:
        """Underline the character that the bars belong to, of several."""
        if len(self._view.characters) < 2 or self._view.number is None:
            return
        place, height = self.places[self._view.number], painter.pixels(3)
        painter.fill(Box(place.left, place.bottom, place.width, height), painter.theme.text, 2)


def fitting(rows: list[list[Glyph]], size: int, room: Box) -> int:
    """The largest size of type up to `size` with which `rows` fit the `room`."""
    widths = [sum(typography.glyph(g.words, size, g.colour).get_width() + size * SPACE for g in row) for row in rows]
    across = room.width / (max(widths) - size * SPACE)
    down = room.height / (size * (0.72 + (len(rows) - 1) * LEADING))
    return max(8, int(size * min(1.0, across, down)))


def note(painter: Painter, inner: Box, words: str, colour: Colour) -> None:
    """A line at the foot of the card."""
    painter.write(words, BODY, colour, "bottomleft", (inner.left, inner.bottom), room=inner.width)


def second(prediction: Prediction) -> list[str]:
    """The answer with the second class for the least sure character, if there is one."""
    if prediction.weakest is None or prediction.least_sure is None or len(prediction.weakest.ranking) < 2:
        return []
    labels = [character.written for character in prediction.characters]
    labels[prediction.least_sure] = prediction.weakest.ranking[1][0]
    return ["".join(labels)]


def distance(box: Box, at: Point) -> float:
    """How far a place is from a box, across and down together."""
    return max(box.left - at[0], at[0] - box.right, 0) + max(box.top - at[1], at[1] - box.bottom, 0)
