"""The lesson: what a copy of the model has learned, as three accuracies before and after.

They are three because each says something else: whether it has learned what it was told, whether it has understood it,
and whether it has forgotten anything.
"""

from __future__ import annotations

from drawapp.drawing.geometry import Box
from drawapp.learning.adapting import Lesson
from drawapp.session.language import gettext as _
from drawapp.session.language import ngettext
from drawapp.ui.painter import Painter
from drawapp.ui.screens.inside.wording import wrapped
from drawapp.ui.theme import BODY, CAPTION, SMALLEST, STRONG
from nn_scratch.transfer.adapting import Comparison

ARROW = "\N{RIGHTWARDS ARROW}"
BAR = 12  # height of the bar of the progress, in pixels of a window of the default size


def rows_of(lesson: Lesson) -> list[tuple[str, Comparison]]:
    """What was compared, in words, and the accuracies."""
    corrections = ngettext("Your {count} correction", "Your {count} corrections", lesson.count)
    rows = [
        (corrections, lesson.count, lesson.corrections),
        (_("{count} variations of them"), lesson.varied, lesson.variations),
    ]
    if lesson.others:
        rows.append((_("{count} other digits"), lesson.tested, lesson.others))
    return [(words.format(count=f"{count:,}"), found) for words, count, found in rows]


def draw_lesson(painter: Painter, box: Box, lesson: Lesson) -> None:
    """Draw the rows in `box`: the words above their two numbers, with a caption over all of them."""
    theme = painter.theme
    caption = painter.line_height(CAPTION)
    words = _("Read correctly: before {arrow} after").format(arrow=ARROW)
    painter.write(words, CAPTION, theme.muted, "topleft", (box.left, box.top), room=box.width)
    rows = rows_of(lesson)
    pitch = min((box.height - caption) / len(rows), painter.pixels(76) * painter.type_scale)
    for number, (words, found) in enumerate(rows):
        top = box.top + caption + round(number * pitch)
        middle = top + round(pitch / 2)
        line = painter.line_height(BODY) // 2
        painter.write(words, BODY, theme.text, "midleft", (box.left, middle - line + 2), room=box.width)
        draw_numbers(painter, Box(box.left, middle, box.width, 2 * line), found)


def draw_numbers(painter: Painter, box: Box, found: Comparison) -> None:
    """Draw the two numbers: the second one is the answer."""
    theme, middle = painter.theme, box.centre[1]
    before = painter.write(f"{rounded(found.before)} {ARROW} ", STRONG, theme.muted, "midleft", (box.left, middle))
    colour = theme.answer if found.after >= found.before else theme.text
    painter.write(rounded(found.after), STRONG, colour, "midleft", (before.right, middle), bold=True)


def rounded(accuracy: float) -> str:
    """An accuracy in percent, with a decimal unless all or nothing is right."""
    return f"{accuracy:.0%}".replace("%", " %") if accuracy in (0, 1) else f"{100 * accuracy:.1f} %"


def draw_progress(painter: Painter, box: Box, fraction: float) -> None:
    """Draw how far the learning has come, in the middle of `box`."""
    theme, height = painter.theme, painter.pixels(BAR)
    track = Box(box.left, box.centre[1] - height // 2, box.width, height)
    radius = height / 2 / painter.scale
    at = (box.left, track.top - painter.pixels(8))
    painter.write(_("Learning and rehearsing"), BODY, theme.text, "bottomleft", at, room=box.width)
    painter.fill(track, theme.track, radius)
    painter.fill(Box(*track[:2], max(height, round(fraction * track.width)), height), theme.answer, radius)


def draw_words(painter: Painter, box: Box, paragraphs: list[str]) -> None:
    """Draw sentences from the top of `box`, a little apart; smaller where there is less room."""
    lines = [wrapped(painter, words, box.width) for words in paragraphs]
    gap = painter.line_height(BODY) // 2
    count = sum(map(len, lines))
    pitch = min(painter.line_height(BODY), (box.height - gap * (len(lines) - 1)) // max(count, 1))
    size = min(BODY, max(SMALLEST, BODY * pitch / painter.line_height(BODY)))
    top = box.top
    for number, paragraph in enumerate(lines):
        colour = painter.theme.text if number == 0 else painter.theme.muted
        for line in paragraph:
            painter.write(line, size, colour, "topleft", (box.left, top), room=box.width)
            top += pitch
        top += gap
