"""The work of a part of Learn: a network that learns from scratch while one watches."""

from __future__ import annotations

from dataclasses import dataclass

from drawapp.ui.learning.work import Work


@dataclass(frozen=True)
class TrainingView:
    """What the part shows."""


class TrainingWork(Work):
    """TODO of its owner."""

    @property
    def view(self) -> TrainingView:
        """What the part shows now."""
        return TrainingView()
