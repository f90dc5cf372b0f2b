"""The network: layers in a row, and all their numbers in one vector."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from nn_scratch.arrays import Array, Images, Shape
from nn_scratch.nn.layers import Dense, Deslant, Layer, ReLU
from nn_scratch.nn.losses import softmax

DIGITS = tuple("0123456789")
CHUNK = 128  # images that `predict_proba` reads at once: what the layers make of them then fits into the cache


class Network:
    """A sequence of layers from inputs of `input_shape` to one score (logit) for each of `classes`.

    All parameters lie in one contiguous vector `parameters` (P,) and their gradients in `gradients` (P,); the layers
    hold views into them. Whatever treats all parameters alike (an optimizer, the norm of the gradient, a copy of the
    best model so far) is then a line or two. What layers remember without training it lies in `state` likewise.

    Attributes:
        layers: the layers, in order; `names` has one unique name for each.
        shapes: what each layer gives for one example.
        first_trained: the number of the first layer that has parameters.
        arrays: the views of parameters and state, by the layer's name and their own.
        classes: the names of the classes.
        about: what the model file tells of the network's making: JSON values only.
    """

    def __init__(
        self, layers: Sequence[Layer], input_shape: Shape, classes: Sequence[str], dtype: DTypeLike = np.float32
    ) -> None:
        if not layers:
            raise ValueError("A network needs at least one layer.")
        if len(set(map(id, layers))) < len(layers):
            raise ValueError("Each layer of a network must be an object of its own.")
        self.layers = list(layers)
        self.input_shape = tuple(input_shape)
        self.classes = tuple(classes)
        self.metadata: dict[str, Any] = {}
        self.names, self.shapes = self._build()
        trained = (number for number, layer in enumerate(self.layers) if layer.parameter_shapes())
        self.first_trained = next(trained, 0)
        self.parameters: Array = np.zeros(count_numbers(layer.parameter_shapes() for layer in self.layers), dtype)
        self.gradients: Array = np.zeros_like(self.parameters)  # (P,) both
        self.state: Array = np.zeros(count_numbers(layer.state_shapes() for layer in self.layers), dtype)  # (S,)
        self.arrays = self._bind()

    def _build(self) -> tuple[list[str], list[Shape]]:
        """Tell each layer the shape of its input; return a name (dense_1, relu_1, ...) and an output shape for each."""
        shape, names, shapes, seen = self.input_shape, [], [], Counter[str]()
        for layer in self.layers:
            seen[layer.kind] += 1
            names.append(f"{layer.kind}_{seen[layer.kind]}")
            try:
                shape = layer.build(shape)
            except ValueError as error:
                raise ValueError(f"Layer {names[-1]} does not fit: {error}") from error
            shapes.append(shape)
        if shape != (len(self.classes),):
            raise ValueError(f"The last layer gives shape {shape}, but there are {len(self.classes)} classes.")
        return names, shapes

    def _bind(self) -> dict[str, dict[str, Array]]:
        """Hand each layer its views of the vectors, and return those of parameters and state by name."""
        arrays = {}
        parameter_start = state_start = 0
        for name, layer in zip(self.names, self.layers, strict=True):
            shapes = layer.parameter_shapes()
            parameters = carve(self.parameters, parameter_start, shapes)
            layer.bind(parameters, carve(self.gradients, parameter_start, shapes))
            state = carve(self.state, state_start, layer.state_shapes())
            layer.bind_state(state)
            parameter_start += count_numbers([shapes])
            state_start += count_numbers([layer.state_shapes()])
            arrays[name] = parameters | state
        return arrays

    def initialize(self, rng: np.random.Generator) -> Network:
        """Fill all parameters with the numbers that training starts from; returns the network itself."""
        for layer in self.layers:
            layer.initialize(rng)
        return self

    def reseed(self, rng: np.random.Generator) -> None:
        """Let the random decisions that layers make in training come from `rng`."""
        for layer in self.layers:
            layer.reseed(rng)

    def summary(self) -> str:
        """A table of the layers, with the shape that each gives for one example and the number of its parameters."""
        rows = [("layer", "output shape", "parameters")]
        for name, layer, shape in zip(self.names, self.layers, self.shapes, strict=True):
            rows.append((name, " x ".join(map(str, shape)), f"{count_numbers([layer.parameter_shapes()]):,}"))
        rows.append(("", "", f"{self.parameters.size:,}"))
        first, second, third = (max(map(len, column)) for column in zip(*rows, strict=True))
        return "\n".join(f"{name:{first}}  {shape:{second}}  {count:>{third}}" for name, shape, count in rows)

    def forward(self, x: Array, training: bool = False) -> Array:
        """Logits (B, K) of a batch (B, *input_shape); with `training`, the layers keep what `backward` needs."""
        for layer in self.layers:
            x = layer.forward(x, training)
        return x

    def backward(self, dz: Array) -> None:
        """Fill `gradients` from `dz` = dL/d(logits) (B, K) of the last batch that went forward in training.

        The chain rule, last layer first: each layer turns the gradient of its output into that of its input, which is
        the output of the layer before. The images are given, so nobody asks for dL/dx of the first layer that has
        parameters: not computing it saves the largest product but one.
        """
        first, *others = self.layers[self.first_trained :]
        for layer in reversed(others):
            layer.backward_parameters(dz)
            dz = layer.backward(dz)
        first.backward_parameters(dz)

    def inputs(self, images: Images | Array) -> Array:
        """uint8 (B, H, W) or (B, H, W, C), 0 ... 255, or floats, 0 ... 1, as a batch (B, *input_shape) for `forward`.

        Raises:
            ValueError: another type, or a image of another size.
        """
        batch: NDArray[Any] = np.asarray(images)
        if batch.dtype == np.uint8:
            batch = batch * self.parameters.dtype.type(1 / 255)
        elif not np.issubdtype(batch.dtype, np.floating):
            raise ValueError(f"Images are uint8 from 0 to 255 or floats from 0 to 1, not {batch.dtype}.")
        if batch.ndim < 2 or int(np.prod(batch.shape[1:])) != int(np.prod(self.input_shape)):
            raise ValueError(f"A batch of {batch.shape} is not one of images of {self.input_shape}.")
        return batch.astype(self.parameters.dtype, copy=False).reshape(len(batch), *self.input_shape)

    def logits(self, images: Images | Array) -> Array:
        """Scores before the softmax, (B, K), of uint8 (B, 28, 28) or floats (B, 784) in 0 ... 1."""
        scores = np.empty((len(images), len(self.classes)), self.parameters.dtype)
        for start in range(0, len(images), CHUNK):
            scores[start : start + CHUNK] = self.forward(self.inputs(images[start : start + CHUNK]))
        return scores

    def predict_proba(self, images: Images | Array) -> Array:
        """The probability of each class, (B, K), of uint8 (B, 28, 28) or floats (B, 784) in 0 ... 1."""
        return softmax(self.logits(images))

    def predict(self, images: Images | Array) -> NDArray[np.int64]:
        """The number of the likeliest class, (B,), of uint8 (B, 28, 28) or floats (B, 784) in 0 ... 1."""
        numbers: NDArray[np.int64] = self.logits(images).argmax(axis=1)
        return numbers

    def seen(self, images: Images) -> Images:
        """`images` (B, H, W) as the network sees them: set upright where that is what it does first."""
        first = self.layers[0]
        if not isinstance(first, Deslant):
            return images
        upright: Images = np.rint(first.forward(self.inputs(images)) * 255).astype(np.uint8).reshape(images.shape)
        return upright


def count_numbers(shapes: Iterable[dict[str, Shape]]) -> int:
    """How many numbers arrays of all these shapes hold."""
    return sum(math.prod(shape) for named in shapes for shape in named.values())


def carve(vector: Array, start: int, shapes: dict[str, Shape]) -> dict[str, Array]:
    """Views of `shapes` into `vector`, one after the other from `start` on."""
    views = {}
    for name, shape in shapes.items():
        stop = start + math.prod(shape)
        views[name] = vector[start:stop].reshape(shape)
        start = stop
    return views


def mlp(
    hidden: Sequence[int] = (50, 25),
    classes: Sequence[str] = DIGITS,
    dtype: DTypeLike = np.float32,
    inputs: int = 28 * 28,
) -> Network:
    """A multilayer perceptron: `inputs` pixels, then `hidden` ReLU units, then one logit a class."""
    layers: list[Layer] = []
    for units in hidden:
        layers += [Dense(units), ReLU()]
    return Network([*layers, Dense(len(classes))], (inputs,), classes, dtype)
