"""Schedules: the learning rate over the course of training.

Large steps go far but cannot settle in a minimum, and small steps settle but do not get far. So the rate changes during
training. A schedule is a function of the fraction t of the training that is done, 0 <= t < 1; it returns a factor for
the learning rate.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from nn_scratch.checks import POSITIVE

Schedule = Callable[[float], float]

WARM_UP = 0.25  # the fraction of a one-cycle in which the rate rises
START = 0.04  # the factor at which it starts


def constant(t: float) -> float:
    """The same rate from the beginning to the end."""
    return 1.0


def cosine(t: float) -> float:
    """From 1 down to 0 along half a cosine (Loshchilov and Hutter, "SGDR", 2017, without restarts)."""
    return 0.5 * (1 + math.cos(math.pi * t))


def one_cycle(t: float) -> float:
    """Up to 1 along half a cosine, then down to 0 along another.

    Small steps while the first gradients are unreliable, then large steps to get far, then small steps to settle
    (Smith and Topin, "Super-Convergence", 2018).
    """
    if t < WARM_UP:
        return START + (1 - START) * (1 - cosine(t / WARM_UP))
    return cosine((t - WARM_UP) / (1 - WARM_UP))


def stairs(drops: Sequence[float], factor: float = 0.1) -> Schedule:
    """Times `factor` at each of `drops`, which are fractions of the training.

    Raises:
        ValueError: `factor` is not above 0.
    """
    POSITIVE.check("factor", factor)
    return lambda t: factor ** sum(t >= drop for drop in drops)


SCHEDULES: dict[str, Schedule] = {
    "constant": constant,
    "step": stairs((0.2, 0.4, 0.6, 0.8), 0.5),  # halved after each fifth of the training
    "multi-step": stairs((0.5, 0.75)),  # as for the residual networks of He et al. (2016) on CIFAR-10
    "cosine": cosine,
    "one-cycle": one_cycle,
}
