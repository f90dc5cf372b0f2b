"""Configurations of presets: how the networks of other projects were trained.

An architecture alone does not give the figures that somebody published for it. So a preset that was taken from another
project comes with a configuration as well: that of the project, as far as it has the same choices.

NumPy-ML puts element-wise cross-entropy behind a softmax. Of two classes, each then counts its mistake twice: the
gradient is 2 (p - y). So with p - y, the rates here are twice those of the project. Its penalty is |w|^2 / (2 N), for
N = 50,000 examples. numpy-deep-learning has batches of 8; with 32, the rate rises as well.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from nn_scratch.training.config import TrainConfig

PLAIN_DESCENT: dict[str, Any] = {"optimizer": "sgd", "momentum": 0.0, "weight_decay": 0.0, "schedule": "constant"}

PRESET_CONFIGS = {
    "numpy-ml-basic": TrainConfig(5, 10, learning_rate=0.1, l2=2e-5, **PLAIN_DESCENT),
    "numpy-ml-network": TrainConfig(2, 20, learning_rate=0.1, l2=2e-5, **PLAIN_DESCENT),
    "numpy-ml-deeper": TrainConfig(10, 20, learning_rate=0.08, l2=2e-5, **PLAIN_DESCENT),
    "simple-convnet": TrainConfig(10, 32, optimizer="sgd", learning_rate=0.02, weight_decay=0.001),
}


def preset_config(name: str) -> TrainConfig:
    """The configuration that belongs to the preset called `name`; the usual one where it has none of its own."""
    return PRESET_CONFIGS.get(name, TrainConfig())


def defaults_of(name: str, optimizer: str) -> dict[str, Any]:
    """What the configuration of the preset called `name` changes of the usual one, where `optimizer` takes the steps.

    Rates are for one optimizer, so with another one those of the preset mean nothing.
    """
    config, usual = preset_config(name), TrainConfig()
    chosen = {each.name: getattr(config, each.name) for each in fields(config)}
    changed = {key: value for key, value in chosen.items() if value != getattr(usual, key)}
    if optimizer != config.optimizer:
        for key in ("momentum", "betas", "epsilon", "learning_rate", "weight_decay"):
            changed.pop(key, None)
    return changed
