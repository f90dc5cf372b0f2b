"""The answer: what was read in large type, and how sure the network is.

It is the one thing that a user looks for, so it is the largest. It also admits what the network does not know: a
drawing that is not recognized gets a question mark instead of a guess.
"""

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
    """Draw the answer into its panel: nothing drawn, an answer with its runner-up, or that nothing is recognized.

    `noun` says what the network reads, such as "digit".
    """
    box = inner_box(layout)
    caption = theme.text("Answer", layout.pixels(theme.CAPTION), theme.MUTED)
    paint.write(surface, caption, "topleft", (box.left, box.top))
    if prediction is None or not prediction.has_ink:
        write_large(surface, layout, "\N{EN DASH}", theme.EDGE)
        write_below(surface, layout, "Nothing drawn yet", theme.FAINT)
    elif len(prediction.characters) > 1:
        draw_several(surface, layout, prediction)
    elif prediction.label is None:
        right = write_large(surface, layout, "?", theme.UNSURE)
        write_beside(surface, layout, right, ["not a", noun, "I recognize"], theme.STRONG)
        write_below(surface, layout, f"nearest is {prediction.best}", theme.UNSURE)
    else:
        right = write_large(surface, layout, prediction.label, theme.ANSWER)
        write_beside(surface, layout, right, [percent(prediction.probability)], theme.TITLE)
        if prediction.runner_up:
            label, probability = prediction.runner_up
            write_below(surface, layout, f"or {label}, {percent(probability)}", theme.UNSURE)


def draw_several(surface: pygame.Surface, layout: Layout, prediction: Prediction) -> None:
    """Draw the answer of several characters over the whole width, with its probability below."""
    box, size = inner_box(layout), layout.pixels(theme.ANSWER_SIZE)
    width = theme.text(prediction.best or "", size, theme.TEXT, True).get_width()
    size = min(size, size * box.width // width)
    left = box.left
    for character in prediction.characters:
        colour = theme.ANSWER if character.label else theme.UNSURE
        words = theme.text(character.label or "?", size, colour, True)
        left = paint.write(surface, words, "midleft", (left, box.centre[1] - layout.pixels(5))).right
    if prediction.label is None:
        write_below(surface, layout, f"nearest is {prediction.best}", theme.UNSURE)
        return
    sure = theme.text(percent(prediction.probability), layout.pixels(theme.STRONG), theme.TEXT, True)
    place = paint.write(surface, sure, "bottomleft", (box.left, box.bottom))
    if prediction.runner_up:
        other = theme.text(f"or {prediction.runner_up[0]}", layout.pixels(theme.BODY), theme.UNSURE)
        if place.right + layout.pixels(8) + other.get_width() <= box.right:
            paint.write(surface, other, "midright", (box.right, place.centery))


def inner_box(layout: Layout) -> Box:
    """The panel of the answer without its margin."""
    return layout.answer.shrunk(layout.pixels(20))


def write_large(surface: pygame.Surface, layout: Layout, words: str, colour: Colour) -> int:
    """The answer itself, smaller where it is wide. Returns where it ends on the right."""
    box, size = inner_box(layout), layout.pixels(theme.ANSWER_SIZE)
    large = theme.text(words, size, colour, True)
    room = layout.pixels(LARGEST_WIDTH)
    if large.get_width() > room:
        large = theme.text(words, size * room // large.get_width(), colour, True)
    return paint.write(surface, large, "midleft", (box.left, box.centre[1] - layout.pixels(5))).right


def write_beside(surface: pygame.Surface, layout: Layout, right: int, lines: list[str], size: int) -> None:
    """Lines beside the answer, level with its middle."""
    middle, step = inner_box(layout).centre[1], layout.pixels(size * 1.4)
    for index, line in enumerate(lines):
        y = middle + round((index - (len(lines) - 1) / 2) * step)
        words = theme.text(line, layout.pixels(size), theme.TEXT, True)
        paint.write(surface, words, "midleft", (right + layout.pixels(16), y))


def write_below(surface: pygame.Surface, layout: Layout, line: str, colour: Colour) -> None:
    """A line at the foot of the panel."""
    box = inner_box(layout)
    paint.write(surface, theme.text(line, layout.pixels(theme.BODY), colour), "bottomleft", (box.left, box.bottom))
