"""The card of a unit: one number all the way, from what the unit reads to what it says.

The tiles show that a unit is active; the card shows why, in the very numbers of the drawing. What a first layer reads
is an image, so its weights are shown as one, too.
"""

from __future__ import annotations

import numpy as np
import pygame

from drawapp.drawing.geometry import Box
from drawapp.reading.arithmetic import Sum, Term, exponentials, sum_of
from drawapp.reading.thought import SIDE, Thought
from drawapp.session.language import gettext as _
from drawapp.ui.painter import Painter
from drawapp.ui.screens.inside.wording import line_of, number
from drawapp.ui.theme import BODY, SMALLEST, STRONG, Theme
from drawapp.ui.view import percent
from nn_scratch.arrays import Array

WIDE, SHORT = 600, 260  # pixels: from here on images stand beside all text; below, places are told in short
TIGHTEST = 0.75  # of a line of type: lines may come as close
ACROSS = 5  # exponentials in one row
TIMES = "\N{MULTIPLICATION SIGN}"


def draw_unit(painter: Painter, box: Box, inset: int, thought: Thought, unit: tuple[int, int]) -> None:
    """Draw the card of a unit, given by the numbers of its stage and its own, in `box`."""
    painter.card(box)
    theme, inner = painter.theme, box.shrunk(min(inset, painter.pixels(14)))
    found = sum_of(thought, *unit)
    if found is None:
        words = _("The sum of this unit is not shown: it is not of a dense layer.")
        painter.write(words, BODY, theme.muted, "center", box.centre, room=inner.width)
        return
    has_images, is_wide = found.weights.size == SIDE * SIDE, inner.width >= painter.pixels(WIDE)
    if has_images and is_wide:
        inner = draw_images(painter, inner, found)
    inner = draw_heading(painter, inner, title_of(thought, unit), line_of(found))
    if has_images and not is_wide:
        inner = draw_images(painter, inner, found)
    line = painter.line_height(SMALLEST)
    if thought.stages[unit[0]].kind == "answer":
        inner = draw_softmax(painter, inner, line, thought, unit[1])
    is_short = inner.width < painter.pixels(SHORT) * painter.type_scale
    draw_terms(painter, inner, line, [words_of(term, found, thought, unit[0], is_short) for term in found.largest])


def draw_heading(painter: Painter, box: Box, title: str, line: str) -> Box:
    """The title and the sum, in one row where both fit. Returns the box that is left."""
    theme, gap = painter.theme, painter.pixels(16)
    written = painter.write(title, STRONG, theme.text, "topleft", box[:2], bold=True, room=box.width)
    beside = box.right - written.right - gap
    middle, height = written.centre[1], painter.line_height(STRONG) + painter.pixels(4)
    if painter.width(line, SMALLEST) <= beside:
        painter.write(line, BODY, theme.text, "midleft", (written.right + gap, middle), room=beside)
        return box.without_top(height)
    painter.write(line, BODY, theme.text, "topleft", (box.left, written.bottom), room=box.width)
    return box.without_top(height + painter.line_height(BODY))


def title_of(thought: Thought, unit: tuple[int, int]) -> str:
    """What the unit is."""
    stage = thought.stages[unit[0]]
    if stage.kind == "answer":
        return _("The score of {label}").format(label=thought.network.classes[unit[1]])
    return _("Unit {number} of {count}").format(number=unit[1] + 1, count=stage.values.shape[0])


def words_of(term: Term, found: Sum, thought: Thought, stage: int, is_short: bool) -> tuple[str, str]:
    """Where a term comes from, and its product."""
    product = f"{number(term.x)} {TIMES} {number(term.weight)} = {number(term.value)}"
    if found.weights.size == SIDE * SIDE and thought.stages[stage - 1].kind == "image":
        row, column = divmod(term.source, SIDE)
        words = "{row}, {column}:" if is_short else _("row {row}, column {column}:")
        return words.format(row=row + 1, column=column + 1), product
    if thought.stages[stage - 1].kind != "units":
        return _("input {number}:").format(number=term.source + 1), product
    return _("unit {number}:").format(number=term.source + 1), product


def draw_terms(painter: Painter, box: Box, line: int, terms: list[tuple[str, str]]) -> None:
    """The largest terms, in as many columns as are needed for them to fit."""
    theme = painter.theme
    if terms and TIGHTEST * line <= box.height / len(terms) < line:
        line = box.height // len(terms)  # rather close lines than two columns
    rows = max(1, box.height // line)
    columns = -(-len(terms) // rows) if terms else 1
    width = box.width // columns
    for index, (source, product) in enumerate(terms):
        left, top = box.left + index // rows * width, box.top + index % rows * line
        room = width - painter.pixels(10)
        written = painter.write(source, SMALLEST, theme.muted, "topleft", (left, top), room=room // 2)
        gap = painter.pixels(8)
        painter.write(
            product, SMALLEST, theme.text, "topleft", (written.right + gap, top), room=room - written.width - gap
        )


def draw_softmax(painter: Painter, box: Box, line: int, thought: Thought, unit: int) -> Box:
    """The exponentials of the classes that are shown, and the quotient. Returns the box that is left."""
    theme, found = painter.theme, exponentials(thought)
    shown = thought.shown
    whole, mine = sum(each.value for each in found), found[unit].value
    quotient = f"{number(mine)} / {number(whole)} = {percent(mine / whole)}"
    written = painter.write(quotient, SMALLEST, theme.text, "topright", (box.right, box.top), bold=True, room=box.width)
    room = box.width - written.width - painter.pixels(8)
    painter.write(_("softmax, e^score:"), SMALLEST, theme.muted, "topleft", box[:2], room=room)
    columns = min(ACROSS, len(shown))
    width = box.width // columns
    for index, k in enumerate(shown):
        at = (box.left + index % columns * width, box.top + line * (1 + index // columns))
        colour, words = theme.text if k == unit else theme.muted, f"{found[k].label}: {number(found[k].value)}"
        painter.write(words, SMALLEST, colour, "topleft", at, room=width - painter.pixels(4), bold=k == unit)
    return box.without_top(line * (1 + -(-len(shown) // columns)))


def draw_images(painter: Painter, box: Box, found: Sum) -> Box:
    """The weights, and weights x pixels, side by side. Returns the box that is left."""
    theme, caption = painter.theme, painter.line_height(SMALLEST)
    side = min(box.height - caption, round(0.25 * box.width / painter.type_scale))
    gap = painter.pixels(12)
    for index, (values, words) in enumerate(((found.weights, _("weights")), (found.terms, f"{TIMES} " + _("pixels")))):
        frame = Box(box.left + index * (side + gap), box.top + caption, side, side)
        at = (frame.left, box.top)
        painter.write(words, SMALLEST, theme.muted, "topleft", at, room=side)
        pygame.draw.rect(painter.surface, theme.card_edge, frame.shrunk(-1))
        painter.put(signed_image(values.reshape(SIDE, SIDE), (side, side), theme), "topleft", frame[:2])
    taken = 2 * (side + gap)
    return Box(box.left + taken, box.top, box.width - taken, box.height)


def signed_image(values: Array, size: tuple[int, int], theme: Theme) -> pygame.Surface:
    """`values` (H, W) as colours: blue above 0, orange below, paper at 0."""
    strength = (np.abs(values) / max(float(np.abs(values).max()), 1e-12))[..., None]  # (H, W, 1)
    full = np.where((values > 0)[..., None], np.array(theme.answer), np.array(theme.unsure))  # (H, W, 3)
    pixels = (np.array(theme.paper) * (1 - strength) + full * strength + 0.5).astype(np.uint8)
    return pygame.transform.scale(pygame.image.frombuffer(pixels.tobytes(), values.shape[::-1], "RGB"), size)
