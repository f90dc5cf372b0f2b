"""Learning: the parts of the place Learn, and which of them is shown.

What one part has begun goes on while another, or another place, is shown: a network trains while one draws for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, get_args

from drawapp.ui.intents import ChoosePlace, Intent, Redraw
from drawapp.ui.learn_intents import ChoosePart, ImportCorrections, OpenData, OpenRun
from drawapp.ui.learning.corrections import CorrectionsView, CorrectionsWork
from drawapp.ui.learning.mistakes import MistakesView, MistakesWork
from drawapp.ui.learning.training import TrainingView, TrainingWork
from drawapp.ui.learning.work import Desk, Work

PartName = Literal["correct", "train", "mistakes"]
PARTS: tuple[PartName, ...] = get_args(PartName)


@dataclass(frozen=True)
class LearnView:
    """What the place shows: the name of the `part`, and the values of all three."""

    part: PartName = "correct"
    corrections: CorrectionsView = field(default_factory=CorrectionsView)
    training: TrainingView = field(default_factory=TrainingView)
    mistakes: MistakesView = field(default_factory=MistakesView)


class Learning:
    """The work of all parts, at a `desk`."""

    def __init__(self, desk: Desk) -> None:
        self.part: PartName = "correct"
        self.is_shown = False  # the place
        self.corrections = CorrectionsWork(desk)
        self.training = TrainingWork(desk)
        self.mistakes = MistakesWork(desk)

    @property
    def works(self) -> tuple[Work, ...]:
        """The work of each part."""
        return self.corrections, self.training, self.mistakes

    @property
    def view(self) -> LearnView:
        """What the place shows now."""
        return LearnView(self.part, self.corrections.view, self.training.view, self.mistakes.view)

    def follow(self, intent: Intent) -> list[Intent]:
        """Do what the user means. Returns what follows from it."""
        if isinstance(intent, ChoosePart):
            self.part = next(part for part in PARTS if part == intent.name)
            return [Redraw(), *self._all(lambda work: work.follow(intent))]
        if isinstance(intent, ImportCorrections) and self.is_shown and self.part == "train":
            intent = OpenData(intent.path)  # the same kind of file
        if isinstance(intent, OpenRun | OpenData):  # dropped on the window, wherever one is
            self.part = "train"
            return [ChoosePlace("learn"), *self._all(lambda work: work.follow(intent))]
        return self._all(lambda work: work.follow(intent))

    def turn(self, now: float) -> list[Intent]:
        """Go on by a turn of the loop, at the time `now`. Returns what follows from it."""
        self.mistakes.is_shown = self.is_shown and self.part == "mistakes"
        return self._all(lambda work: work.turn(now))

    def close(self) -> None:
        """End what is going on."""
        for work in self.works:
            work.close()

    def _all(self, ask: Callable[[Work], Intent | None]) -> list[Intent]:
        return [intent for intent in map(ask, self.works) if intent is not None]
