"""Rehearsal: learning something new without forgetting the rest.

A network that learns from new examples alone soon gives their answers everywhere: each step moves parameters on which
all that it knew depended. This is catastrophic forgetting (McCloskey and Cohen, "Catastrophic Interference in
Connectionist Networks", 1989). So batches mix new examples with such as the network learned from before (Robins,
"Catastrophic Forgetting, Rehearsal and Pseudorehearsal", 1995).

The targets of rehearsed examples are not their labels but the probabilities that the network itself gave when it began
to learn the new ones: it should stay as it was, also where it is in doubt or wrong, and change nothing that the new
examples do not ask for (Li and Hoiem, "Learning without Forgetting", 2016).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nn_scratch.arrays import Array
from nn_scratch.dataset import Dataset
from nn_scratch.network import Network
from nn_scratch.training.batches import ImageRows, Rows, TakeImages


@dataclass(frozen=True)
class Rehearsal:
    """What is rehearsed of a set of examples.

    Attributes:
        before: the network as it was before it began to learn the new examples.
        first: the number of the first rehearsed example; those before it are new.
    """

    before: Network
    first: int


class RehearsedExamples:
    """Images with soft targets (B, K): the labels of new examples, and what `before` answers to rehearsed ones.

    `before` reads the very image that is shown, moved as it is.
    """

    def __init__(self, data: Dataset, images: TakeImages, rehearsal: Rehearsal, label_smoothing: float = 0.0) -> None:
        classes = len(data.classes)
        right = np.eye(classes, dtype=np.float32) * np.float32(1 - label_smoothing)
        self.images = images
        self.targets = (right + np.float32(label_smoothing / classes))[data.labels]  # (N, K)
        self.rehearsal = rehearsal

    def __call__(self, epoch: int, rows: Rows, /) -> tuple[ImageRows, Array]:
        images, targets = self.images(rows), self.targets[rows]
        rehearsed = rows >= self.rehearsal.first
        if rehearsed.any():
            targets[rehearsed] = self.rehearsal.before.predict_proba(images[rehearsed])
        return images, targets
