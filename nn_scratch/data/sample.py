"""The sample: 8,000 training digits that come with the project, so that something can be learned without a download.

Half of the point of a network is to watch it learn. MNIST is a download, and the pen data needs a conversion. This file
has enough of both for a network to read nine digits in ten, for rehearsal while it adapts to one person, and for
nearest examples. It holds training examples only: no test digit is in it. `nn_scratch.recipes.sample` makes it.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from nn_scratch.data.custom import load_custom
from nn_scratch.dataset import Dataset

NAME = "models/sample.npz"


def load_sample() -> tuple[Dataset, Dataset]:
    """The bundled sample: (four fifths to learn from, one fifth to test with); UserError where it is damaged."""
    return load_custom(sample_path())


def sample_path() -> Path:
    """Where the bundled file lies: beside the source tree, or within the installed app."""
    spec = find_spec("drawapp")
    within = [Path(place) for place in (spec.submodule_search_locations or [])] if spec else []
    beside = Path(__file__).resolve().parent.parent.parent
    return next((root / NAME for root in (beside, *within) if (root / NAME).is_file()), beside / NAME)
