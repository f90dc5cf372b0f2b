"""Training with the gradients of an engine in place of the derivations: python -m nn_scratch.train --engine.

Agreement on the gradient of one batch is a proof on paper. Here the engines have to do the work: the same network, the
same data, batches and steps, but the derivative of the outputs with respect to every parameter comes from
`nn_scratch.autograd`. Both engines learn what the derivations do; the scalar one shows what single numbers cost.
Only `forward` in training and `backward` are different. Prediction needs no derivative, so it is the network's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import numpy as np

from nn_scratch.arrays import Array
from nn_scratch.autograd import Tensor, Value
from nn_scratch.autograd.scalar import as_numbers, as_values, flatten
from nn_scratch.checks import check_memory
from nn_scratch.convolution import Conv2D, MaxPool2D
from nn_scratch.errors import UserError
from nn_scratch.layers import Dense, Flatten, Identity, Layer, ReLU, Sigmoid, Tanh
from nn_scratch.network import Network

PRODUCT_BYTES = 500  # that the scalar engine keeps for each weight and example: a product and a sum, with their slopes
PRODUCT_SECONDS = 16e-6  # that it takes for them, forward and back, as nn_scratch.gradients measures it


class EngineNetwork(Network):
    """A copy of `network` whose gradients an engine computes.

    Layers before the first one that learns need no derivative and stay as they are. Each of the others needs an entry
    in `known`: the same function of x, the layer and its parameters, written with the engine; UserError if it has none.
    `lifted` makes an array what the engine computes with, which has a gradient if it learns; `lowered` goes back.
    """

    engine: ClassVar[str]
    known: ClassVar[Mapping[type[Layer], Callable[..., Any]]]
    lifted: ClassVar[Any]  # (array, learns) -> values
    lowered: ClassVar[Any]  # values -> numbers

    def __init__(self, network: Network) -> None:
        fresh = [layer.fresh() for layer in network.layers]
        super().__init__(fresh, network.input_shape, network.classes, network.parameters.dtype)
        self.freeze(network.frozen)
        self.parameters[...], self.state[...] = network.parameters, network.state
        self.loss, self.metadata = network.loss, network.metadata
        for layer in self.layers[self.first_learning :]:
            if type(layer) not in self.known:
                advice = "leave out --engine, or choose a network of dense layers with --hidden"
                raise UserError(f"The {self.engine} engine has no layer of the kind {layer.kind}; {advice}.")

    def forward(self, x: Array, training: bool = False) -> Array:
        if not training:
            return super().forward(x)
        for number, layer in enumerate(self.layers[: self.first_learning]):
            x = layer.forward(x, training=number >= self.first_active)
        self.leaves: list[Any] = []  # the parameters that learn, in the order of the vector
        y = self.lifted(x, False)
        for name, layer in zip(self.names[self.first_learning :], self.layers[self.first_learning :], strict=True):
            learns = name not in self.frozen
            parameters = [self.lifted(self.arrays[name][each], learns) for each in layer.parameter_shapes]
            self.leaves += parameters if learns else []
            y = self.known[type(layer)](y, layer, *parameters)
        self.outputs = y
        return np.asarray(self.lowered(y), self.parameters.dtype)


def convolve(x: Tensor, layer: Conv2D, W: Tensor, b: Tensor | float = 0.0) -> Tensor:
    """The library has channels last and one row of weights per number in the window; the engine has channels first."""
    windows = layer.windows
    if len(set(windows.stride)) > 1 or len(set(windows.padding)) > 1:
        raise UserError("The tensor engine has only convolutions with the same stride and padding both ways.")
    kernels = W.reshape(*windows.size, x.shape[3], layer.channels).transpose(3, 2, 0, 1)  # (O, K, height, width)
    return x.transpose(0, 3, 1, 2).conv2d(kernels, windows.stride[0], windows.padding[0]).transpose(0, 2, 3, 1) + b


def pool(x: Tensor, layer: MaxPool2D) -> Tensor:
    """As in `convolve`, the engine has channels first."""
    size, stride = layer.windows.size, layer.windows.stride
    if len(set(size)) > 1 or len(set(stride)) > 1 or any(layer.windows.padding):
        raise UserError("The tensor engine has only pooling with square windows, one stride and no padding.")
    return x.transpose(0, 3, 1, 2).max_pool2d(size[0], stride[0]).transpose(0, 2, 3, 1)


class TensorNetwork(EngineNetwork):
    """The gradients are those of the tensor engine."""

    engine = "tensor"
    known: ClassVar = {
        Dense: lambda x, layer, W, b=0.0: x @ W + b,
        Identity: lambda x, layer: x,
        **{ReLU: lambda x, layer: x.relu(), Sigmoid: lambda x, layer: x.sigmoid(), Tanh: lambda x, layer: x.tanh()},
        Flatten: lambda x, layer: x.reshape(len(x), -1),
        **{Conv2D: convolve, MaxPool2D: pool},
    }

    lifted: ClassVar = staticmethod(lambda numbers, learns: Tensor(numbers, requires_grad=learns))
    lowered: ClassVar = staticmethod(np.asarray)

    def backward(self, dz: Array) -> None:
        self.outputs.backward(dz)
        np.concatenate([leaf.grad.ravel() for leaf in self.leaves], out=self.gradients[self.learning])


def weighted_sums(rows: list[Any], layer: Dense, W: list[Any], b: list[Any] | None = None) -> list[list[Value]]:
    """w . x + b for each unit of a dense layer, whose weights are a column of W, and for each of `rows`."""
    units = list(zip(zip(*W, strict=True), b or [0.0] * layer.outputs, strict=True))
    return [[sum((w * x for w, x in zip(column, row, strict=True)), bias) for column, bias in units] for row in rows]


class ScalarNetwork(EngineNetwork):
    """The gradients are those of the scalar engine, which has an object for every product of two numbers."""

    engine = "scalar"
    known: ClassVar = {
        Dense: weighted_sums,
        Identity: lambda rows, layer: rows,
        ReLU: lambda rows, layer: [[x.relu() for x in row] for row in rows],
        Sigmoid: lambda rows, layer: [[x.sigmoid() for x in row] for row in rows],
        Tanh: lambda rows, layer: [[x.tanh() for x in row] for row in rows],
    }

    lifted: ClassVar = staticmethod(lambda numbers, learns: as_values(numbers) if learns else numbers.tolist())
    lowered: ClassVar = staticmethod(as_numbers)

    def backward(self, dz: Array) -> None:
        """dL/d(parameter) is the derivative of sum dz z, with dz = dL/dz as fixed numbers."""
        terms = (z * d for z, d in zip(flatten(self.outputs), dz.ravel().tolist(), strict=True))
        sum(terms, Value(0.0)).backward()
        self.gradients[self.learning] = [leaf.grad for leaf in flatten(self.leaves)]
        self.leaves, self.outputs = [], []  # so that the next graph finds room


ENGINES: dict[str, type[EngineNetwork]] = {"tensor": TensorNetwork, "scalar": ScalarNetwork}


def with_engine(network: Network, engine: str, batch_size: int) -> EngineNetwork:
    """A copy of `network` with the gradients of `engine`; UserError where its graph of a batch is too large."""
    graph = PRODUCT_BYTES * network.parameters.size * batch_size if engine == "scalar" else 0
    check_memory(graph, "The graph of the scalar engine", "choose a smaller --batch-size or fewer units with --hidden")
    return ENGINES[engine](network)


def time_estimate(network: EngineNetwork, examples: int) -> str:
    """What is said before a training with an engine begins, which shows so many examples in an epoch."""
    said = f"The gradients are those of the {network.engine} engine."
    minutes = max(0.1, PRODUCT_SECONDS * network.parameters.size * examples / 60)
    slow = f" It computes one number at a time: an epoch will take about {minutes:,.1f} minutes. Fewer units "
    slow += "(--hidden 8) and fewer examples (--data mnist=0.01) make it shorter."
    return said + slow if network.engine == "scalar" else said
