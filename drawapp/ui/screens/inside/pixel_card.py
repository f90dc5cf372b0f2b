"""The card of a pixel: how much ink it has, and the units that read it.

The card of a unit follows a number back to the pixels. This one begins with a pixel and follows its ink.
"""

from __future__ import annotations

from drawapp.drawing.geometry import Box
from drawapp.reading.arithmetic import Term
from drawapp.reading.explanation import SIDE, Explanation
from drawapp.reading.pixel import Pixel, pixel_of
from drawapp.session.language import gettext as _
from drawapp.ui.painter import Painter
from drawapp.ui.screens.inside.card_parts import draw_heading, draw_terms
from drawapp.ui.screens.inside.wording import TIMES, number, wrapped
from drawapp.ui.theme import BODY, SMALLEST


def draw_pixel(painter: Painter, inner: Box, explanation: Explanation, unit: tuple[int, int]) -> None:
    """Draw in `inner` where the pixel goes that is given by the numbers of its stage and its own."""
    pixel = pixel_of(explanation, *unit)
    title = _("Pixel in row {row}, column {column}").format(row=pixel.row + 1, column=pixel.column + 1)
    inner = draw_heading(painter, inner, title, [_("ink {ink}").format(ink=number(pixel.ink))])
    for words in wrapped(painter, sentence_of(pixel), inner.width):
        painter.write(words, BODY, painter.theme.muted, "topleft", inner[:2], room=inner.width)
        inner = inner.without_top(painter.line_height(BODY))
    terms = [words_of(term, explanation, pixel.target) for term in pixel.largest(5)]
    draw_terms(painter, inner.without_top(painter.pixels(4)), painter.line_height(SMALLEST), terms)


def sentence_of(pixel: Pixel) -> str:
    """What happens to the ink of the pixel on its way."""
    if pixel.obstacle:
        return _("Where it goes is not shown: a layer of the kind {kind} is in between.").format(kind=pixel.obstacle)
    if not pixel.ink:
        return _("It has no ink, so it adds 0 to every sum.")
    if not pixel.blended:
        return _("Its ink \N{MULTIPLICATION SIGN} weight, the largest products:")
    places = ", ".join(
        _("{fraction} to column {column}").format(fraction=number(fraction), column=place % SIDE + 1)
        for place, fraction in pixel.blended
    )
    return _("Upright, its row has moved: {places}. Ink \N{MULTIPLICATION SIGN} weight from there:").format(
        places=places
    )


def words_of(term: Term, explanation: Explanation, target: int) -> tuple[str, str]:
    """Where a product goes, and its numbers."""
    product = f"{number(term.x)} {TIMES} {number(term.weight)} = {number(term.value)}"
    shape = explanation.traced.activations[explanation.stages[target].source or 0][0].shape
    if len(shape) == 1:
        return _("unit {number}:").format(number=term.source + 1), product
    row, rest = divmod(term.source, shape[1] * shape[2])
    words = _("map {number}, window {row}, {column}:")
    column, channel = divmod(rest, shape[2])
    return words.format(number=channel + 1, row=row + 1, column=column + 1), product
