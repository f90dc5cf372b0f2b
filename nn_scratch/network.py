"""The network: a sequence of layers, with all their parameters in one vector.

A layer knows only its own derivative; the network applies the chain rule from the last layer to the first. One vector
lets everything that treats all parameters alike be a line or two.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from nn_scratch.arrays import Array, Images, Shape
from nn_scratch.checks import check_memory
from nn_scratch.inputs import check_images, to_inputs
from nn_scratch.layers import Dense, Deslant, Layer, ReLU
from nn_scratch.layers.kinds import kind_of
from nn_scratch.layers.layer import names_of
from nn_scratch.losses import softmax

DIGITS = tuple("0123456789")
CHUNK = 32  # images that `logits` reads at once, or more
CACHED = 2**17  # as long as no layer has more numbers for them than this: 512 KB, which stay in the cache


class Network:
    """A sequence of layers from inputs of `input_shape` to one score (logit) for each of `classes`.

    All parameters are in one contiguous vector `parameters` (P,) and their gradients in `gradients` (P,), and the
    layers have views into them. So an optimizer, the norm of the gradient, or a copy of the best model so far need only
    a line or two. What layers keep without training it is in the vector `state` in the same way. A layer belongs to one
    network. `copy.deepcopy` and `pickle` give whole networks, with layers and vectors of their own.

    Attributes:
        layers: the layers, in order; `names` has a unique name for each of them.
        shapes: the shape of each layer's output for one example.
        first_trained: the number of the first layer whose parameters learn.
        frozen: how many layers, from the first, are frozen.
        learning: the part of the vectors that learns; what is before it belongs to frozen layers.
        arrays: the views of parameters and state, by the name of the layer and their own name.
        classes: the labels of the classes.
        metadata: how the network was made; only JSON values, because the model file keeps them.
    """

    def __init__(
        self, layers: Sequence[Layer], input_shape: Shape, classes: Sequence[str], dtype: DTypeLike = np.float32
    ) -> None:
        check_layers(layers)
        self.layers = list(layers)
        self.input_shape = tuple(input_shape)
        self.classes = tuple(classes)
        self.metadata: dict[str, Any] = {}
        self.names, self.shapes = self._build()
        self.first_trained, self.frozen, self.learning = 0, 0, slice(0, None)
        self.freeze(0)
        count = count_numbers(layer.parameter_shapes() for layer in self.layers)
        check_memory(2 * count * np.dtype(dtype).itemsize, f"A network of {count:,} parameters", "make layers smaller")
        self.parameters: Array = np.zeros(count, dtype)
        self.gradients: Array = np.zeros_like(self.parameters)  # (P,) both
        self.state: Array = np.zeros(count_numbers(layer.state_shapes() for layer in self.layers), dtype)  # (S,)
        self._started = False  # whether `initialize` has run
        self.arrays = self._bind()

    def __getstate__(self) -> dict[str, Any]:
        """What `copy.deepcopy` and `pickle` take over: all but the views, which would become arrays of their own."""
        return {name: value for name, value in vars(self).items() if name != "arrays"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Become the copy of a network: the copied layers get views of the copied vectors."""
        vars(self).update(state)
        self.arrays = self._bind()

    def _build(self) -> tuple[list[str], list[Shape]]:
        """Tell each layer the shape of its input; return all names (dense_1, relu_1, ...) and output shapes."""
        names, shape, shapes = names_of(self.layers), self.input_shape, []
        for name, layer in zip(names, self.layers, strict=True):
            try:
                shape = layer.build(shape)
            except ValueError as error:
                raise ValueError(f"Layer {name} does not fit: {error}") from error
            shapes.append(shape)
        if shape != (len(self.classes),):
            raise ValueError(f"The last layer gives shape {shape}, but there are {len(self.classes)} classes.")
        return names, shapes

    def _bind(self) -> dict[str, dict[str, Array]]:
        """Give each layer its views of the vectors; return the views of parameters and state by name."""
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
            layer.in_network = True
        return arrays

    def initialize(self, rng: np.random.Generator) -> Network:
        """Fill all parameters with the numbers that training starts from; returns the network itself."""
        for layer in self.layers:
            layer.initialize(rng)
        self._started = True
        return self

    @property
    def initialized(self) -> bool:
        """Whether there are numbers to start from: `initialize` has run, or parameters were loaded or set."""
        return self._started or bool(self.parameters.any())

    def reseed(self, rng: np.random.Generator) -> None:
        """Take the random decisions of layers in training from `rng`."""
        for layer in self.layers:
            layer.reseed(rng)

    def freeze(self, count: int) -> None:
        """Let the first `count` layers that have parameters no longer learn; with 0, all learn.

        The parameters lie in the order of the layers, so those of frozen layers are the beginning of the vector:
        training leaves them alone if its optimizer sees the rest, `parameters[learning]`. A frozen layer, and all
        before it, is the same function in training as in use: its dropout leaves nothing out, and its batch
        normalization keeps its running averages.

        Raises:
            ValueError: no layer would be left to learn, or `count` is negative.
        """
        with_parameters = [number for number, layer in enumerate(self.layers) if layer.parameter_shapes()]
        if not 0 <= count < max(len(with_parameters), 1):
            raise ValueError(
                f"{len(with_parameters)} layers have parameters, so from 0 to {max(len(with_parameters) - 1, 0)} of "
                f"them can be frozen, not {count}."
            )
        self.frozen = with_parameters[count - 1] + 1 if count else 0
        self.first_trained = next(iter(with_parameters[count:]), 0)
        start = count_numbers(layer.parameter_shapes() for layer in self.layers[: self.frozen])
        self.learning = slice(start, None)

    def __repr__(self) -> str:
        return f"Network with inputs of shape {self.input_shape} and {len(self.classes)} classes:\n{self.summary()}"

    def summary(self) -> str:
        """A table of the layers: names, output shapes for one example, and numbers of parameters."""
        rows = [("layer", "output shape", "parameters")]
        for name, layer, shape in zip(self.names, self.layers, self.shapes, strict=True):
            rows.append((name, " x ".join(map(str, shape)), f"{count_numbers([layer.parameter_shapes()]):,}"))
        rows.append(("", "", f"{self.parameters.size:,}"))
        first, second, third = (max(map(len, column)) for column in zip(*rows, strict=True))
        return "\n".join(f"{name:{first}}  {shape:{second}}  {count:>{third}}" for name, shape, count in rows)

    def forward(self, x: Array, training: bool = False) -> Array:
        """Logits (B, K) of a batch (B, *input_shape); with `training`, the layers keep what `backward` needs."""
        for number, layer in enumerate(self.layers):
            x = layer.forward(x, training and number >= self.frozen)
        return x

    def backward(self, dz: Array) -> None:
        """Fill `gradients` from `dz` = dL/d(logits) (B, K) of the last batch that went forward in training.

        The chain rule, last layer first: each layer turns the gradient of its output into that of its input, which is
        the output of the layer before. The images do not change, so dL/dx of the first layer with parameters is not
        needed: leaving it out saves one of the largest matrix products. Below it there may be frozen layers, whose
        gradients stay as they are.
        """
        first, *others = self.layers[self.first_trained :]
        for layer in reversed(others):
            layer.backward_parameters(dz)
            dz = layer.backward(dz)
        first.backward_parameters(dz)

    def inputs(self, images: Images | Array) -> Array:
        """`images`, uint8 0 ... 255 or floats 0 ... 1, (B, H, W), (B, H, W, C) or (B, n), as a batch for `forward`.

        The batch is (B, *input_shape), floats from 0 to 1.

        Raises:
            ValueError: the images have another type or size, or floats that are NaN or not from 0 to 1.
        """
        batch = self.checked(images)
        return to_inputs(batch, np.empty((len(batch), *self.input_shape), self.parameters.dtype))

    def checked(self, images: Images | Array) -> NDArray[Any]:
        """`images` as an array, after `inputs` was found to be possible; ValueError as there."""
        batch = check_images(images)
        if batch.ndim < 2 or math.prod(batch.shape[1:]) != math.prod(self.input_shape):
            raise ValueError(f"A batch of shape {batch.shape} does not fit the input shape {self.input_shape}.")
        return batch

    def logits(self, images: Images | Array) -> Array:
        """Scores before the softmax, (B, K), of uint8 (B, 28, 28) or floats (B, 784) in 0 ... 1.

        One image alone, (28, 28) or (784,), has one row of scores, (K,).

        Raises:
            ValueError: as for `inputs`.
        """
        if self._is_one_image(np.shape(images)):
            batch: NDArray[Any] = np.asarray(images)[None]
            row: Array = self.logits(batch)[0]
            return row
        images = self.checked(images)
        scores = np.empty((len(images), len(self.classes)), self.parameters.dtype)
        largest = max(map(math.prod, [self.input_shape, *self.shapes]))
        size = max(CHUNK, CACHED // largest)
        buffer = np.empty((min(len(images), size), *self.input_shape), self.parameters.dtype)
        for start in range(0, len(images), size):
            chunk = images[start : start + size]
            scores[start : start + size] = self.forward(to_inputs(chunk, buffer[: len(chunk)]))
        return scores

    def _is_one_image(self, shape: Shape) -> bool:
        """Whether `shape` is that of an image, not of a batch: it has all numbers of one, but no row of it has."""
        size = math.prod(self.input_shape)
        return math.prod(shape) == size and (len(shape) < 2 or math.prod(shape[1:]) != size)

    def predict_proba(self, images: Images | Array) -> Array:
        """The probability of each class, (B, K), of uint8 (B, 28, 28) or floats (B, 784) in 0 ... 1; (K,) of one."""
        return softmax(self.logits(images))

    def predict(self, images: Images | Array) -> NDArray[np.int64]:
        """The number of the likeliest class, (B,), of uint8 (B, 28, 28) or floats (B, 784) in 0 ... 1; () of one."""
        numbers: NDArray[np.int64] = self.logits(images).argmax(axis=-1)
        return numbers

    def seen(self, images: Images) -> Images:
        """`images` (B, H, W) as the network sees them: set upright if its first layer does that."""
        first = self.layers[0]
        if not isinstance(first, Deslant):
            return images
        upright: Images = np.rint(first.forward(self.inputs(images)) * 255).astype(np.uint8).reshape(images.shape)
        return upright


def check_layers(layers: Sequence[Layer]) -> None:
    """ValueError unless `layers` can become a network: separate objects with a kind each, and of no other network."""
    if not layers:
        raise ValueError("A network needs at least one layer.")
    if len(set(map(id, layers))) < len(layers):
        raise ValueError("Each layer of a network must be a separate object.")
    for layer in layers:
        kind_of(type(layer))
        if layer.in_network:
            raise ValueError(f"The layer {layer} already belongs to a network; make a new one with the same arguments.")


def count_numbers(shapes: Iterable[dict[str, Shape]]) -> int:
    """How many numbers there are in arrays of all these shapes."""
    return sum(math.prod(shape) for named in shapes for shape in named.values())


def carve(vector: Array, start: int, shapes: dict[str, Shape]) -> dict[str, Array]:
    """Views of these shapes into `vector`, one after the other from `start` on."""
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
    """A multilayer perceptron: `inputs` pixels, layers of `hidden` ReLU units, and one logit per class."""
    layers: list[Layer] = []
    for units in hidden:
        layers += [Dense(units), ReLU()]
    return Network([*layers, Dense(len(classes))], (inputs,), classes, dtype)
