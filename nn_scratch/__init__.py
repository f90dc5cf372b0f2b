"""nn_scratch: a neural-network library in NumPy whose every derivative is derived and proved.

All that a user needs can be imported from here: `from nn_scratch import Dense, Network, fit, load_data`. It needs NumPy
and nothing else. docs/api.md lists every name.

Read the rooms in this order: nn, which has the network and its gradients; images and data, which have what it learns
from; training; autograd, which proves the gradients; export and sklearn, where it meets other programs. The modules
beside the rooms are the commands, such as train, and what all of them need.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from nn_scratch.arrays import Array, Images, Labels, Shape
from nn_scratch.dataset import Dataset
from nn_scratch.errors import UserError
from nn_scratch.layers import (
    GELU,
    BatchNorm,
    Conv2D,
    Dense,
    DensePerChannel,
    Deslant,
    Dropout,
    Flatten,
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
    UntiedConv2D,
    register,
)
from nn_scratch.losses import (
    BinaryCrossEntropy,
    Loss,
    QuadraticLoss,
    SoftmaxCrossEntropy,
    SoftmaxQuadratic,
    SoftTargets,
    Summed,
    softmax,
)
from nn_scratch.metrics import Score, evaluate
from nn_scratch.model_file import load, save
from nn_scratch.network import Network, mlp
from nn_scratch.optimizers import SGD, Adam, Optimizer
from nn_scratch.presets import PRESETS, preset, upright
from nn_scratch.schedules import constant, cosine, one_cycle, stairs
from nn_scratch.training.config import TrainConfig
from nn_scratch.training.fit import fit, steps, train_network
from nn_scratch.training.reports import EpochReport, EpochResult, StepReport

if TYPE_CHECKING:
    from nn_scratch import autograd, export, gradcheck
    from nn_scratch.data.registry import load_data, load_test_set
    from nn_scratch.gradcheck import check_layer
    from nn_scratch.training.rate_finder import find_learning_rate

Recipe = TrainConfig  # the name of TrainConfig in programs written for version 1.0

__version__ = "1.0.0"
__all__ = [
    "GELU",
    "PRESETS",
    "SGD",
    "Adam",
    "Array",
    "BatchNorm",
    "BinaryCrossEntropy",
    "Conv2D",
    "Dataset",
    "Dense",
    "DensePerChannel",
    "Deslant",
    "Dropout",
    "EpochReport",
    "EpochResult",
    "Flatten",
    "GlobalMeanPool2D",
    "Identity",
    "Images",
    "Labels",
    "Layer",
    "LayerNorm",
    "LeakyReLU",
    "Loss",
    "MaxPool2D",
    "Maxout",
    "MeanPool2D",
    "Network",
    "Optimizer",
    "QuadraticLoss",
    "ReLU",
    "Reshape",
    "Residual",
    "Score",
    "Shape",
    "Sigmoid",
    "SoftTargets",
    "Softmax",
    "SoftmaxCrossEntropy",
    "SoftmaxQuadratic",
    "Standardize",
    "StepReport",
    "Summed",
    "Tanh",
    "TrainConfig",
    "UntiedConv2D",
    "UserError",
    "__version__",
    "autograd",
    "check_layer",
    "constant",
    "cosine",
    "evaluate",
    "export",
    "find_learning_rate",
    "fit",
    "gradcheck",
    "load",
    "load_data",
    "load_test_set",
    "mlp",
    "one_cycle",
    "preset",
    "register",
    "save",
    "softmax",
    "stairs",
    "steps",
    "train_network",
    "upright",
]
LATER = {  # what the app's start does not need is imported when it is asked for: the module, and the name in it
    "autograd": ("nn_scratch.autograd", ""),
    "check_layer": ("nn_scratch.gradcheck", "check_layer"),
    "export": ("nn_scratch.export", ""),
    "find_learning_rate": ("nn_scratch.training.rate_finder", "find_learning_rate"),
    "gradcheck": ("nn_scratch.gradcheck", ""),
    "load_data": ("nn_scratch.data.registry", "load_data"),
    "load_test_set": ("nn_scratch.data.registry", "load_test_set"),
}


def __getattr__(name: str) -> Any:
    """What is imported `LATER`, by its name; Python asks here for names that the module does not have (PEP 562)."""
    if name not in LATER:
        raise AttributeError(f"module 'nn_scratch' has no attribute {name!r}")
    module, attribute = LATER[name]
    found = import_module(module)
    globals()[name] = getattr(found, attribute) if attribute else found
    return globals()[name]


def __dir__() -> list[str]:
    """All names, also those that are imported later."""
    return sorted({*globals(), *LATER})
