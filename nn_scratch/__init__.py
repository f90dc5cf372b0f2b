"""nn_scratch: a neural-network library in NumPy whose every derivative is derived and proved.

Read it in this order: initializers, layers, losses, network, presets, optimizers, schedules, data, ink, augment,
training, evaluation, model_file, checkpoint. The names below are its public surface, with all of nn_scratch.nn.layers,
losses, optimizers, schedules, evaluation, autograd and gradcheck.
"""

from __future__ import annotations

from nn_scratch.data.dataset import Dataset
from nn_scratch.errors import UserError
from nn_scratch.nn.model_file import load, save
from nn_scratch.nn.network import Network, mlp
from nn_scratch.nn.presets import preset, upright
from nn_scratch.training.fit import EpochReport, TrainConfig, fit

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
    "save",
    "upright",
]
