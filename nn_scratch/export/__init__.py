"""Exports: networks for other programs, and weights back from them.

A network that was trained here is worth more if it also runs where there is no NumPy, and weights that were trained
elsewhere can be looked into here. Read in this order: torch_layout, safetensors_file; onnx_nodes, onnx_file. What these
formats need besides NumPy is imported when it is used.
"""

from __future__ import annotations

from nn_scratch.export.onnx_file import save_onnx
from nn_scratch.export.onnx_nodes import Graph, nodes_of
from nn_scratch.export.safetensors_file import load_safetensors, save_safetensors
from nn_scratch.export.torch_layout import load_state_dict, state_dict

__all__ = [
    "Graph",
    "load_safetensors",
    "load_state_dict",
    "nodes_of",
    "save_onnx",
    "save_safetensors",
    "state_dict",
]
