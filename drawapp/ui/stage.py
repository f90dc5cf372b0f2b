"""The stage: the window, and the screen that it shows.

A screen is drawn only when it is out of date, laid out anew when the window has another size, and made anew when the
user goes to another place. What it shows is handed over as a view; nothing here knows where that comes from.
"""

from __future__ import annotations

import math

import pygame

from drawapp.session.report import Reporter
from drawapp.ui.controls.focus import Focus
from drawapp.ui.layout import Look, layout_for
from drawapp.ui.places import SCREENS
from drawapp.ui.screens.screen import Screen
from drawapp.ui.view import View
from drawapp.ui.window import AppWindow

LONGEST_STEP = 1 / 30  # seconds that the bars move on in one frame at most: after a rest they glide too


class Stage:
    """Shows views in `window`, from the time `now` in seconds on. The `reporter` is told where everything lies."""

    def __init__(self, window: AppWindow, view: View, reporter: Reporter, now: float) -> None:
        self.window = window
        self.focus = Focus()  # of all screens: what began on one of them ends there
        self.is_stale = True
        self._reporter = reporter
        self._gliding = False
        self._shown_at = now
        self.make(view)

    @property
    def is_resized(self) -> bool:
        """Whether the window has another size than the screen."""
        return self.window.get_surface().get_size() != self.screen.layout.window

    def make(self, view: View) -> None:
        """Make the screen of the place that `view` shows, in the language in use."""
        self.screen: Screen = SCREENS[view.place](layout_for(*self._measures(view)), view)
        self.screen.focus = self.focus
        self.build(view)

    def build(self, view: View) -> None:
        """Lay the screen out anew, for the size of the window and the model that reads."""
        screen = self.screen
        screen.update(view)
        screen.arrange(layout_for(*self._measures(view)))
        screen.glide(math.inf)
        self.window.title = view.title
        self.is_stale = True
        self._report()

    def is_due(self, now: float) -> bool:
        """Whether the window is out of date."""
        self.is_stale = self.screen.tip(now) or self.is_stale
        return self.is_stale or self._gliding

    def show(self, view: View, now: float) -> None:
        """Draw the window."""
        pygame.mouse.set_visible(view.brush.at is None or self.screen.shows_help)
        self.screen.update(view)
        self._gliding = self.screen.glide(min(now - self._shown_at, LONGEST_STEP))
        self.screen.draw(self.window.get_surface())
        self.window.flip()
        self._report()  # a part of a place has controls of its own
        self.is_stale, self._shown_at = False, now

    def _report(self) -> None:
        """Tell where everything lies, where that has changed."""
        screen = self.screen
        layout = screen.layout
        self._reporter.layout(layout.window, layout.viewport.grid, screen.boxes, screen.view.place)

    def _measures(self, view: View) -> tuple[tuple[int, int], Look]:
        """The size of the window, and what the layout depends on beside it."""
        preferences = view.preferences
        look = Look(self.window.density, preferences.type_size / 100, preferences.left_handed)
        return self.window.get_surface().get_size(), look
