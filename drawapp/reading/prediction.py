"""The prediction: what the network says of a drawing, character by character.

The window, `--image` and the self-test show the same thing in different ways. What counts as the answer, what is only
a guess, and what is said where there is no answer is decided here, once.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby

from drawapp.drawing.geometry import Bounds
from drawapp.reading import wording
from drawapp.reading.charset import knows_only_digits
from drawapp.reading.shapes import Shape
from nn_scratch.arrays import Images
from nn_scratch.ink.rendering import Stroke

SURE = 0.5  # a label below this probability is a guess, not an answer
CLOSE = 0.2  # a runner-up above this probability is worth mentioning
WIDE = 1.25  # of its height: wider ink that is not read surely may be characters that touch


@dataclass(frozen=True)
class Character:
    """One character of a drawing.

    `label` is the class, None where the rejector says that the network does not know what this is.
    `probabilities` has every class in the network's order.
    `image` is what the network saw, uint8 (28, 28).
    `bounds` is where the character lies: in cells of the canvas, or in pixels of an image file.
    `shape` is what its geometry alone tells, None for most characters.
    `line` is the number of its line, from 0.
    `forms` are the characters that the label stands for, such as C and c; none where it stands for itself.
    `source` is the image that the network was given, uint8 (28, 28), where it is not `image` already.
    `strokes` are its centre lines in cells, none where only the ink is known.
    `alone` is the nearest class without the characters beside it, None where it is the same.
    """

    label: str | None
    probabilities: dict[str, float]
    image: Images = field(repr=False, compare=False)
    bounds: Bounds
    shape: Shape | None = None
    line: int = 0
    forms: tuple[str, ...] = ()
    source: Images | None = field(default=None, repr=False, compare=False)
    strokes: tuple[Stroke, ...] = field(default=(), repr=False, compare=False)
    alone: str | None = None

    @property
    def cut_out(self) -> Images:
        """The image of the character as it was cut out, before the network set it upright."""
        return self.image if self.source is None else self.source

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
    def is_sure(self) -> bool:
        """Whether the label is an answer: it is accepted, and at least as probable as all other classes together."""
        return self.label is not None and self.probability >= SURE

    @property
    def written(self) -> str:
        """The character that was written, as far as it is known: c and not C, where the nearest class stands for c."""
        return self.forms[0] if len(self.forms) == 1 else self.best

    @property
    def says(self) -> str:
        """The nearest class for people, with all that it stands for, such as "C or c"."""
        return wording.either(self.forms or (self.best,))

    @property
    def runner_up(self) -> tuple[str, float] | None:
        """The second class and its probability where it comes close, or None."""
        close = [(label, p) for label, p in self.ranking[1:2] if p > CLOSE]
        return close[0] if close else None

    @property
    def may_touch(self) -> bool:
        """Whether this may be several characters that touch: it is wide, and not read surely."""
        return not (self.is_sure or self.shape) and self.bounds.width > WIDE * self.bounds.height


@dataclass(frozen=True)
class Prediction:
    """What the network says of a whole drawing.

    `characters` are from left to right, line by line from the top; there are none where there is no ink.
    `classes` are the network's.
    `offer` is the name of another model that reads this drawing much better, None where there is none.
    """

    characters: tuple[Character, ...]
    classes: tuple[str, ...]
    offer: str | None = None

    @property
    def has_ink(self) -> bool:
        return bool(self.characters)

    @property
    def lines(self) -> tuple[tuple[Character, ...], ...]:
        """The characters of each line, from the top."""
        return tuple(tuple(line) for _, line in groupby(self.characters, key=lambda character: character.line))

    @property
    def label(self) -> str | None:
        """What was read, such as "42", or "73\\n56" for two lines.

        None where there is no ink, or where any character has no label.
        """
        labels = [character.label for character in self.characters if character.label is not None]
        return self._joined(labels) if labels and len(labels) == len(self.characters) else None

    @property
    def best(self) -> str | None:
        """The nearest classes, even where they are not near enough to be the label; None where there is no ink."""
        return self._joined(character.best for character in self.characters) or None

    @property
    def written(self) -> str | None:
        """The nearest characters, in the case in which they were written where that is known; None without ink."""
        return self._joined(character.written for character in self.characters) or None

    @property
    def probability(self) -> float:
        """The probability of `best`, the product of its characters'; 0 where there is no ink."""
        return math.prod(character.probability for character in self.characters) if self.has_ink else 0.0

    @property
    def is_sure(self) -> bool:
        """Whether there is an answer: every character is sure."""
        return self.has_ink and all(character.is_sure for character in self.characters)

    @property
    def answer(self) -> str | None:
        """The label where it is sure, else None."""
        return self.label if self.is_sure else None

    @property
    def alternatives(self) -> tuple[str, ...]:
        """What it may be where every character has a label but not all are sure: the best and the runner-up."""
        if self.is_sure or self.label is None or self.weakest is None:
            return ()
        return self.written or "", *(self._with_weakest(label) for label, _ in self.weakest.ranking[1:2])

    @property
    def shape(self) -> Shape | None:
        """What the whole drawing shows where it is no character, such as two level bars; None where it may be some."""
        shapes = [character.shape for character in self.characters]
        kinds = {shape.kind if shape and not shape.is_character else None for shape in shapes}
        kind = kinds.pop() if len(kinds) == 1 else None
        return Shape(kind, sum(shape.count for shape in shapes if shape)) if kind else None

    @property
    def remark(self) -> str | None:
        """What to say to people where there is ink and no answer, such as "maybe 6 or 4", "a dot"; else None."""
        if self.is_sure or not self.has_ink:
            return None
        if self.shape:
            return wording.of_shape(self.shape)
        if self.alternatives:
            return wording.maybe(self.alternatives)
        return wording.not_recognized(knows_only_digits(self.classes), len(self.characters) > 1)

    @property
    def hint(self) -> str | None:
        """What the user can do to be read better, or None."""
        return wording.leave_space() if any(character.may_touch for character in self.characters) else None

    @cached_property
    def least_sure(self) -> int | None:
        """The number of the character that the network is least sure of; a rejected one comes before all others."""
        sureness = [(c.label is not None, c.probability, number) for number, c in enumerate(self.characters)]
        return min(sureness)[2] if sureness else None

    def number_shown(self, selected: int | None) -> int | None:
        """The number of the character that is looked at: the `selected` one where there is one, or the least sure."""
        return selected if selected is not None and selected < len(self.characters) else self.least_sure

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
        if self.weakest is None or self.weakest.runner_up is None:
            return None
        label, probability = self.weakest.runner_up
        return self._with_weakest(label), self.probability * probability / self.weakest.probability

    def _with_weakest(self, label: str) -> str:
        """What was written, but `label` for the character that the network is least sure of."""
        return self._joined(
            label if number == self.least_sure else character.written
            for number, character in enumerate(self.characters)
        )

    def _joined(self, labels: Iterable[str]) -> str:
        """One of `labels` for each character, with a line break after each line but the last."""
        labelled = zip((character.line for character in self.characters), labels, strict=True)
        lines = groupby(labelled, key=lambda pair: pair[0])
        return "\n".join("".join(label for _, label in line) for _, line in lines)
