"""The prediction: what the network says of a drawing, character by character.

The window, `--image` and the self-test show the same thing in different ways. What counts as the answer, as the nearest
class and as a runner-up worth mentioning is decided here, once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property

from drawapp.drawing.geometry import Bounds
from nn_scratch.arrays import Images

CLOSE = 0.2  # a runner-up above this probability is worth mentioning


@dataclass(frozen=True)
class Character:
    """One character of a drawing.

    `label` is the answer, None where the rejector says that the network does not know what this is.
    `probabilities` has every class in the network's order.
    `image` is what the network saw, uint8 (28, 28).
    `bounds` is where the character lies: in cells of the canvas, or in pixels of an image file.
    """

    label: str | None
    probabilities: dict[str, float]
    image: Images = field(repr=False, compare=False)
    bounds: Bounds

    @cached_property
    def ranking(self) -> list[tuple[str, float]]:
        """The classes with their probabilities, the most probable first."""
        return sorted(self.probabilities.items(), key=lambda item: -item[1])

    @property
    def best(self) -> str:
        """The nearest class, even where it is not near enough to be the answer."""
        return self.ranking[0][0]

    @property
    def probability(self) -> float:
        """The probability of `best`."""
        return self.ranking[0][1]

    @property
    def runner_up(self) -> tuple[str, float] | None:
        """The second class and its probability where it comes close, or None."""
        close = [(label, p) for label, p in self.ranking[1:2] if p > CLOSE]
        return close[0] if close else None


@dataclass(frozen=True)
class Prediction:
    """What the network says of a whole drawing: its `characters` from left to right, none where there is no ink.

    `classes` are the network's.
    """

    characters: tuple[Character, ...]
    classes: tuple[str, ...]

    @property
    def has_ink(self) -> bool:
        return bool(self.characters)

    @property
    def label(self) -> str | None:
        """The answer, such as "42"; None where there is no ink, or where any character has no label."""
        labels = [character.label for character in self.characters if character.label is not None]
        return "".join(labels) if labels and len(labels) == len(self.characters) else None

    @property
    def best(self) -> str | None:
        """The nearest classes, even where they are not near enough to be the answer; None where there is no ink."""
        return "".join(character.best for character in self.characters) or None

    @property
    def probability(self) -> float:
        """The probability of `best`, the product of its characters'; 0 where there is no ink."""
        return math.prod(character.probability for character in self.characters) if self.has_ink else 0.0

    @cached_property
    def least_sure(self) -> int | None:
        """The number of the character that the network is least sure of; a rejected one comes before all others."""
        sureness = [(c.label is not None, c.probability, number) for number, c in enumerate(self.characters)]
        return min(sureness)[2] if sureness else None

    @property
    def weakest(self) -> Character | None:
        """The character that the network is least sure of."""
        return None if self.least_sure is None else self.characters[self.least_sure]

    @property
    def probabilities(self) -> dict[str, float]:
        """The probabilities of every class for the only character, or the least sure one; 0 where there is no ink."""
        return dict.fromkeys(self.classes, 0.0) if self.weakest is None else self.weakest.probabilities

    @property
    def runner_up(self) -> tuple[str, float] | None:
        """The answer with the second class for the least sure character, and its probability; None if not close."""
        if self.least_sure is None or self.weakest is None or self.weakest.runner_up is None:
            return None
        labels = [character.best for character in self.characters]
        labels[self.least_sure], probability = self.weakest.runner_up
        return "".join(labels), self.probability * probability / self.weakest.probability
