"""Fooling images: the smallest change that turns the answer.

If the network were linear, the border between the answer a and another class k would be a plane, and the shortest way
across it would be along w = d(z_k - z_a)/dx, as far as f = z_a - z_k is high:

    r = f / |w|^2 . w

A network is only nearly linear, so the step is taken to the nearest of these planes, and again from there, until the
answer has changed. Source: Moosavi-Dezfooli, Fawzi and Frossard, "DeepFool" (2016), algorithm 2. That such changes
exist, and why: Goodfellow, Shlens and Szegedy, "Explaining and Harnessing Adversarial Examples" (2015).

Ink cannot be less than none or more than full, so each image is brought back between 0 and 1. That takes a part of most
steps away, and of some nearly all. Where half of the steps have not led across, w is from then on 0 at the pixels that
are at the end of their range and would leave it: the planes are a little farther then, but the steps reach them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from nn_scratch.arrays import Array
from nn_scratch.explain.trace import gradients, trace
from nn_scratch.network import Network

OVERSHOOT = 0.02  # a little farther than the border, as in the paper
MAX_STEPS = 50


class Fooled(NamedTuple):
    """The image that was found, (*input_shape) from 0 to 1, what it is taken for, and the length of the change.

    `changed` is False where no step led across a border; `image` is then as far as it went.
    """

    image: Array
    label: int
    distance: float  # L2, ink from 0 to 1
    changed: bool


def fool(network: Network, image: Array, steps: int = MAX_STEPS) -> Fooled:
    """The nearest image found that `network` answers otherwise than `image` (*input_shape), 0 to 1."""
    x = image.astype(network.parameters.dtype)
    answer = int(trace(network, x[None]).logits[0].argmax())
    for step in range(steps):
        logits = trace(network, x[None]).logits[0]  # (K,)
        if int(logits.argmax()) != answer:
            break
        within = x if step >= steps // 2 else None
        x = np.clip(x + (1 + OVERSHOOT) * shortest_step(network, logits, answer, within), 0.0, 1.0)
    label = int(trace(network, x[None]).logits[0].argmax())
    return Fooled(x, label, float(np.linalg.norm(x - image)), label != answer)


def shortest_step(network: Network, logits: Array, answer: int, within: Array | None = None) -> Array:
    """The change of the image last traced that leads to the nearest of the planes, (*input_shape).

    `within` is that image, 0 to 1, where no pixel may leave its range.
    """
    best, shortest = np.zeros(network.input_shape, logits.dtype), np.inf
    for other in range(len(logits)):
        if other == answer:
            continue
        dz = np.zeros((1, len(logits)), logits.dtype)
        dz[0, other], dz[0, answer] = 1.0, -1.0
        w = gradients(network, dz)[0][0]  # d(z_other - z_answer)/dx
        if within is not None:
            w = np.where(np.where(w > 0, within < 1, within > 0), w, w.dtype.type(0))
        length = float(np.linalg.norm(w))
        distance = (float(logits[answer] - logits[other]) + 1e-4) / max(length, 1e-12)
        if distance < shortest:
            best, shortest = (distance / max(length, 1e-12)) * w, distance
    return best
