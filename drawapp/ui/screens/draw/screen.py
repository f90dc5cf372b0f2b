"""The drawing screen: the sheet on the left; the model, the answer, what the network saw and the bars on the right.

It puts together what the other files of this folder draw, so that the app has one thing to show and to ask. It needs no
window, so that a screenshot can be made anywhere.
"""

from __future__ import annotations

import pygame

from drawapp.drawing.canvas import Canvas
from drawapp.drawing.geometry import Box
from drawapp.reading.charset import Charset, knows_only_digits
from drawapp.reading.prediction import Prediction
from drawapp.ui import paint, theme
from drawapp.ui.controls.message import draw_message
from drawapp.ui.intents import Intent
from drawapp.ui.layout import Layout
from drawapp.ui.pen import Brush
from drawapp.ui.screens.draw.answer import draw_answer
from drawapp.ui.screens.draw.bars import Bars, caption_of, rows_of
from drawapp.ui.screens.draw.header import Choices, Header
from drawapp.ui.screens.draw.seen import draw_seen
from drawapp.ui.screens.draw.sheet import Sheet

Keys = tuple[tuple[str, str], ...]

KEYS: Keys = (
    ("Mouse", "draw"),
    ("Right button", "erase"),
    ("R", "reset"),
    ("Ctrl Z", "undo"),
    ("[ ]", "brush"),
    ("Tab", "model"),
    ("Esc", "close"),
)
KEYS_WITH_CHARSET: Keys = (*KEYS[:-1], ("H", "hint"), KEYS[-1])


class DrawScreen:
    """Draws the screen for one layout and one model, on any surface of the layout's size."""

    def __init__(self, layout: Layout, classes: tuple[str, ...], choices: Choices) -> None:
        self.layout = layout
        self.message = ""  # a sentence to show in place of the keys
        self.mouse: tuple[float, float] | None = None  # in pixels
        self._classes = classes
        self._bars = Bars()
        self._sheet = Sheet(layout)
        self._header = Header(layout, choices)
        self._background = background(layout, KEYS if choices.charset is None else KEYS_WITH_CHARSET)
        self.noun = noun_for(classes, choices.charset)  # what there is to draw

    def glide(self, prediction: Prediction | None, seconds: float) -> bool:
        """Let the bars move on by `seconds`. Returns whether they are still moving."""
        return self._bars.glide(rows_of(prediction, self._classes), seconds)

    def intent_at(self, x: float, y: float) -> Intent:
        """What a press of the left button there means, beside the grid."""
        return self._header.intent_at(x, y)

    def open_list(self) -> None:
        """Open the list of models."""
        self._header.open()

    def close_list(self) -> bool:
        """Close the list of models. Returns whether it was open."""
        return self._header.close()

    def draw(self, surface: pygame.Surface, canvas: Canvas, prediction: Prediction | None, brush: Brush) -> None:
        """Draw everything."""
        surface.blit(self._background, (0, 0))
        self._sheet.draw(surface, canvas)
        if canvas.is_empty and not canvas.is_drawing:
            self._sheet.draw_invitation(surface, f"draw a {self.noun}")
        if prediction is not None and len(prediction.characters) > 1:
            self._sheet.draw_brackets(surface, prediction.characters)
        draw_answer(surface, self.layout, prediction, self.noun)
        draw_seen(surface, self.layout, prediction)
        self._bars.draw(surface, self.layout, rows_of(prediction, self._classes), caption_of(prediction))
        self._draw_brush_width(surface, brush.width)
        if self.message:
            draw_message(surface, self.layout, self.message)
        self._header.draw(surface, self.mouse)
        if brush.at is not None:
            self._sheet.draw_brush(surface, brush.at, brush.width, theme.UNSURE if brush.erases else theme.ANSWER)

    def _draw_brush_width(self, surface: pygame.Surface, width: float) -> None:
        keys = self.layout.keys
        words = theme.text(f"brush {width:g} cells wide", self.layout.pixels(theme.CAPTION), theme.MUTED)
        paint.write(surface, words, "midright", (keys.right, keys.centre[1]))


def noun_for(classes: tuple[str, ...], charset: Charset | None) -> str:
    """What there is to draw for a network of these `classes`: a digit, a letter, or any character."""
    if knows_only_digits(classes) or charset is Charset.DIGITS:
        return "digit"
    return "letter" if charset is Charset.LETTERS else "character"


def background(layout: Layout, keys: Keys) -> pygame.Surface:
    """All that never changes: the panels and the line of keys."""
    surface = pygame.Surface(layout.window)
    surface.fill(theme.BACKGROUND)
    radius = layout.pixels(16)
    paint.panel(surface, layout.sheet, radius, theme.PAPER)
    for box in (layout.answer, layout.seen, layout.bars):
        paint.panel(surface, box, radius)
    draw_keys(surface, layout, keys)
    return surface


def draw_keys(surface: pygame.Surface, layout: Layout, keys: Keys) -> None:
    """What each key does, as key caps with a word beside each."""
    pixels, box = layout.pixels, layout.keys
    left, middle = box.left - pixels(2), box.centre[1]
    for key, meaning in keys:
        name = theme.text(key, pixels(theme.CAPTION), theme.TEXT)
        cap = Box(left, box.top, name.get_width() + 2 * pixels(10), box.height)
        paint.panel(surface, cap.shrunk(pixels(2)), pixels(8))
        paint.write(surface, name, "center", cap.centre)
        word = theme.text(meaning, pixels(theme.CAPTION), theme.MUTED)
        place = paint.write(surface, word, "midleft", (cap.right + pixels(6), middle))
        left = place.right + pixels(24)
