"""The window: opening it on a screen that somebody can see.

SDL also opens windows that nobody can see, and desktops differ in how they group windows and measure them. The rest of
the app need not care: it gets a window, or an error that says what to do.
"""

from __future__ import annotations

import os
import sys

import pygame

from drawapp.reading import resources
from drawapp.ui import layout
from nn_scratch.errors import UserError

TITLE = "Draw a digit"
WINDOW_CLASS = ("SDL_VIDEO_X11_WMCLASS", "SDL_VIDEO_WAYLAND_WMCLASS")  # Linux desktops group windows by it
UNSEEN = ("offscreen", "dummy")  # drivers of SDL that show nothing to anybody
DESKTOP_VARIABLES = ("DISPLAY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR")  # every desktop on Linux sets one


def open_window(size: tuple[int, int] = layout.DEFAULT) -> pygame.Window:
    """Open the window. On a screen of ordinary density it is of the given `size`, but never larger than the screen.

    Only the display and the fonts are started: the sound that `pygame.init` would start is slow and noisy.
    Raises UserError where there is no display.
    """
    os.environ.setdefault("SDL_WINDOWS_DPI_AWARENESS", "permonitorv2")
    os.environ.update(dict.fromkeys(WINDOW_CLASS, "drawapp"))
    start_display()
    pygame.font.init()
    density = screen_density()
    room = pygame.display.get_desktop_sizes()[0]
    wanted = [min(round(side * density), limit) for side, limit in zip(size, room, strict=True)]
    window = pygame.Window(TITLE, (wanted[0], wanted[1]), resizable=True)
    window.minimum_size = layout.MINIMUM
    if resources.icon().is_file():
        window.set_icon(pygame.image.load(resources.icon()))
    return window


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


def screen_density() -> float:
    """Pixels of the screen per pixel of an ordinary screen. Only Windows measures windows in the screen's pixels."""
    if sys.platform != "win32":
        return 1.0
    import ctypes

    dots_per_inch: int = ctypes.windll.user32.GetDpiForSystem()
    return dots_per_inch / 96
