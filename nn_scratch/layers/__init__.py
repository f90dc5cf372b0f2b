"""Layers: dense and ReLU. `LAYERS` names every kind for the model file."""

from __future__ import annotations

from nn_scratch.layers.activations import ReLU
from nn_scratch.layers.dense import Dense
from nn_scratch.layers.layer import Layer

LAYERS: dict[str, type[Layer]] = {kind.kind: kind for kind in (Dense, ReLU)}

__all__ = ["LAYERS", "Dense", "Layer", "ReLU"]
