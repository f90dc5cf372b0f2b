"""The work of a part of Learn: what the chosen model gets wrong.

It begins by itself where the part is shown, and again when another model or other examples are chosen. What has been
read once is kept, so that one can go back and forth and compare.
"""

from __future__ import annotations

from dataclasses import dataclass

from drawapp.learning.examples import EXAMPLES, ExamplesName, load_examples
from drawapp.learning.scored import Cell, Scored, Scoring
from drawapp.session.corrections import Correction
from drawapp.session.language import gettext as _
from drawapp.ui.intents import Intent, Redraw
from drawapp.ui.job import Job
from drawapp.ui.learn_intents import ChooseCell, ChooseExamples, PutOnSheet, ShowExample
from drawapp.ui.learning.work import Desk, Work
from nn_scratch.network import Network

KEPT = 8  # results, at most: each holds all of its examples

Key = tuple[Network, ExamplesName, tuple[Correction, ...]]  # who reads what
Outcome = Scored | str | None  # a sentence where they cannot be read, None where there are none


@dataclass(frozen=True)
class MistakesView:
    """What the part shows.

    `scored` is there as soon as the `examples` are read; until then `fraction` says how much is done. Where they cannot
    be, `trouble` says why, or `is_absent` that there are none. `cell` of the matrix and the example at `number` are
    chosen.
    """

    examples: ExamplesName = "sample"
    scored: Scored | None = None
    fraction: float = 0.0
    trouble: str = ""
    is_absent: bool = False
    cell: Cell | None = None
    number: int | None = None


class MistakesWork(Work):
    """Reads the examples with the model of the `desk`, where `is_shown`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.is_shown = False
        self._name: ExamplesName = "sample"
        self._chosen: tuple[Key | None, Cell | None, int | None] = (None, None, None)
        self._outcomes: dict[Key, Outcome] = {}
        self._going_on: tuple[Key, Scoring, Job[Outcome]] | None = None
        self._shown_fraction = 0.0

    @property
    def view(self) -> MistakesView:
        """What the part shows now."""
        key = self._key()
        if key is None:
            return MistakesView(self._name, trouble=_("This model is not a network of layers that are known."))
        if key not in self._outcomes:
            fraction = self._going_on[1].fraction if self._going_on and self._going_on[0] == key else 0.0
            return MistakesView(self._name, fraction=fraction)
        outcome = self._outcomes[key]
        if isinstance(outcome, Scored):
            chosen = self._chosen[1:] if self._chosen[0] == key else (None, None)
            return MistakesView(self._name, outcome, 1.0, "", False, *chosen)
        return MistakesView(self._name, trouble=outcome or "", is_absent=outcome is None)

    def follow(self, intent: Intent) -> Intent | None:
        """Choose examples, a cell of the matrix, or one example: that goes to the sheet."""
        view = self.view
        match intent:
            case ChooseExamples(chosen):
                self._name = next(name for name in EXAMPLES if name == chosen)
                self._forget_failures()  # what was not there may have come
            case ChooseCell(cell):
                self._chosen = self._key(), None if cell == view.cell else cell, None
            case ShowExample(number) if view.scored:
                self._chosen = self._key(), view.cell, number
                return PutOnSheet(view.scored.data.images[view.scored.examples(view.cell)[number]])
        return None

    def turn(self, now: float) -> Intent | None:
        """Begin where there is something to read, and see how far it is."""
        key = self._key()
        if self._going_on and self._going_on[0] != key:
            self.close()
        if key is None or not self.is_shown or key in self._outcomes:
            return None
        if self._going_on is None:
            network, name, corrections = key
            scoring = Scoring(network, lambda: load_examples(name, corrections))
            self._going_on = (key, scoring, Job[Outcome](scoring.run, str))
            return Redraw()
        scoring, job = self._going_on[1:]
        if job.is_done:
            self._keep(key, job.result)
            self._going_on = None
            return Redraw()
        has_gone_on, self._shown_fraction = scoring.fraction != self._shown_fraction, scoring.fraction
        return Redraw() if has_gone_on else None

    def close(self) -> None:
        """Stop reading."""
        if self._going_on:
            self._going_on[1].is_stopped = True
            self._going_on = None

    def _key(self) -> Key | None:
        """Who is to read what; None where the model is not a network of layers."""
        network = self.desk.reader.models.recognizer.network
        corrections = self.desk.session.corrections.all if self._name == "corrections" else ()
        return (network, self._name, corrections) if isinstance(network, Network) else None

    def _keep(self, key: Key, outcome: Outcome) -> None:
        self._outcomes[key] = outcome
        while len(self._outcomes) > KEPT:
            del self._outcomes[next(iter(self._outcomes))]

    def _forget_failures(self) -> None:
        self._outcomes = {key: outcome for key, outcome in self._outcomes.items() if isinstance(outcome, Scored)}
