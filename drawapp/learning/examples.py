"""The sets of examples that a model can be measured on: what is on this computer, and nothing else.

The bundled sample is always there. MNIST's test digits are better, since no model has learned from them, but they are a
download, which the app does not do. What the user has corrected tells how a model reads the one who uses it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Literal, get_args

from nn_scratch.data.dataset import Dataset
from nn_scratch.data.mnist import cached_test_set
from nn_scratch.data.sample import load_sample

ExamplesName = Literal["sample", "mnist", "corrections"]
EXAMPLES: tuple[ExamplesName, ...] = get_args(ExamplesName)


@dataclass(frozen=True)
class Examples:
    """A set of examples. `load` gives it, None where it is not there, and `state` changes when it does."""

    load: Callable[[], Dataset | None]
    state: Callable[[], Hashable] = lambda: None


def all_examples(corrections: Examples) -> dict[ExamplesName, Examples]:
    """All sets, with those of the user."""
    return {
        "sample": Examples(lambda: load_sample()[1]),
        "mnist": Examples(cached_test_set),
        "corrections": corrections,
    }
