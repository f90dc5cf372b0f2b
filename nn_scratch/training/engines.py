"""Training with the gradients of an engine in place of the derivations: python -m nn_scratch.train --engine.

Agreement on the gradient of one batch is a proof on paper. Here the engines have to do the work: the same network, the
same data, batches and steps, but the derivative of the logits with respect to every parameter comes from
`nn_scratch.autograd`. The tensor engine takes the same course as the derivations. The scalar engine does, too, and
shows what it costs to do it one number at a time.

Only `forward` in training and `backward` are different. Prediction needs no derivative, so it is the network's own.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, ClassVar

import numpy as np

from nn_scratch.arrays import Array
from nn_scratch.autograd.scalar import Value
from nn_scratch.autograd.scalar import as_numbers, as_values, reshape, transpose
from nn_scratch.autograd.tensor import Tensor
from nn_scratch.checks import check_memory
from nn_scratch.errors import UserError
from nn_scratch.layers import Conv2D, Dense, Flatten, Identity, Layer, MaxPool2D, ReLU, Sigmoid, Tanh
from nn_scratch.network import Network
from nn_scratch.training.setup import Setup

PRODUCT_BYTES = 500  # that the scalar engine keeps for each weight and example: a product and a sum, with their slopes
PRODUCT_SECONDS = 16e-6  # that it takes for them, forward and back, as nn_scratch.gradients measures it


class EngineNetwork(Network, ABC):
    """A copy of `network` whose gradients an engine computes.

    Layers before the first one with parameters only prepare the images, so they need no derivative and stay as they
    are. Each of the others needs an entry in `known`: the same function, written with the engine.

    Raises:
        UserError: a layer is not known.
    """

    engine: ClassVar[str]
    known: ClassVar[Mapping[type[Layer], Callable[..., Any]]]

    def __init__(self, network: Network) -> None:
        fresh = [layer.fresh() for layer in network.layers]
        super().__init__(fresh, network.input_shape, network.classes, network.parameters.dtype)
        self.parameters[...], self.state[...] = network.parameters, network.state
        self.metadata = network.metadata
        self.freeze(sum(bool(layer.parameter_shapes()) for layer in network.layers[: network.frozen]))
        for layer in self.layers[self.first_trained :]:
            if type(layer) not in self.known:
                raise UserError(
                    f"The {self.engine} engine has no layer of the kind {layer.kind}; leave out --engine, or choose a "
                    "network of dense layers with --hidden."
                )

    def forward(self, x: Array, training: bool = False) -> Array:
        if not training:
            return super().forward(x)
        for layer in self.layers[: self.first_trained]:
            x = layer.forward(x)
        return self.record(x)

    @abstractmethod
    def record(self, x: Array) -> Array:
        """The logits (B, K) of `x`, which the first layer with parameters reads; `backward` needs their graph."""

    def seconds(self, examples: int) -> float | None:
        """How long so many examples will take, where that is worth a warning."""
        return None


def convolve(x: Tensor, layer: Conv2D, W: Tensor, b: Tensor | float = 0.0) -> Tensor:
    """The library has channels last and one row of weights per number in the window; the engine has channels first."""
    (down, across), (above, beside) = layer.window.stride, layer.padding
    if down != across or above != beside:
        raise UserError("The tensor engine has only convolutions with the same stride and padding both ways.")
    kernels = W.reshape(*layer.window.size, x.shape[3], layer.channels).transpose(3, 2, 0, 1)  # (O, K, height, width)
    return x.transpose(0, 3, 1, 2).conv2d(kernels, down, above).transpose(0, 2, 3, 1) + b  # (B, H', W', O)


def pool(x: Tensor, layer: MaxPool2D) -> Tensor:
    """As in `convolve`, the engine has channels first."""
    ((height, width), (down, across)) = layer.window.size, layer.window.stride
    if height != width or down != across or any(layer.padding):
        raise UserError("The tensor engine has only pooling with square windows, one stride and no padding.")
    return x.transpose(0, 3, 1, 2).max_pool2d(height, down).transpose(0, 2, 3, 1)


TENSOR_LAYERS: dict[type[Layer], Callable[..., Tensor]] = {  # functions of x, the layer and its parameters
    Dense: lambda x, layer, W, b=0.0: x @ W + b,
    Identity: lambda x, layer: x,
    ReLU: lambda x, layer: x.relu(),
    Sigmoid: lambda x, layer: x.sigmoid(),
    Tanh: lambda x, layer: x.tanh(),
    Flatten: lambda x, layer: x.reshape(len(x), -1),
    Conv2D: convolve,
    MaxPool2D: pool,
}


class TensorNetwork(EngineNetwork):
    """The gradients are those of the tensor engine."""

    engine = "tensor"
    known = TENSOR_LAYERS

    def record(self, x: Array) -> Array:
        self.leaves: list[Tensor] = []
        y = Tensor(x)
        trained = slice(self.first_trained, None)
        for name, layer in zip(self.names[trained], self.layers[trained], strict=True):
            views = [self.arrays[name][parameter] for parameter in layer.parameter_shapes()]
            parameters = [Tensor(view, requires_grad=True) for view in views]
            y = self.known[type(layer)](y, layer, *parameters)
            self.leaves += parameters
        self.output = y
        return y.data

    def backward(self, dz: Array) -> None:
        self.output.backward(dz)
        gradients = [leaf.grad for leaf in self.leaves if leaf.grad is not None]
        np.concatenate([gradient.ravel() for gradient in gradients], out=self.gradients[self.learning])


def weighted_sums(x: Sequence[Value | float], units: list[list[Value]], biases: list[Value]) -> list[Value]:
    """w . x + b for each unit of a dense layer."""
    return [sum((w * x_i for w, x_i in zip(unit, x, strict=True)), b) for unit, b in zip(units, biases, strict=True)]


SCALAR_LAYERS: dict[type[Layer], Callable[..., list[Value]]] = {  # functions of x and the parameters
    Dense: weighted_sums,
    Identity: lambda x: x,
    ReLU: lambda x: [x_i.relu() for x_i in x],
    Sigmoid: lambda x: [x_i.sigmoid() for x_i in x],
    Tanh: lambda x: [x_i.tanh() for x_i in x],
}


class ScalarNetwork(EngineNetwork):
    """The gradients are those of the scalar engine, which has an object for every product of two numbers."""

    engine = "scalar"
    known = SCALAR_LAYERS

    def record(self, x: Array) -> Array:
        self.leaves: list[Value] = as_values(self.parameters[self.learning])
        rows: list[Any] = x.reshape(len(x), -1).tolist()
        rest = iter(self.leaves)
        for layer in self.layers[self.first_trained :]:
            parameters = []
            if isinstance(layer, Dense):
                W = reshape(islice(rest, layer.inputs * layer.outputs), layer.inputs, layer.outputs)
                biases = [Value(0.0)] * layer.outputs if layer.bias is False else list(islice(rest, layer.outputs))
                parameters = [transpose(W), biases]
            rows = [self.known[type(layer)](row, *parameters) for row in rows]
        self.outputs: list[list[Value]] = rows
        return np.array(as_numbers(rows), self.parameters.dtype)

    def backward(self, dz: Array) -> None:
        """dL/d(parameter) is the derivative of sum dz z, with dz = dL/dz as fixed numbers."""
        pairs = zip(self.outputs, dz.tolist(), strict=True)
        terms = (z * d for row, gradient in pairs for z, d in zip(row, gradient, strict=True))
        sum(terms, Value(0.0)).backward()
        self.gradients[self.learning] = [leaf.grad for leaf in self.leaves]
        self.leaves, self.outputs = [], []  # so that the next graph finds room

    def seconds(self, examples: int) -> float:
        return PRODUCT_SECONDS * self.parameters.size * examples


ENGINES: dict[str, type[EngineNetwork]] = {"tensor": TensorNetwork, "scalar": ScalarNetwork}


def with_engine(setup: Setup, engine: str) -> Setup:
    """The same training, with the gradients of `engine`, one of `ENGINES`.

    Raises:
        UserError: the engine does not have a layer of the network, or its graph of a batch does not fit into memory.
    """
    network = ENGINES[engine](setup.network)
    if engine == "scalar":
        graph = PRODUCT_BYTES * network.parameters.size * min(setup.config.batch_size, len(setup.data.training))
        advice = "choose a smaller --batch-size or fewer units with --hidden"
        check_memory(graph, "The graph of the scalar engine", advice)
    return replace(setup, network=network)


def what_to_expect(setup: Setup) -> str:
    """What is said before a training with an engine begins."""
    if not isinstance(setup.network, EngineNetwork):
        return ""
    said = f"The gradients are those of the {setup.network.engine} engine."
    seconds = setup.network.seconds(setup.examples_per_epoch)
    if seconds is None:
        return said
    return (
        f"{said} It computes one number at a time: an epoch will take about {max(seconds / 60, 0.1):,.1f} minutes. "
        "Fewer units (--hidden 8) and fewer examples (--weights 0.01) make it shorter."
    )
