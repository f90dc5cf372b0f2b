"""The bars: how probable each class is.

An answer alone does not say how close the other classes were. The bars do. They glide, so that one sees how the
network's answer changes while the drawing grows.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import pygame

from drawapp.drawing.geometry import Box
from drawapp.reading.prediction import Character, Prediction
from drawapp.ui import paint, theme
from drawapp.ui.layout import Layout
from drawapp.ui.theme import Colour

ROWS = 10
SHOWN_OF_MANY = 8  # where there are more classes than rows: this many of the best, and one bar for all the others
OTHERS = "others"
SETTLING = 0.06  # seconds in which a bar goes 63 % of its way
STILL = 0.002  # a bar as near as this to its value has arrived


class Row(NamedTuple):
    """One bar: its label, its value from 0 to 1 and its colour."""

    label: str
    value: float
    colour: Colour


def rows_of(prediction: Prediction | None, classes: tuple[str, ...]) -> list[Row]:
    """The bars of the least sure character: every class in order, or the best of many. Without a prediction: empty."""
    character = prediction.weakest if prediction else None
    if len(classes) <= ROWS:
        shown = list((character.probabilities if character else dict.fromkeys(classes, 0.0)).items())
    elif character is None:
        shown = [("", 0.0)] * SHOWN_OF_MANY + [(OTHERS, 0.0)]
    else:
        shown = character.ranking[:SHOWN_OF_MANY]
        shown.append((OTHERS, max(0.0, 1.0 - sum(value for _, value in shown))))
    return [Row(label, value, colour_of(label, character)) for label, value in shown]


def colour_of(label: str, character: Character | None) -> Colour:
    """The colour of the bar for the class `label`."""
    if character is None:
        return theme.OTHER
    if character.label is None:  # the numbers are shown, but they do not count
        return theme.DIM_UNSURE if label == character.best else theme.DIM
    if label == character.best:
        return theme.ANSWER
    if character.runner_up and label == character.runner_up[0]:
        return theme.UNSURE
    return theme.OTHER


def caption_of(prediction: Prediction | None) -> str:
    """Which of several characters the bars belong to; empty where there is only one."""
    if prediction is None or prediction.weakest is None or len(prediction.characters) < 2:
        return ""
    why = "the least sure" if prediction.weakest.label else "not recognized"
    return f"{ordinal((prediction.least_sure or 0) + 1)} character, {why}"


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th ..."""
    ending = "th" if number // 10 % 10 == 1 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


class Bars:
    """Draws the bars, which glide to their values instead of jumping."""

    def __init__(self) -> None:
        self._shown: list[float] = []

    def glide(self, rows: list[Row], seconds: float) -> bool:
        """Move the bars on by `seconds`. Returns whether any is still moving."""
        if len(self._shown) != len(rows):
            self._shown = [0.0] * len(rows)
        fraction = 1.0 - math.exp(-seconds / SETTLING)
        for index, row in enumerate(rows):
            left = row.value - self._shown[index]
            self._shown[index] = row.value if abs(left) < STILL else self._shown[index] + left * fraction
        return any(shown != row.value for shown, row in zip(self._shown, rows, strict=True))

    def draw(self, surface: pygame.Surface, layout: Layout, rows: list[Row], caption: str = "") -> None:
        """Draw `rows` into their panel, below `caption` where there is one."""
        box = layout.bars.shrunk(layout.pixels(24))
        if caption:
            words = theme.text(caption, layout.pixels(theme.CAPTION), theme.MUTED)
            paint.write(surface, words, "topleft", (box.left, box.top - layout.pixels(6)))
            box = box.without_top(layout.pixels(20))
        pitch = box.height / len(rows)
        label_width = layout.pixels(76 if any(len(row.label) > 1 for row in rows) else 32)
        track_left, track_width = box.left + label_width, box.width - label_width - layout.pixels(72)
        height = layout.pixels(12)
        for index, row in enumerate(rows):
            middle = round(box.top + (index + 0.5) * pitch)
            track = Box(track_left, middle - height // 2, track_width, height)
            self._draw_row(surface, layout, row, track, self._shown[index] if self._shown else 0.0)

    def _draw_row(self, surface: pygame.Surface, layout: Layout, row: Row, track: Box, shown: float) -> None:
        box, height = layout.bars.shrunk(layout.pixels(24)), track.height
        radius, middle = height // 2, track.top + height // 2
        notable = row.colour not in (theme.OTHER, theme.DIM)
        label_colour = theme.TEXT if notable else theme.MUTED
        label = theme.text(row.label, layout.pixels(theme.STRONG), label_colour, True)
        paint.write(surface, label, "midleft", (box.left, middle - 1))
        paint.rounded(surface, track, radius, theme.TRACK)
        length = round(shown * track.width)
        surface.set_clip(Box(track.left, track.top, length, height))  # a bar shorter than it is high is cut off
        paint.rounded(surface, Box(track.left, track.top, max(length, height), height), radius, row.colour)
        surface.set_clip(None)
        if row.value > 0:
            colour = row.colour if notable else theme.FAINT
            words = theme.text(percent(row.value), layout.pixels(theme.BODY), colour, notable)
            paint.write(surface, words, "midright", (box.right, middle - 1))


def percent(probability: float) -> str:
    """A probability for people, rounded down and never 100 %: no network is certain."""
    return f"{min(math.floor(probability * 1000) / 10, 99.9):.1f} %"
