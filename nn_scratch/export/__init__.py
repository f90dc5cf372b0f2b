"""Exports: networks for other programs, and weights back from them.

A network that was trained here is worth more if it also runs where there is no NumPy, and weights that were trained
elsewhere can be looked into here. What these formats need besides NumPy is imported when it is used.
"""

from __future__ import annotations

from nn_scratch.export.onnx_file import NODES, Graph, save_onnx
from nn_scratch.export.weights import load_safetensors, load_state_dict, save_safetensors, state_dict

__all__ = ["NODES", "Graph", "load_safetensors", "load_state_dict", "save_onnx", "save_safetensors", "state_dict"]
