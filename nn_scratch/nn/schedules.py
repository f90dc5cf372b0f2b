"""Schedules: the learning rate over the course of training.

A schedule is a function of the part of the training done, 0 <= t < 1, that returns a factor for the learning rate.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

Schedule = Callable[[float], float]

WARM_UP = 0.25  # part of a one-cycle that rises
START = 0.04  # where it starts


def constant(t: float) -> float:
    """The same rate from beginning to end."""
    return 1.0


def cosine(t: float) -> float:
    """From 1 down to 0 along half a cosine (Loshchilov and Hutter, "SGDR", 2017, without restarts)."""
    return 0.5 * (1 + math.cos(math.pi * t))


def one_cycle(t: float) -> float:
    """Up to 1 along half a cosine, then down to 0 along another.

    Small steps while the first gradients point anywhere, large ones to get far, small ones to settle
    (Smith and Topin, "Super-Convergence", 2018).
    """
    if t < WARM_UP:
        return START + (1 - START) * (1 - cosine(t / WARM_UP))
    return cosine((t - WARM_UP) / (1 - WARM_UP))


def stairs(drops: Sequence[float], factor: float = 0.1) -> Schedule:
    """Down by `factor` at each of `drops`, which are parts of the training."""
    return lambda t: factor ** sum(t >= drop for drop in drops)


SCHEDULES: dict[str, Schedule] = {
    "constant": constant,
    "step": stairs((0.2, 0.4, 0.6, 0.8), 0.5),  # halved at every fifth
    "multi-step": stairs((0.5, 0.75)),  # as for the residual networks of He et al. (2016) on CIFAR-10
    "cosine": cosine,
    "one-cycle": one_cycle,
}
