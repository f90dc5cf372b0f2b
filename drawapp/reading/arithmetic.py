"""The arithmetic of one unit: the numbers from what it reads to what it says.

People believe a sum that they can check. So a unit of a dense layer is told with its weights, its terms, its bias and
what its bend makes of them; an output with the softmax. All numbers are those of the thought that is shown.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from drawapp.reading.thought import Thought
from nn_scratch.arrays import Array
from nn_scratch.nn.layers import Dense


class Term(NamedTuple):
    """Input `source` x its weight = `value`."""

    source: int
    x: float
    weight: float
    value: float


class Exponential(NamedTuple):
    """One class of the softmax: its score and e^score."""

    label: str
    score: float
    value: float


class Sum(NamedTuple):
    """z = `total` + `bias`, and `value` is what the layers behind make of it; `bends` are their kinds, in order."""

    weights: Array  # (n,)
    terms: Array  # (n,) x_i w_i
    largest: tuple[Term, ...]
    total: float
    bias: float
    z: float
    value: float
    bends: tuple[str, ...]


def sum_of(thought: Thought, stage: int, unit: int, count: int = 5) -> Sum | None:
    """The sum of a unit with its `count` largest terms; None where the stage is not made by a dense layer."""
    shown = thought.stages[stage]
    layer = None if shown.source is None else thought.network.layers[shown.source]
    if shown.source is None or not isinstance(layer, Dense):
        return None
    x, weights = thought.input_of(stage), layer.W[:, unit]  # (n,) both
    terms = x * weights
    order = np.argsort(-np.abs(terms), kind="stable")[:count]
    largest = tuple(Term(int(i), float(x[i]), float(weights[i]), float(terms[i])) for i in order if terms[i])
    bias, z = float(layer.b[unit]), float(thought.traced.activations[shown.source][0, unit])
    value = float(thought.traced.activations[shown.last][0, unit])
    bends = tuple(each.kind for each in thought.network.layers[shown.source + 1 : shown.last + 1])
    return Sum(weights, terms, largest, z - bias, bias, z, value, tuple(kind for kind in bends if kind != "dropout"))


def exponentials(thought: Thought) -> list[Exponential]:
    """e^score of every class that may be answered, 0 of the others: the softmax divides by their sum."""
    scores = thought.traced.logits[0].astype(np.float64)  # (K,)
    allowed = thought.probabilities > 0
    return [
        Exponential(label, float(score), float(np.exp(score)) if may else 0.0)
        for label, score, may in zip(thought.network.classes, scores, allowed, strict=True)
    ]
