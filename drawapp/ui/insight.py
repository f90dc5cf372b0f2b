"""The insight: what the user looks at inside of the network, from turn to turn of the loop.

Steps play in time, dreams go on by a step per frame, and what takes longer is done beside the window. All of it changes
only what is looked at, never the drawing or the network.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Literal

from drawapp.reading.experiments import Experiment, alike, dreaming, fooling, known_features
from drawapp.reading.thought import Thought
from drawapp.ui import intents
from drawapp.ui.attention import PACE, Attention
from drawapp.ui.errand import Errand
from nn_scratch.arrays import Array
from nn_scratch.data.dataset import Dataset
from nn_scratch.data.sample import load_sample
from nn_scratch.errors import UserError
from nn_scratch.nn.network import Network


class Insight:
    """The `attention` of the user, and the `experiment` that is shown, if any."""

    def __init__(self) -> None:
        self.attention = Attention()
        self.experiment: Experiment | None = None
        self._stepped_at = 0.0
        self._running: Iterator[Experiment | None] = iter(())
        self._dreamt: int | None = None
        self._known: tuple[Network, Errand[tuple[Dataset, Array] | None]] | None = None

    def follow(self, intent: intents.AttentionIntent, thought: Thought | None, now: float) -> None:
        """Do what the user means."""
        stages = len(thought.stages) if thought else 0
        if isinstance(intent, intents.Try):
            self.attention = self.attention.at_rest()
            if thought is not None:
                self._begin(intent.what, thought)
        else:
            self.stop()
            self.attention, self._stepped_at = self.attention.following(intent, stages), now

    def turn(self, thought: Thought | None, now: float) -> bool:
        """Go on by a turn. Returns whether anything has changed."""
        if self.attention.plays and now - self._stepped_at >= PACE:
            stages = len(thought.stages) if thought else 0
            self.attention, self._stepped_at = self.attention.after_a_while(stages), now
            return True
        found = next(self._running, None)
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
        self.experiment, self._running, self._dreamt = None, iter(()), None

    def _begin(self, what: Literal["dream", "fool", "alike"], thought: Thought) -> None:
        """Begin an experiment. A dream that is asked for again is of the next class."""
        dreamt = self._dreamt
        self.stop()
        if what == "dream":
            first = 0 if thought.at_rest else thought.label
            self._dreamt = first if dreamt is None else (dreamt + 1) % len(thought.network.classes)
            self._running = dreaming(thought, self._dreamt)
        elif not thought.at_rest:
            self._running = self._fooling(thought) if what == "fool" else self._alike(thought)

    def _fooling(self, thought: Thought) -> Iterator[Experiment | None]:
        own = copy.deepcopy(thought.network)  # a network keeps what it read last: two readers need two
        errand = Errand[Experiment | None](lambda: fooling(own, thought), lambda error: None)
        while not errand.is_done:
            yield None
        yield errand.result

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


def known(network: Network) -> tuple[Dataset, Array] | None:
    """The bundled training examples and what `network` makes of them; None where the file cannot be read."""
    try:
        sample, _ = load_sample()
    except UserError:
        return None
    return sample, known_features(network, sample)
