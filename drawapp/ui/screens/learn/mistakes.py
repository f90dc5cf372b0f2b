"""The part of Learn that shows which answers are wrong, and for which images."""

from __future__ import annotations

from drawapp.ui.screens.learn.part import Part


class MistakesPart(Part):
    """TODO of its owner."""
