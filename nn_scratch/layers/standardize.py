"""Standardization: the inputs of a network get mean 0 and variance 1, as measured on the training images.

Descent is slow where all inputs are positive or their scales differ, because the loss is then curved much more in some
directions than in others (LeCun, Bottou, Orr and Mueller, "Efficient BackProp", 1998, section 4.3). As a layer, the two
numbers that were measured are in the model file, so nobody can forget them or use others.
"""

from __future__ import annotations

import numpy as np

from nn_scratch.arrays import Array, Images, Shape
from nn_scratch.layers.layer import Layer

AT_ONCE = 1024  # images that are measured together


class Standardize(Layer):
    """y = (x - mean) / deviation, channel by channel of images (B, H, W, C), or number by number of rows (B, n).

    Mean and deviation are state: `fit` measures them, and no gradient changes them. Until then, y = x.
    """

    kind = "standardize"

    def __init__(self) -> None:
        self.input_shape: Shape = ()
        self.mean: Array = np.zeros(0, np.float32)  # (C,)
        self.deviation: Array = self.mean  # (C,)

    def build(self, input_shape: Shape) -> Shape:
        if not input_shape:
            raise ValueError("A standardize layer needs at least one number.")
        self.input_shape = input_shape
        return input_shape

    def state_shapes(self) -> dict[str, Shape]:
        return {"mean": self.input_shape[-1:], "deviation": self.input_shape[-1:]}

    def bind_state(self, state: dict[str, Array]) -> None:
        self.mean, self.deviation = state["mean"], state["deviation"]

    def initialize(self, rng: np.random.Generator) -> None:
        self.mean[...], self.deviation[...] = 0.0, 1.0

    def fit(self, images: Images | Array) -> None:
        """Measure `images` (N, ...), uint8 from 0 to 255 or floats from 0 to 1, after the network was initialized.

        Var(x) = E[x^2] - E[x]^2. A number that is the same in all images is only shifted: its deviation counts as 1.
        """
        sums = np.zeros((2, *self.mean.shape))  # of x and of x^2
        for start in range(0, len(images), AT_ONCE):
            chunk = images[start : start + AT_ONCE].reshape(-1, *self.mean.shape).astype(np.float64)
            sums += chunk.sum(axis=0), (chunk * chunk).sum(axis=0)
        count = images.size / self.mean.size
        largest = 255.0 if images.dtype == np.uint8 else 1.0
        mean, square = sums / count / ((largest,), (largest**2,))
        variance = np.maximum(square - mean * mean, 0)
        self.mean[...] = mean
        self.deviation[...] = np.where(variance > 1e-12, np.sqrt(variance), 1.0)

    def forward(self, x: Array, training: bool = False) -> Array:
        y: Array = (x - self.mean) / self.deviation
        return y

    def backward(self, dy: Array) -> Array:
        """dy/dx = 1 / deviation, because neither number changes with x."""
        dx: Array = dy / self.deviation
        return dx
