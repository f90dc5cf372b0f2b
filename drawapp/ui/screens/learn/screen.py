"""The place Learn: the sheet and its answer on one side, and on the other what can be learned.

It has three parts. One corrects the network, watches one learn from scratch, or meets the mistakes of a model.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from drawapp.drawing.geometry import Box
from drawapp.session.language import gettext as _
from drawapp.session.language import marked
from drawapp.ui.controls.button import Button
from drawapp.ui.controls.control import Control
from drawapp.ui.controls.row import arrange_in_row
from drawapp.ui.intents import Intent
from drawapp.ui.keys import KeyStroke
from drawapp.ui.layout import Layout
from drawapp.ui.learn_intents import ChoosePart
from drawapp.ui.learning.learning import PARTS, PartName
from drawapp.ui.painter import Painter
from drawapp.ui.screens.draw.sheet import Sheet
from drawapp.ui.screens.learn.correct import CorrectPart
from drawapp.ui.screens.learn.mistakes import MistakesPart
from drawapp.ui.screens.learn.part import Part
from drawapp.ui.screens.learn.plan import plan_for
from drawapp.ui.screens.learn.reads import Reads, draw_reads
from drawapp.ui.screens.learn.train import TrainPart
from drawapp.ui.screens.screen import Screen
from drawapp.ui.view import View

WORDS: dict[PartName, str] = {"correct": marked("Correct"), "train": marked("Train"), "mistakes": marked("Mistakes")}


class LearnSheet(Sheet):
    """A sheet on which a key means what it means to the part that is shown, where the pen has no use for it."""

    def __init__(self, meaning: Callable[[KeyStroke], Intent | None]) -> None:
        super().__init__()
        self._meaning = meaning

    def key(self, stroke: KeyStroke) -> Intent | None:
        """What a key means."""
        return super().key(stroke) or self._meaning(stroke)


class LearnScreen(Screen):
    """The screen on which networks learn."""

    def __init__(self, layout: Layout, view: View) -> None:
        super().__init__(layout, view, LearnSheet(lambda stroke: self.part.key(stroke)))
        self.reads = Reads()
        self.buttons = [Button(f"part-{name}", "", _(WORDS[name]), ChoosePart(name), framed=True) for name in PARTS]
        self.parts: dict[PartName, Part] = {"correct": CorrectPart(), "train": TrainPart(), "mistakes": MistakesPart()}
        self._plan = plan_for(layout)
        self.arrange(layout)
        self.update(view)

    @property
    def part(self) -> Part:
        """The part that is shown."""
        return self.parts[self.view.learn.part]

    @property
    def own_controls(self) -> Sequence[Control]:
        """What was read, the buttons of the parts, and the controls of the part that is shown."""
        return (self.reads, *self.buttons, *self.part.controls)

    def arrange(self, layout: Layout) -> None:
        """Lay everything out anew."""
        self._plan = plan_for(layout)
        own = self._plan.layout
        super().arrange(own)
        self.models.arrange(own.header, Box(0, 0, *own.window), own.inset, own.scale)
        self.reads.box = self._plan.reads
        arrange_in_row(self.buttons, self._plan.parts, own.pixels(6))
        for part in self.parts.values():
            part.arrange(own, self._plan.content)

    def update(self, view: View) -> None:
        """Show this view from here on."""
        self.view = view
        for name, button in zip(PARTS, self.buttons, strict=True):
            button.is_on = name == view.learn.part
        found = view.prediction
        self.reads.enabled = found is not None and found.has_ink and not found.shape
        self.part.update(view)
        super().update(view)

    def draw_cards(self, painter: Painter) -> None:
        """Draw what the network makes of the sheet, and the part."""
        draw_reads(painter, self._plan.reads, self.layout.inset, self.part.reads(self.view))
        self.part.draw(painter, self.focus.mouse)

    def draw_over_controls(self, painter: Painter) -> None:
        """Draw what the part lays over its controls."""
        self.part.draw_over(painter, self.focus.mouse)
