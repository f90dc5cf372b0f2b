"""Inside: what the user looks at inside of the network, from turn to turn of the loop.

Steps play in time, dreams go on by a step per frame, and what takes longer is done beside the window. All of it changes
only what is looked at, never the drawing or the network.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import replace

from drawapp.reading.catalog import Catalog
from drawapp.reading.experiments import Experiment, Fooling, alike, answer_of, dreaming, fooling, known_features
from drawapp.reading.explanation import Explanation
from drawapp.ui import intents
from drawapp.ui.inside_state import PACE, InsideState
from drawapp.ui.intents import Intent, Redraw, Tell
from drawapp.ui.job import Job
from nn_scratch.arrays import Array
from nn_scratch.data.sample import load_sample
from nn_scratch.dataset import Dataset
from nn_scratch.errors import UserError
from nn_scratch.network import Network


class Inside:
    """The `state` of the place, and the `experiment` that is shown, if any. Other networks are asked of `models`."""

    def __init__(self, models: Catalog) -> None:
        self.state = InsideState()
        self.experiment: Experiment | None = None
        self._models = models
        self._stepped_at = 0.0
        self._running: Iterator[Experiment | Tell | None] = iter(())
        self._is_paused = False
        self._fooling: Fooling | None = None
        self._asked: tuple[str, Network] | None = None  # what is asked too, and what it is called
        self._known: tuple[Network, Job[tuple[Dataset, Array] | Tell]] | None = None

    def follow(self, intent: intents.InsideIntent, explanation: Explanation | None, now: float) -> Intent | None:
        """Do what the user means. Returns what follows from it, such as a message."""
        stages = len(explanation.stages) if explanation else 0
        if isinstance(intent, intents.Try):
            self.state = self.state.at_rest()
            return None if explanation is None else self._try(intent, explanation)
        self.stop()
        self.state, self._stepped_at = self.state.following(intent, stages), now
        return None

    def turn(self, explanation: Explanation | None, now: float) -> Intent | None:
        """Go on by a turn. Returns what follows from it; Redraw() where only what is shown has changed."""
        if self.state.plays and now - self._stepped_at >= PACE:
            stages = len(explanation.stages) if explanation else 0
            self.state, self._stepped_at = self.state.after_a_while(stages), now
            return Redraw()
        found = None if self._is_paused else next(self._running, None)
        if found is None or found is self.experiment:
            return None
        if isinstance(found, Tell):
            return found
        self.experiment = found
        return Redraw()

    def rest(self) -> None:
        """Look at nothing in particular."""
        self.stop()
        self.state = self.state.at_rest()

    def stop(self) -> None:
        """End the experiment."""
        self.experiment, self._running, self._is_paused = None, iter(()), False
        self._fooling = self._asked = None

    def _try(self, intent: intents.Try, explanation: Explanation) -> Intent | None:
        """Begin an experiment, or go on with the one that is shown. Returns what follows from it."""
        shown, news = self.experiment, None
        if intent.what == "pause":
            self._pause()
        elif intent.what == "ask" or intent.strength is not None:
            news = self._ask() if intent.what == "ask" else None
            strength = intent.strength if intent.strength is not None else shown.strength if shown else 1.0
            self.experiment = self._fooled(strength) or shown
        else:
            self.stop()
            if intent.what == "dream":
                self._running = dreaming(explanation, next_dream(intent, explanation, shown))
            elif not explanation.at_rest:
                self._running = self._search(explanation) if intent.what == "fool" else self._alike(explanation)
        return news

    def _pause(self) -> None:
        """Stop the dream where it is, or go on. One that is done stays as it is."""
        shown = self.experiment
        if shown and (shown.runs or shown.is_paused):
            self._is_paused = shown.runs
            self.experiment = replace(shown, runs=not shown.runs, is_paused=shown.runs)

    def _search(self, explanation: Explanation) -> Iterator[Experiment | Tell | None]:
        """Find the smallest change, beside the window, and show it."""
        own = copy.deepcopy(explanation.network)  # a network keeps what it read last: two readers need two
        job = Job[Fooling | Tell](lambda: fooling(own, explanation), Tell)
        while not job.is_done:
            yield None
        if isinstance(job.result, Tell):
            yield job.result
        else:
            self._fooling = job.result
            yield self._fooled(1.0)

    def _ask(self) -> Intent | None:
        """Ask the other network too from here on. Returns what to tell where its file cannot be read."""
        other = self._models.counterpart()
        try:
            network = self._models.network_of(other) if other else None
        except UserError as error:
            return Tell(str(error))
        self._asked = (other.name, network) if other and isinstance(network, Network) else None
        return None

    def _fooled(self, strength: float) -> Experiment | None:
        """So many times the change that was found, and what the other network says of it where it was asked."""
        if self._fooling is None:
            return None
        other, answer = self._models.counterpart(), ""
        if self._asked:
            answer = answer_of(*self._asked, self._fooling.image_at(strength))
        return self._fooling.at(strength, other.name if other else "", answer)

    def _alike(self, explanation: Explanation) -> Iterator[Experiment | Tell | None]:
        if self._known is None or self._known[0] is not explanation.network:
            own = copy.deepcopy(explanation.network)
            self._known = (explanation.network, Job(lambda: known(own), Tell))
        job = self._known[1]
        while not job.is_done:
            yield None
        if isinstance(job.result, Tell):
            self._known = None  # what was not there may have come
            yield job.result
        else:
            sample, rows = job.result
            yield alike(explanation, rows, sample)


def next_dream(intent: intents.Try, explanation: Explanation, shown: Experiment | None) -> int:
    """The class to dream of: the one asked for, the one after the dream that is shown, or the answer."""
    if intent.label is not None:
        return intent.label
    if shown and shown.what == "dream":
        return (shown.label + 1) % len(explanation.network.classes)
    return 0 if explanation.at_rest else explanation.label


def known(network: Network) -> tuple[Dataset, Array]:
    """The bundled training examples and what `network` makes of them. Raises UserError where they cannot be read."""
    sample, _ = load_sample()
    return sample, known_features(network, sample)
