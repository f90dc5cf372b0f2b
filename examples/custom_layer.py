"""A layer of your own, checked and registered: PReLU (He, Zhang, Ren and Sun, "Delving Deep into Rectifiers", 2015).

Where x > 0, y = x, dy/dx = 1, dy/db = 0; elsewhere y = b x, dy/dx = b, dy/db = x. With b = 0, the start, it is ReLU.
"""

import numpy as np

from nn_scratch import Array, Layer, Shape, check_layer, register


@register  # so that it can be saved, and loaded by programs that have registered it, too
class PReLU(Layer):
    kind = "prelu"

    def build(self, input_shape: Shape) -> Shape:
        self.units = input_shape  # of one example, without the batch
        return input_shape

    def parameter_shapes(self) -> dict[str, Shape]:
        return {"b": self.units}

    def bind(self, parameters: dict[str, Array], gradients: dict[str, Array]) -> None:
        self.b, self.db = parameters["b"], gradients["b"]  # views into the network's two vectors

    def forward(self, x: Array, training: bool = False) -> Array:
        if training:
            self.x = x  # (B, units)
        return np.where(x > 0, x, self.b * x)

    def backward(self, dy: Array) -> Array:
        return dy * np.where(self.x > 0, 1, self.b)

    def backward_parameters(self, dy: Array) -> None:
        self.db[...] = (dy * np.minimum(self.x, 0)).sum(axis=0)  # (units,)


check_layer(PReLU(), (5,), np.random.default_rng(0))  # raises GradientError, with both numbers, if one is wrong
print("The derivatives of PReLU are right.")
