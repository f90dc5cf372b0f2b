"""The control: something in the window that is pressed, dragged, or used with the keyboard.

All controls behave alike: the one that is pressed owns the mouse until it is released, Tab goes from one to the next,
and a ring shows which one has the keyboard. What differs is what they look like and what they mean, so a control says
only that. It changes nothing by itself: it answers with an intent.
"""

from __future__ import annotations

from dataclasses import dataclass

from drawapp.drawing.geometry import Box, Point
from drawapp.ui.intents import Intent
from drawapp.ui.keys import KeyStroke
from drawapp.ui.painter import Painter

NOWHERE = Box(0, 0, 0, 0)


@dataclass(frozen=True)
class State:
    """How a control is to be shown: under the mouse, pressed, or with the ring of the keyboard."""

    is_hovered: bool = False
    is_pressed: bool = False
    has_ring: bool = False


class Control:
    """A control called `name` in `box`. `tip` says in a few words what it is for.

    A control that is not `enabled` is shown but cannot be used; one that is not `shown` is not there.
    """

    def __init__(self, name: str, tip: str = "") -> None:
        self.name = name
        self.tip = tip
        self.box = NOWHERE
        self.enabled = True
        self.shown = True
        self.takes_keys = True  # Tab comes by

    @property
    def is_usable(self) -> bool:
        """Whether it can be pressed and can have the keyboard."""
        return self.shown and self.enabled

    @property
    def is_open(self) -> bool:
        """Whether something of it lies over the rest of the window: then it gets every key and every press."""
        return False

    def close(self) -> None:
        """Close what is open."""

    def contains(self, at: Point) -> bool:
        """Whether the control lies at a place in the window, in pixels."""
        return self.box.contains(*at)

    def press(self, at: Point, erase: bool = False) -> Intent | None:
        """What it means that the mouse goes down on it. `erase`: the right button, or two fingers."""
        return None

    def drag(self, at: Point) -> Intent | None:
        """What it means that the mouse moves, after it went down on this control."""
        return None

    def release(self, at: Point) -> Intent | None:
        """What it means that the mouse goes up, after it went down on this control."""
        return None

    def wheel(self, steps: int) -> Intent | None:
        """What it means that the wheel turns up by `steps`, or down, while the mouse is over it."""
        return None

    def key(self, stroke: KeyStroke) -> Intent | None:
        """What a key means while the control has the keyboard; None: it means nothing here."""
        return None

    def key_up(self, stroke: KeyStroke) -> Intent | None:
        """What releasing a key means while the control has the keyboard."""
        return None

    def draw(self, painter: Painter, state: State) -> None:
        """Draw it."""

    def draw_over(self, painter: Painter, mouse: Point | None) -> None:
        """Draw what lies over the rest of the window while it is open."""
