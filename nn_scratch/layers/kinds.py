"""Kinds of layers: the names by which model files call them.

A model file names its layers and has no code, so whoever reads it must know a class for each name. Here are the
library's own classes, and here a program adds its own.
"""

from __future__ import annotations

import inspect
import re
from typing import TypeVar

from nn_scratch.layers.activations import GELU, Identity, LeakyReLU, ReLU, Sigmoid, Softmax, Tanh
from nn_scratch.layers.batch_norm import BatchNorm
from nn_scratch.layers.conv import Conv2D, UntiedConv2D
from nn_scratch.layers.dense import Dense
from nn_scratch.layers.dense_per_channel import DensePerChannel
from nn_scratch.layers.deslant import Deslant
from nn_scratch.layers.dropout import Dropout
from nn_scratch.layers.layer import Layer
from nn_scratch.layers.layer_norm import LayerNorm
from nn_scratch.layers.pool import GlobalMeanPool2D, Maxout, MaxPool2D, MeanPool2D
from nn_scratch.layers.reshape import Flatten, Reshape
from nn_scratch.layers.residual import Residual
from nn_scratch.layers.standardize import Standardize

BUILT_IN: tuple[type[Layer], ...] = (
    BatchNorm,
    Conv2D,
    Dense,
    DensePerChannel,
    Deslant,
    Dropout,
    Flatten,
    GELU,
    GlobalMeanPool2D,
    Identity,
    LayerNorm,
    LeakyReLU,
    MaxPool2D,
    Maxout,
    MeanPool2D,
    ReLU,
    Reshape,
    Residual,
    Sigmoid,
    Softmax,
    Standardize,
    Tanh,
    UntiedConv2D,
)
LAYERS: dict[str, type[Layer]] = {layer.kind: layer for layer in BUILT_IN}

LayerClass = TypeVar("LayerClass", bound=type[Layer])


def kind_of(layer: type[Layer]) -> str:
    """The kind of a class of layers; ValueError where it has none, or one that cannot be a name in a model file."""
    kind: object = getattr(layer, "kind", None)
    if not isinstance(kind, str) or not re.fullmatch("[a-z][a-z0-9_]{0,39}", kind):
        raise ValueError(
            f"The class {layer.__name__} needs a kind, its name in model files and summaries, of at most 40 small "
            f"letters, digits and underscores: kind = {layer.__name__.lower()!r}."
        )
    return kind


def register(layer: LayerClass) -> LayerClass:
    """Make a class of layers known to `save` and `load`, by its `kind`; returns the class, so it may be a decorator.

    The same class may be registered again, also after its definition ran a second time, as in a notebook.

    Raises:
        ValueError: it has no kind, or another class has the same one.
    """
    kind = kind_of(layer)
    known = LAYERS.get(kind, layer)
    if (known.__module__, known.__qualname__) != (layer.__module__, layer.__qualname__):
        raise ValueError(f"The kind {kind!r} belongs to {known.__name__}; give {layer.__name__} another.")
    LAYERS[kind] = layer
    return layer


def check_known(layer: Layer) -> None:
    """ValueError unless a model file can name the class of `layer` and all arguments that it was made with."""
    name = type(layer).__name__
    if LAYERS.get(layer.kind) is not type(layer):
        raise ValueError(
            f"A network with a layer of the class {name} could not be loaded again, because the kind {layer.kind!r} "
            f"does not stand for it; give the class a kind of its own and call nn_scratch.register({name}) first."
        )
    for inner in layer.layers if isinstance(layer, Residual) else ():
        check_known(inner)
    missing = set(inspect.signature(type(layer)).parameters) - set(layer.spec())
    if missing:
        raise ValueError(
            f"A network with a layer of the class {name} could not be loaded again, because its spec() leaves out "
            f"{' and '.join(sorted(missing))}."
        )
