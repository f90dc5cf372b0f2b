"""The network: a sequence of layers, with all their parameters in one vector.

A layer knows only its own derivative; the network applies the chain rule from the last layer to the first. One vector
lets everything that treats all parameters alike be a line or two.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from nn_scratch.arrays import Array, Shape, check_inputs, to_inputs
from nn_scratch.checks import check_memory
from nn_scratch.layers import Dense, Layer, ReLU, names_of
from nn_scratch.losses import Loss, SoftmaxCrossEntropy

DIGITS = tuple("0123456789")
CHUNK = 32  # images that `logits` reads at once, at least
CACHED = 2**17  # it reads more as long as no layer has more numbers for them than this: 512 KB, which stay in the cache


class Network:
    """A sequence of layers from inputs of `input_shape` to one output for each of `classes`.

    All parameters are in one contiguous vector `parameters` (P,) and their gradients in `gradients` (P,), and the
    layers have views into them. So an optimizer, the norm of the gradient, or a copy of the best model so far need only
    a line or two. What layers keep without training it is in the vector `state` in the same way. A layer belongs to one
    network. `copy.deepcopy` and `pickle` give whole networks, with layers and vectors of their own.

    Attributes:
        layers: the layers, in order; `names` has a unique name for each of them.
        shapes: the shape of each layer's output for one example.
        classes: the labels of the classes, or the names of the outputs.
        loss: what the network was trained with; it says how outputs are read.
        started: whether it has numbers to start from, because `initialize` has run, or a file was loaded.
        frozen: the names of the layers whose parameters do not learn; `freeze` sets them.
        learning: the part of the vectors that learns.
        first_learning: the number of the first layer that learns.
        first_active: the number of the first layer that runs in training mode: it follows the frozen layers at the
            beginning, which are the same function in training as in use.
        arrays: the views of parameters and state, by the name of the layer and their own name.
        metadata: how the network was made; only JSON values, because the model file keeps them.
    """

    def __init__(
        self, layers: Sequence[Layer], input_shape: Shape, classes: Sequence[str], dtype: DTypeLike = np.float32
    ) -> None:
        check_layers(layers)
        self.layers, self.names = list(layers), names_of(layers)
        self.input_shape, self.classes = tuple(input_shape), tuple(classes)
        self.loss: Loss = SoftmaxCrossEntropy()
        self.metadata: dict[str, Any] = {}
        self.shapes = build(self.layers, self.names, self.input_shape)
        if self.shapes[-1] != (len(self.classes),):
            raise ValueError(
                f"The last layer gives shape {self.shapes[-1]}, but there are {len(self.classes)} classes."
            )
        count = sum(count_numbers(layer.parameter_shapes) for layer in self.layers)
        check_memory(2 * count * np.dtype(dtype).itemsize, f"A network of {count:,} parameters", "make layers smaller")
        self.parameters = np.zeros(count, dtype)
        self.gradients = np.zeros_like(self.parameters)  # (P,) both
        self.state = np.zeros(sum(count_numbers(layer.state_shapes) for layer in self.layers), dtype)  # (S,)
        self.started = False
        self.frozen: tuple[str, ...] = ()
        for layer in self.layers:
            layer.in_network = True
        self._bind()

    def __getstate__(self) -> dict[str, Any]:
        """What `copy.deepcopy` and `pickle` take over: all but the views, which would become arrays of their own."""
        return {name: value for name, value in vars(self).items() if name != "arrays"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Become the copy of a network: the copied layers get views of the copied vectors."""
        vars(self).update(state)
        self._bind()

    def _bind(self) -> None:
        """Give each layer its views of the vectors: first those that learn, in order, then those that are frozen."""
        order = sorted(range(len(self.layers)), key=lambda number: self.names[number] in self.frozen)
        views, start, state_start = {}, 0, 0
        for number in order:
            layer, name = self.layers[number], self.names[number]
            parameters = carve(self.parameters, start, layer.parameter_shapes)
            state = carve(self.state, state_start, layer.state_shapes)
            layer.bind(parameters | state, carve(self.gradients, start, layer.parameter_shapes))
            views[name] = parameters | state
            start += count_numbers(layer.parameter_shapes)
            state_start += count_numbers(layer.state_shapes)
        self.arrays = {name: views[name] for name in self.names}
        learns = [n for n in order if self.names[n] not in self.frozen and self.layers[n].parameter_shapes]
        self.first_learning = min(learns, default=0)
        before = [number for number in range(self.first_learning) if self.names[number] in self.frozen]
        self.first_active = max(before, default=-1) + 1
        self.learning = slice(0, sum(count_numbers(self.layers[number].parameter_shapes) for number in learns))

    def initialize(self, rng: np.random.Generator) -> Network:
        """Fill all parameters with the numbers that training starts from; returns the network itself."""
        for layer, views in zip(self.layers, self.arrays.values(), strict=True):
            layer.initialize(rng)
            if replaced := [name for name, view in views.items() if getattr(layer, name, view) is not view]:
                raise ValueError(f"{layer} must fill its arrays, self.{replaced[0]}[...] = numbers, not replace them.")
        self.started = True
        return self

    @property
    def initialized(self) -> bool:
        """Whether there are numbers to start from: it was `started`, or parameters were set."""
        return self.started or bool(self.parameters.any()) or not self.parameters.size

    def reseed(self, rng: np.random.Generator) -> None:
        """Take the random decisions of layers in training from `rng`."""
        for layer in self.layers:
            layer.reseed(rng)

    def freeze(self, names: Iterable[str] = ()) -> None:
        """Let the layers of these names no longer learn; without names, all learn again.

        The vectors are laid out anew, what learns first, so that an optimizer only has to see `parameters[learning]`:
        attach it afterwards. A frozen layer is the same function in training as in use: batch normalization keeps its
        running averages. So is everything before the first layer that learns.

        Raises:
            ValueError: there is no such layer with parameters, or none would be left to learn.
        """
        names = (names,) if isinstance(names, str) else tuple(names)
        possible = [n for n, layer in zip(self.names, self.layers, strict=True) if layer.parameter_shapes]
        unknown = [name for name in names if name not in possible]
        if unknown or (names and set(names) >= set(possible)):
            wrong = f"there is no {unknown[0]}" if unknown else "none would be left to learn"
            raise ValueError(f"The layers that can be frozen are {', '.join(possible)}, but not all; {wrong}.")
        kept = {name: {key: array.copy() for key, array in arrays.items()} for name, arrays in self.arrays.items()}
        self.frozen = tuple(name for name in possible if name in names)
        self._bind()
        for name, arrays in kept.items():
            for key, array in arrays.items():
                self.arrays[name][key][...] = array

    def __repr__(self) -> str:
        return f"Network with inputs of shape {self.input_shape} and {len(self.classes)} classes:\n{self.summary()}"

    def summary(self) -> str:
        """A table of the layers: names, output shapes for one example, and numbers of parameters."""
        rows = [("layer", "output shape", "parameters")]
        for name, layer, shape in zip(self.names, self.layers, self.shapes, strict=True):
            rows.append((name, " x ".join(map(str, shape)), f"{count_numbers(layer.parameter_shapes):,}"))
        rows.append(("", "", f"{self.parameters.size:,}"))
        first, second, third = (max(map(len, column)) for column in zip(*rows, strict=True))
        return "\n".join(f"{name:{first}}  {shape:{second}}  {count:>{third}}" for name, shape, count in rows)

    def forward(self, x: Array, training: bool = False) -> Array:
        """Outputs (B, K) of a batch (B, *input_shape); with `training`, the layers keep what `backward` needs."""
        for number, layer in enumerate(self.layers):
            if training and number > self.first_learning and self.names[number] in self.frozen:
                x = layer.trace(x)
            else:
                x = layer.forward(x, training and number >= self.first_active)
        return x

    def backward(self, dz: Array) -> None:
        """Fill `gradients` from `dz` = dL/d(outputs) (B, K) of the last batch that went forward in training.

        The chain rule, last layer first: each layer turns the gradient of its output into that of its input, which is
        the output of the layer before. The images do not change, so dL/dx of the first layer that learns is not
        needed: leaving it out saves one of the largest matrix products.
        """
        for number in range(len(self.layers) - 1, self.first_learning - 1, -1):
            self.layers[number].needs_dx = number > self.first_learning
            dz = self.layers[number].backward(dz)

    def inputs(self, images: ArrayLike) -> Array:
        """`images` (B, ...), bytes or floats as `check_inputs` says, as a batch for `forward`: (B, *input_shape).

        Raises:
            ValueError: they have another type or size, or the network was never initialized.
        """
        batch = self.checked(images)
        return to_inputs(batch, np.empty((len(batch), *self.input_shape), self.parameters.dtype))

    def checked(self, images: ArrayLike) -> NDArray[Any]:
        """`images` as an array, after `inputs` was found to be possible; ValueError as there."""
        if not self.initialized:
            raise ValueError("The network was never initialized: all its parameters are 0; call initialize(rng) first.")
        batch = check_inputs(images)
        if batch.ndim < 2 or math.prod(batch.shape[1:]) != math.prod(self.input_shape):
            raise ValueError(f"A batch of shape {batch.shape} does not fit the input shape {self.input_shape}.")
        if is_channels_first(batch.shape[1:], self.input_shape):
            shape = batch.shape[1:]
            raise ValueError(f"Images are (height, width, channels), not {shape}: images.transpose(0, 2, 3, 1).")
        return batch

    def logits(self, images: ArrayLike) -> Array:
        """Outputs as they come from the last layer, (B, K), of uint8 (B, 28, 28) or floats (B, 784) in 0 ... 1.

        One image alone, (28, 28) or (784,), has one row of outputs, (K,).

        Raises:
            ValueError: as for `inputs`.
        """
        if self._is_one_image(np.shape(images)):
            return self.logits(np.asarray(images)[None])[0]
        batch = self.checked(images)
        outputs = np.empty((len(batch), len(self.classes)), self.parameters.dtype)
        size = max(CHUNK, CACHED // max(map(math.prod, [self.input_shape, *self.shapes])))
        buffer = np.empty((min(len(batch), size), *self.input_shape), self.parameters.dtype)
        for start in range(0, len(batch), size):
            chunk = batch[start : start + size]
            outputs[start : start + size] = self.forward(to_inputs(chunk, buffer[: len(chunk)]))
        return outputs

    def _is_one_image(self, shape: Shape) -> bool:
        """Whether `shape` is that of an image, not of a batch: it has all numbers of one, but no row of it has."""
        size = math.prod(self.input_shape)
        return math.prod(shape) == size and (len(shape) < 2 or math.prod(shape[1:]) != size)

    def predict_proba(self, images: ArrayLike) -> Array:
        """What the outputs say as `loss` reads them, (B, K), (K,) of one image: probabilities, or the numbers."""
        return self.loss.probabilities(self.logits(images))

    def predict(self, images: ArrayLike) -> NDArray[Any]:
        """The answers as `loss` reads them: the number of the likeliest class, (B,); () of one image."""
        return self.loss.decided(self.logits(images))


def check_layers(layers: Sequence[Layer]) -> None:
    """ValueError unless `layers` can become a network: separate objects with a kind each, and of no other network."""
    if not layers:
        raise ValueError("A network needs at least one layer.")
    if len(set(map(id, layers))) < len(layers):
        raise ValueError("Each layer of a network must be a separate object.")
    for layer in layers:
        if not layer.kind:
            name = type(layer).__name__
            raise ValueError(f"The class {name} needs a kind, its name in model files: kind = {name.lower()!r}.")
        if layer.in_network:
            raise ValueError(f"The layer {layer} already belongs to a network; make a new one with the same arguments.")


def build(layers: Sequence[Layer], names: Sequence[str], input_shape: Shape) -> list[Shape]:
    """Tell each layer the shape of its input; return the shapes of all outputs. No memory is taken."""
    shapes, shape = [], input_shape
    for name, layer in zip(names, layers, strict=True):
        try:
            shape = layer.build(shape)
        except ValueError as error:
            raise ValueError(f"Layer {name} does not fit: {error}") from error
        shapes.append(shape)
    return shapes


def count_numbers(shapes: Mapping[str, Shape]) -> int:
    """How many numbers there are in arrays of all these shapes."""
    return sum(math.prod(shape) for shape in shapes.values())


def carve(vector: Array, start: int, shapes: Mapping[str, Shape]) -> dict[str, Array]:
    """Views of these shapes into `vector`, one after the other from `start` on."""
    views = {}
    for name, shape in shapes.items():
        stop = start + math.prod(shape)
        views[name] = vector[start:stop].reshape(shape)
        start = stop
    return views


def is_channels_first(shape: Shape, expected: Shape) -> bool:
    """Whether images of `shape` have as many channels as `expected` (H, W, C), but before their pixels."""
    return len(shape) == len(expected) == 3 and shape != expected and shape == (expected[2], *expected[:2])


def mlp(
    hidden: Sequence[int] = (50, 25),
    classes: Sequence[str] = DIGITS,
    dtype: DTypeLike = np.float32,
    inputs: int = 28 * 28,
) -> Network:
    """A multilayer perceptron: `inputs` numbers, layers of `hidden` ReLU units, and one output per class."""
    layers: list[Layer] = []
    for units in hidden:
        layers += [Dense(units), ReLU()]
    return Network([*layers, Dense(len(classes))], (inputs,), classes, dtype)
