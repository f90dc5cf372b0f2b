"""The work of a part of Learn: what the user has corrected, and what the network learns from it."""

from __future__ import annotations

from dataclasses import dataclass

from drawapp.ui.learning.work import Work


@dataclass(frozen=True)
class CorrectionsView:
    """What the part shows."""


class CorrectionsWork(Work):
    """TODO of its owner."""

    @property
    def view(self) -> CorrectionsView:
        """What the part shows now."""
        return CorrectionsView()
