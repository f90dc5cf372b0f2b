"""The part of Learn that shows what was corrected, and what comes of learning it."""

from __future__ import annotations

from drawapp.ui.screens.learn.part import Part


class CorrectPart(Part):
    """TODO of its owner."""
