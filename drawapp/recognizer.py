"""The recognizer: from ink to what the network thinks of it.

The window, `--image` and the self-test all read through here, so they cannot disagree.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from drawapp.canvas import Canvas
from nn_scratch import ink as ink_module
from nn_scratch.arrays import Pictures

CLOSE = 0.2  # a runner-up above this probability is worth mentioning


class Network(Protocol):
    """What a recognizer asks of a network; `nn_scratch.load` gives one."""

    @property
    def classes(self) -> tuple[str, ...]: ...

    def predict_proba(self, images: NDArray[np.uint8], /) -> NDArray[np.float32]:
        """The probabilities (B, K) of the classes for pictures (B, 28, 28)."""
        ...


@dataclass(frozen=True)
class Prediction:
    """What the network says of one drawing.

    `label` is the answer: None where there is no ink, and where the ink is nothing that the network knows.
    `picture` is the 28x28 that the network saw, None where there is no ink.
    `probabilities` has every class in the network's order; all are 0 where there is no ink.
    """

    label: str | None
    picture: Pictures | None = field(repr=False, compare=False)
    probabilities: dict[str, float]

    @property
    def has_ink(self) -> bool:
        return self.picture is not None

    @property
    def ranking(self) -> list[tuple[str, float]]:
        """The classes with their probabilities, the most probable first."""
        return sorted(self.probabilities.items(), key=lambda item: -item[1])

    @property
    def best(self) -> str | None:
        """The nearest class, even where it is not near enough to be the answer; None where there is no ink."""
        return self.ranking[0][0] if self.has_ink else None

    @property
    def probability(self) -> float:
        """The probability of `best`; 0 where there is no ink."""
        return max(self.probabilities.values(), default=0.0)

    @property
    def runner_up(self) -> tuple[str, float] | None:
        """The second class and its probability where it comes close, or None."""
        close = [(name, p) for name, p in self.ranking[1:2] if p > CLOSE]
        return close[0] if close else None


class Recognizer:
    """Reads drawings with one network."""

    def __init__(self, network: Network) -> None:
        self.network = network

    @property
    def classes(self) -> tuple[str, ...]:
        return self.network.classes

    def read(self, canvas: Canvas) -> Prediction:
        """What the network says of the drawing on `canvas`."""
        return self._nothing() if canvas.is_empty else self.read_raster(canvas.ink)

    def read_raster(self, raster: NDArray[np.float32]) -> Prediction:
        """What the network says of ink in a `raster` (H, W) of any size, 0 paper ... 1 full ink."""
        picture = ink_module.normalize(raster)
        if picture is None:
            return self._nothing()
        row = self.network.predict_proba(picture[None])[0]  # (1, 28, 28) -> (K,)
        probabilities = dict(zip(self.classes, (float(p) for p in row), strict=True))
        return Prediction(max(probabilities, key=probabilities.__getitem__), picture, probabilities)

    def _nothing(self) -> Prediction:
        return Prediction(None, None, dict.fromkeys(self.classes, 0.0))
