"""The explanation: what every layer of the network made of one character, as values that a screen can show.

A trace has the numbers of all layers, but people follow an image in stages: what is seen, what each row of units makes
of it, and the answer. A layer with weights and the bend behind it are one stage; layers that only rearrange or leave
out are none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from drawapp.reading.prediction import Character
from nn_scratch.arrays import Array, Images
from nn_scratch.convolution import Conv2D
from nn_scratch.explain.trace import Connection, Trace, connections, contributions, direction, gradients, trace
from nn_scratch.layers import Dense, Dropout, Flatten
from nn_scratch.network import Network
from nn_scratch.zoo.deslant import Deslant
from nn_scratch.zoo.rare_layers import Reshape, UntiedConv2D

WEIGHTED = (Conv2D, Dense, UntiedConv2D)  # the layers that begin a stage
UNSEEN = (Dropout, Flatten, Reshape)  # the layers that make nothing new
ROWS, SHOWN_OF_MANY = 10, 8  # of the classes: all, or the best of many
SIDE = 28

Kind = Literal["image", "maps", "units", "answer"]


@dataclass(frozen=True, eq=False)
class Stage:
    """One step from the image to the answer.

    `values` are the image (28, 28), feature maps (H, W, C), the activations of units (n,) or probabilities (K,).
    `source` is the number of the layer whose weights made them, and `last` that of the last layer of the stage; the
    image that the network reads has neither.
    """

    kind: Kind
    values: Array
    source: int | None = None
    last: int = -1

    @property
    def brightness(self) -> NDArray[np.uint8]:
        """The size of each value relative to the largest of the stage, 0 to 255, in the shape of `values`."""
        sizes = np.abs(self.values)
        largest = float(sizes.max())
        return np.rint(sizes * (255 / largest if largest > 0 else 0.0)).astype(np.uint8)


@dataclass(frozen=True, eq=False)
class Explanation:
    """What `network` made of an `image` (28, 28). At rest there is no drawing, and the numbers mean nothing.

    `probabilities` (K,) are those of the prediction that is shown, and `label` is the number of its best class.
    """

    network: Network
    image: Images
    traced: Trace
    stages: tuple[Stage, ...]
    probabilities: Array
    label: int
    is_sure: bool
    at_rest: bool

    @property
    def shown(self) -> tuple[int, ...]:
        """The numbers of the classes that are shown: all in order, or the best of many."""
        count = len(self.network.classes)
        if count <= ROWS:
            return tuple(range(count))
        return tuple(np.argsort(-self.probabilities, kind="stable")[:SHOWN_OF_MANY].tolist())

    @cached_property
    def slopes(self) -> list[Array]:
        """How the logit of `label` changes with the input, and with the output of each layer, each of one image.

        The slant is held still, as for contributions.
        """
        trace(self.network, self.image[None])  # the layers may have read something else in between
        found = gradients(self.network, direction(self.network, [self.label]), hold_slant=True)
        return [slope[0].copy() for slope in found]

    def contributions(self, against: int | None = None) -> Array:
        """What each pixel adds to the logit of `label`, or to its lead over the class `against`, (28, 28)."""
        if against is None:
            found: Array = self.traced.inputs[0] * self.slopes[0]
            return found.reshape(SIDE, SIDE)
        if against not in self.explained:
            found = contributions(self.network, self.image[None], self.label, against)[0]
            self.explained[against] = found.reshape(SIDE, SIDE)
        return self.explained[against]

    @cached_property
    def explained(self) -> dict[int, Array]:
        """The contributions against a class that have been asked for."""
        return {}

    def strongest(self, stage: int, count: int) -> list[Connection]:
        """The `count` connections from the stage before to this one that matter most; none where it has other weights.

        Their values say what they add to the logit of `label`.
        """
        source = self.between_units(stage)
        if source is None:
            return []
        layer = self.network.layers[source]
        assert isinstance(layer, Dense)
        return connections(layer, self.input_of(stage), self.slopes[source + 1], count)

    def between_units(self, stage: int) -> int | None:
        """The number of the dense layer that leads from the units of the stage before to this one, if one does."""
        source = self.stages[stage].source
        is_dense = source is not None and isinstance(self.network.layers[source], Dense)
        return source if is_dense and stage > 0 and self.stages[stage - 1].kind == "units" else None

    def input_of(self, stage: int) -> Array:
        """What the weights of a stage read: (n,) for a dense layer."""
        source = self.stages[stage].source
        assert source is not None
        x: Array = self.traced.input_of(source)[0]
        return x


def think(network: object, character: Character | None) -> Explanation | None:
    """What `network` makes of `character`, or of nothing; None where its layers cannot be shown."""
    if not isinstance(network, Network) or np.prod(network.input_shape) != SIDE * SIDE:
        return None
    image = np.zeros((SIDE, SIDE), np.uint8) if character is None else character.cut_out
    found = trace(network, image[None])
    kept = replace(found, inputs=found.inputs.copy(), activations=tuple(values.copy() for values in found.activations))
    p = kept.probabilities[0] if character is None else np.array(list(character.probabilities.values()), np.float32)
    stages = tuple(stages_of(network, kept, p))
    is_sure = character is not None and character.is_sure
    return Explanation(network, image, kept, stages, p, int(p.argmax()), is_sure, at_rest=character is None)


def stages_of(network: Network, traced: Trace, probabilities: Array) -> Iterator[Stage]:
    """The stages of a trace of one image, from what the network sees to `probabilities` (K,)."""
    yield Stage("image", traced.inputs[0].reshape(SIDE, SIDE))
    pending: Stage | None = None
    for number, layer in enumerate(network.layers):
        values = traced.activations[number][0]
        if isinstance(layer, Deslant):
            yield Stage("image", values.reshape(SIDE, SIDE), None, number)
        elif isinstance(layer, WEIGHTED):
            if pending:
                yield pending
            pending = Stage(kind_of(values), values, number, number)
        elif pending and not isinstance(layer, UNSEEN):
            pending = Stage(kind_of(values), values, pending.source, number)
    yield Stage("answer", probabilities, pending.source if pending else None, len(network.layers) - 1)


def kind_of(values: Array) -> Kind:
    """Whether the output of a layer is feature maps (H, W, C) or units (n,)."""
    return "maps" if values.ndim == 3 else "units"
