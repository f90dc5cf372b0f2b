"""Layers as operators of ONNX, the format that most programs which run networks can read.

ONNX describes a network as a graph: nodes, each an operator with the names of its inputs and its output, and constants.
One layer becomes one operator or a few. Images are channels last here and channels first in ONNX, so convolution and
pooling stand between two transpositions; where these meet, programs that run the graph remove them.

Only what a network does outside training is described: dropout is nothing, and batch normalization is a scale and a
shift. A layer of your own needs a function of its own, `@nodes_of.register`.
"""

from __future__ import annotations

from functools import singledispatch
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nn_scratch.nn.layers import (
    BatchNorm,
    Conv2D,
    Dense,
    Deslant,
    Dropout,
    Identity,
    Layer,
    LeakyReLU,
    MaxPool2D,
    MeanPool2D,
    ReLU,
    Reshape,
    Sigmoid,
    Softmax,
    Tanh,
)
from nn_scratch.nn.layers.deslant import RIDGE


class Node(NamedTuple):
    """output = operator(inputs), with constant attributes."""

    operator: str
    inputs: tuple[str, ...]
    output: str
    attributes: dict[str, Any]


class Graph:
    """Nodes in their order, and the constants that they use; names are given as they come."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.constants: dict[str, NDArray[Any]] = {}
        self.scope = ""  # the name of the layer that is added, with which all names begin

    def add(self, operator: str, *inputs: str, **attributes: Any) -> str:
        """Add a node; returns the name of its output."""
        output = f"{self.scope}.{len(self.nodes)}.{operator.lower()}"
        self.nodes.append(Node(operator, inputs, output, attributes))
        return output

    def constant(self, values: ArrayLike, kind: type[np.float32 | np.int64] = np.float32) -> str:
        """Add an array; returns its name."""
        name = f"{self.scope}.constant{len(self.constants)}"
        self.constants[name] = np.ascontiguousarray(values, kind)
        return name

    def axes(self, *numbers: int) -> str:
        """The constant that names axes."""
        return self.constant(numbers, np.int64)

    def sum(self, x: str, *axes: int) -> str:
        """The sum over `axes`, which stay with length 1."""
        return self.add("ReduceSum", x, self.axes(*axes), keepdims=1)


@singledispatch
def nodes_of(layer: Layer, graph: Graph, x: str) -> str:
    """Add what `layer` does with the array called `x` (N, *input_shape) to `graph`; returns the name of its output.

    Raises:
        ValueError: the class of the layer has no function of its own.
    """
    raise ValueError(
        f"A layer of the class {type(layer).__name__} has no operator of ONNX; write a function for it, "
        "@nn_scratch.export.nodes_of.register."
    )


@nodes_of.register
def dense(layer: Dense, graph: Graph, x: str) -> str:
    return graph.add("Gemm", x, graph.constant(layer.W), graph.constant(layer.b))


@nodes_of.register
def conv(layer: Conv2D, graph: Graph, x: str) -> str:
    """The biases are added after the channels are last again: there may be one for each place."""
    kernel = layer.W.reshape(*layer.window.size, -1, layer.channels).transpose(3, 2, 0, 1)  # (channels, C, kh, kw)
    pads = (*layer.padding, *layer.padding)
    z = moved(graph, "Conv", x, graph.constant(kernel), strides=layer.window.stride, pads=pads)
    return graph.add("Add", z, graph.constant(layer.b))


@nodes_of.register
def max_pool(layer: MaxPool2D, graph: Graph, x: str) -> str:
    return moved(graph, "MaxPool", x, kernel_shape=layer.window.size, strides=layer.window.stride)


@nodes_of.register
def mean_pool(layer: MeanPool2D, graph: Graph, x: str) -> str:
    return moved(graph, "AveragePool", x, kernel_shape=layer.window.size, strides=layer.window.stride)


def moved(graph: Graph, operator: str, x: str, *others: str, **attributes: Any) -> str:
    """An operator for images of channels first: (N, H, W, C) -> (N, H', W', C')."""
    first = graph.add("Transpose", x, perm=(0, 3, 1, 2))
    return graph.add("Transpose", graph.add(operator, first, *others, **attributes), perm=(0, 2, 3, 1))


@nodes_of.register
def batch_norm(layer: BatchNorm, graph: Graph, x: str) -> str:
    """gamma (x - mean) / s + beta = x scale + shift."""
    scale = layer.gamma / np.sqrt(layer.variance + layer.epsilon)
    scaled = graph.add("Mul", x, graph.constant(scale))
    return graph.add("Add", scaled, graph.constant(layer.beta - layer.mean * scale))


@nodes_of.register
def reshape(layer: Reshape, graph: Graph, x: str) -> str:
    return graph.add("Reshape", x, graph.constant((-1, *layer.shape), np.int64))


@nodes_of.register(Dropout)
@nodes_of.register(Identity)
def identity(layer: Layer, graph: Graph, x: str) -> str:
    return x


@nodes_of.register
def relu(layer: ReLU, graph: Graph, x: str) -> str:
    return graph.add("Relu", x)


@nodes_of.register
def leaky_relu(layer: LeakyReLU, graph: Graph, x: str) -> str:
    return graph.add("LeakyRelu", x, alpha=layer.slope)


@nodes_of.register
def sigmoid(layer: Sigmoid, graph: Graph, x: str) -> str:
    return graph.add("Sigmoid", x)


@nodes_of.register
def tanh(layer: Tanh, graph: Graph, x: str) -> str:
    return graph.add("Tanh", x)


@nodes_of.register
def softmax(layer: Softmax, graph: Graph, x: str) -> str:
    return graph.add("Softmax", x, axis=-1)


@nodes_of.register
def deslant(layer: Deslant, graph: Graph, x: str) -> str:
    """Each row of an image moves by u_i, which is a product with a matrix: y_ij = sum_k x_ik max(0, 1 - |k - j - u_i|).

    The weight is 1 - t at k = j + floor(u), t at the next pixel and 0 elsewhere, as in the layer; `slant_of` there says
    how u follows from the ink.
    """
    places = np.arange(layer.width)
    rows, columns = graph.constant(np.arange(layer.height)[:, None]), graph.constant(places[:, None])
    zero, one = graph.constant(0), graph.constant(1)
    ink = graph.add("ReduceSum", x, graph.axes(3), keepdims=0)  # (N, H, W)
    moment = graph.add("MatMul", ink, columns)  # (N, H, 1)
    ink = graph.sum(ink, 2)  # (N, H, 1)
    total = graph.sum(ink, 1)
    mass = graph.add("Where", graph.add("Equal", total, zero), one, total)
    middle = graph.add("Div", graph.sum(graph.add("Mul", ink, rows), 1), mass)  # (N, 1, 1)
    down = graph.add("Sub", rows, middle)  # (N, H, 1)
    squares = graph.sum(graph.add("Mul", ink, graph.add("Mul", down, down)), 1)
    spread = graph.add("Add", squares, graph.constant(RIDGE))
    slope = graph.add("Div", graph.sum(graph.add("Mul", moment, down), 1), spread)
    u = graph.add("Unsqueeze", graph.add("Mul", slope, down), graph.axes(3))  # (N, H, 1, 1)
    apart = graph.constant(places - places[:, None])  # k - j, (W, W)
    distance = graph.add("Abs", graph.add("Sub", apart, u))
    weights = graph.add("Relu", graph.add("Sub", one, distance))  # (N, H, W, W)
    return graph.add("MatMul", weights, x)
