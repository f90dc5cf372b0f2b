"""The insight: what the user looks at inside of the network, from turn to turn of the loop.

Steps play in time, dreams go on by a step per frame, and what takes longer is done beside the window. All of it changes
only what is looked at, never the drawing or the network.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import replace

from drawapp.reading.catalog import Catalog
from drawapp.reading.experiments import Experiment, Fooling, alike, answer_of, dreaming, fooling, known_features
from drawapp.reading.thought import Thought
from drawapp.ui import intents
from drawapp.ui.attention import PACE, Attention
from drawapp.ui.errand import Errand
from nn_scratch.arrays import Array
from nn_scratch.data.sample import load_sample
from nn_scratch.dataset import Dataset
from nn_scratch.errors import UserError
from nn_scratch.network import Network


class Insight:
    """The `attention` of the user, and the `experiment` that is shown, if any. Other networks are asked of `models`."""

    def __init__(self, models: Catalog) -> None:
        self.attention = Attention()
        self.experiment: Experiment | None = None
        self._models = models
        self._stepped_at = 0.0
        self._running: Iterator[Experiment | None] = iter(())
        self._is_paused = False
        self._fooling: Fooling | None = None
        self._asked: tuple[str, Network] | None = None  # what is asked too, and what it is called
        self._known: tuple[Network, Errand[tuple[Dataset, Array] | None]] | None = None

    def follow(self, intent: intents.AttentionIntent, thought: Thought | None, now: float) -> None:
        """Do what the user means."""
        stages = len(thought.stages) if thought else 0
        if isinstance(intent, intents.Try):
            self.attention = self.attention.at_rest()
            if thought is not None:
                self._try(intent, thought)
        else:
            self.stop()
            self.attention, self._stepped_at = self.attention.following(intent, stages), now

    def turn(self, thought: Thought | None, now: float) -> bool:
        """Go on by a turn. Returns whether anything has changed."""
        if self.attention.plays and now - self._stepped_at >= PACE:
            stages = len(thought.stages) if thought else 0
            self.attention, self._stepped_at = self.attention.after_a_while(stages), now
            return True
        found = None if self._is_paused else next(self._running, None)
        if found is None or found is self.experiment:
            return False
        self.experiment = found
        return True

    def rest(self) -> None:
        """Look at nothing in particular."""
        self.stop()
        self.attention = self.attention.at_rest()

    def stop(self) -> None:
        """End the experiment."""
        self.experiment, self._running, self._is_paused = None, iter(()), False
        self._fooling = self._asked = None

    def _try(self, intent: intents.Try, thought: Thought) -> None:
        """Begin an experiment, or go on with the one that is shown."""
        shown = self.experiment
        if intent.what == "pause":
            self._pause()
        elif intent.what == "ask" or intent.strength is not None:
            strength = intent.strength if intent.strength is not None else shown.strength if shown else 1.0
            self.experiment = self._fooled(strength, intent.what == "ask") or shown
        else:
            self.stop()
            if intent.what == "dream":
                self._running = dreaming(thought, next_dream(intent, thought, shown))
            elif not thought.at_rest:
                self._running = self._search(thought) if intent.what == "fool" else self._alike(thought)

    def _pause(self) -> None:
        """Stop the dream where it is, or go on. One that is done stays as it is."""
        shown = self.experiment
        if shown and (shown.runs or shown.is_paused):
            self._is_paused = shown.runs
            self.experiment = replace(shown, runs=not shown.runs, is_paused=shown.runs)

    def _search(self, thought: Thought) -> Iterator[Experiment | None]:
        """Find the smallest change, beside the window, and show it."""
        own = copy.deepcopy(thought.network)  # a network keeps what it read last: two readers need two
        errand = Errand[Fooling | None](lambda: fooling(own, thought), lambda error: None)
        while not errand.is_done:
            yield None
        self._fooling = errand.result
        yield self._fooled(1.0)

    def _fooled(self, strength: float, asks: bool = False) -> Experiment | None:
        """So many times the change that was found, and what the other network says of it where it is asked."""
        if self._fooling is None:
            return None
        other, answer = self._models.counterpart(), ""
        if asks and other:
            try:
                network = self._models.network_of(other)
            except UserError:  # then it has no answer
                network = None
            self._asked = (other.name, network) if isinstance(network, Network) else None
        if self._asked:
            answer = answer_of(*self._asked, self._fooling.image_at(strength))
        return self._fooling.at(strength, other.name if other else "", answer)

    def _alike(self, thought: Thought) -> Iterator[Experiment | None]:
        if self._known is None or self._known[0] is not thought.network:
            own = copy.deepcopy(thought.network)
            self._known = (thought.network, Errand(lambda: known(own), lambda error: None))
        errand = self._known[1]
        while not errand.is_done:
            yield None
        if errand.result is not None:
            sample, rows = errand.result
            yield alike(thought, rows, sample)


def next_dream(intent: intents.Try, thought: Thought, shown: Experiment | None) -> int:
    """The class to dream of: the one asked for, the one after the dream that is shown, or the answer."""
    if intent.label is not None:
        return intent.label
    if shown and shown.what == "dream":
        return (shown.label + 1) % len(thought.network.classes)
    return 0 if thought.at_rest else thought.label


def known(network: Network) -> tuple[Dataset, Array] | None:
    """The bundled training examples and what `network` makes of them; None where the file cannot be read."""
    try:
        sample, _ = load_sample()
    except UserError:
        return None
    return sample, known_features(network, sample)
