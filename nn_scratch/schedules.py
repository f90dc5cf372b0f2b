"""Schedules: the learning rate over the course of training.

A schedule is a function of the part of the training done, 0 <= t < 1, that returns a factor for the learning rate.
"""

from __future__ import annotations

import math
from collections.abc import Callable

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


SCHEDULES: dict[str, Schedule] = {"constant": constant, "cosine": cosine, "one-cycle": one_cycle}
