"""nn_scratch: a neural-network library in NumPy whose every derivative is derived and proved.

Read its rooms in this order: nn, which has the network and its gradients; images and data, which have what it learns
from; training; autograd, which proves the gradients. The modules beside the rooms are the commands, such as train, and
what all of them need. The names below are the usual ones; the rooms have all layers, losses, optimizers and schedules.
"""

from __future__ import annotations

from nn_scratch.data.dataset import Dataset
from nn_scratch.errors import UserError
from nn_scratch.nn.layers import register
from nn_scratch.nn.model_file import load, save
from nn_scratch.nn.network import Network, mlp
from nn_scratch.nn.presets import preset, upright
from nn_scratch.training.config import TrainConfig
from nn_scratch.training.fit import fit
from nn_scratch.training.reports import EpochReport

Recipe = TrainConfig  # the name of TrainConfig in programs written for version 1.0

__version__ = "1.0.0"
__all__ = [
    "Dataset",
    "EpochReport",
    "Network",
    "TrainConfig",
    "UserError",
    "__version__",
    "fit",
    "load",
    "mlp",
    "preset",
    "register",
    "save",
    "upright",
]
