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

from nn_scratch.arrays import Shape
from nn_scratch.layers import (
    GELU,
    BatchNorm,
    Conv2D,
    Dense,
    DensePerChannel,
    Deslant,
    Dropout,
    GlobalMeanPool2D,
    Identity,
    Layer,
    LayerNorm,
    LeakyReLU,
    Maxout,
    MaxPool2D,
    MeanPool2D,
    ReLU,
    Reshape,
    Residual,
    Sigmoid,
    Softmax,
    Standardize,
    Tanh,
)
from nn_scratch.layers.deslant import RIDGE, from_middle


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
        self.shape: Shape = ()  # of one output of that layer

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
def dense_per_channel(layer: DensePerChannel, graph: Graph, x: str) -> str:
    channels, pixels, outputs = layer.W.shape
    rows = graph.add("Transpose", x, perm=(3, 0, 1, 2))
    rows = graph.add("Reshape", rows, graph.constant((channels, -1, pixels), np.int64))  # (C, N, H W)
    z = graph.add("MatMul", rows, graph.constant(layer.W))  # (C, N, outputs)
    z = graph.add("Add", z, graph.constant(layer.b[:, None]))
    z = graph.add("Transpose", z, perm=(1, 2, 0))
    return graph.add("Reshape", z, graph.constant((-1, outputs, 1, channels), np.int64))


@nodes_of.register
def max_pool(layer: MaxPool2D, graph: Graph, x: str) -> str:
    return moved(graph, "MaxPool", x, **window_of(layer))


@nodes_of.register
def mean_pool(layer: MeanPool2D, graph: Graph, x: str) -> str:
    return moved(graph, "AveragePool", x, count_include_pad=1, **window_of(layer))


def window_of(layer: MaxPool2D | MeanPool2D) -> dict[str, Any]:
    """The attributes of the window that pools."""
    return {
        "kernel_shape": layer.window.size,
        "strides": layer.window.stride,
        "pads": (*layer.padding, *layer.padding),
    }


def moved(graph: Graph, operator: str, x: str, *others: str, **attributes: Any) -> str:
    """An operator for images of channels first: (N, H, W, C) -> (N, H', W', C')."""
    first = graph.add("Transpose", x, perm=(0, 3, 1, 2))
    return graph.add("Transpose", graph.add(operator, first, *others, **attributes), perm=(0, 2, 3, 1))


@nodes_of.register
def global_mean_pool(layer: GlobalMeanPool2D, graph: Graph, x: str) -> str:
    return graph.add("ReduceMean", x, axes=(1, 2), keepdims=0)


@nodes_of.register
def maxout(layer: Maxout, graph: Graph, x: str) -> str:
    groups = graph.add("Reshape", x, graph.constant((-1, *graph.shape, layer.size), np.int64))
    return graph.add("ReduceMax", groups, axes=(-1,), keepdims=0)


@nodes_of.register
def batch_norm(layer: BatchNorm, graph: Graph, x: str) -> str:
    """gamma (x - mean) / s + beta = x scale + shift."""
    scale = layer.gamma / np.sqrt(layer.variance + layer.epsilon)
    scaled = graph.add("Mul", x, graph.constant(scale))
    return graph.add("Add", scaled, graph.constant(layer.beta - layer.mean * scale))


@nodes_of.register
def layer_norm(layer: LayerNorm, graph: Graph, x: str) -> str:
    gamma, beta = graph.constant(layer.gamma), graph.constant(layer.beta)
    return graph.add("LayerNormalization", x, gamma, beta, axis=-1, epsilon=layer.epsilon)


@nodes_of.register
def standardize(layer: Standardize, graph: Graph, x: str) -> str:
    shifted = graph.add("Sub", x, graph.constant(layer.mean))
    return graph.add("Div", shifted, graph.constant(layer.deviation))


@nodes_of.register
def reshape(layer: Reshape, graph: Graph, x: str) -> str:
    return graph.add("Reshape", x, graph.constant((-1, *layer.shape), np.int64))


@nodes_of.register(Dropout)
@nodes_of.register(Identity)
def identity(layer: Layer, graph: Graph, x: str) -> str:
    return x


@nodes_of.register
def residual(layer: Residual, graph: Graph, x: str) -> str:
    f, scope = x, graph.scope
    for name, inner, shape in zip(layer.names, layer.layers, layer.shapes, strict=True):
        graph.scope, graph.shape = f"{scope}.{name}", shape
        f = nodes_of(inner, graph, f)
    graph.scope = scope
    return graph.add("Add", x, f)


@nodes_of.register
def relu(layer: ReLU, graph: Graph, x: str) -> str:
    return graph.add("Relu", x)


@nodes_of.register
def leaky_relu(layer: LeakyReLU, graph: Graph, x: str) -> str:
    return graph.add("LeakyRelu", x, alpha=layer.slope)


@nodes_of.register
def gelu(layer: GELU, graph: Graph, x: str) -> str:
    """The form with tanh, x (1 + tanh(c (x + 0.044715 x^3))) / 2, which has an operator of its own only since 2023."""
    cube = graph.add("Mul", graph.add("Mul", graph.add("Mul", x, x), x), graph.constant(layer.cubic))
    inner = graph.add("Mul", graph.add("Add", x, cube), graph.constant(layer.c))
    above = graph.add("Add", graph.add("Tanh", inner), graph.constant(1))
    return graph.add("Mul", graph.add("Mul", x, above), graph.constant(0.5))


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
    height, width, _ = graph.shape
    places = np.arange(width)
    rows, columns = (graph.constant(from_middle(count)[:, None]) for count in (height, width))
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
