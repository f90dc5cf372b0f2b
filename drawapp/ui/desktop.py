"""The desktop: what SDL does not tell about the screens that a window opens on.

How fine their pixels are decides how large everything must be drawn, and each system says it in another way. Where a
system says nothing, an ordinary screen is assumed. Nothing here opens a window.
"""

from __future__ import annotations

import ctypes
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import POINTER, Structure, byref, c_char_p, c_int, c_long, c_short, c_uint, c_ulong, c_void_p
from functools import cache
from typing import Any

import pygame

from drawapp.drawing.geometry import Box

ORDINARY = 96.0  # dots per inch of an ordinary screen
FINE = 1.25  # times as many: an X server that was told nothing assumes about 96
MOST = 4.0  # times as many; a projector may report any size of its image
NEAREST_MONITOR = 2  # Windows: MONITOR_DEFAULTTONEAREST
EFFECTIVE_DPI = 0  # Windows: MDT_EFFECTIVE_DPI

Handle = Any  # a pointer into a library of the system


class XineramaScreen(Structure):
    """`XineramaScreenInfo` of X11: where one of several screens lies."""

    _fields_ = (("number", c_int), ("left", c_short), ("top", c_short), ("width", c_short), ("height", c_short))


def density(near: tuple[int, int] = (0, 0)) -> float:
    """Pixels per pixel of an ordinary screen, of the one at `near`, 1 to 4.

    It is 1 where windows are measured in points of about an ordinary pixel, as on Wayland and macOS.
    """
    driver = pygame.display.get_driver()
    try:
        if driver == "x11":
            dots = x11_dots_per_inch()
        elif driver == "windows":
            dots = windows_dots_per_inch(*near)
        else:
            return 1.0
    except (OSError, AttributeError):  # the library is not there, or it is too old
        return 1.0
    return min(max(dots / ORDINARY, 1.0), MOST)


def screens() -> list[Box]:
    """Where the screens lie on the desktop, the first one first; where nobody says, only the first one."""
    width, height = pygame.display.get_desktop_sizes()[0]
    first = Box(0, 0, width, height)
    try:
        if pygame.display.get_driver() == "x11":
            return x11_screens() or [first]
        if pygame.display.get_driver() == "windows":
            return windows_screens() or [first]
    except (OSError, AttributeError):
        pass
    return [first]


def frame(window: int) -> tuple[int, int]:
    """How wide the frame is that X11 has put around `window`, a handle: on its left and above it; else 0."""
    try:
        return x11_frame(window) if window and pygame.display.get_driver() == "x11" else (0, 0)
    except (OSError, AttributeError):
        return 0, 0


def announce(name: str) -> None:
    """Tell Windows that this is the app `name`: its windows are grouped by it. Elsewhere SDL tells it."""
    if sys.platform == "win32":
        ctypes.windll.shell32.SetCurrentProcessExplicitAppUserModelID(name)


@contextmanager
def x11_display() -> Iterator[tuple[Any, Handle]]:
    """libX11, and its connection to the display. Raises OSError where there is none."""
    x11 = ctypes.CDLL("libX11.so.6")
    x11.XOpenDisplay.restype = c_void_p
    x11.XResourceManagerString.restype = c_char_p
    for function in (x11.XResourceManagerString, x11.XDefaultScreen, x11.XCloseDisplay, x11.XFree):
        function.argtypes = [c_void_p]
    for function in (x11.XDisplayWidth, x11.XDisplayWidthMM):
        function.argtypes = [c_void_p, c_int]
    display = x11.XOpenDisplay(None)
    if not display:
        raise OSError("There is no X display.")
    try:
        yield x11, display
    finally:
        x11.XCloseDisplay(display)


@cache  # connecting takes a millisecond, and the layout asks in every frame while the window is resized
def x11_dots_per_inch() -> float:
    """What the user has chosen (Xft.dpi), else what the X server measures if that is more than ordinary."""
    with x11_display() as (x11, display):
        chosen = xft_dots_per_inch(x11.XResourceManagerString(display) or b"")
        if chosen:
            return chosen
        screen = x11.XDefaultScreen(display)
        millimetres = x11.XDisplayWidthMM(display, screen)
        measured = x11.XDisplayWidth(display, screen) * 25.4 / millimetres if millimetres > 0 else ORDINARY
    return float(measured) if measured >= FINE * ORDINARY else ORDINARY


def xft_dots_per_inch(resources: bytes) -> float | None:
    """The value of Xft.dpi in the X `resources`, one per line, or None where it has none that makes sense."""
    found = re.search(rb"^Xft\.dpi[ \t]*:[ \t]*(\d+(?:\.\d+)?)[ \t]*$", resources, re.MULTILINE)
    value = float(found[1]) if found else 0.0
    return value if 0 < value < MOST * MOST * ORDINARY else None


def x11_screens() -> list[Box]:
    """Where the screens of the X display lie; none where its server does not say."""
    xinerama = ctypes.CDLL("libXinerama.so.1")
    xinerama.XineramaQueryScreens.restype = POINTER(XineramaScreen)
    xinerama.XineramaQueryScreens.argtypes = [c_void_p, POINTER(c_int)]
    with x11_display() as (x11, display):
        count = c_int()
        found = xinerama.XineramaQueryScreens(display, byref(count))
        boxes = [Box(s.left, s.top, s.width, s.height) for s in found[: count.value]] if found else []
        if found:
            x11.XFree(found)
    return boxes


def x11_frame(window: int) -> tuple[int, int]:
    """The first and the third number of the property _NET_FRAME_EXTENTS of `window`: left, right, top, bottom."""
    with x11_display() as (x11, display):
        x11.XInternAtom.restype = c_ulong
        x11.XInternAtom.argtypes = [c_void_p, c_char_p, c_int]
        x11.XGetWindowProperty.argtypes = [c_void_p, c_ulong, c_ulong, c_long, c_long, c_int, c_ulong, *[c_void_p] * 5]
        name = x11.XInternAtom(display, b"_NET_FRAME_EXTENTS", True)
        kind, bits, count, left_over, numbers = c_ulong(), c_int(), c_ulong(), c_ulong(), POINTER(c_long)()
        if not name:  # no window manager has ever used it
            return 0, 0
        found = (byref(kind), byref(bits), byref(count), byref(left_over), byref(numbers))
        x11.XGetWindowProperty(display, window, name, 0, 4, False, 0, *found)
        extents = numbers[: count.value] if numbers and bits.value == 32 else []
        if numbers:
            x11.XFree(numbers)
    return (extents[0], extents[2]) if len(extents) == 4 else (0, 0)


def windows_dots_per_inch(x: int, y: int) -> float:
    """Of the monitor at (x, y), or of the nearest one."""
    user32, shcore = ctypes.windll.user32, ctypes.windll.shcore  # type: ignore[attr-defined,unused-ignore]
    user32.MonitorFromPoint.restype = c_void_p
    monitor = user32.MonitorFromPoint(windows_point(x, y), NEAREST_MONITOR)
    across, down = c_uint(), c_uint()
    failed = shcore.GetDpiForMonitor(c_void_p(monitor), EFFECTIVE_DPI, byref(across), byref(down))
    return ORDINARY if failed else float(across.value)


def windows_point(x: int, y: int) -> Structure:
    """A point as Windows takes it."""
    from ctypes.wintypes import POINT

    return POINT(x, y)


def windows_screens() -> list[Box]:
    """Where the monitors of Windows lie."""
    from ctypes.wintypes import RECT

    boxes: list[Box] = []

    def add(monitor: Handle, context: Handle, rectangle: Any, data: Handle) -> int:
        r = rectangle.contents
        boxes.append(Box(r.left, r.top, r.right - r.left, r.bottom - r.top))
        return 1  # go on

    kind: Callable[..., Any] = ctypes.WINFUNCTYPE  # type: ignore[attr-defined,unused-ignore]
    callback = kind(c_int, c_void_p, c_void_p, POINTER(RECT), c_void_p)(add)
    ctypes.windll.user32.EnumDisplayMonitors(None, None, callback, None)  # type: ignore[attr-defined,unused-ignore]
    return boxes
