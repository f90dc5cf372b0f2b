"""The list of the runs that are compared: what each is called, how good it is, and how it was trained."""

from __future__ import annotations

from collections.abc import Sequence

from drawapp.drawing.geometry import Box, Point
from drawapp.learning.runs import KnownRun
from drawapp.session.language import gettext as _
from drawapp.session.language import marked
from drawapp.ui.controls.control import Control, State
from drawapp.ui.intents import Intent
from drawapp.ui.learn_intents import CloseRun
from drawapp.ui.painter import ROUND, Painter
from drawapp.ui.screens.learn.curves import colour_of
from drawapp.ui.screens.learn.text import NEAR, draw_facts, draw_paragraph
from drawapp.ui.theme import BODY, SMALLEST

EMPTY = marked(
    "Open the folder of a run, or drop it on the window. A training of the command line leaves one in the folder runs."
)
ROW = 78  # pixels of a row, at most, in a window of the default size


class RunList(Control):
    """Shows `runs`. A click removes one."""

    def __init__(self) -> None:
        super().__init__("runs", _("Click to remove"))
        self.runs: Sequence[KnownRun] = ()
        self.mouse: Point | None = None
        self.inset = 0
        self._pitch = ROW
        self.takes_keys = False

    def show(self, runs: Sequence[KnownRun], scale: float) -> None:
        """Show these from here on; `scale` is that of the type."""
        self.runs = runs
        inner = self.box.shrunk(self.inset)
        self._pitch = min(round(ROW * scale), max(1, inner.height // max(len(runs), 1)))

    def release(self, at: Point) -> Intent | None:
        """A click removes the run under it."""
        number = self.number_at(at)
        folder = None if number is None else self.runs[number].folder
        return CloseRun(folder) if folder else None

    def number_at(self, at: Point) -> int | None:
        """The number of the run at a place, None where there is none."""
        number = int(at[1] - self.box.top - self.inset) // self._pitch
        return number if self.box.contains(*at) and 0 <= number < len(self.runs) else None

    def draw(self, painter: Painter, state: State) -> None:
        """Draw the card with one row per run, with as many lines as there is room for."""
        painter.card(self.box)
        theme, inner = painter.theme, self.box.shrunk(self.inset)
        if not self.runs:
            draw_paragraph(painter, inner, _(EMPTY))
            return
        line = painter.line_height(SMALLEST)
        for number, run in enumerate(self.runs):
            row = Box(inner.left, inner.top + number * self._pitch, inner.width, self._pitch)
            if state.is_hovered and self.mouse and self.number_at(self.mouse) == number and run.folder:
                painter.fill(row.shrunk(-painter.pixels(4)), theme.lit, ROUND)
            swatch = Box(row.left, row.top + line // 2 - painter.pixels(1), painter.pixels(14), painter.pixels(4))
            painter.fill(swatch, colour_of(theme, number), 2)
            left = swatch.right + painter.pixels(8)
            best = f"{100 * run.best:.1f} %"
            written = painter.write(best, BODY, theme.text, "topright", (row.right, row.top - 2), bold=True)
            room = written.left - left - painter.pixels(8)
            painter.write(run.name, SMALLEST, theme.text, "topleft", (left, row.top), bold=True, room=room)
            for place, facts in enumerate((results_of(run), run.settings)):
                if (place + 2) * line <= self._pitch:
                    below = Box(left, row.top + (place + 1) * line, row.right - left, line)
                    draw_facts(painter, below, facts, NEAR)


def results_of(run: KnownRun) -> list[str]:
    """The epochs of a run, its accuracy on a test set, and the time of an epoch."""
    words = [_("{count} epochs").format(count=len(run.epochs))]
    if run.test_accuracy is not None:
        words.append(_("test {accuracy:.1f} %").format(accuracy=100 * run.test_accuracy))
    return [*words, _("{seconds:.2f} s each").format(seconds=run.seconds)]
