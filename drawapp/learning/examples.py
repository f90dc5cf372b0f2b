"""The sets of examples that a model can be measured on: what is on this computer, and nothing else.

The bundled sample is always there. MNIST's test digits are better, since no model has learned from them, but they are a
download, which the app does not do. What the user has corrected tells how a model reads the one who uses it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np

from drawapp.session.corrections import Correction
from nn_scratch.data.mnist import cached_test_set
from nn_scratch.data.sample import load_sample
from nn_scratch.dataset import Dataset

ExamplesName = Literal["sample", "mnist", "corrections"]
EXAMPLES: tuple[ExamplesName, ...] = get_args(ExamplesName)


def load_examples(name: ExamplesName, corrections: Sequence[Correction]) -> Dataset | None:
    """The examples called `name`, None where they are not on this computer.

    Raises:
        UserError: they cannot be read.
    """
    if name == "sample":
        return load_sample()[1]
    return cached_test_set() if name == "mnist" else as_dataset(corrections)


def as_dataset(corrections: Sequence[Correction]) -> Dataset | None:
    """The images of `corrections` with their labels as classes; None where there are none."""
    if not corrections:
        return None
    classes = tuple(sorted({each.label for each in corrections}))
    labels = np.array([classes.index(each.label) for each in corrections], np.int64)
    return Dataset(np.stack([each.image for each in corrections]), labels, classes)
