"""ONNX files: a whole network, layers and numbers, for programs that only run networks.

A phone, a browser or a database can answer with a network that was trained here, without Python. ONNX describes a
network as a graph: nodes, each an operator with the names of its inputs and its output, and constants. One layer
becomes one operator or a few. Images are channels last here and channels first in ONNX, so convolution and pooling
stand between two transpositions; where these meet, programs that run the graph remove them.

Only what a network does outside training is described: dropout is nothing, and batch normalization is a scale and a
shift. A layer of your own needs one entry in `NODES`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nn_scratch import convolution, layers, normalization
from nn_scratch.arrays import Shape
from nn_scratch.errors import extra
from nn_scratch.files import atomic_write
from nn_scratch.losses import BinaryCrossEntropy, Loss, QuadraticLoss
from nn_scratch.network import Network
from nn_scratch.zoo import deslant
from nn_scratch.zoo import rare_layers as rare

OPERATORS, FORMAT = 17, 8  # versions of ONNX's operators and of its file: of 2022, so that older programs read it too
INPUT = "images"
DIGIT = (28, 28)

READERS: dict[Callable[..., Any], tuple[str, str, dict[str, Any]]] = {  # by how a loss reads outputs: name and operator
    Loss.probabilities: ("probabilities", "Softmax", {"axis": -1}),
    BinaryCrossEntropy.probabilities: ("probabilities", "Sigmoid", {}),
    QuadraticLoss.probabilities: ("outputs", "Identity", {}),
}


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
        self.scope = INPUT  # the name of the layer that is added, with which all names begin
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

    def reshaped(self, x: str, *shape: int) -> str:
        """`x` in another shape, in which -1 stands for what is left."""
        return self.add("Reshape", x, self.constant(shape, np.int64))

    def sum(self, x: str, axis: int, keepdims: int = 1) -> str:
        """The sum over `axis`, which stays with length 1."""
        return self.add("ReduceSum", x, self.constant([axis], np.int64), keepdims=keepdims)

    def channels_first(self, operator: str, x: str, *others: str, **attributes: Any) -> str:
        """An operator for images of channels first: (N, H, W, C) -> (N, H', W', C')."""
        first = self.add("Transpose", x, perm=(0, 3, 1, 2))
        return self.add("Transpose", self.add(operator, first, *others, **attributes), perm=(0, 2, 3, 1))

    def layer(self, name: str, layer: layers.Layer, shape: Shape, x: str) -> str:
        """Add what `layer` does with the array called `x` (N, *input_shape); returns the name of its output.

        Raises:
            ValueError: its class is not in `NODES`.
        """
        if type(layer) not in NODES:
            name, entry = type(layer).__name__, "lambda layer, graph, x: graph.add(...)"
            raise ValueError(f"ONNX has no operator for the class {name}; add one: export.NODES[{name}] = {entry}.")
        self.scope, self.shape = name, shape
        return NODES[type(layer)](layer, self, x)


def save_onnx(network: Network, path: str | Path) -> None:
    """Write `network` to the ONNX file `path`, as a whole or not at all. The same network gives the same bytes.

    Its input `images` are float32 from 0 to 1, (N, H, W) or (N, H, W, C); (N, 28, 28) for a network that reads rows of
    784 numbers, and (N, n) for one that reads rows of n others. Its output is float32 (N, K), as `predict_proba` gives
    it: `probabilities`, or, where the loss is quadratic, `outputs`. The metadata of the file has the classes under
    `classes`, as JSON.

    Raises:
        UserError: onnx is not installed (the extra `onnx`), or the file cannot be written.
        ValueError: a layer, or how the loss reads outputs, has no operator of ONNX.
    """
    content = model_of(network, extra("onnx")).SerializeToString(deterministic=True)
    with atomic_write(Path(path)) as file:
        file.write(content)


def model_of(network: Network, onnx: Any) -> Any:
    """The ONNX model that does what `network.predict_proba` does."""
    helper, real = onnx.helper, onnx.TensorProto.FLOAT
    graph = graph_of(network)
    model = helper.make_model(
        helper.make_graph(
            [helper.make_node(op, list(inputs), [y], name=y, **rest) for op, inputs, y, rest in graph.nodes],
            "network",
            [helper.make_tensor_value_info(INPUT, real, ["N", *image_shape(network)])],
            [helper.make_tensor_value_info(graph.nodes[-1].output, real, ["N", len(network.classes)])],
            [onnx.numpy_helper.from_array(array, name) for name, array in graph.constants.items()],
        ),
        producer_name="nn_scratch",
        ir_version=FORMAT,
        opset_imports=[helper.make_opsetid("", OPERATORS)],
    )
    helper.set_model_props(model, {"classes": json.dumps(network.classes)})
    onnx.checker.check_model(model)
    return model


def graph_of(network: Network) -> Graph:
    """The nodes from images to what the loss reads."""
    graph = Graph()
    x = graph.reshaped(INPUT, -1, *network.input_shape)
    for name, layer, shape in zip(network.names, network.layers, network.shapes, strict=True):
        x = graph.layer(name, layer, shape, x)
    loss = network.loss.reader()
    if type(loss).probabilities not in READERS:
        raise ValueError(f"ONNX has no operator that reads outputs as {type(loss).__name__} does; set another loss.")
    output, operator, attributes = READERS[type(loss).probabilities]
    graph.nodes.append(Node(operator, (x,), output, attributes))
    return graph


def image_shape(network: Network) -> Shape:
    """The shape of one image, as programs hand it over."""
    if network.input_shape == (DIGIT[0] * DIGIT[1],):
        return DIGIT
    return network.input_shape[:2] if network.input_shape[2:] == (1,) else network.input_shape


def conv(layer: convolution.Conv2D, graph: Graph, x: str) -> str:
    """The biases are added after the channels are last again: there may be one for each place."""
    kernel = layer.W.reshape(*layer.windows.size, -1, layer.channels).transpose(3, 2, 0, 1)  # (channels, C, kh, kw)
    windows = {"strides": layer.windows.stride, "pads": 2 * layer.windows.padding}
    z = graph.channels_first("Conv", x, graph.constant(kernel), **windows)
    return z if layer.bias is False else graph.add("Add", z, graph.constant(layer.b))


def pooled(operator: str, layer: convolution.Pool2D, graph: Graph, x: str, **more: Any) -> str:
    """Pooling of either kind."""
    windows = {"kernel_shape": layer.windows.size, "strides": layer.windows.stride, "pads": 2 * layer.windows.padding}
    return graph.channels_first(operator, x, **windows, **more)


def dense(layer: layers.Dense, graph: Graph, x: str) -> str:
    return graph.add("Gemm", x, graph.constant(layer.W), *([] if layer.bias is False else [graph.constant(layer.b)]))


def dense_per_channel(layer: rare.DensePerChannel, graph: Graph, x: str) -> str:
    channels, pixels, outputs = layer.W.shape
    rows = graph.reshaped(graph.add("Transpose", x, perm=(3, 0, 1, 2)), channels, -1, pixels)  # (C, N, H W)
    z = graph.add("MatMul", rows, graph.constant(layer.W))  # (C, N, outputs)
    z = graph.add("Add", z, graph.constant(layer.b[:, None]))
    return graph.reshaped(graph.add("Transpose", z, perm=(1, 2, 0)), -1, outputs, 1, channels)


def batch_norm(layer: normalization.BatchNorm, graph: Graph, x: str) -> str:
    """gamma (x - mean) / s + beta = x scale + shift."""
    scale = layer.gamma / np.sqrt(layer.variance + layer.epsilon)
    scaled = graph.add("Mul", x, graph.constant(scale))
    return graph.add("Add", scaled, graph.constant(layer.beta - layer.mean * scale))


def layer_norm(layer: normalization.LayerNorm, graph: Graph, x: str) -> str:
    gamma, beta = graph.constant(layer.gamma), graph.constant(layer.beta)
    return graph.add("LayerNormalization", x, gamma, beta, axis=-1, epsilon=layer.epsilon)


def standardize(layer: rare.Standardize, graph: Graph, x: str) -> str:
    return graph.add("Div", graph.add("Sub", x, graph.constant(layer.mean)), graph.constant(layer.deviation))


def maxout(layer: rare.Maxout, graph: Graph, x: str) -> str:
    groups = graph.reshaped(x, -1, *graph.shape, layer.size)
    return graph.add("ReduceMax", groups, axes=(-1,), keepdims=0)


def gelu(layer: rare.GELU, graph: Graph, x: str) -> str:
    """The form with tanh, x (1 + tanh(c (x + 0.044715 x^3))) / 2, which has an operator of its own only since 2023."""
    cube = graph.add("Mul", graph.add("Mul", graph.add("Mul", x, x), x), graph.constant(layer.cubic))
    inner = graph.add("Mul", graph.add("Add", x, cube), graph.constant(layer.c))
    above = graph.add("Add", graph.add("Tanh", inner), graph.constant(1))
    return graph.add("Mul", graph.add("Mul", x, above), graph.constant(0.5))


def residual(layer: rare.Residual, graph: Graph, x: str) -> str:
    f, scope = x, graph.scope
    for name, inner, shape in zip(layer.names, layer.layers, layer.shapes, strict=True):
        f = graph.layer(f"{scope}.{name}", inner, shape, f)
    graph.scope = scope
    return graph.add("Add", x, f)


def upright(layer: deslant.Deslant, graph: Graph, x: str) -> str:
    """Each row of an image moves by u_i, which is a product with a matrix: y_ij = sum_k x_ik max(0, 1 - |k - j - u_i|).

    The weight is 1 - t at k = j + floor(u), t at the next pixel and 0 elsewhere, as in the layer; `slant_of` there says
    how u follows from the ink.
    """
    height, width, _ = graph.shape
    places = np.arange(width)
    rows, columns = (graph.constant(deslant.from_middle(count)[:, None]) for count in (height, width))
    zero, one = graph.constant(0), graph.constant(1)
    ink = graph.sum(x, 3, keepdims=0)  # (N, H, W)
    moment = graph.add("MatMul", ink, columns)  # (N, H, 1)
    ink = graph.sum(ink, 2)  # (N, H, 1)
    total = graph.sum(ink, 1)
    mass = graph.add("Where", graph.add("Equal", total, zero), one, total)
    middle = graph.add("Div", graph.sum(graph.add("Mul", ink, rows), 1), mass)  # (N, 1, 1)
    down = graph.add("Sub", rows, middle)  # (N, H, 1)
    squares = graph.sum(graph.add("Mul", ink, graph.add("Mul", down, down)), 1)
    spread = graph.add("Add", squares, graph.constant(deslant.RIDGE))
    slope = graph.add("Div", graph.sum(graph.add("Mul", moment, down), 1), spread)
    u = graph.add("Unsqueeze", graph.add("Mul", slope, down), graph.constant([3], np.int64))  # (N, H, 1, 1)
    apart = graph.constant(places - places[:, None])  # k - j, (W, W)
    distance = graph.add("Abs", graph.add("Sub", apart, u))
    weights = graph.add("Relu", graph.add("Sub", one, distance))  # (N, H, W, W)
    return graph.add("MatMul", weights, x)


Nodes = Callable[[Any, Graph, str], str]  # adds what a layer does with the array of that name; returns the name of y
NODES: dict[type[layers.Layer], Nodes] = {
    layers.Dense: dense,
    rare.DensePerChannel: dense_per_channel,
    convolution.Conv2D: conv,
    rare.UntiedConv2D: conv,
    convolution.MaxPool2D: lambda layer, graph, x: pooled("MaxPool", layer, graph, x),
    convolution.MeanPool2D: lambda layer, graph, x: pooled("AveragePool", layer, graph, x, count_include_pad=1),
    rare.GlobalMeanPool2D: lambda layer, graph, x: graph.add("ReduceMean", x, axes=(1, 2), keepdims=0),
    rare.Maxout: maxout,
    normalization.BatchNorm: batch_norm,
    normalization.LayerNorm: layer_norm,
    rare.Standardize: standardize,
    layers.Flatten: lambda layer, graph, x: graph.reshaped(x, -1, *graph.shape),
    rare.Reshape: lambda layer, graph, x: graph.reshaped(x, -1, *graph.shape),
    layers.Dropout: lambda layer, graph, x: x,
    layers.Identity: lambda layer, graph, x: x,
    rare.Residual: residual,
    layers.ReLU: lambda layer, graph, x: graph.add("Relu", x),
    rare.LeakyReLU: lambda layer, graph, x: graph.add("LeakyRelu", x, alpha=layer.slope),
    rare.GELU: gelu,
    layers.Sigmoid: lambda layer, graph, x: graph.add("Sigmoid", x),
    layers.Tanh: lambda layer, graph, x: graph.add("Tanh", x),
    layers.Softmax: lambda layer, graph, x: graph.add("Softmax", x, axis=-1),
    deslant.Deslant: upright,
}
