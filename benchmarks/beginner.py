"""The training that a beginner writes in NumPy: right, and with nothing done for speed.

It shows what the care elsewhere is worth. All numbers are float64, as NumPy makes them by default, every operation
returns a fresh array, and every parameter has a step of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from task import DECAY, Predict, Task, initial_parameters

Arrays = list[Any]


def beginner(task: Task) -> Iterator[Predict]:
    """Trains as the task says, with AdamW as in the paper."""
    x, y = task.training.images.reshape(-1, 784) / 255, np.eye(10)[task.training.labels]

    def epochs() -> Iterator[Predict]:
        rng = np.random.default_rng(0)
        parameters: Arrays = [array.astype(float) for array in initial_parameters(rng)]
        m: Arrays = [np.zeros_like(p) for p in parameters]
        v: Arrays = [np.zeros_like(p) for p in parameters]
        rates = iter(task.rates)
        t = 0
        for _ in range(task.epochs):
            for rows in task.batches(rng):
                gradients, rate, t = gradients_of(parameters, x[rows], y[rows]), next(rates), t + 1
                for i, g in enumerate(gradients):
                    m[i] = 0.9 * m[i] + 0.1 * g
                    v[i] = 0.999 * v[i] + 0.001 * g**2
                    step = (m[i] / (1 - 0.9**t)) / (np.sqrt(v[i] / (1 - 0.999**t)) + 1e-8)
                    parameters[i] = parameters[i] - rate * (step + DECAY * parameters[i])
            yield lambda images: forward(parameters, images)[-1].argmax(axis=1)

    return epochs()


def forward(parameters: Arrays, x: Any) -> Arrays:
    """The input, the outputs of the hidden layers, and the logits."""
    outputs = [x]
    for i in range(0, len(parameters), 2):
        z = outputs[-1] @ parameters[i] + parameters[i + 1]
        outputs.append(np.maximum(z, 0) if i + 2 < len(parameters) else z)
    return outputs


def gradients_of(parameters: Arrays, x: Any, y: Any) -> Arrays:
    """The gradients of all parameters for one batch."""
    outputs = forward(parameters, x)
    p = np.exp(outputs[-1] - outputs[-1].max(axis=1, keepdims=True))
    dz = (p / p.sum(axis=1, keepdims=True) - y) / len(x)
    gradients: Arrays = []
    for i in range(len(parameters) - 2, -1, -2):
        gradients = [outputs[i // 2].T @ dz, dz.sum(axis=0), *gradients]
        if i:
            dz = (dz @ parameters[i].T) * (outputs[i // 2] > 0)
    return gradients
