"""Experiments with a network: what it dreams of, how little fools it, and what the drawing is like to it.

The library does the computing. Here the results become values that a screen can show: a few images with a word each,
and one sentence. Sources: Simonyan, Vedaldi and Zisserman (2013) and Mahendran and Vedaldi (2015) for dreams;
Moosavi-Dezfooli, Fawzi and Frossard (2016) for fooling images; Papernot and McDaniel (2018) for the nearest examples.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from drawapp.reading.explanation import SIDE, Explanation
from drawapp.reading.wording import percent
from drawapp.session.language import gettext as _
from nn_scratch.arrays import Array
from nn_scratch.dataset import Dataset
from nn_scratch.explain.images import dream, fool
from nn_scratch.explain.layers import features, nearest
from nn_scratch.explain.trace import trace
from nn_scratch.network import Network

DREAM_STEPS = 100
ENLARGED = 10  # times, so that the change of a fooling image is seen
STRONGEST = 2.0  # times the smallest change
NEIGHBOURS = 5
DREAM_SOURCE = "Simonyan et al. 2013, Mahendran & Vedaldi 2015"
FOOL_SOURCE = "Moosavi-Dezfooli et al. 2016"


class Frame(NamedTuple):
    """An image (28, 28) and what it is: ink from 0 to 1, or a change from -1 to 1 where it `is_signed`."""

    caption: str
    image: Array
    is_signed: bool = False


@dataclass(frozen=True, eq=False)
class Experiment:
    """What an experiment has come to.

    A dream is of the class `label`, and `runs` until it is paused or done. Fooling has a `strength`, 1 where the answer
    just turns, and `other` is what the other network is called that can be asked; empty where there is none. `source`
    is where the method was published.
    """

    what: Literal["dream", "fool", "alike"]
    title: str
    frames: tuple[Frame, ...]
    sentence: str
    label: int = 0
    runs: bool = False
    is_paused: bool = False
    strength: float = 1.0
    other: str = ""
    source: str = ""


def dreaming(explanation: Explanation, label: int) -> Iterator[Experiment]:
    """Climb the score of class `label` from the drawing, or from nothing where there is none, one step at a time."""
    network, name = explanation.network, explanation.network.classes[label]
    start = None if explanation.at_rest else explanation.traced.inputs[0]
    before = np.zeros((SIDE, SIDE), np.float32) if start is None else start.reshape(SIDE, SIDE)
    title = (_("Dream of {label}, from nothing") if start is None else _("Dream of {label}, from the drawing")).format(
        label=name
    )
    for step, image in enumerate(dream(network, label, start, DREAM_STEPS), start=1):
        p = float(trace(network, image[None]).probabilities[0, label])
        words = _("Step {step} of {steps}: read as {label} with {percent}.").format(
            step=step, steps=DREAM_STEPS, label=name, percent=percent(p)
        )
        frames = Frame(_("before"), before), Frame(_("dream"), image.reshape(SIDE, SIDE))
        yield Experiment("dream", title, frames, words, label, runs=step < DREAM_STEPS, source=DREAM_SOURCE)


@dataclass(frozen=True, eq=False)
class Fooling:
    """An `image` (*input_shape), and the `change` that turns the answer of `network`, a copy that nobody else uses.

    `turns` is whether it does: where no small change was found, it is as far as the search went.
    """

    network: Network
    image: Array
    change: Array
    turns: bool

    def at(self, strength: float, other: str = "", answer: str = "") -> Experiment:
        """So many times the change. `other` is what another network is called, and `answer` what it says of this."""
        image = self.image_at(strength)
        label, probability = best_of(self.network, image)
        drawing, change, together = (each.reshape(SIDE, SIDE) for each in (self.image, image - self.image, image))
        frames = (
            Frame(_("drawing"), drawing),
            Frame(f"{ENLARGED} \N{MULTIPLICATION SIGN} " + _("change"), ENLARGED * change, True),
            Frame(_("together"), together),
        )
        words = _("A change of {distance:.2f} (L2): read as {label} with {percent}.")
        if not self.turns:
            words = _("No small change was found. With {distance:.2f} (L2) it is read as {label}, {percent}.")
        sentence = words.format(distance=float(np.linalg.norm(change)), label=label, percent=percent(probability))
        title, words = _("The smallest change that fools it"), f"{sentence} {answer}".strip()
        return Experiment("fool", title, frames, words, strength=strength, other=other, source=FOOL_SOURCE)

    def image_at(self, strength: float) -> Array:
        """The image with so many times the change, 0 to 1."""
        image: Array = np.clip(self.image + np.float32(strength) * self.change, 0.0, 1.0)
        return image


def fooling(network: Network, explanation: Explanation) -> Fooling:
    """The smallest change found that turns the answer. `network` is a copy that nobody else uses meanwhile."""
    image = explanation.traced.inputs[0]
    found = fool(network, image)
    return Fooling(network, image, found.image - image, found.changed)


def best_of(network: Network, image: Array) -> tuple[str, float]:
    """The answer to one image, of 784 numbers from 0 to 1 in any shape, and how probable it is."""
    p = network.predict_proba(image.reshape(1, SIDE, SIDE).astype(np.float32))[0]
    return network.classes[int(p.argmax())], float(p.max())


def answer_of(name: str, network: Network, image: Array) -> str:
    """What another network, called `name`, says of the same image."""
    label, probability = best_of(network, image)
    return _("{model} reads it as {label}, {percent}.").format(model=name, label=label, percent=percent(probability))


def alike(explanation: Explanation, known: Array, sample: Dataset) -> Experiment:
    """The training examples whose activations, (N, D) `known`, are nearest to those of the drawing."""
    query = explanation.traced.activations[-2][0].reshape(-1)
    rows, _distances = nearest(known, query, NEIGHBOURS)
    frames = tuple(
        Frame(sample.classes[int(sample.labels[row])], sample.images[row].astype(np.float32) / 255) for row in rows
    )
    words = _("The five training images whose last hidden activations are nearest.")
    return Experiment("alike", _("Training images like this"), frames, words)


def known_features(network: Network, sample: Dataset) -> Array:
    """The activations that `alike` compares with, (N, D). `network` is a copy that nobody else uses meanwhile."""
    return features(network, sample.images)
