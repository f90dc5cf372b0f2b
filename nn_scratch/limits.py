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

LEAST = {"padding": 0} | dict.fromkeys(("outputs", "channels", "kernel", "window", "stride", "shape", "size"), 1)
REAL = ("slope", "momentum", "epsilon", "rate")  # arguments that are numbers of any kind
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


def check_cost(layers: Sequence[Any], input_shape: Shape, shapes: Sequence[Shape]) -> None:
    """Raise ValueError if one image needs too much memory or work; `shapes` are those of the layers' outputs."""
    work = 0
    for number, (layer, before, after) in enumerate(zip(layers, [input_shape, *shapes], shapes, strict=False), 1):
        numbers, multiplications = cost_of(layer, before, after)
        if numbers > MOST_NUMBERS:
            name = f"its layer {number} ({layer.kind})"
            raise ValueError(f"{name} needs {numbers:,} numbers per image, and {MOST_NUMBERS:,} is the limit")
        work += PER_NUMBER * numbers + multiplications
    if work > MOST_WORK:
        raise ValueError(f"an image takes about {work:,} multiplications, and {MOST_WORK:,} is the limit")


def cost_of(layer: Any, input_shape: Shape, output_shape: Shape) -> tuple[int, int]:
    """About how many numbers are in memory while `layer` reads one image, and how many multiplications that takes.

    Input, output and as much in between are there at once. Each output is a sum of as many products as the weights W
    have rows. A layer with a window also has the image in its frame, all that the window sees, and a loop over it.
    """
    if hasattr(layer, "layers"):
        costs = [cost_of(*each) for each in zip(layer.layers, [input_shape, *layer.shapes], layer.shapes, strict=False)]
        return 2 * math.prod(input_shape) + sum(n for n, _ in costs), sum(m for _, m in costs)
    inputs, outputs = math.prod(input_shape), math.prod(output_shape)
    numbers = 10 * inputs if layer.kind == "deslant" else 2 * (inputs + outputs)  # with indices of 64 bits
    multiplications = outputs * math.prod(layer.parameter_shapes.get("W", (0, 0))[:-1])
    windows = getattr(layer, "windows", None)
    if windows is not None:
        numbers += math.prod(windows.framed_shape)
        seen = math.prod(windows.places) * math.prod(windows.size) * input_shape[2]
        numbers += seen if layer.parameter_shapes else 0
        multiplications += 0 if layer.parameter_shapes else math.prod(windows.size) * (outputs + PER_STEP)
    return numbers, multiplications
