"""Distillation: a small network learns from what a larger one thinks of each picture.

A label says "4". A good teacher says "4, but it might be a 9": how much a picture resembles each class, which is far
more to learn from, and which forgives labels that are wrong. The teacher reads the very picture that the student sees,
moved and turned as it is, so every epoch brings new lessons.

Both outputs are softened by a temperature T, p_k = exp(z_k / T) / sum_j exp(z_j / T), or the resemblances would vanish
beside the answer. Source: Hinton, Vinyals and Dean, "Distilling the Knowledge in a Neural Network" (2015).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nn_scratch.arrays import Array
from nn_scratch.losses import log_softmax, softmax
from nn_scratch.network import Network


class Distillation:
    """The loss L = -T^2/B sum_n sum_k q_nk log p_nk, with p the student's and q the teachers' softened outputs.

    As in `SoftmaxCrossEntropy`, with z / T in place of z and q in place of y (its rows sum to 1, which is all that the
    proof asks for): d(-sum_k q_k log p_k)/dz_i = (p_i - q_i) / T. With T^2 before the sum, so that the gradient keeps
    its size when T changes,

        dL/dz = T (p - q) / B.
    """

    def __init__(self, teachers: Sequence[Network], temperature: float = 2.0) -> None:
        self.teachers = teachers
        self.temperature = temperature

    def value_and_gradient(self, logits: Array, x: Array) -> tuple[float, Array]:
        """The loss and dL/dz (B, K), from the student's `logits` (B, K) and its inputs `x` (B, 784)."""
        taught: Array = np.mean([teacher.logits(x) for teacher in self.teachers], axis=0)  # (B, K)
        q = softmax(taught / self.temperature)
        log_p = log_softmax(logits / self.temperature)
        scale = self.temperature / len(logits)
        loss = -float((q * log_p).sum()) * self.temperature * scale
        dz: Array = (np.exp(log_p) - q) * scale
        return loss, dz
