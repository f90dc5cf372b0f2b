"""The focus: which control the mouse is on, which one is pressed, and which one has the keyboard.

One place decides which control an event is for, so that no two controls can both believe that they are meant. The
control that is pressed owns the mouse until it is released, wherever that is, and a key that goes up is for the control
that got it when it went down. So the focus outlasts the screens: what began on one of them ends there. The ring is
shown once the keyboard is used and goes away with the next press; without a ring the keys belong to the first control,
the sheet.
"""

from __future__ import annotations

from collections.abc import Sequence

from drawapp.drawing.geometry import Point
from drawapp.ui.controls.control import Control, State
from drawapp.ui.intents import Intent
from drawapp.ui.keys import KeyStroke

GONE = (-1e6, -1e6)  # where the mouse goes up for a control that is no longer there


class Focus:
    """Leads events to `controls`, which are in the order of Tab. The last one at a place lies on top."""

    def __init__(self) -> None:
        self.controls: Sequence[Control] = ()
        self.hovered: Control | None = None
        self.mouse: Point | None = None  # in pixels
        self.owner: Control | None = None  # of the mouse, while it is down
        self._holders: dict[int, Control | None] = {}  # of the keys that are down: the controls that got them
        self._current: Control | None = None
        self._has_ring = False

    def show(self, controls: Sequence[Control]) -> None:
        """Only these `controls` can be used from here on: a card that lies over the others takes everything.

        The ring stays on the control of the same name, where there is one.
        """
        if list(controls) != list(self.controls):
            name = self._current.name if self._current else None
            self.controls = controls
            self._current, self.hovered = next((each for each in controls if each.name == name), None), None
            self._has_ring = self._has_ring and self._current is not None

    @property
    def keyboard(self) -> Control | None:
        """The control that has the keyboard: the open one, the one with the ring, or the first."""
        opened = self.opened
        if opened or (self._has_ring and self._current and self._current.is_usable):
            return opened or self._current
        return next((control for control in self.controls if control.is_usable), None)

    @property
    def opened(self) -> Control | None:
        """The control that lies open over the others."""
        return next((control for control in self.controls if control.is_open), None)

    @property
    def pointed(self) -> Control | None:
        """The control that a tip is for: the one with the ring, or the one under the mouse."""
        if self.owner or self.opened:
            return None
        return self._current if self._has_ring else self.hovered

    def state(self, control: Control) -> State:
        """How `control` is to be shown."""
        has_ring = self._has_ring and control is self._current
        return State(control is self.hovered, control is self.owner, has_ring)

    def at(self, at: Point) -> Control | None:
        """The control at a place. An open one lies on top."""
        opened = self.opened
        if opened and opened.contains(at):
            return opened
        found = [control for control in self.controls if control.is_usable and control.contains(at)]
        return found[-1] if found else None

    def press(self, at: Point, erase: bool = False) -> Intent | None:
        """The mouse goes down. What is open closes, unless it is pressed itself.

        Where nothing lies, the first control gets the press: a stroke may begin beside the sheet.
        """
        self.mouse, self._has_ring = at, False
        opened = self.opened
        if opened and not opened.contains(at):
            opened.close()
        if self.owner is None:
            self.owner = self.at(at) or next(iter(self.controls), None)
            return self.owner.press(at, erase) if self.owner else None
        return None

    def move(self, at: Point) -> Intent | None:
        """The mouse moves. Over an open list it marks rows even while no button is down."""
        self.mouse, self.hovered = at, self.at(at)
        target = self.owner or self.opened
        return target.drag(at) if target else None

    def release(self, at: Point) -> Intent | None:
        """The mouse goes up. A control that is no longer there lets go, but cannot be pressed."""
        owner, self.owner = self.owner, None
        self.mouse, self.hovered = at, self.at(at)
        return owner.release(at if owner in self.controls else GONE) if owner else None

    def leave(self) -> None:
        """The mouse has left the window."""
        self.mouse = self.hovered = None

    def step(self, steps: int) -> None:
        """Give the keyboard to the next control in the order, or to the one before."""
        usable = [control for control in self.controls if control.is_usable and control.takes_keys]
        if not usable:
            return
        if self._current in usable:
            self._current = usable[(usable.index(self._current) + steps) % len(usable)]
        else:
            self._current = usable[0 if steps > 0 else -1]
        self._has_ring = True

    def hold(self, key: int) -> bool:
        """A key goes down: until it goes up it is for the control that has the keyboard now.

        Returns whether it was up before; else it is held down, and repeats.
        """
        is_first = key not in self._holders
        self._holders.setdefault(key, self.keyboard)
        return is_first

    def key(self, stroke: KeyStroke) -> Intent | None:
        """What a key that went down, or repeats, means for the control that got it and still has the keyboard."""
        control = self.keyboard
        return control.key(stroke) if control and control is self._holders.get(stroke.key) else None

    def key_up(self, stroke: KeyStroke) -> Intent | None:
        """What releasing a key means for the control that got it."""
        control = self._holders.pop(stroke.key, None)
        return control.key_up(stroke) if control else None

    def let_go(self) -> list[Intent]:
        """All keys are up, or belong to another window. What that means."""
        found = [self.key_up(KeyStroke(key)) for key in list(self._holders)]
        return [intent for intent in found if intent is not None]
