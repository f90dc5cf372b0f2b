"""The part of Learn that shows which answers are wrong, and for which images.

On the left is how often and in which way, on the right are the images themselves. Each of them leads to the sheet, and
from there to Inside, which shows how the network came to its answer.
"""

from __future__ import annotations

from collections.abc import Sequence

from drawapp.drawing.geometry import Box, Point
from drawapp.learning.examples import EXAMPLES
from drawapp.session.language import gettext as _
from drawapp.ui.controls.button import Button
from drawapp.ui.controls.choice import Choice
from drawapp.ui.controls.control import NOWHERE, Control
from drawapp.ui.controls.thumbnails import Thumbnail, Thumbnails
from drawapp.ui.layout import TARGET, Layout
from drawapp.ui.learn_intents import ChooseCell, ChooseExamples, ShowExample
from drawapp.ui.learning.mistakes import MistakesView
from drawapp.ui.painter import Painter
from drawapp.ui.screens.inside.wording import wrapped
from drawapp.ui.screens.learn import mistakes_words as words
from drawapp.ui.screens.learn.calibration import draw_calibration
from drawapp.ui.screens.learn.matrix_control import Matrix, Table
from drawapp.ui.screens.learn.part import Part
from drawapp.ui.theme import BODY, SMALLEST, STRONG
from drawapp.ui.view import View

LEFT = 0.45  # of the width, for the matrix
CHOICE = 300  # pixels that the choice of examples needs
INSET = 14  # pixels within the cards
BARS = 30  # pixels for the bars beside the matrix
CURVE = 64, 132  # pixels: the least and the largest side of the calibration curve
BESIDE = 0.45  # of the width that it takes at most: words stand beside it


class MistakesPart(Part):
    """The matrix and the images."""

    def __init__(self) -> None:
        self.examples = Choice("examples", _("Which images are read"), lambda k: ChooseExamples(EXAMPLES[k]))
        self.examples.words = [_(words.NAMES[name]) for name in EXAMPLES]
        self.all = Button("all-mistakes", _("All mistakes"), _("All"), ChooseCell(), framed=True)
        self.matrix = Matrix("matrix")
        self.images = Thumbnails("images", _("Put it on the sheet"), ShowExample)
        self._view = MistakesView()
        self._table: Table | None = None
        self._layout: Layout | None = None
        self._whole = self._left = self._right = NOWHERE  # all cards, and each of them
        self._inner = self._title = self._curve = NOWHERE  # the room within the left card; above the right one

    @property
    def controls(self) -> Sequence[Control]:
        """The choice of examples, the matrix and the images."""
        return self.examples, self.matrix, self.all, self.images

    def arrange(self, layout: Layout, box: Box) -> None:
        """Lay everything out in `box`."""
        self._layout, target, gap = layout, layout.pixels(TARGET), layout.gutter
        self._whole = box.without_top(target + gap)
        left = round(LEFT * (box.width - gap))
        self._left = Box(box.left, self._whole.top, left, self._whole.height)
        self._right = Box(self._left.right + gap, self._whole.top, box.width - left - gap, self._whole.height)
        choice = min(box.width, max(left, round(layout.pixels(CHOICE) * layout.look.type_scale)))
        self.examples.box = Box(box.left, box.top, choice, target)
        beside = Box(box.left + choice + gap, box.top, box.width - choice - gap, target)
        self.all.box = Box(beside.right - target, beside.top, target, target)
        self._title = Box(beside.left, beside.top, beside.width - target - gap // 2, target)
        inset = min(layout.inset, layout.pixels(INSET))
        self._inner = self._left.shrunk(inset)
        self.images.arrange(self._right.shrunk(inset), layout.scale, layout.look.type_scale)
        self._arrange_matrix(layout)

    def _arrange_matrix(self, layout: Layout) -> None:
        """Put the matrix below the two lines of its card, and the curve below it where there is room."""
        inner, scale = self._inner, layout.scale * layout.look.type_scale
        label, head = round(SMALLEST * scale * 1.35), round((STRONG + SMALLEST) * scale * 1.35)
        room, gap = inner.without_top(head), layout.pixels(INSET)
        self.matrix.arrange(room.without_bottom(layout.pixels(CURVE[0]) + gap), label, layout.pixels(BARS))
        side = min(inner.bottom - self.matrix.box.bottom - gap, layout.pixels(CURVE[1]), round(BESIDE * inner.width))
        self._curve = Box(inner.left, self.matrix.box.bottom + gap, side, side)

    def update(self, view: View) -> None:
        """Show this view from here on."""
        before, self._view = self._view, view.learn.mistakes
        scored = self._view.scored
        self.examples.chosen = EXAMPLES.index(self._view.examples)
        if scored is not before.scored or (scored and self._table is None):
            self._table = Table(scored) if scored else None
        self.all.shown = self.matrix.shown = self.images.shown = scored is not None
        self.all.shown = self._view.cell is not None
        if scored is None or self._table is None:
            return
        is_new = self.matrix.table is not self._table
        self.matrix.show(self._table, self._view.cell)
        if is_new and self._layout:
            self._arrange_matrix(self._layout)
        if is_new or before.cell != self._view.cell:
            shown = scored.examples(self._view.cell).tolist()
            items = [Thumbnail(scored.data.images[k], words.example_of(scored, k)) for k in shown]
            self.images.show(items, self._view.number)
        elif before.number != self._view.number:
            self.images.chosen = self._view.number

    def draw(self, painter: Painter, mouse: Point | None) -> None:
        """Draw the cards, or why there is nothing to see."""
        scored = self._view.scored
        if scored is None:
            draw_waiting(painter, self._whole, self._view)
            return
        painter.card(self._left)
        painter.card(self._right)
        title, room = self._title, self._title.width if self._view.cell else self._right.right - self._title.left
        found = fitting(painter, words.titles_of(scored, self._view.cell), STRONG, room)
        at = (title.left, title.centre[1])
        painter.write(found, STRONG, painter.theme.text, "midleft", at, bold=True, room=room)
        self._draw_head(painter, mouse)
        self._draw_calibration(painter)

    def draw_over(self, painter: Painter, mouse: Point | None) -> None:
        """Draw the labels, and what is under the mouse."""
        if self._view.scored:
            self.matrix.draw_lit(painter, mouse)

    def _draw_head(self, painter: Painter, mouse: Point | None) -> None:
        """The accuracy, and what the cell under the mouse counts."""
        scored, table, theme = self._view.scored, self._table, painter.theme
        if scored is None or table is None:
            return
        inner = self._inner
        written = painter.write(words.accuracy_of(scored), STRONG, theme.text, "topleft", inner[:2], bold=True)
        room, at = inner.right - written.right - painter.pixels(10), (inner.right, written.centre[1])
        painter.write(fitting(painter, words.counts_of(scored), SMALLEST, room), SMALLEST, theme.muted, "midright", at)
        lit = self.matrix.lit(mouse)
        below = words.cell_of(scored, table.classes(lit)) if lit else _("Rows: meant. Columns: read.")
        at = (inner.left, inner.top + painter.line_height(STRONG))
        painter.write(below, SMALLEST, theme.text if lit else theme.muted, "topleft", at, room=inner.width)

    def _draw_calibration(self, painter: Painter) -> None:
        """The curve, and beside it as many of the notes as there is room for."""
        scored, curve = self._view.scored, self._curve
        if scored is None or curve.width < painter.pixels(CURVE[0]):
            return
        draw_calibration(painter, curve, scored.reliability)
        left, top, theme = curve.right + painter.pixels(INSET), curve.top - painter.pixels(3), painter.theme
        room = self._inner.right - left
        for number, note in enumerate([words.calibration_of(scored), *words.notes_of(self._view, scored)]):
            lines = wrapped(painter, note, room, SMALLEST)
            if top + len(lines) * painter.line_height(SMALLEST) > self._inner.bottom:
                break
            for line in lines:
                painter.write(line, SMALLEST, theme.muted if number else theme.text, "topleft", (left, top), room=room)
                top += painter.line_height(SMALLEST)
            top += painter.pixels(4)


def draw_waiting(painter: Painter, box: Box, view: MistakesView) -> None:
    """Draw how much is read already, or why nothing can be."""
    painter.card(box)
    theme, high, obstacle = painter.theme, painter.pixels(6), words.obstacle_of(view)
    if not obstacle:
        track = Box(box.centre[0] - box.width // 6, box.centre[1], box.width // 3, high)
        painter.fill(track, theme.track, 3)
        painter.fill(Box(track.left, track.top, max(high, round(track.width * view.fraction)), high), theme.other, 3)
        return
    room, pitch = box.width - 2 * painter.pixels(INSET), painter.line_height(BODY)
    lines = wrapped(painter, obstacle, room)
    for number, line in enumerate(lines):
        at = (box.centre[0], box.centre[1] + (number - len(lines) / 2) * pitch)
        painter.write(line, BODY, theme.muted, "midtop", at, room=room)


def fitting(painter: Painter, alternatives: Sequence[str], size: float, room: int) -> str:
    """The first of the `alternatives` that is at most `room` pixels wide, or else the last."""
    return next((words for words in alternatives if painter.width(words, size, True) <= room), alternatives[-1])
