"""Distillation: a small network learns from what larger ones think of each image.

A label says "4". A good teacher says "4, but it might be a 9": how much a image resembles each class, which is far
more to learn from, and which forgives labels that are wrong. The teachers read the very image that the student sees,
moved and turned as it is.

Both outputs are softened by a temperature, or the resemblances would vanish beside the answer; `SoftTargets` has the
loss and its gradient. Source: Hinton, Vinyals and Dean, "Distilling the Knowledge in a Neural Network" (2015).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nn_scratch.arrays import Array, Images
from nn_scratch.nn.losses import SoftTargets, softmax
from nn_scratch.nn.network import Network


class Teachers:
    """Networks with the same classes, of one mind: the mean of their logits.

    Attributes:
        loss: how far a student is from their opinion.
    """

    def __init__(self, networks: Sequence[Network], temperature: float = 2.0) -> None:
        self.networks = networks
        self.temperature = temperature
        self.loss = SoftTargets(temperature)

    def opinion(self, images: Images | Array) -> Array:
        """Their softened probabilities (B, K) for uint8 (B, ...), or floats (B, ...) in 0 ... 1."""
        logits: Array = np.mean([network.logits(images) for network in self.networks], axis=0)  # (B, K)
        return softmax(logits / self.temperature)
