"""Distillation: a small network learns from what a larger one thinks of each picture.

A label says "4". A good teacher says "4, but it might be a 9": how much a picture resembles each class, which is far
more to learn from, and which forgives labels that are wrong. The teacher reads the very picture that the student sees,
moved and turned as it is, so every epoch brings new lessons.

Both outputs are softened by a temperature, or the resemblances would vanish beside the answer; `SoftTargets` has the
loss and its gradient. Source: Hinton, Vinyals and Dean, "Distilling the Knowledge in a Neural Network" (2015).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nn_scratch.arrays import Array
from nn_scratch.losses import SoftTargets, softmax
from nn_scratch.network import Network


class Distillation:
    """The loss of a student against the mean opinion of its teachers."""

    def __init__(self, teachers: Sequence[Network], temperature: float = 2.0) -> None:
        self.teachers = teachers
        self.temperature = temperature
        self.loss = SoftTargets(temperature)

    def value_and_gradient(self, logits: Array, x: Array) -> tuple[float, Array]:
        """The loss and dL/dz (B, K), from the student's `logits` (B, K) and the pictures `x` (B, ...) in 0 ... 1."""
        taught: Array = np.mean([teacher.logits(x) for teacher in self.teachers], axis=0)  # (B, K)
        return self.loss.value_and_gradient(logits, softmax(taught / self.temperature))
