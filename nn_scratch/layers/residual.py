"""The residual layer: a few layers learn what to add to their input, instead of what to make of it.

In a deep network, the gradient passes through every layer on its way back, and each may shrink it. Through a residual
layer it also has a second way, the plain sum, on which it arrives whole. And a layer that has nothing to change only
has to add nothing.
Source: He, Zhang, Ren and Sun, "Deep Residual Learning for Image Recognition" (2016).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nn_scratch.arrays import Array, Shape
from nn_scratch.layers.layer import Layer, names_of


class Residual(Layer):
    """y = x + f(x), where f is the sequence of `layers`; its output has the shape of x.

    The arrays of the layers are those of this one, named after both: conv_1.W.
    """

    kind = "residual"

    def __init__(self, layers: Sequence[Layer]) -> None:
        self.layers = list(layers)
        self.names = names_of(self.layers)
        self.shapes: list[Shape] = []  # of each layer's output
        for layer in self.layers:
            if layer.in_network:
                raise ValueError(f"The layer {layer} already belongs to a network or to another residual layer.")
            layer.in_network = True

    def build(self, input_shape: Shape) -> Shape:
        shape, self.shapes = input_shape, []
        for layer in self.layers:
            shape = layer.build(shape)
            self.shapes.append(shape)
        if shape != input_shape:
            raise ValueError(f"The layers of a residual layer turn shape {input_shape} into {shape}; it must stay.")
        return shape

    def parameter_shapes(self) -> dict[str, Shape]:
        return joined(self.names, [layer.parameter_shapes() for layer in self.layers])

    def state_shapes(self) -> dict[str, Shape]:
        return joined(self.names, [layer.state_shapes() for layer in self.layers])

    def bind(self, parameters: dict[str, Array], gradients: dict[str, Array]) -> None:
        for name, layer in zip(self.names, self.layers, strict=True):
            layer.bind(those_of(name, parameters), those_of(name, gradients))

    def bind_state(self, state: dict[str, Array]) -> None:
        for name, layer in zip(self.names, self.layers, strict=True):
            layer.bind_state(those_of(name, state))

    def initialize(self, rng: np.random.Generator) -> None:
        for layer in self.layers:
            layer.initialize(rng)

    def reseed(self, rng: np.random.Generator) -> None:
        for layer in self.layers:
            layer.reseed(rng)

    def forward(self, x: Array, training: bool = False) -> Array:
        f = x
        for layer in self.layers:
            f = layer.forward(f, training)
        return x + f

    def trace(self, x: Array) -> Array:
        f = x
        for layer in self.layers:
            f = layer.trace(f)
        return x + f

    def backward(self, dy: Array) -> Array:
        """x reaches y directly and through f: dL/dx = dL/dy + dL/dy df/dx, the latter by the chain rule."""
        df = dy
        for layer in reversed(self.layers):
            df = layer.backward(df)
        return dy + df

    def backward_parameters(self, dy: Array) -> None:
        """dy/df = 1, so the last of the layers receives dL/dy, and the others what comes back through it."""
        df = dy
        for layer in reversed(self.layers):
            layer.backward_parameters(df)
            df = layer.backward(df)

    def spec(self) -> dict[str, Any]:
        return {"layers": [{"kind": layer.kind, **layer.described()} for layer in self.layers]}

    def fresh(self) -> Residual:
        return Residual([layer.fresh() for layer in self.layers])


def joined(names: Sequence[str], shapes: Sequence[dict[str, Shape]]) -> dict[str, Shape]:
    """All of `shapes` in one dictionary, each named after its layer, too."""
    pairs = zip(names, shapes, strict=True)
    return {f"{layer}.{name}": shape for layer, own in pairs for name, shape in own.items()}


def those_of(layer: str, arrays: dict[str, Array]) -> dict[str, Array]:
    """Those of `arrays` that are named after `layer`, by the rest of their names."""
    return {name.removeprefix(f"{layer}."): array for name, array in arrays.items() if name.startswith(f"{layer}.")}
