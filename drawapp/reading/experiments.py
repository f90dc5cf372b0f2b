"""Experiments with a network: what it dreams of, how little fools it, and what the drawing is like to it.

The library does the computing. Here the results become values that a screen can show: a few images with a word each,
and one sentence. Sources: Simonyan, Vedaldi and Zisserman (2013) for dreams; Moosavi-Dezfooli, Fawzi and Frossard
(2016) for fooling images; Papernot and McDaniel (2018) for the nearest examples.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from drawapp.reading.thought import SIDE, Thought
from drawapp.session.language import gettext as _
from nn_scratch.arrays import Array
from nn_scratch.data.dataset import Dataset
from nn_scratch.inspect.dream import dream
from nn_scratch.inspect.fool import fool
from nn_scratch.inspect.nearest import features, nearest
from nn_scratch.inspect.trace import trace
from nn_scratch.nn.network import Network

DREAM_STEPS = 100
ENLARGED = 10  # times, so that the change of a fooling image is seen
NEIGHBOURS = 5


class Frame(NamedTuple):
    """An image (28, 28) and what it is: ink from 0 to 1, or a change from -1 to 1 where it `is_signed`."""

    caption: str
    image: Array
    is_signed: bool = False


@dataclass(frozen=True, eq=False)
class Experiment:
    """What an experiment has come to."""

    title: str
    frames: tuple[Frame, ...]
    sentence: str


def dreaming(thought: Thought, label: int) -> Iterator[Experiment]:
    """Climb the score of class `label` from the drawing, or from nothing where there is none, one step at a time."""
    network, name = thought.network, thought.network.classes[label]
    start = None if thought.at_rest else thought.traced.inputs[0]
    before = np.zeros((SIDE, SIDE), np.float32) if start is None else start.reshape(SIDE, SIDE)
    title = (_("Dream of {label}, from nothing") if start is None else _("Dream of {label}, from the drawing")).format(
        label=name
    )
    for step, image in enumerate(dream(network, label, start, DREAM_STEPS), start=1):
        p = float(trace(network, image[None]).probabilities[0, label])
        words = _("Step {step} of {steps}: read as {label} with {percent:.1f} %.").format(
            step=step, steps=DREAM_STEPS, label=name, percent=min(int(p * 1000) / 10, 99.9)
        )
        yield Experiment(title, (Frame(_("before"), before), Frame(_("dream"), image.reshape(SIDE, SIDE))), words)


def fooling(network: Network, thought: Thought) -> Experiment:
    """The smallest change found that turns the answer. `network` is a copy that nobody else uses meanwhile."""
    image = thought.traced.inputs[0]
    found = fool(network, image)
    change = found.image - image
    frames = (
        Frame(_("drawing"), image.reshape(SIDE, SIDE)),
        Frame(_("change, {times} times").format(times=ENLARGED), (ENLARGED * change).reshape(SIDE, SIDE), True),
        Frame(_("together"), found.image.reshape(SIDE, SIDE)),
    )
    words = _("Read as {label} now: a change of {distance:.2f} (L2) is enough.")
    if not found.changed:
        words = _("No small change was found that turns the answer.")
    sentence = words.format(label=network.classes[found.label], distance=found.distance)
    return Experiment(_("The smallest change that fools it"), frames, sentence)


def alike(thought: Thought, known: Array, sample: Dataset) -> Experiment:
    """The training examples whose activations, (N, D) `known`, are nearest to those of the drawing."""
    query = thought.traced.activations[-2][0].reshape(-1)
    rows, _distances = nearest(known, query, NEIGHBOURS)
    frames = tuple(
        Frame(sample.classes[int(sample.labels[row])], sample.images[row].astype(np.float32) / 255) for row in rows
    )
    words = _("The five training images whose last hidden activations are nearest.")
    return Experiment(_("Training images like this"), frames, words)


def known_features(network: Network, sample: Dataset) -> Array:
    """The activations that `alike` compares with, (N, D). `network` is a copy that nobody else uses meanwhile."""
    return features(network, sample.images)
