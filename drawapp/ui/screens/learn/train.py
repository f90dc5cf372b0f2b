"""The part of Learn that shows a network learns, from noise to an answer."""

from __future__ import annotations

from drawapp.ui.screens.learn.part import Part


class TrainPart(Part):
    """TODO of its owner."""
