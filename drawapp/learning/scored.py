"""What a model makes of a whole set of examples, and which of them it reads wrong.

One misread drawing may be the drawing's fault. Thousands of examples with known labels tell where a model is weak, and
the figures here are those of `nn_scratch.evaluate`. Reading them takes a while, so it is done step by step, beside the
window.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from drawapp.learning.correcting import label_among
from drawapp.session.language import gettext as _
from nn_scratch.arrays import Array
from nn_scratch.calibration import Reliability, reliability
from nn_scratch.dataset import Dataset
from nn_scratch.errors import UserError
from nn_scratch.losses import softmax
from nn_scratch.metrics import Score, score_of
from nn_scratch.network import CHUNK, Network

STEP = 2 * CHUNK  # examples that are read before the next look at whether to go on

Cell = tuple[int, int]  # the numbers of the class that was meant, and of the one that was read
Numbers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Scored:
    """A network's reading of `data`, whose labels are those of the network.

    Attributes:
        logits: (N, K).
        left_out: how many examples there are besides, of classes that the network does not know.
    """

    data: Dataset
    logits: Array
    left_out: int = 0

    @cached_property
    def score(self) -> Score:
        """Accuracy, confusion and calibration error."""
        return score_of(self.logits, self.data)

    @cached_property
    def probabilities(self) -> Array:
        """The probability of each class, (N, K)."""
        return softmax(self.logits)

    @cached_property
    def read(self) -> Numbers:
        """(N,) the classes that were read."""
        highest: Numbers = self.logits.argmax(axis=1)
        return highest

    @cached_property
    def confidence(self) -> Array:
        """(N,) the probabilities of the classes that were read."""
        highest: Array = self.probabilities.max(axis=1)
        return highest

    @cached_property
    def reliability(self) -> Reliability:
        """The calibration curve."""
        return reliability(self.probabilities, self.data.labels)

    @cached_property
    def meant(self) -> tuple[int, ...]:
        """The classes that have examples: the rows of the matrix that are worth showing."""
        return tuple(np.flatnonzero(self.score.confusion.sum(axis=1)).tolist())

    @cached_property
    def answers(self) -> tuple[int, ...]:
        """The classes that were read, or should have been: the columns."""
        confusion = self.score.confusion
        return tuple(np.flatnonzero(confusion.sum(axis=0) + confusion.sum(axis=1)).tolist())

    @property
    def wrong(self) -> int:
        """How many examples were read wrong."""
        return int((self.read != self.data.labels).sum())

    def examples(self, cell: Cell | None = None) -> Numbers:
        """The numbers of the mistakes, the most certain first; or of the examples of a `cell` of the matrix.

        Of a class that was read right, the least certain come first: they were nearly mistakes.
        """
        labels = self.data.labels
        chosen = self.read != labels if cell is None else (labels == cell[0]) & (self.read == cell[1])
        rows = np.flatnonzero(chosen)
        sign = 1 if cell is not None and cell[0] == cell[1] else -1
        return rows[np.argsort(sign * self.confidence[rows], kind="stable")]


class Scoring:
    """The work of reading what `load` gives with a copy of `network`, for a thread.

    `fraction` says how much is done, 0 to 1. A scoring that `is_stopped` ends soon, and gives nothing.
    """

    def __init__(self, network: Network, load: Callable[[], Dataset | None]) -> None:
        self.fraction = 0.0
        self.is_stopped = False
        self._network = copy.deepcopy(network)  # a network keeps what it read last: two readers need two
        self._load = load

    def run(self) -> Scored | None:
        """Do the work; None where there is no such data.

        Raises:
            UserError: the data cannot be read, or has no class that the network knows.
            ValueError: its images are not of the size that the network reads.
            FloatingPointError: the network gives numbers that are not finite.
        """
        data = self._load()
        if data is None:
            return None
        known = with_labels_of(self._network.classes, data)
        if not len(known):
            raise UserError(_("This model knows none of the classes of these images."))
        logits = np.empty((len(known), len(known.classes)), self._network.parameters.dtype)
        for start in range(0, len(known), STEP):
            if self.is_stopped:
                return None
            logits[start : start + STEP] = self._network.logits(known.images[start : start + STEP])
            self.fraction = min(1.0, (start + STEP) / len(known))
        found = Scored(known, logits, len(data) - len(known))
        assert len(found.score.classes) == found.probabilities.shape[1]  # computed here, not while the window waits
        return found


def with_labels_of(classes: tuple[str, ...], data: Dataset) -> Dataset:
    """The examples of `data` that have a label among `classes`, with its number there.

    Sets and networks may know different classes: digits are a part of what a model for letters reads.
    """
    named = [label_among(classes, label) for label in data.classes]
    numbers = np.array([-1 if label is None else classes.index(label) for label in named])[data.labels]  # (N,)
    known = np.flatnonzero(numbers >= 0)
    if len(known) == len(data):
        return replace(data, labels=numbers, classes=classes)
    return replace(data.take(known), labels=numbers[known], classes=classes)
