"""Layers of `Value`s, one neuron at a time: slow, but every weighted sum can be read and stepped through.

As in PyTorch, a layer is called on its inputs and lists its parameters. Signals are lists of values. An image is a list
of channels, a channel is a list of rows, and a row is a list of values.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import TypeVar

from nn_scratch.autograd.scalar import Value

Item = TypeVar("Item")
Signal = Sequence[Value | float]
Image = Sequence[Sequence[Signal]]  # (channels, rows, columns)


class Neuron:
    """w . x + b, with weights that start at variance gain / inputs, so that the signal keeps its size."""

    def __init__(self, inputs: int, rng: random.Random, gain: float = 1.0) -> None:
        if inputs < 1:
            raise ValueError(f"A neuron needs at least one input, not {inputs}.")
        self.w = [Value(rng.gauss(0.0, math.sqrt(gain / inputs))) for _ in range(inputs)]
        self.b = Value(0.0)

    def __call__(self, x: Iterable[Value | float]) -> Value:
        return sum((w * x_i for w, x_i in zip(self.w, x, strict=True)), self.b)

    def parameters(self) -> list[Value]:
        return [*self.w, self.b]


class Linear:
    """`outputs` neurons that see the same inputs; `activation`, such as `Value.tanh`, is applied to their sums."""

    def __init__(
        self, inputs: int, outputs: int, rng: random.Random, activation: Callable[[Value], Value] | None = None
    ) -> None:
        gain = 2.0 if activation is Value.relu else 1.0  # ReLU loses half of the signal
        self.neurons = [Neuron(inputs, rng, gain) for _ in range(outputs)]
        self.activation = activation

    def __call__(self, x: Signal) -> list[Value]:
        z = [neuron(x) for neuron in self.neurons]
        return [self.activation(z_j) for z_j in z] if self.activation else z

    def parameters(self) -> list[Value]:
        return [parameter for neuron in self.neurons for parameter in neuron.parameters()]


class MLP:
    """Linear layers with `activation` between them, from numbers of units such as 784, 50, 25, 10."""

    def __init__(
        self, sizes: Iterable[int], rng: random.Random, activation: Callable[[Value], Value] = Value.relu
    ) -> None:
        pairs = list(pairwise(sizes))
        if not pairs:
            raise ValueError("An MLP needs at least two sizes: the number of its inputs and that of its outputs.")
        hidden = [Linear(inputs, outputs, rng, activation) for inputs, outputs in pairs[:-1]]
        self.layers = [*hidden, Linear(*pairs[-1], rng)]

    def __call__(self, x: Signal) -> list[Value]:
        *hidden, last = self.layers
        for layer in hidden:
            x = layer(x)
        return last(x)

    def parameters(self) -> list[Value]:
        return [parameter for layer in self.layers for parameter in layer.parameters()]


class Conv2D:
    """`outputs` neurons that look through a square window, which slides over the image by `stride`, with tanh.

    Each neuron uses the same weights at all places, because a stroke looks the same wherever it is. Source: LeCun et
    al., "Backpropagation Applied to Handwritten Zip Code Recognition" (1989).
    """

    def __init__(self, channels: int, outputs: int, kernel: int, rng: random.Random, stride: int = 1) -> None:
        if kernel < 1 or stride < 1:
            raise ValueError(f"The kernel and the stride are at least 1 pixel, not {kernel} and {stride}.")
        self.kernel = kernel
        self.stride = stride
        self.neurons = [Neuron(channels * kernel * kernel, rng) for _ in range(outputs)]

    def __call__(self, image: Image) -> list[list[list[Value]]]:
        """(channels, H, W) -> (outputs, (H - kernel) // stride + 1, (W - kernel) // stride + 1).

        Raises:
            ValueError: the kernel is larger than the image.
        """
        height, width = len(image[0]), len(image[0][0])
        if self.kernel > min(height, width):
            raise ValueError(f"A kernel of {self.kernel} pixels does not fit into images of {height}x{width}.")
        rows = range(0, height - self.kernel + 1, self.stride)
        columns = range(0, width - self.kernel + 1, self.stride)
        windows = [[self._window(image, row, column) for column in columns] for row in rows]
        return [[[neuron(window).tanh() for window in row] for row in windows] for neuron in self.neurons]

    def _window(self, image: Image, row: int, column: int) -> list[Value | float]:
        """What a neuron sees through the window whose top left corner is at (row, column)."""
        rows = [line[column : column + self.kernel] for channel in image for line in channel[row : row + self.kernel]]
        return flatten(rows)

    def parameters(self) -> list[Value]:
        return [parameter for neuron in self.neurons for parameter in neuron.parameters()]


def flatten(lists: Iterable[Sequence[Item]]) -> list[Item]:
    """One list of all the items in `lists`."""
    return [item for items in lists for item in items]


def cross_entropy(logits: Sequence[Value], label: int) -> Value:
    """-log p of the right class, p = softmax(logits); the largest logit is subtracted first: nothing overflows."""
    if not 0 <= label < len(logits):
        raise ValueError(f"The label {label} is not one of {len(logits)} classes, which are numbered from 0.")
    largest = max(logit.data for logit in logits)
    total = sum(((logit - largest).exp() for logit in logits), Value(0.0))
    return total.log() - (logits[label] - largest)
