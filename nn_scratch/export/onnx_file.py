"""ONNX files: a whole network, layers and numbers, for programs that only run networks.

A phone, a browser or a database can answer with a network that was trained here, without Python.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from nn_scratch.arrays import Shape
from nn_scratch.export.extras import extra
from nn_scratch.export.onnx_nodes import Graph, Node, nodes_of
from nn_scratch.files import atomic_write
from nn_scratch.network import Network

OPERATORS, FORMAT = 17, 8  # versions of ONNX's operators and of its file: of 2022, so that older programs read it too
INPUT, OUTPUT = "images", "probabilities"
DIGIT = (28, 28)


def save_onnx(network: Network, path: str | Path) -> None:
    """Write `network` to the ONNX file `path`, as a whole or not at all. The same network gives the same bytes.

    Its input `images` are float32 from 0 to 1, (N, H, W) or (N, H, W, C); (N, 28, 28) for a network that reads rows of
    784 numbers, and (N, n) for one that reads rows of n others. Its output `probabilities` is float32 (N, K). The
    metadata of the file has the classes under `classes`, as JSON.

    Raises:
        UserError: onnx is not installed (the extra `onnx`), or the file cannot be written.
        ValueError: a layer has no operator of ONNX.
    """
    library = extra("onnx")
    content = model_of(network, library).SerializeToString(deterministic=True)
    with atomic_write(Path(path)) as file:
        file.write(content)


def model_of(network: Network, onnx: Any) -> Any:
    """The ONNX model that does what `network.predict_proba` does."""
    helper, real = onnx.helper, onnx.TensorProto.FLOAT
    graph = graph_of(network)
    nodes = [helper.make_node(op, list(inputs), [y], name=y, **rest) for op, inputs, y, rest in graph.nodes]
    model = helper.make_model(
        helper.make_graph(
            nodes,
            "network",
            [helper.make_tensor_value_info(INPUT, real, ["N", *image_shape(network)])],
            [helper.make_tensor_value_info(OUTPUT, real, ["N", len(network.classes)])],
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
    """The nodes from images to probabilities."""
    graph = Graph()
    graph.scope = INPUT
    x = graph.add("Reshape", INPUT, graph.constant((-1, *network.input_shape), np.int64))
    for name, layer, shape in zip(network.names, network.layers, network.shapes, strict=True):
        graph.scope, graph.shape = name, shape
        x = nodes_of(layer, graph, x)
    graph.nodes.append(Node("Softmax", (x,), OUTPUT, {"axis": -1}))
    return graph


def image_shape(network: Network) -> Shape:
    """The shape of one image, as programs hand it over."""
    if network.input_shape == (DIGIT[0] * DIGIT[1],):
        return DIGIT
    return network.input_shape[:2] if network.input_shape[2:] == (1,) else network.input_shape
