"""The part of Learn that shows what was corrected, and what comes of learning it.

On one side are the corrections, and on the other is what a copy of the model has made of them. Where nothing was
corrected yet, there is one sentence that says how that is done.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pygame

from drawapp.drawing.geometry import Box, Point
from drawapp.learning.correcting import left_out
from drawapp.session.corrections import Correction
from drawapp.session.language import gettext as _
from drawapp.session.language import ngettext
from drawapp.ui import learn_intents as asked
from drawapp.ui.controls.button import Button
from drawapp.ui.controls.control import NOWHERE, Control
from drawapp.ui.controls.row import arrange_in_row
from drawapp.ui.controls.text_field import TextField
from drawapp.ui.controls.thumbnails import Thumbnail, Thumbnails
from drawapp.ui.intents import AskForFile, Intent
from drawapp.ui.keys import KeyStroke
from drawapp.ui.layout import TARGET, Layout
from drawapp.ui.painter import Painter
from drawapp.ui.screens.inside.wording import wrapped
from drawapp.ui.screens.learn.lesson import ARROW, draw_lesson, draw_progress, draw_words
from drawapp.ui.screens.learn.part import Part
from drawapp.ui.theme import BODY, CAPTION
from drawapp.ui.view import View

KEPT = 0.5  # of the width: the card of the corrections
ALONE = 160  # width of the only button there is at first, in pixels of a window of the default size
MOST_SHOWN = 6  # labels that a sentence names


class KeptCorrections(Thumbnails):
    """The corrections. A press puts one on the sheet, and the key Delete deletes it."""

    def __init__(self) -> None:
        super().__init__("corrections", "", asked.ShowCorrection)

    def release(self, at: Point) -> Intent | None:
        """The correction under the mouse is chosen."""
        intent = super().release(at)
        if isinstance(intent, asked.ShowCorrection):
            self.chosen = intent.number
        return intent

    def key(self, stroke: KeyStroke) -> Intent | None:
        """As for all thumbnails, and Delete."""
        return self.deleting(stroke) or super().key(stroke)

    def deleting(self, stroke: KeyStroke) -> Intent | None:
        """Delete the chosen correction, where the key is Delete."""
        if stroke.key != pygame.K_DELETE or self.chosen is None:
            return None
        return asked.DeleteCorrection(self.chosen)


class Cards(NamedTuple):
    """Where everything lies: the cards within `whole`, and the rows of buttons below them."""

    whole: Box
    kept: Box
    lesson: Box
    below_kept: Box
    below_lesson: Box


def cards_in(content: Box, layout: Layout) -> Cards:
    """The two cards side by side in `content`, each with its buttons below."""
    gap, row = layout.gutter, layout.pixels(TARGET)
    whole = content.without_bottom(row + gap)
    width = round(KEPT * (whole.width - gap))
    kept = Box(whole.left, whole.top, width, whole.height)
    lesson = Box(kept.right + gap, whole.top, whole.right - kept.right - gap, whole.height)
    top = whole.bottom + gap
    return Cards(whole, kept, lesson, *(Box(card.left, top, card.width, row) for card in (kept, lesson)))


class CorrectPart(Part):
    """The corrections, and what is learned from them."""

    def __init__(self) -> None:
        self.kept = KeptCorrections()
        self.delete = Button("delete", _("Delete selected (Del)"), _("Delete"), asked.DeleteCorrection(0), True)
        self.export = Button("export", _("Save all in a file"), _("Export"), asked.ExportCorrections(), True)
        self.take = Button("import", _("Import a file"), _("Import"), AskForFile("corrections"), True)
        self.learn = Button("learn corrections", "", "", asked.LearnCorrections(), True)
        self.stop = Button("stop", "", _("Stop"), asked.StopLearning(), True)
        self.undo = Button("undo learning", _("Undo learning"), _("Undo"), asked.UndoLearning(), True)
        self.name = TextField("model name", _("The name in the list of models"), asked.NameModel)
        self._cards = Cards(NOWHERE, NOWHERE, NOWHERE, NOWHERE, NOWHERE)
        self._layout: Layout | None = None
        self._view: View | None = None
        self._shown: tuple[Correction, ...] = ()

    @property
    def controls(self) -> Sequence[Control]:
        """Its controls, in the order of Tab."""
        return (self.kept, self.delete, self.export, self.take, self.name, self.undo, self.stop, self.learn)

    def key(self, stroke: KeyStroke) -> Intent | None:
        """The key Delete deletes the chosen correction."""
        return self.kept.deleting(stroke)

    def arrange(self, layout: Layout, box: Box) -> None:
        """Lay everything out in `box`."""
        self._layout, self._cards = layout, cards_in(box, layout)
        look, cards = layout.look.type_scale, self._cards
        inner = cards.kept.shrunk(layout.inset)
        self.kept.arrange(inner.without_top(round(layout.pixels(CAPTION * 1.75) * look)), layout.scale, look)
        inner = cards.lesson.shrunk(layout.inset)
        self.name.box = Box(inner.left, inner.top, inner.width, layout.pixels(TARGET))
        self._arrange_buttons(layout)

    def update(self, view: View) -> None:
        """Show this view from here on."""
        self._view, learn = view, view.learn.corrections
        shown = learn.kept.all
        if shown is not self._shown:
            self._shown = shown
            self.kept.show([Thumbnail(each.image, words_of(each)) for each in shown])
        learns = learn.progress is not None
        for control in (self.kept, self.delete, self.export):
            control.shown = bool(shown)
        self.delete.enabled = self.kept.chosen is not None
        self.delete.intent = asked.DeleteCorrection(self.kept.chosen or 0)
        self.learn.shown, self.stop.shown = bool(shown) and not learns, learns
        self.learn.face = _("Learn again") if learn.lesson else _("Learn from my corrections")
        self.name.shown = self.undo.shown = learn.lesson is not None and not learns
        self.name.text = learn.name
        if self._layout:
            self._arrange_buttons(self._layout)

    def draw(self, painter: Painter, mouse: Point | None) -> None:
        """Draw the cards."""
        if self._view is None or self._layout is None:
            return
        inset, learn = self._layout.inset, self._view.learn.corrections
        if not self._shown and learn.lesson is None and learn.progress is None:
            painter.card(self._cards.whole)
            draw_invitation(painter, self._cards.whole.shrunk(inset))
            return
        painter.card(self._cards.kept)
        inner = self._cards.kept.shrunk(inset)
        words = ngettext(
            "{count} correction: read {arrow} meant", "{count} corrections: read {arrow} meant", len(self._shown)
        )
        words = words.format(count=len(self._shown), arrow=ARROW)
        painter.write(words, CAPTION, painter.theme.muted, "topleft", (inner.left, inner.top), room=inner.width)
        painter.card(self._cards.lesson)
        inner = self._cards.lesson.shrunk(inset)
        if learn.progress is not None:
            draw_progress(painter, inner, learn.progress)
        elif learn.lesson:
            below = inner.without_top(self.name.box.height + inset)
            draw_lesson(painter, below, learn.lesson)
        else:
            draw_words(painter, inner, self._promises(self._view))

    def _promises(self, view: View) -> list[str]:
        """What learning would do, and what it could not."""
        model = view.models[view.chosen]
        words = [
            _("A copy of “{model}” learns your corrections.").format(model=model),
            _("It rehearses what it knows already, and the model itself stays as it is."),
        ]
        labels = left_out(self._shown, view.classes)
        if labels:
            some = ", ".join(labels[:MOST_SHOWN])
            words.insert(1, _("It does not have {labels}: these are left out.").format(labels=some))
        return words

    def _arrange_buttons(self, layout: Layout) -> None:
        """As many buttons in each row as there are things to do."""
        gap, row = layout.pixels(6), self._cards.below_kept
        arrange_in_row([each for each in (self.delete, self.export, self.take) if each.shown], row, gap)
        if not self.export.shown:
            self.take.box = Box(row.left, row.top, min(row.width, layout.pixels(ALONE)), row.height)
        arrange_in_row(
            [each for each in (self.undo, self.stop, self.learn) if each.shown], self._cards.below_lesson, gap
        )


def words_of(correction: Correction) -> str:
    """What was read and what was meant; the latter alone where nobody knows what was read."""
    return f"{correction.read} {ARROW} {correction.label}" if correction.read else correction.label


def draw_invitation(painter: Painter, box: Box) -> None:
    """Say in the middle of `box` how a correction is made."""
    words = _("When an answer is wrong, click it or press Enter, and say what it is: the network can learn it here.")
    lines = wrapped(painter, words, min(box.width, painter.pixels(440)))
    pitch = painter.line_height(BODY)
    for number, line in enumerate(lines):
        middle = box.centre[1] + (number - (len(lines) - 1) / 2) * pitch
        painter.write(line, BODY, painter.theme.muted, "center", (box.centre[0], middle), room=box.width)
