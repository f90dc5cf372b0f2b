"""Divergence: steps so large that each makes the network worse than the last one.

Where the loss is curved more strongly than the learning rate allows, every step overshoots, and the next gradient is
larger still. Within a few steps the numbers leave the range of floating point. Nothing after that can be learned, so a
training that diverges is stopped, and its user is told what to change.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from nn_scratch.errors import UserError

LARGEST_LOSS = 1000.0  # nats, of validation; guessing costs log K, which is 7 for 1,000 classes


class DivergedError(UserError):
    """A training has diverged; the network has lost all that it learned."""


@contextmanager
def told_if_diverged(epoch: int, learning_rate: float) -> Iterator[None]:
    """Turn a `FloatingPointError` within the block into a `DivergedError` that advises.

    NumPy's warnings of overflow are silent within the block, because the error says more.
    """
    try:
        with np.errstate(over="ignore", invalid="ignore"):
            yield
    except FloatingPointError as error:
        raise DivergedError(
            f"The training diverged in epoch {epoch}: {error}. Choose a learning rate well below {learning_rate:g}.",
            exit_status=1,
        ) from error


def check_loss(loss: float, largest: float = sys.float_info.max) -> None:
    """Raise FloatingPointError if `loss` is above `largest`, infinite or NaN."""
    if not loss <= largest:
        raise FloatingPointError(f"the loss became {loss:.3g}")
