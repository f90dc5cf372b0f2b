"""The enlarged image: the image or the feature map that is looked at, large enough to choose a pixel of it.

In the network a pixel is a few dots wide. In the card it is seen, and a press or the arrows lead from one to the next.
"""

from __future__ import annotations

import numpy as np

from drawapp.drawing.geometry import Point
from drawapp.reading.explanation import Explanation
from drawapp.session.language import gettext as _
from drawapp.ui import intents
from drawapp.ui.controls.control import Control, State
from drawapp.ui.intents import Intent
from drawapp.ui.keys import KeyStroke
from drawapp.ui.painter import Painter
from drawapp.ui.screens.draw.sheet import ARROWS
from drawapp.ui.screens.inside.tiles import pixel_in

NOTHING = (0, 0)


class Enlarged(Control):
    """The image of an `explanation` that has the pixel `unit`, given by the numbers of its stage and its own."""

    def __init__(self) -> None:
        super().__init__("enlarged", _("Click a pixel to see its sum"))
        self.explanation: Explanation | None = None
        self.unit = NOTHING

    def update(self, explanation: Explanation | None, unit: tuple[int, int] | None) -> None:
        """Show the image with this pixel; units and answers have no image."""
        is_image = bool(explanation and unit and explanation.stages[unit[0]].kind in ("image", "maps"))
        self.shown = is_image
        self.explanation, self.unit = (explanation, unit or NOTHING) if is_image else (None, NOTHING)

    def release(self, at: Point) -> Intent | None:
        """A press chooses the pixel under the mouse."""
        if self.explanation is None or not self.contains(at):
            return None
        height, width, _channels = shape_of(self.explanation, self.unit[0])
        down, across = (at[1] - self.box.top) / self.box.height, (at[0] - self.box.left) / self.box.width
        return self._choosing(int(down * height), int(across * width))

    def key(self, stroke: KeyStroke) -> Intent | None:
        """The arrows go from pixel to pixel."""
        if stroke.key not in ARROWS or stroke.shift or self.explanation is None:
            return None
        row, column = place_of(self.explanation, self.unit)
        return self._choosing(row + ARROWS[stroke.key][1], column + ARROWS[stroke.key][0])

    def _choosing(self, row: int, column: int) -> Intent | None:
        """Look at another pixel of the same image."""
        assert self.explanation is not None
        height, width, channels = shape_of(self.explanation, self.unit[0])
        if not (0 <= row < height and 0 <= column < width) or (row, column) == place_of(self.explanation, self.unit):
            return None
        return intents.LookAt((self.unit[0], (row * width + column) * channels + self.unit[1] % channels))

    def draw(self, painter: Painter, state: State) -> None:
        """Draw the image, with a frame around the pixel."""
        if self.explanation is None:
            return
        theme, stage = painter.theme, self.explanation.stages[self.unit[0]]
        height, width, channels = shape_of(self.explanation, self.unit[0])
        brightness = stage.brightness.reshape(height, width, channels)[:, :, self.unit[1] % channels]
        painter.card(self.box.shrunk(-1), theme.paper, theme.card_edge, 0)
        painter.image(brightness, self.box, theme.paper, theme.ink)
        pixel = pixel_in(self.box, place_of(self.explanation, self.unit), (height, width))
        painter.outline(pixel.shrunk(-painter.pixels(2)), theme.focus, 2, 2)
        if state.has_ring:
            painter.ring(self.box, 2)


def shape_of(explanation: Explanation, stage: int) -> tuple[int, int, int]:
    """The shape of the image or the maps of a stage, (H, W, C)."""
    height, width, channels = (*explanation.stages[stage].values.shape, 1)[:3]
    return height, width, channels


def place_of(explanation: Explanation, unit: tuple[int, int]) -> tuple[int, int]:
    """The row and the column of a pixel."""
    row, column, _channel = np.unravel_index(unit[1], shape_of(explanation, unit[0]))
    return int(row), int(column)
