"""The work of a part of Learn: what the chosen model gets wrong.

It begins by itself where the part is shown, and again when another model or another set of examples is chosen. What has
been read once is kept, so that one can go back and forth and compare.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from drawapp.learning.examples import EXAMPLES, Examples, ExamplesName, all_examples
from drawapp.learning.scored import Cell, Scored, Scoring
from drawapp.ui.errand import Errand
from drawapp.ui.intents import Intent, Redraw
from drawapp.ui.learn_intents import ChooseCell, ChooseExamples, PutOnSheet, ShowExample
from drawapp.ui.learning.work import Desk, Work
from nn_scratch.nn.network import Network

KEPT = 8  # results, at most: each holds all of its examples

Key = tuple[Network, ExamplesName, Hashable]  # the network, the examples, and their state
Outcome = Scored | Exception | None  # None where there are no such examples


@dataclass(frozen=True)
class MistakesView:
    """What the part shows.

    `scored` is there as soon as the examples of `source` are read; until then `fraction` says how much is done. Where
    they cannot be, `trouble` says why, or `is_absent` that there are none. `cell` of the matrix and the example at
    `number` are chosen.
    """

    source: ExamplesName = "sample"
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
        self._examples = all_examples(Examples(lambda: None))
        self._source: ExamplesName = "sample"
        self._cell: Cell | None = None
        self._number: int | None = None
        self._outcomes: dict[Key, Outcome] = {}
        self._going_on: tuple[Key, Scoring, Errand[Outcome]] | None = None
        self._shown_fraction = 0.0

    @property
    def view(self) -> MistakesView:
        """What the part shows now."""
        key = self._key()
        fraction = self._going_on[1].fraction if self._going_on else 0.0
        if key is None or key not in self._outcomes:
            return MistakesView(self._source, fraction=fraction)
        outcome = self._outcomes[key]
        if isinstance(outcome, Scored):
            return MistakesView(self._source, outcome, 1.0, "", False, self._cell, self._number)
        return MistakesView(self._source, trouble=str(outcome or ""), is_absent=outcome is None)

    def follow(self, intent: Intent) -> Intent | None:
        """Choose examples, a cell of the matrix, or an example: that one goes to the sheet."""
        match intent:
            case ChooseExamples(source):
                self._source = next(name for name in EXAMPLES if name == source)
                self._forget_failures()  # what was not there may have come
                self._choose(None)
            case ChooseCell(cell):
                self._choose(None if cell == self._cell else cell)
            case ShowExample(number):
                scored = self.view.scored
                if scored is None:
                    return None
                self._number = number
                return PutOnSheet(scored.data.images[scored.examples(self._cell)[number]])
        return None

    def turn(self, now: float) -> Intent | None:
        """Begin where there is something to read, and see how far it is."""
        key = self._key()
        if self._going_on and self._going_on[0] != key:
            self.close()
        if key is None or not self.is_shown or key in self._outcomes:
            return None
        if self._going_on is None:
            self._begin(key)
            return Redraw()
        _, scoring, errand = self._going_on
        if errand.is_done:
            self._outcomes[key], self._going_on = errand.result, None
            while len(self._outcomes) > KEPT:
                del self._outcomes[next(iter(self._outcomes))]
            return Redraw()
        has_gone_on, self._shown_fraction = scoring.fraction != self._shown_fraction, scoring.fraction
        return Redraw() if has_gone_on else None

    def close(self) -> None:
        """Stop reading."""
        if self._going_on:
            self._going_on[1].is_stopped = True
            self._going_on = None

    def _begin(self, key: Key) -> None:
        network, source, _ = key
        self._choose(None)
        scoring = Scoring(network, self._examples[source].load)
        self._going_on = (key, scoring, Errand[Outcome](scoring.run, lambda error: error))

    def _key(self) -> Key | None:
        """What is to be read by whom; None where the model is not a network of layers."""
        network = self.desk.reader.models.recognizer.network
        return (network, self._source, self._examples[self._source].state()) if isinstance(network, Network) else None

    def _choose(self, cell: Cell | None) -> None:
        self._cell, self._number = cell, None

    def _forget_failures(self) -> None:
        self._outcomes = {key: outcome for key, outcome in self._outcomes.items() if isinstance(outcome, Scored)}
