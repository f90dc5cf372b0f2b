"""The places of the window, and the screen that each of them has.

The window and the screenshot show the same places; both ask here.
"""

from __future__ import annotations

from collections.abc import Callable

from drawapp.ui.layout import Layout
from drawapp.ui.screens.draw.screen import DrawScreen
from drawapp.ui.screens.inside.screen import InsideScreen
from drawapp.ui.screens.learn.screen import LearnScreen
from drawapp.ui.screens.screen import Screen
from drawapp.ui.view import View

SCREENS: dict[str, Callable[[Layout, View], Screen]] = {
    "draw": DrawScreen,
    "inside": InsideScreen,
    "learn": LearnScreen,
}
