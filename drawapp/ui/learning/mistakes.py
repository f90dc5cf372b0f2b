"""The work of a part of Learn: what the chosen model gets wrong."""

from __future__ import annotations

from dataclasses import dataclass

from drawapp.ui.learning.work import Work


@dataclass(frozen=True)
class MistakesView:
    """What the part shows."""


class MistakesWork(Work):
    """TODO of its owner."""

    @property
    def view(self) -> MistakesView:
        """What the part shows now."""
        return MistakesView()
