"""The window opens where it is seen, as large as is comfortable, and its events are in pixels."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pygame
import pytest

from drawapp.drawing.geometry import Box
from drawapp.ui import desktop, window
from drawapp.ui.desktop import xft_dots_per_inch
from drawapp.ui.layout import DEFAULT
from drawapp.ui.window import AppWindow, fitting, open_window
from tests.helpers.desktop import MISSING, virtual_screen

LAPTOP, BESIDE = Box(0, 0, 1280, 720), Box(1280, -200, 1920, 1080)


@pytest.fixture(autouse=True)
def unseen(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    yield
    pygame.display.quit()


@pytest.mark.parametrize(
    ("resources", "dots"),
    [
        (b"Xft.dpi:\t192\n", 192.0),
        (b"Xcursor.size: 24\nXft.dpi: 120.5 \nXft.hinting: 1\n", 120.5),
        (b"", None),
        (b"Xft.dpi: soon\n", None),
        (b"Xft.dpi: 0\n", None),
        (b"Xft.dpi: 99999999\n", None),
        (b"NotXft.dpi: 192\n", None),
    ],
)
def test_the_density_that_the_user_has_chosen_in_x11(resources: bytes, dots: float | None) -> None:
    assert xft_dots_per_inch(resources) == dots


@pytest.mark.parametrize(
    ("dots", "density"), [(96.0, 1.0), (72.0, 1.0), (120.0, 1.25), (192.0, 2.0), (1000.0, desktop.MOST)]
)
def test_the_density_is_that_of_the_driver_within_bounds(
    monkeypatch: pytest.MonkeyPatch, dots: float, density: float
) -> None:
    monkeypatch.setattr(desktop, "x11_dots_per_inch", lambda: dots)
    monkeypatch.setattr(pygame.display, "get_driver", lambda: "x11")
    assert desktop.density() == density
    monkeypatch.setattr(pygame.display, "get_driver", lambda: "wayland")
    assert desktop.density() == 1


def test_without_the_library_the_screen_is_ordinary(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> float:
        raise OSError("libX11.so.6: cannot open shared object file")

    pygame.display.init()
    monkeypatch.setattr(pygame.display, "get_driver", lambda: "x11")
    for name in ("x11_dots_per_inch", "x11_screens"):
        monkeypatch.setattr(desktop, name, missing)
    assert desktop.density() == 1
    assert len(desktop.screens()) == 1


@pytest.mark.parametrize(
    ("screen", "density", "size"),
    [
        ((1920, 1080), 1.0, DEFAULT),
        ((3840, 2160), 2.0, (2 * DEFAULT[0], 2 * DEFAULT[1])),
        ((1280, 720), 1.0, (1100, 616)),
        ((1366, 768), 1.25, (1346, 638)),
    ],
)
def test_the_window_is_comfortable_and_leaves_room_for_the_task_bar(
    monkeypatch: pytest.MonkeyPatch, screen: tuple[int, int], density: float, size: tuple[int, int]
) -> None:
    monkeypatch.setattr(pygame.display, "get_desktop_sizes", lambda: [screen])
    monkeypatch.setattr(desktop, "density", lambda near=(0, 0): density)
    opened = open_window()
    assert opened.size == size
    assert opened.density == density
    opened.destroy()


@pytest.mark.parametrize(
    ("place", "fitted"),
    [
        (Box(50, 60, 900, 600), Box(50, 60, 900, 600)),
        (Box(1300, -150, 900, 600), Box(1300, -150, 900, 600)),  # on the second screen
        (Box(-800, 60, 900, 600), Box(-800, 60, 900, 600)),  # a hundred pixels are seen
        (Box(-860, 60, 900, 600), None),
        (Box(50, 700, 900, 600), None),  # its title bar is below the screen
        (Box(50, -300, 900, 600), None),
        (Box(4000, 60, 900, 600), None),
        (Box(0, 0, 3000, 2000), Box(0, 0, 1280, 720)),
        (Box(0, 0, 30, 20), Box(0, 0, 30, 20)),
    ],
)
def test_a_remembered_place_is_used_only_where_it_can_be_seen(place: Box, fitted: Box | None) -> None:
    assert fitting(place, [LAPTOP, BESIDE]) == fitted


def test_the_window_opens_where_it_was() -> None:
    opened = open_window(place=Box(40, 50, 900, 640))
    assert opened.place == Box(40, 50, 900, 640)
    opened.destroy()


def test_full_screen_remembers_the_place_before() -> None:
    opened = open_window(place=Box(40, 50, 900, 640))
    opened.toggle_full_screen()
    assert opened.is_full_screen
    assert opened.place == Box(40, 50, 900, 640)
    opened.toggle_full_screen()
    assert not opened.is_full_screen
    assert opened.size == (900, 640)
    opened.destroy()


def test_positions_are_scaled_where_the_surface_is_finer_than_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = open_window()
    press = pygame.Event(pygame.MOUSEBUTTONDOWN, pos=(10, 20), button=1)
    key = pygame.Event(pygame.KEYDOWN, key=pygame.K_a)
    assert opened.in_pixels(press) is press
    monkeypatch.setattr(AppWindow, "ratio", 1.5)
    assert opened.in_pixels(press).pos == (15, 30)
    assert opened.in_pixels(press).button == 1
    assert opened.in_pixels(key) is key
    opened.destroy()


def test_the_desktop_is_left_in_peace() -> None:
    open_window().destroy()
    assert pygame.display.get_allow_screensaver()
    assert os.environ["SDL_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR"] == "0"
    assert os.environ["SDL_VIDEO_X11_WMCLASS"] == os.environ["SDL_VIDEO_WAYLAND_WMCLASS"] == window.APP_ID


def test_the_languages_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    preferred = [{"language": "es", "country": "ES"}, {"language": "en", "country": None}]
    monkeypatch.setattr(pygame.system, "get_pref_locales", lambda: preferred)
    assert window.system_languages() == ["es_ES", "en"]


X_TOOLS = ("Xvfb", "xrdb", "xprop")
IN_X = """
import subprocess
from drawapp.ui import desktop
from drawapp.ui.window import open_window
opened = open_window()
print(*opened.size, opened.density, *desktop.screens()[0])
print(subprocess.run(["xprop", "-id", str(opened.handle), "WM_CLASS"], capture_output=True, text=True).stdout)
"""


@pytest.mark.skipif(not all(map(shutil.which, X_TOOLS)), reason=f"needs {', '.join(X_TOOLS)}")
@pytest.mark.skipif(not hasattr(pygame.Window, "handle"), reason="needs pygame-ce 2.5.8")
@pytest.mark.parametrize(("dots", "wide"), [("", 1100), ("Xft.dpi: 192\n", 2200)])
def test_a_real_x_server_says_how_fine_its_pixels_are(dots: str, wide: int) -> None:
    read_end, write_end = os.pipe()
    command = ["Xvfb", "-displayfd", str(write_end), "-screen", "0", "3840x2160x24", "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(command, pass_fds=[write_end], stderr=subprocess.DEVNULL)
    try:
        display = f":{os.read(read_end, 16).decode().strip()}"
        environment = {**os.environ, "DISPLAY": display, "SDL_VIDEODRIVER": "x11"}
        subprocess.run(["xrdb", "-nocpp", "-merge"], input=dots, text=True, env=environment, check=True)
        result = subprocess.run(
            [sys.executable, "-c", IN_X], env=environment, capture_output=True, text=True, timeout=60
        )
    finally:
        server.terminate()
        server.wait()
        os.close(read_end)
        os.close(write_end)
    numbers, wm_class = [line for line in result.stdout.splitlines() if line][-2:]
    assert numbers.split() == [str(wide), str(wide * 720 // 1100), str(wide / 1100), "0", "0", "3840", "2160"]
    assert '"drawapp"' in wm_class


WITHOUT_OPENGL = """
from pathlib import Path
from drawapp.ui.window import open_window
opened = open_window()
opened.get_surface().fill("white")
opened.flip()
print("libGL" in Path("/proc/self/maps").read_text())
"""


@pytest.mark.skipif(bool(MISSING), reason=f"needs {', '.join(MISSING)}")
def test_in_x_nothing_loads_opengl_which_takes_more_memory_than_all_else() -> None:
    with virtual_screen() as display:
        environment = {**os.environ, "DISPLAY": display, "SDL_VIDEODRIVER": "x11"}
        command = [sys.executable, "-c", WITHOUT_OPENGL]
        result = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert result.stdout.split()[-1] == "False", result.stderr
