"""The learning-rate finder: which learning rate suits this network, this data and this optimizer?

No other choice decides as much. Too small a rate learns nothing in the time there is, too large a rate diverges, and
between the two lie factors of ten. One short training tells: its rate grows with every step, from far too small to far
too large, and the loss falls where the rate is right and rises where it is too large.
Source: Smith, "Cyclical Learning Rates for Training Neural Networks" (2017), section 3.3.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn_scratch.checks import COUNT
from nn_scratch.dataset import Dataset
from nn_scratch.network import Network
from nn_scratch.optimizers import Adam, Optimizer
from nn_scratch.training import DivergedError, StepReport, steps

LOWEST, HIGHEST = 1e-6, 10.0  # learning rates
FEWEST_STEPS = 100
WORSE = 4.0  # times the least loss: there it ends
SMOOTHING = 0.9  # how much of the average of earlier losses stays in each step
MARGIN = 10.0  # the rate of the least loss is nearly too large already


@dataclass(frozen=True)
class RateCurve:
    """The loss of a batch as the rate grows.

    Attributes:
        rates: (S,) the learning rate of each step.
        losses: (S,) the mean loss of the batches up to this step, the last ones most; before the step is taken.
    """

    rates: NDArray[np.float64]
    losses: NDArray[np.float64]

    @property
    def suggestion(self) -> float:
        """The tenth of the rate at which the loss is least."""
        return float(self.rates[self.losses.argmin()] / MARGIN)

    def lines(self, count: int = 20, width: int = 40) -> Iterator[str]:
        """The curve as text: `count` rates with their losses as bars, the first one and larger ones of `width`."""
        chosen = np.unique(np.linspace(0, len(self.rates) - 1, count).astype(int))
        for rate, loss in zip(self.rates[chosen], self.losses[chosen], strict=True):
            yield f"{rate:8.1e}  {loss:7.4f}  {'#' * round(width * min(1.0, float(loss / self.losses[0])))}"


def find_learning_rate(
    network: Network,
    training: Dataset,
    rng: np.random.Generator | int,
    *,
    optimizer: Optimizer | None = None,
    batch_size: int = 128,
    **settings: Any,
) -> RateCurve:
    """Train a copy of `network` as `steps` does with these settings, but with a rate that grows until the loss does.

    The rate of step s of S is lowest (highest / lowest)^(s / S): equal factors take equally many steps.

    Raises:
        ValueError: as for `steps`.
    """
    COUNT.check("batch_size", batch_size)
    epochs = math.ceil(FEWEST_STEPS * batch_size / max(len(training), 1))
    optimizer = replace(optimizer or Adam(), learning_rate=HIGHEST)
    rates, losses, mean = list[float](), list[float](), 0.0
    count = epochs * math.ceil(len(training) / batch_size)

    def growing(t: float) -> float:
        return math.pow(LOWEST / HIGHEST, 1 - t)

    settings |= {"epochs": epochs, "batch_size": batch_size, "optimizer": optimizer, "schedule": growing}
    try:
        for step in steps(copy.deepcopy(network), training, None, rng, **settings):
            if not isinstance(step, StepReport):
                continue
            mean = SMOOTHING * mean + (1 - SMOOTHING) * step.loss
            rates.append(HIGHEST * growing(len(rates) / count))
            losses.append(mean / (1 - SMOOTHING ** len(rates)))  # as in Adam, because the mean starts at 0
            if losses[-1] > WORSE * min(losses):
                break
    except DivergedError:
        pass  # the rate is too large: that is how it ends
    return RateCurve(np.array(rates), np.array(losses))
