"""The window: opening it on a screen that somebody can see, as large as is comfortable there.

SDL also opens windows that nobody can see, and desktops differ in how they group windows and measure them. The rest of
the app need not care: it gets a window, or an error that says what to do, and deals in the pixels of its surface.
"""

from __future__ import annotations

import os
import sys

import pygame

from drawapp.drawing.geometry import Box
from drawapp.reading import resources
from drawapp.ui import desktop, layout
from nn_scratch.errors import UserError

TITLE = "Draw a digit"
APP_ID = "drawapp"
HINTS = {  # what SDL is told before it starts
    "SDL_WINDOWS_DPI_AWARENESS": "permonitorv2",
    "SDL_VIDEO_ALLOW_SCREENSAVER": "1",
    "SDL_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR": "0",  # bypassing is for games: the other windows flicker
    "SDL_VIDEO_X11_WMCLASS": APP_ID,  # Linux desktops group windows by it
    "SDL_VIDEO_WAYLAND_WMCLASS": APP_ID,
    "SDL_APP_NAME": APP_ID,
}
UNSEEN = ("offscreen", "dummy")  # drivers of SDL that show nothing to anybody
DESKTOP_VARIABLES = ("DISPLAY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR")  # every desktop on Linux sets one
MARGIN = (16, 104)  # pixels of an ordinary screen that stay free for the frame, the title bar and the task bar
GRIP = 64  # pixels of an ordinary screen: as much of a window must be seen to take hold of it
POSITIONED = (pygame.MOUSEMOTION, pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP)  # events with a position


class AppWindow(pygame.Window):
    """A window that knows how fine its pixels are.

    Wayland and macOS measure windows and events in points, of which each may be several pixels of the surface.
    """

    is_full_screen = False

    @property
    def ratio(self) -> float:
        """Pixels of the surface per unit in which the window and the events are measured."""
        return self.get_surface().get_width() / max(self.size[0], 1)

    @property
    def density(self) -> float:
        """Pixels of the surface per pixel of an ordinary screen."""
        return self.ratio * desktop.density(Box(*self.position, *self.size).centre)

    @property
    def place(self) -> Box:
        """Where to open the window again, and how large, in units of the desktop; in full screen, where it was before.

        X11 opens a window with its frame where the window was asked for.
        """
        if self.is_full_screen:
            return self._place
        left, top = desktop.frame(getattr(self, "handle", 0))  # pygame-ce has it since 2.5.8
        return Box(self.position[0] - left, self.position[1] - top, *self.size)

    def to_pixels(self, position: tuple[float, float]) -> tuple[float, float]:
        """The `position` of an event, in pixels of the surface."""
        ratio = self.ratio
        return position if ratio == 1 else (position[0] * ratio, position[1] * ratio)

    def in_pixels(self, event: pygame.Event) -> pygame.Event:
        """The `event` with its position in pixels of the surface."""
        if event.type not in POSITIONED or self.ratio == 1:
            return event
        return pygame.Event(event.type, {**event.dict, "pos": self.to_pixels(event.pos)})

    def toggle_full_screen(self) -> None:
        """Fill the screen, or no longer."""
        if self.is_full_screen:
            self.set_windowed()
        else:
            self._place = self.place
            self.set_fullscreen(desktop=True)
        self.is_full_screen = not self.is_full_screen


def open_window(size: tuple[int, int] = layout.DEFAULT, place: Box | None = None) -> AppWindow:
    """Open the window: at `place` if that can be seen, else of `size` on a screen of ordinary density.

    It is never larger than the screen. Only the display and the fonts are started: the sound that `pygame.init` would
    start is slow and noisy. Raises UserError where there is no display.
    """
    os.environ.update(HINTS)  # whatever they were: pygame names its windows after the script
    desktop.announce(APP_ID)
    start_display()
    pygame.font.init()
    pygame.display.set_allow_screensaver(True)
    fitted = fitting(place, desktop.screens()) if place else None
    position = pygame.WINDOWPOS_UNDEFINED if fitted is None else (fitted.left, fitted.top)
    wanted = comfortable(size) if fitted is None else (fitted.width, fitted.height)
    window = AppWindow(TITLE, wanted, position, resizable=True, allow_high_dpi=True)
    window.minimum_size = smallest(wanted)
    if resources.icon().is_file():
        window.set_icon(pygame.image.load(resources.icon()))
    return window


def comfortable(size: tuple[int, int]) -> tuple[int, int]:
    """`size` in units of the desktop, or as much of it as the first screen has room for."""
    density = desktop.density()
    room = pygame.display.get_desktop_sizes()[0]
    width, height = (
        min(round(side * density), limit - round(margin * density))
        for side, limit, margin in zip(size, room, MARGIN, strict=True)
    )
    return max(width, 1), max(height, 1)


def smallest(size: tuple[int, int]) -> tuple[int, int]:
    """How small the user may make a window that opens with `size`, in units of the desktop."""
    density = desktop.density()
    width, height = (min(round(side * density), now) for side, now in zip(layout.MINIMUM, size, strict=True))
    return width, height


def fitting(place: Box, screens: list[Box]) -> Box | None:
    """`place`, made as small as the screen that it is on; None where too little of its upper edge would be seen."""
    grip = Box(place.left, place.top, place.width, GRIP)
    for screen in screens:
        seen = min(grip.right, screen.right) - max(grip.left, screen.left)
        if seen >= min(GRIP, place.width) and screen.top <= grip.top and grip.bottom <= screen.bottom:
            return Box(place.left, place.top, min(place.width, screen.width), min(place.height, screen.height))
    return None


def start_display() -> None:
    """Start SDL's video. Raises UserError where nobody would see it, unless that was asked for."""
    advice = "Run it on a desktop, or read images without a window: drawapp --image FILE"
    asked_for = os.environ.get("SDL_VIDEODRIVER") or os.environ.get("SDL_VIDEO_DRIVER") or ""
    missing = UserError(f"There is no display to open a window on. {advice}")
    if not asked_for and sys.platform == "linux" and not any(map(os.environ.get, DESKTOP_VARIABLES)):
        raise missing  # before Wayland's library prints a message about it
    try:
        pygame.display.init()
    except pygame.error as error:
        raise UserError(f"No window can be opened ({error}). {advice}") from error
    driver = pygame.display.get_driver()
    if driver in UNSEEN and driver not in asked_for:
        pygame.display.quit()
        raise missing
    if driver == "x11":
        os.environ["SDL_FRAMEBUFFER_ACCELERATION"] = "0"  # else SDL loads OpenGL to ask who made it: up to 95 MB


def system_languages() -> list[str]:
    """The languages that the user prefers in the whole system, such as "es_ES", the best one first."""
    return ["_".join(filter(None, (each["language"], each["country"]))) for each in pygame.system.get_pref_locales()]
