"""The answer: what was read in large type, and how sure the network is."""

from __future__ import annotations

import pygame

from drawapp.drawing.geometry import Box
from drawapp.reading.prediction import Prediction
from drawapp.ui import paint, theme
from drawapp.ui.layout import Layout
from drawapp.ui.screens.draw.bars import percent
from drawapp.ui.theme import Colour

LARGEST_WIDTH = 84  # of the answer, in pixels of a window of the default size


def draw_answer(surface: pygame.Surface, layout: Layout, prediction: Prediction | None, noun: str) -> None:
    """Draw the answer into its panel: nothing drawn, an answer with its runner-up, or honest doubt.

    `noun` says what the network knows: "digit" or "character".
    """
    box = _inside(layout)
    caption = theme.text("Answer", layout.pixels(theme.CAPTION), theme.MUTED)
    paint.write(surface, caption, "topleft", (box.left, box.top))
    if prediction is None or not prediction.has_ink:
        _write_large(surface, layout, "\N{EN DASH}", theme.EDGE)
        _write_below(surface, layout, "Nothing drawn yet", theme.FAINT)
    elif len(prediction.characters) > 1:
        _draw_number(surface, layout, prediction)
    elif prediction.label is None:
        right = _write_large(surface, layout, "?", theme.UNSURE)
        _write_beside(surface, layout, right, ["that is", f"no {noun}", "I know"], theme.STRONG)
        _write_below(surface, layout, f"nearest is {prediction.best}", theme.UNSURE)
    else:
        right = _write_large(surface, layout, prediction.label, theme.ANSWER)
        _write_beside(surface, layout, right, [percent(prediction.probability)], theme.TITLE)
        if prediction.runner_up:
            label, probability = prediction.runner_up
            _write_below(surface, layout, f"or {label}, {percent(probability)}", theme.UNSURE)


def _draw_number(surface: pygame.Surface, layout: Layout, prediction: Prediction) -> None:
    """Several characters: they have the width to themselves, and how sure the network is stands below."""
    box, size = _inside(layout), layout.pixels(theme.ANSWER_SIZE)
    width = theme.text(prediction.best or "", size, theme.TEXT, True).get_width()
    size = min(size, size * box.width // width)
    left = box.left
    for character in prediction.characters:
        colour = theme.ANSWER if character.label else theme.UNSURE
        words = theme.text(character.label or "?", size, colour, True)
        left = paint.write(surface, words, "midleft", (left, box.centre[1] - layout.pixels(5))).right
    if prediction.label is None:
        _write_below(surface, layout, f"nearest is {prediction.best}", theme.UNSURE)
        return
    sure = theme.text(percent(prediction.probability), layout.pixels(theme.STRONG), theme.TEXT, True)
    place = paint.write(surface, sure, "bottomleft", (box.left, box.bottom))
    if prediction.runner_up:
        other = theme.text(f"or {prediction.runner_up[0]}", layout.pixels(theme.BODY), theme.UNSURE)
        if place.right + layout.pixels(8) + other.get_width() <= box.right:
            paint.write(surface, other, "midright", (box.right, place.centery))


def _inside(layout: Layout) -> Box:
    return layout.answer.shrunk(layout.pixels(20))


def _write_large(surface: pygame.Surface, layout: Layout, words: str, colour: Colour) -> int:
    """The answer itself, smaller where it is wide. Returns where it ends on the right."""
    box, size = _inside(layout), layout.pixels(theme.ANSWER_SIZE)
    large = theme.text(words, size, colour, True)
    room = layout.pixels(LARGEST_WIDTH)
    if large.get_width() > room:
        large = theme.text(words, size * room // large.get_width(), colour, True)
    return paint.write(surface, large, "midleft", (box.left, box.centre[1] - layout.pixels(5))).right


def _write_beside(surface: pygame.Surface, layout: Layout, right: int, lines: list[str], size: int) -> None:
    """Lines beside the answer, level with its middle."""
    middle, step = _inside(layout).centre[1], layout.pixels(size * 1.4)
    for index, line in enumerate(lines):
        y = middle + round((index - (len(lines) - 1) / 2) * step)
        words = theme.text(line, layout.pixels(size), theme.TEXT, True)
        paint.write(surface, words, "midleft", (right + layout.pixels(16), y))


def _write_below(surface: pygame.Surface, layout: Layout, line: str, colour: Colour) -> None:
    """A line at the foot of the panel."""
    box = _inside(layout)
    paint.write(surface, theme.text(line, layout.pixels(theme.BODY), colour), "bottomleft", (box.left, box.bottom))
