"""The learning job: a copy of a network learns beside the window, so that one can go on drawing.

The network that reads keeps what it read last, so the thread gets a copy of its own before it begins.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence

import numpy as np

from drawapp.learning.adapting import Lesson, learn
from drawapp.learning.correcting import warped
from drawapp.reading.catalog import Model
from drawapp.session.corrections import Correction
from drawapp.ui.job import Job
from nn_scratch.dataset import Dataset
from nn_scratch.network import Network


class LearningJob:
    """A copy of `network`, that of `model`, learns `corrections`: `kept` as images. `progress` goes from 0 to 1."""

    def __init__(self, model: Model, network: Network, corrections: Dataset, kept: Sequence[Correction]) -> None:
        self.model = model
        self.progress = 0.0
        self._is_stopped = False
        own = copy.deepcopy(network)
        self._job = Job[Lesson | str](lambda: self._run(own, corrections, kept), str)

    @property
    def result(self) -> Lesson | str | None:
        """What came of it: a lesson, or a sentence that says why there is none; None as long as it goes on."""
        return self._job.result if self._job.is_done else None

    def stop(self) -> None:
        """End it after the step that it is at."""
        self._is_stopped = True

    def wait(self, seconds: float) -> None:
        """Wait for the end, at most so long."""
        self._job.wait(seconds)

    def _run(self, network: Network, corrections: Dataset, kept: Sequence[Correction]) -> Lesson | str:
        rng = np.random.default_rng(0)
        for state in learn(network, corrections, warped(kept, network.classes, rng), rng):
            if isinstance(state, Lesson):
                return state
            if self._is_stopped:
                break
            self.progress = state
        return ""
