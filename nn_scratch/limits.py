"""Limits: what the network in a model file may be, so that reading with it costs little.

A layer needs few words: a file of a few KB can describe a network that takes gigabytes, minutes, or no image at all.
So what a file says of its layers is checked before a layer is made, the shapes are computed before memory is taken, and
what one image costs is estimated before one is read.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from nn_scratch.arrays import Shape
from nn_scratch.layers import Conv2D, Dense, DensePerChannel, Deslant, Layer, Residual
from nn_scratch.layers.pool import Pool2D

LEAST = {"padding": 0} | dict.fromkeys(("outputs", "channels", "kernel", "window", "stride", "shape", "size"), 1)
REAL = ("slope", "momentum", "epsilon", "rate")  # numbers of any kind
LARGEST = 2**24  # of any whole number
MOST_DIMENSIONS = 8  # of an input or an output
MOST_NUMBERS = 2**23  # in memory at once, per image: 32 MB, so 4 GB for the 128 images that a network reads at once
MOST_WORK = 2**32  # multiplications per image: about a second

PER_NUMBER = 16  # multiplications take as long as one number takes to be read, changed and written
PER_STEP = 5000  # multiplications take as long as one step of a loop in Python


def check_arguments(arguments: dict[str, Any]) -> None:
    """Raise ValueError unless the arguments of a layer, JSON values, are numbers of the right kind and finite."""
    for name, value in arguments.items():
        values = value if isinstance(value, list) else [value]
        if name in LEAST:
            check_whole(values, name, LEAST[name])
        elif name in REAL and type(value) not in (int, float):  # so that True is not a number
            raise ValueError(f"its {name} is not a number")
        if any(isinstance(number, float) and not math.isfinite(number) for number in values):
            raise ValueError(f"its {name} is not finite")


def check_whole(values: Any, name: str, least: int) -> None:
    """Raise ValueError unless `values` is a list of few whole numbers of at least `least`. True is not a number."""
    if not isinstance(values, list) or len(values) > MOST_DIMENSIONS:
        raise ValueError(f"its {name} is not a short list of whole numbers")
    if not all(type(value) is int and least <= value <= LARGEST for value in values):
        raise ValueError(f"its {name} is not made of whole numbers from {least} to {LARGEST:,}")


def output_shapes(layers: Sequence[Layer], input_shape: Shape) -> list[Shape]:
    """The shape of each layer's output, for inputs of `input_shape`. No memory is taken: only a `Network` does that.

    Raises:
        ValueError: a layer does not fit the one before it.
    """
    shapes, shape = [], input_shape
    for number, layer in enumerate(layers, 1):
        try:
            shape = layer.build(shape)
        except ValueError as error:
            raise ValueError(f"its layer {number} ({layer.kind}) does not fit: {error}") from error
        shapes.append(shape)
    return shapes


def check_cost(layers: Sequence[Layer], input_shape: Shape, shapes: Sequence[Shape]) -> None:
    """Raise ValueError if one image needs too much memory or work; `shapes` are those of the layers' outputs."""
    work = 0
    for number, (layer, before, after) in enumerate(zip(layers, [input_shape, *shapes], shapes, strict=False), 1):
        numbers = numbers_of(layer, before, after)
        if numbers > MOST_NUMBERS:
            name = f"its layer {number} ({layer.kind})"
            raise ValueError(f"{name} needs {numbers:,} numbers per image, and {MOST_NUMBERS:,} is the limit")
        work += PER_NUMBER * numbers + multiplications_of(layer, after)
    if work > MOST_WORK:
        raise ValueError(f"an image takes about {work:,} multiplications, and {MOST_WORK:,} is the limit")


def numbers_of(layer: Layer, input_shape: Shape, output_shape: Shape) -> int:
    """About how many float32 numbers are in memory while `layer` reads one image: input, output and what is between."""
    inputs, outputs = math.prod(input_shape), math.prod(output_shape)
    if isinstance(layer, Conv2D):
        (height, width, channels), (down, across) = input_shape, layer.padding
        framed = (height + 2 * down) * (width + 2 * across) * channels
        columns = math.prod(output_shape[:2]) * layer.inputs
        return inputs + framed + columns + outputs
    if isinstance(layer, Residual):
        before = [input_shape, *layer.shapes]
        return 2 * inputs + sum(map(numbers_of, layer.layers, before, layer.shapes))
    if isinstance(layer, Pool2D):
        return inputs + math.prod(layer.framed_shape) + 2 * outputs
    if isinstance(layer, Deslant):
        return 10 * inputs  # framed images, indices of 64 bits, and both ends of each step
    return 2 * (inputs + outputs)


def multiplications_of(layer: Layer, output_shape: Shape) -> int:
    """About how many multiplications, or comparisons, `layer` needs for one image beside those per number."""
    outputs = math.prod(output_shape)
    if isinstance(layer, Conv2D | Dense):
        return outputs * layer.inputs
    if isinstance(layer, DensePerChannel):
        return outputs * math.prod(layer.input_shape[:2])
    if isinstance(layer, Residual):
        return sum(map(multiplications_of, layer.layers, layer.shapes))
    if isinstance(layer, Pool2D):
        return math.prod(layer.window.size) * (outputs + PER_STEP)
    return 0
