"""A row of buttons: side by side and equally wide, wherever a place puts them."""

from __future__ import annotations

from collections.abc import Sequence

from drawapp.drawing.geometry import Box
from drawapp.ui.controls.control import Control


def arrange_in_row(controls: Sequence[Control], box: Box, gap: int) -> None:
    """Put `controls` side by side in `box`, equally wide and `gap` pixels apart."""
    step = (box.width + gap) / max(len(controls), 1)
    for number, control in enumerate(controls):
        start, end = (box.left + round(step * k) for k in (number, number + 1))
        control.box = Box(start, box.top, end - start - gap, box.height)
