"""Layers of `Value`s, one neuron at a time: slow, but every weighted sum can be read and stepped through.

As in PyTorch, a layer is called on its inputs and lists its parameters. Signals are lists of values. An image is a list
of channels, a channel is a list of rows, and a row is a list of values.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from nn_scratch.autograd.scalar import Value, flatten

Activation = Callable[[Value], Value]  # such as `Value.tanh`, or a function of yours
Signal = Sequence[Value | float]
Image = Sequence[Sequence[Signal]]  # (channels, rows, columns)


class Module:
    """Something with parameters that learn: the values and modules in its attributes, and in lists there."""

    def parameters(self) -> list[Value]:
        """All values that training changes, in a fixed order."""
        lists = [value if isinstance(value, list) else [value] for value in vars(self).values()]
        found = [item.parameters() if isinstance(item, Module) else item for item in flatten(lists)]
        return [item for item in flatten(found) if isinstance(item, Value)]

    def zero_grad(self) -> None:
        """Forget the gradients of the last example; otherwise those of the next one would be added to them."""
        for parameter in self.parameters():
            parameter.zero_grad()


class Neuron(Module):
    """activation(w . x + b), with weights that start at variance gain / inputs, so that the signal keeps its size."""

    def __init__(self, inputs: int, rng: random.Random, activation: Activation | None = None) -> None:
        if inputs < 1:
            raise ValueError(f"A neuron needs at least one input, not {inputs}.")
        gain = 2.0 if activation is Value.relu else 1.0  # ReLU loses half of the signal
        self.w = [Value(rng.gauss(0.0, math.sqrt(gain / inputs))) for _ in range(inputs)]
        self.b = Value(0.0)
        self.activation = activation

    def __repr__(self) -> str:
        after = f", {getattr(self.activation, '__name__', self.activation)}" if self.activation else ""
        return f"Neuron({len(self.w)} inputs{after})"

    def __call__(self, x: Signal) -> Value:
        if len(x) != len(self.w):
            raise ValueError(f"A neuron of {len(self.w)} inputs cannot read {len(x)} numbers.")
        z = sum((w * x_i for w, x_i in zip(self.w, x, strict=True)), self.b)
        return self.activation(z) if self.activation else z


class Linear(Module):
    """`outputs` neurons that see the same inputs; `activation`, such as `Value.tanh`, is applied to their sums."""

    def __init__(self, inputs: int, outputs: int, rng: random.Random, activation: Activation | None = None) -> None:
        if outputs < 1:
            raise ValueError(f"A layer needs at least one neuron, not {outputs}.")
        self.neurons = [Neuron(inputs, rng, activation) for _ in range(outputs)]

    def __repr__(self) -> str:
        return f"Linear({len(self.neurons)} x {self.neurons[0]})"

    def __call__(self, x: Signal) -> list[Value]:
        return [neuron(x) for neuron in self.neurons]


class MLP(Module):
    """Linear layers with `activation` between them, from numbers of units such as 784, 50, 25, 10."""

    def __init__(self, sizes: Iterable[int], rng: random.Random, activation: Activation = Value.relu) -> None:
        pairs = list(pairwise(sizes))
        if not pairs:
            raise ValueError("An MLP needs at least two sizes: the number of its inputs and that of its outputs.")
        hidden = [Linear(inputs, outputs, rng, activation) for inputs, outputs in pairs[:-1]]
        self.layers = [*hidden, Linear(*pairs[-1], rng)]

    def __repr__(self) -> str:
        return f"MLP({', '.join(map(repr, self.layers))})"

    def __call__(self, x: Signal) -> list[Value]:
        *hidden, last = self.layers
        for layer in hidden:
            x = layer(x)
        return last(x)


class Conv2D(Module):
    """`outputs` neurons that look through a square window, which slides over the image by `stride`.

    Each neuron uses the same weights at all places, because a stroke looks the same wherever it is. Source: LeCun et
    al., "Backpropagation Applied to Handwritten Zip Code Recognition" (1989).
    """

    def __init__(
        self,
        channels: int,
        outputs: int,
        kernel: int,
        rng: random.Random,
        stride: int = 1,
        activation: Activation | None = Value.tanh,  # as in 1989
    ) -> None:
        if kernel < 1 or stride < 1:
            raise ValueError(f"The kernel and the stride are at least 1 pixel, not {kernel} and {stride}.")
        self.channels, self.kernel, self.stride = channels, kernel, stride
        self.neurons = Linear(channels * kernel * kernel, outputs, rng, activation).neurons

    def __repr__(self) -> str:
        return f"Conv2D({len(self.neurons)} x {self.neurons[0]}, kernel {self.kernel}, stride {self.stride})"

    def __call__(self, image: Image) -> list[list[list[Value]]]:
        """(channels, H, W) -> (outputs, (H - kernel) // stride + 1, (W - kernel) // stride + 1).

        Raises:
            ValueError: the image has other channels, its rows differ in length, or the kernel is larger than it.
        """
        if len(image) != self.channels:
            raise ValueError(f"A convolution over {self.channels} channels cannot read an image of {len(image)}.")
        sizes = {(len(channel), len(row)) for channel in image for row in channel}
        if len(sizes) != 1:
            raise ValueError("All channels of an image must have the same height, and all its rows the same width.")
        ((height, width),) = sizes
        if self.kernel > min(height, width):
            raise ValueError(f"A kernel of {self.kernel} pixels does not fit into images of {height}x{width}.")
        downs, rights = (
            [slice(start, start + self.kernel) for start in range(0, side - self.kernel + 1, self.stride)]
            for side in (height, width)
        )
        windows = [
            [flatten(row[right] for channel in image for row in channel[down]) for right in rights] for down in downs
        ]
        return [[[neuron(window) for window in row] for row in windows] for neuron in self.neurons]


def cross_entropy(logits: Sequence[Value], label: int) -> Value:
    """-log p of the right class, p = softmax(logits); the largest logit is subtracted first: nothing overflows."""
    if not 0 <= label < len(logits):
        raise ValueError(f"The label {label} is not one of {len(logits)} classes, which are numbered from 0.")
    largest = max(logit.data for logit in logits)
    total = sum(((logit - largest).exp() for logit in logits), Value(0.0))
    return total.log() - (logits[label] - largest)
