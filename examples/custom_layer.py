"""A layer of your own, checked: PReLU (He, Zhang, Ren and Sun, "Delving Deep into Rectifiers", 2015).

Where x > 0, y = x, dy/dx = 1, dy/db = 0; elsewhere y = b x, dy/dx = b, dy/db = x. With b = 0 it is ReLU.
Its kind is its name in model files, and every program that has this class can load them.
"""

import numpy as np

from nn_scratch import Array, Layer, Shape, check_layer


class PReLU(Layer):
    kind = "prelu"
    start: float = 0.25  # a field with its type is an argument: PReLU(start=0.1)

    def build(self, input_shape: Shape) -> Shape:
        self.parameter_shapes = {"b": input_shape}  # the network gives it b and db, views of these shapes
        return input_shape

    def initialize(self, rng: np.random.Generator) -> None:
        self.b[...] = self.start

    def forward(self, x: Array, training: bool = False) -> Array:
        if training:
            self.x = x  # (B, units)
        return np.where(x > 0, x, self.b * x)

    def backward(self, dy: Array) -> Array:
        self.db[...] = (dy * np.minimum(self.x, 0)).sum(axis=0)  # (units,)
        return dy * np.where(self.x > 0, 1, self.b)


check_layer(PReLU(start=0.1), (5,), np.random.default_rng(0))  # GradientError, with both numbers, if one is wrong
print("The derivatives of PReLU are right.")
