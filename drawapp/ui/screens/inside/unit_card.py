"""The card of a unit: one number all the way, from what the unit reads to what it says.

The tiles show that a unit is active; the card shows why, in the very numbers of the drawing. What a first layer reads
is an image, so its weights are shown as one, too.
"""

from __future__ import annotations

from drawapp.drawing.geometry import Box
from drawapp.reading.arithmetic import Sum, Term, exponentials
from drawapp.reading.explanation import SIDE, Explanation
from drawapp.reading.wording import percent
from drawapp.session.language import gettext as _
from drawapp.ui.painter import Painter
from drawapp.ui.screens.inside.card_parts import SHORT, draw_heading, draw_signed, draw_terms
from drawapp.ui.screens.inside.wording import TIMES, number, pieces_of, place_in
from drawapp.ui.theme import SMALLEST

WIDE = 600  # pixels: from here on images stand beside all text
ACROSS = 5  # exponentials in one row


def draw_unit(painter: Painter, inner: Box, explanation: Explanation, unit: tuple[int, int], found: Sum) -> None:
    """Draw the sum `found` of a unit, given by the numbers of its stage and its own, in `inner`."""
    has_images, is_wide = found.weights.size == SIDE * SIDE, inner.width >= painter.pixels(WIDE)
    if has_images and is_wide:
        inner = draw_images(painter, inner, found)
    inner = draw_heading(painter, inner, title_of(explanation, unit), pieces_of(found))
    if has_images and not is_wide:
        inner = draw_images(painter, inner, found)
    line = painter.line_height(SMALLEST)
    if explanation.stages[unit[0]].kind == "answer":
        inner = draw_softmax(painter, inner, line, explanation, unit[1])
    is_short = inner.width < painter.pixels(SHORT) * painter.type_scale
    draw_terms(painter, inner, line, [words_of(term, explanation, unit[0], is_short) for term in found.largest])


def title_of(explanation: Explanation, unit: tuple[int, int]) -> str:
    """What the unit is."""
    stage = explanation.stages[unit[0]]
    if stage.kind == "answer":
        return _("The score of {label}").format(label=explanation.network.classes[unit[1]])
    return _("Unit {number} of {count}").format(number=unit[1] + 1, count=stage.values.shape[0])


def words_of(term: Term, explanation: Explanation, stage: int, is_short: bool) -> tuple[str, str]:
    """Where a term comes from, and its product."""
    product = f"{number(term.x)} {TIMES} {number(term.weight)} = {number(term.value)}"
    return place_in(explanation.stages[stage - 1], explanation.input_of(stage).size, term.source, is_short), product


def draw_softmax(painter: Painter, box: Box, line: int, explanation: Explanation, unit: int) -> Box:
    """The exponentials of the classes that are shown, and the quotient. Returns the box that is left."""
    theme, found = painter.theme, exponentials(explanation)
    shown = explanation.shown
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
    caption, gap = painter.line_height(SMALLEST), painter.pixels(12)
    side = min(box.height - caption, round(0.25 * box.width / painter.type_scale))
    for index, (values, words) in enumerate(((found.weights, _("weights")), (found.terms, f"{TIMES} " + _("pixels")))):
        place = Box(box.left + index * (side + gap), box.top + caption, side, side)
        draw_signed(painter, place, values.reshape(SIDE, SIDE), words)
    taken = 2 * (side + gap)
    return Box(box.left + taken, box.top, box.width - taken, box.height)
