"""nn_scratch: a neural-network library in NumPy whose every derivative is derived and proved.

All that a user needs can be imported from here: `from nn_scratch import Dense, Network, fit, load_data`. It needs NumPy
and nothing else. docs/api.md lists every name.

Read the modules beside this one in this order: layers, convolution, normalization, losses, optimizers, network,
training, metrics, model_file, dataset, gradcheck. They are the whole of learning. Everything else lies in rooms around
them: zoo, autograd, explain, ink, data, transfer, recipes, parallel, export.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from nn_scratch.arrays import Array, Images, Labels, Shape
from nn_scratch.convolution import Conv2D, MaxPool2D, MeanPool2D
from nn_scratch.dataset import Dataset
from nn_scratch.errors import UserError
from nn_scratch.layers import Dense, Dropout, Flatten, Identity, Layer, ReLU, Sigmoid, Softmax, Tanh
from nn_scratch.losses import BinaryCrossEntropy, Loss, QuadraticLoss, SoftmaxCrossEntropy, softmax
from nn_scratch.metrics import Score, evaluate
from nn_scratch.model_file import load, save
from nn_scratch.network import Network, mlp
from nn_scratch.normalization import BatchNorm, LayerNorm
from nn_scratch.optimizers import SGD, Adam, Optimizer, constant, cosine, one_cycle, stairs
from nn_scratch.training import EpochReport, StepReport, fit, steps
from nn_scratch.zoo.deslant import Deslant
from nn_scratch.zoo.presets import PRESETS, preset, upright
from nn_scratch.zoo.rare_layers import (
    GELU,
    DensePerChannel,
    GlobalMeanPool2D,
    LeakyReLU,
    Maxout,
    Reshape,
    Residual,
    Standardize,
    UntiedConv2D,
)
from nn_scratch.zoo.rare_losses import SoftmaxQuadratic, Summed

if TYPE_CHECKING:
    from nn_scratch import autograd, export, gradcheck
    from nn_scratch.calibration import calibrate
    from nn_scratch.data.registry import load_data, load_test_set
    from nn_scratch.data.variation import Augment, Crop
    from nn_scratch.gradcheck import check_layer
    from nn_scratch.rate_finder import find_learning_rate
    from nn_scratch.transfer.adapting import adapt
    from nn_scratch.transfer.distillation import Teachers

__version__ = "1.0.0"
LATER = {  # what the app's start does not need is imported when it is asked for: from which module
    **dict.fromkeys(("Augment", "Crop"), "data.variation"),
    **dict.fromkeys(("load_data", "load_test_set"), "data.registry"),
    "Teachers": "transfer.distillation",
    "adapt": "transfer.adapting",
    "calibrate": "calibration",
    "check_layer": "gradcheck",
    "find_learning_rate": "rate_finder",
}
# fmt: off
__all__ = [
    "GELU", "PRESETS", "SGD", "Adam", "Array", "Augment", "BatchNorm", "BinaryCrossEntropy", "Conv2D", "Crop",
    "Dataset", "Dense", "DensePerChannel", "Deslant", "Dropout", "EpochReport", "Flatten", "GlobalMeanPool2D",
    "Identity", "Images", "Labels", "Layer", "LayerNorm", "LeakyReLU", "Loss", "MaxPool2D", "Maxout",
    "MeanPool2D", "Network", "Optimizer", "QuadraticLoss", "ReLU", "Reshape", "Residual", "Score", "Shape",
    "Sigmoid", "Softmax", "SoftmaxCrossEntropy", "SoftmaxQuadratic", "Standardize", "StepReport", "Summed",
    "Tanh", "Teachers", "UntiedConv2D", "UserError", "__version__", "adapt", "autograd", "calibrate",
    "check_layer", "constant", "cosine", "evaluate", "export", "find_learning_rate", "fit", "gradcheck", "load",
    "load_data", "load_test_set", "mlp", "one_cycle", "preset", "save", "softmax", "stairs", "steps", "upright",
]
# fmt: on


def __getattr__(name: str) -> Any:
    """What is imported `LATER`, by its name; Python asks here for names that the module does not have (PEP 562)."""
    if name in LATER:
        globals()[name] = getattr(import_module(f"nn_scratch.{LATER[name]}"), name)
    elif name in ("autograd", "export", "gradcheck"):
        return import_module(f"nn_scratch.{name}")
    else:
        raise AttributeError(f"module 'nn_scratch' has no attribute {name!r}")
    return globals()[name]


def __dir__() -> list[str]:
    """All names, also those that are imported later."""
    return sorted({*globals(), *__all__})
