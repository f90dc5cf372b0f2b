"""Images that the gradient of a score leads to: what a class looks like to the network, and what fools it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from nn_scratch.arrays import Array
from nn_scratch.explain.layers import shape_of
from nn_scratch.explain.trace import direction, gradients, trace
from nn_scratch.network import Network

STEP = 0.12  # the largest change of a pixel in one step of a dream, ink from 0 to 1
DECAY = 0.01  # of all ink in each step: what the network does not ask for fades
BLUR = 0.25  # the weight of each neighbour in the smoothing, before it is divided by their sum
BLURS = 3  # times that a step is smoothed
FLATTEN = 0.03  # the weight of the total variation
EDGE = 0.15  # differences of neighbours that are much smaller count squared, larger ones by their size
LAST, LESS = 0.3, 0.4  # the last steps, of all, are flattened by so much less: they end where the class is certain
OVERSHOOT = 0.02  # of a fooling image: a little farther than the border, as in the paper


def dream(network: Network, label: int, start: Array | None = None, steps: int = 100) -> Iterator[Array]:
    """Climb the score of class `label` by changing the image; yield the images (*input_shape), 0 to 1, on the way.

    From an image, or from nothing, each step goes up the gradient of log p(class) with respect to the pixels. Left
    alone, that ends in noise which only the network understands. So three things hold it back: each step is smoothed,
    as ink is; all ink fades a little (Simonyan, Vedaldi and Zisserman, "Deep Inside Convolutional Networks", 2013); and
    the image is kept flat between its edges, as a drawing is, by a penalty on its total variation (Mahendran and
    Vedaldi, "Understanding Deep Image Representations by Inverting Them", 2015). Flattening waits for the class, so
    that there is something to keep. A row of numbers is a square image; where it is none, neither happens.

    Args:
        start: the image to begin with, 0 to 1, of the network's input shape; None for a blank one.
        steps: how many images to yield; a caller may stop whenever it has seen enough.
    """
    x = np.zeros(network.input_shape, network.parameters.dtype) if start is None else start.astype(np.float32)
    shape = shape_of(network.input_shape)
    for step in range(steps):
        p = trace(network, x[None]).probabilities  # (1, K)
        dz = -p
        dz[0, label] += 1.0  # d log p_label / dz = y - p, however the loss reads the outputs
        slope = gradients(network, dz)[0][0]
        for _ in range(BLURS if shape else 0):
            slope = smoothed(slope.reshape(shape)).reshape(x.shape)
        largest = float(np.abs(slope).max())
        if largest > 0:
            x = (1 - DECAY) * x + slope * np.float32(STEP / largest)
        flatten = FLATTEN * float(p[0, label]) ** 2 * (LESS if step >= (1 - LAST) * steps else 1.0)
        if shape:
            x = x - np.float32(flatten) * variation_slope(x.reshape(shape)).reshape(x.shape)
        x = np.clip(x, 0.0, 1.0)
        yield x


def smoothed(image: Array) -> Array:
    """`image` (H, W, C), each pixel blended with its four neighbours."""
    padded = np.pad(image, ((1, 1), (1, 1), (0, 0)))
    around = padded[:-2, 1:-1] + padded[2:, 1:-1] + padded[1:-1, :-2] + padded[1:-1, 2:]
    return (image + BLUR * around) / (1 + 4 * BLUR)


def variation_slope(image: Array) -> Array:
    """dV/dx of the total variation of `image` (H, W, C).

    With the differences d and r of a pixel from the ones below and on its right, which are 0 at the edge,

        V = sum n,    n = sqrt(d^2 + r^2 + edge^2)

    A pixel takes part in its own n, as -1 in both differences, and as +1 in those of the pixels above and on its left:

        dV/dx_ij = -(d_ij + r_ij) / n_ij + d_(i-1)j / n_(i-1)j + r_i(j-1) / n_i(j-1)
    """
    d = np.diff(image, axis=0, append=image[-1:])
    r = np.diff(image, axis=1, append=image[:, -1:])
    n = np.sqrt(d**2 + r**2 + EDGE**2)
    slope = -(d + r) / n
    slope[1:] += (d / n)[:-1]
    slope[:, 1:] += (r / n)[:, :-1]
    return slope


class Fooled(NamedTuple):
    """The image that was found, what it is taken for, and how far away it is."""

    image: Array  # (*input_shape), 0 to 1
    label: int
    distance: float  # L2, ink from 0 to 1
    changed: bool  # False where no step led across a border; the image is then as far as it went


def fool(network: Network, image: Array, steps: int = 50) -> Fooled:
    """The nearest image found that `network` answers otherwise than `image` (*input_shape), 0 to 1.

    If the network were linear, the border between the answer a and another class k would be a plane, and the shortest
    way across it would be along w = d(z_k - z_a)/dx, as far as f = z_a - z_k is high:

        r = f / |w|^2 . w

    A network is only nearly linear, so the step is taken to the nearest of these planes, and again from there, until
    the answer has changed. Source: Moosavi-Dezfooli, Fawzi and Frossard, "DeepFool" (2016), algorithm 2. That such
    changes exist, and why: Goodfellow, Shlens and Szegedy, "Explaining and Harnessing Adversarial Examples" (2015).

    Ink cannot be less than none or more than full, so each image is brought back between 0 and 1. That takes a part of
    most steps away, and of some nearly all. Where half of the steps have not led across, w is from then on 0 at the
    pixels that are at the end of their range and would leave it: the planes are a little farther then, but the steps
    reach them.
    """
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
    """The way (*input_shape) from the image last traced to the nearest plane; if that is `within`, inside of 0 to 1."""
    best, shortest = np.zeros(network.input_shape, logits.dtype), np.inf
    for other in [label for label in range(len(logits)) if label != answer]:
        w = gradients(network, direction(network, [other], [answer]))[0][0]  # d(z_other - z_answer)/dx
        if within is not None:
            w = np.where(np.where(w > 0, within < 1, within > 0), w, w.dtype.type(0))
        length = float(np.linalg.norm(w))
        distance = (float(logits[answer] - logits[other]) + 1e-4) / max(length, 1e-12)
        if distance < shortest:
            best, shortest = (distance / max(length, 1e-12)) * w, distance
    return best
