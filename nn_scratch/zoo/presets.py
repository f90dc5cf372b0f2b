"""Presets: networks by name, for images of any size and any classes.

They are architectures that are known to work, so that nobody has to design one before training one. An architecture
alone does not give the figures that somebody published for it, so those of other projects come with how they were
trained there, as far as `fit` has the same choices.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Sequence
from typing import Any

from nn_scratch.arrays import Shape
from nn_scratch.convolution import Conv2D, MaxPool2D, MeanPool2D
from nn_scratch.layers import Dense, Dropout, Flatten, Layer, ReLU, Sigmoid, Tanh
from nn_scratch.network import DIGITS, Network, mlp
from nn_scratch.optimizers import SGD
from nn_scratch.zoo.deslant import Deslant
from nn_scratch.zoo.rare_layers import Standardize


def lenet() -> list[Layer]:
    """LeNet-5 (LeCun, Bottou, Bengio and Haffner 1998), with plain mean pooling and fully connected convolutions."""
    return [
        *(Conv2D(6, 5, padding=2, initializer="xavier"), Tanh(), MeanPool2D(2)),
        *(Conv2D(16, 5, initializer="xavier"), Tanh(), MeanPool2D(2)),
        *(Flatten(), Dense(120, "xavier"), Tanh(), Dense(84, "xavier"), Tanh()),
    ]


def convnet() -> list[Layer]:
    """Two convolutions of 3x3, each followed by ReLU and pooling: 20,490 parameters for 28x28 and ten classes.

    3 3 1 16 + 16 = 160, 3 3 16 32 + 32 = 4,640, and 7 7 32 10 + 10 = 15,690 in the dense layer after them.
    """
    return [
        *(Conv2D(16, 3, padding=1), ReLU(), MaxPool2D(2)),
        *(Conv2D(32, 3, padding=1), ReLU(), MaxPool2D(2)),
        Flatten(),
    ]


def convnet_deep() -> list[Layer]:
    """Three convolutions of 3x3 and 256 dense units, 40 % of them dropped in training: 390,410 parameters.

    For 28x28 and ten classes, 3 3 1 32 + 32 = 320, 3 3 32 64 + 64 = 18,496, 3 3 64 128 + 128 = 73,856,
    3 3 128 256 + 256 = 295,168, and 256 10 + 10 = 2,570 in the dense layer after them.
    """
    return [
        *(Conv2D(32, 3, padding=1), ReLU(), MaxPool2D(2)),
        *(Conv2D(64, 3, padding=1), ReLU(), MaxPool2D(2)),
        *(Conv2D(128, 3, padding=1), ReLU(), MaxPool2D(2)),
        *(Flatten(), Dense(256), ReLU(), Dropout(0.4)),
    ]


def convnet_strided() -> list[Layer]:
    """Three convolutions, the first of 5x5 with stride 2, and 96 dense units: 95,114 parameters.

    Convolving at every second pixel makes it twice as fast as `convnet-deep`, which suits a rejector that works beside
    another network. For 28x28 and ten classes, 5 5 1 24 + 24 = 624, 3 3 24 48 + 48 = 10,416,
    3 3 48 64 + 64 = 27,712, 3 3 64 96 + 96 = 55,392, and 96 10 + 10 = 970 in the dense layer after them.
    """
    return [
        *(Conv2D(24, 5, stride=2, padding=2), ReLU()),
        *(Conv2D(48, 3, padding=1), ReLU(), MaxPool2D(2)),
        *(Conv2D(64, 3, padding=1), ReLU(), MaxPool2D(2)),
        *(Flatten(), Dense(96), ReLU(), Dropout(0.3)),
    ]


def numpy_ml_basic() -> list[Layer]:
    """The "basic network" of T. Chieh's Simple-NumPy-ML: 100 sigmoid units, 79,510 parameters for 28x28 digits."""
    return [Flatten(), Dense(100, "xavier"), Sigmoid()]


def numpy_ml_network() -> list[Layer]:
    """Its "network": a convolution of 5x5 with ReLU, and half of what it found left out: 289,630 parameters."""
    return [
        *(Conv2D(20, 5), ReLU(), MaxPool2D(2), Flatten()),
        *(Dropout(0.5), Dense(100, "xavier"), Tanh()),
    ]


def numpy_ml_deeper() -> list[Layer]:
    """Its "deeper network", with a second convolution: 85,670 parameters."""
    return [
        *(Conv2D(20, 5), ReLU(), MaxPool2D(2)),
        *(Conv2D(40, 5), ReLU(), MaxPool2D(2), Flatten()),
        *(Dropout(0.5), Dense(100, "xavier"), Tanh()),
    ]


def simple_convnet() -> list[Layer]:
    """The SimpleConvNet of D. Chen's numpy-deep-learning, for CIFAR-10: 80,602 parameters for 32x32 in colour.

    3 3 3 8 + 8 = 224, 3 3 8 16 + 16 = 1,168, 3 3 16 32 + 32 = 4,640, 512 128 + 128 = 65,664, 128 64 + 64 = 8,256, and
    64 10 + 10 = 650 in the dense layer after them.
    """
    return [
        Standardize(),
        *(Conv2D(8, 3, padding="same"), ReLU(), MaxPool2D(2)),
        *(Conv2D(16, 3, padding="same"), ReLU(), MaxPool2D(2)),
        *(Conv2D(32, 3, padding="same"), ReLU(), MeanPool2D(2)),
        *(Flatten(), Dense(128), ReLU(), Dense(64), ReLU()),
    ]


HIDDEN_UNITS = {  # of multilayer perceptrons, which read an image as one row of numbers
    "mlp": (50, 25),
    "mlp-wide": (256, 128),
    "letters": (128,),
    "digits": (50, 25),  # behind a deslant, which sets images upright
}
CONVOLUTIONAL: dict[str, Callable[[], list[Layer]]] = {
    "lenet": lenet,
    "convnet": convnet,
    "convnet-deep": convnet_deep,
    "convnet-strided": convnet_strided,
    "numpy-ml-basic": numpy_ml_basic,
    "numpy-ml-network": numpy_ml_network,
    "numpy-ml-deeper": numpy_ml_deeper,
    "simple-convnet": simple_convnet,
}
PRESETS = (*HIDDEN_UNITS, *CONVOLUTIONAL)


def plain_descent(learning_rate: float) -> SGD:
    """How Simple-NumPy-ML takes steps.

    It puts element-wise cross-entropy behind a softmax. Of two classes, each then counts its mistake twice, so that the
    gradient is 2 (p - y). With p - y, the rates here are twice those of the project, and its penalty |w|^2 / (2 N), of
    N = 50,000 examples, is half as strong.
    """
    return SGD(learning_rate, momentum=0.0, weight_decay=0.0, l2=1e-5)


# how the networks of other projects are trained there
PRESET_SETTINGS: dict[str, dict[str, Any]] = {
    "numpy-ml-basic": {"epochs": 10, "batch_size": 32, "optimizer": plain_descent(0.1)},
    "numpy-ml-network": {"epochs": 30, "batch_size": 20, "optimizer": plain_descent(0.1)},
    "numpy-ml-deeper": {"epochs": 60, "batch_size": 20, "optimizer": plain_descent(0.08)},
    "simple-convnet": {"epochs": 10, "batch_size": 16, "optimizer": SGD(0.001, weight_decay=0.0)},
}


def preset_settings(name: str) -> dict[str, Any]:
    """Keywords for `fit` with which the preset called `name` was trained where it comes from; none for our own."""
    settings = PRESET_SETTINGS.get(name)
    return copy.deepcopy({"schedule": "constant"} | settings) if settings else {}


def preset(name: str, image_shape: Shape = (28, 28), classes: Sequence[str] = DIGITS) -> Network:
    """The network called `name`, for images (H, W) or (H, W, C), with one logit per class; an mlp also for rows (n,).

    Raises:
        ValueError: there is no network of that name, or the images have no such shape or are too small for it.
    """
    if len(image_shape) == 1 and name in HIDDEN_UNITS and name != "digits":
        return mlp(HIDDEN_UNITS[name], classes, inputs=image_shape[0])
    if len(image_shape) not in (2, 3) or min(image_shape) < 1:
        raise ValueError(f"Images are (height, width) or (height, width, channels), not {tuple(image_shape)}.")
    if name in HIDDEN_UNITS:
        network = mlp(HIDDEN_UNITS[name], classes, inputs=math.prod(image_shape))
        return upright(network, image_shape) if name == "digits" else network
    if name in CONVOLUTIONAL:
        shape = image_shape if len(image_shape) == 3 else (*image_shape, 1)
        initializer = "xavier" if name.startswith("numpy-ml") else "he"
        return Network([*CONVOLUTIONAL[name](), Dense(len(classes), initializer)], shape, classes)
    raise ValueError(f"There is no preset {name!r}; choose one of {', '.join(PRESETS)}.")


def upright(network: Network, image_shape: Shape = (28, 28)) -> Network:
    """A new network that sets images (H, W) or (H, W, C) upright and then does what `network` does.

    It has layers of its own, with the same arguments as those of `network`, and must still be initialized.

    Raises:
        ValueError: `network` reads inputs of another size.
    """
    if math.prod(network.input_shape) != math.prod(image_shape):
        raise ValueError(f"The network reads inputs of shape {network.input_shape}, not images of {image_shape}.")
    shape = image_shape if len(image_shape) == 3 else (*image_shape, 1)
    front = [Deslant()] if network.input_shape == shape else [Deslant(), Flatten()]
    turned = Network([*front, *(layer.fresh() for layer in network.layers)], shape, network.classes)
    turned.loss = network.loss
    return turned
