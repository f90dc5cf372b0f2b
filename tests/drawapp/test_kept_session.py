"""The window with a session: what was drawn is there at the next start, and the report tells what happens."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
import pygame
import pytest

import nn_scratch
from drawapp import errors
from drawapp.__main__ import main
from drawapp.app import App
from drawapp.drawing.canvas import Canvas
from drawapp.drawing.geometry import Box
from drawapp.reading import catalog
from drawapp.reading.catalog import Catalog, Model
from drawapp.reading.recognizer import Recognizer
from drawapp.session.kept_drawing import KeptDrawing
from drawapp.session.report import Reporter
from drawapp.session.session import Session
from drawapp.session.settings import Settings

needs_model = pytest.mark.skipif(not catalog.default_model().path.is_file(), reason="there is no models/digits.npy")


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The user's folders, and a window that nobody sees."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    for folder in ("config", "data", "log"):
        place = str(tmp_path / folder)
        monkeypatch.setattr(platformdirs, f"user_{folder}_dir", lambda *names, place=place, **options: place)
    return tmp_path


def app_in(folder: Path, is_new: bool = False) -> App:
    network = nn_scratch.mlp((16,)).initialize(np.random.default_rng(0))
    models = Catalog([Model("digits", Path("digits.npy"))], lambda path: Recognizer(network))
    session = Session(
        Settings(folder / "settings.json"),
        KeptDrawing(folder / "drawing.npz"),
        Reporter(folder / "report.jsonl"),
        is_new,
    )
    return App(models, clock=lambda: 100.0, session=session)


def turn(app: App, *events: tuple[int, dict[str, object]]) -> None:
    for kind, details in events:
        pygame.event.post(pygame.Event(kind, details))
    app.listen()
    app.think()
    app.show()


def key(app: App, code: int, mod: int = 0) -> None:
    turn(app, (pygame.KEYDOWN, {"key": code, "mod": mod, "unicode": ""}))


def mouse(app: App, kind: int, cell: tuple[float, float]) -> tuple[int, dict[str, object]]:
    position = tuple(map(round, app.screen.layout.viewport.to_screen(*cell)))
    return kind, {"pos": position, "button": 1, "rel": (0, 0), "buttons": (1, 0, 0)}


def draw(app: App, *cells: tuple[float, float]) -> None:
    down, *moves = cells
    turn(app, mouse(app, pygame.MOUSEBUTTONDOWN, down), *(mouse(app, pygame.MOUSEMOTION, cell) for cell in moves))
    turn(app, mouse(app, pygame.MOUSEBUTTONUP, cells[-1]))


def run_and_close(app: App) -> None:
    pygame.event.post(pygame.Event(pygame.QUIT))
    app.run()
    app.session.reporter.close()


def lines(folder: Path, kind: str) -> list[dict[str, Any]]:
    every = [json.loads(line) for line in (folder / "report.jsonl").read_text().splitlines()]
    return [line for line in every if kind in line]


def test_the_drawing_and_the_place_are_there_at_the_next_start(tmp_path: Path) -> None:
    app = app_in(tmp_path)
    app.open()
    draw(app, (5, 5), (20, 5), (12, 22))
    app.window.size = (900, 650)
    ink = app.canvas.ink.copy()
    run_and_close(app)
    again = app_in(tmp_path)
    again.open()
    turn(again)
    np.testing.assert_array_equal(again.canvas.ink, ink)
    assert again.window.size == (900, 650)
    assert again.prediction is not None
    assert again.prediction.has_ink
    run_and_close(again)
    new = app_in(tmp_path, is_new=True)
    new.open()
    assert new.canvas.is_empty
    run_and_close(new)


def test_a_damaged_drawing_is_told_of_in_the_window(tmp_path: Path) -> None:
    (tmp_path / "drawing.npz").write_bytes(b"not a drawing")
    app = app_in(tmp_path)
    app.open()
    turn(app)
    assert "sheet is blank" in app.screen.view.message
    assert app.canvas.is_empty
    run_and_close(app)


def test_the_report_tells_what_an_outside_driver_needs(tmp_path: Path) -> None:
    app = app_in(tmp_path)
    app.open()
    turn(app)
    (layout,) = lines(tmp_path, "window")
    grid = app.screen.layout.viewport.grid
    assert layout["window"] == list(app.screen.layout.window)
    assert layout["grid"] == list(grid)
    assert layout["place"] == "draw"
    assert all(Box(*box).width > 0 for box in layout["controls"].values())
    assert lines(tmp_path, "answer") == []

    draw(app, (5, 5), (20, 5))
    key(app, pygame.K_z, pygame.KMOD_LCTRL)
    draw(app, (5, 5), (20, 5))
    key(app, pygame.K_r)
    fractions = [line["ink"] for line in lines(tmp_path, "ink")]
    assert fractions == [pytest.approx(fractions[0]), 0, pytest.approx(fractions[0]), 0]
    assert 0.03 < fractions[0] < 0.06
    answers = lines(tmp_path, "answer")
    assert [line["best"] is None for line in answers] == [False, True, False, True]
    assert answers[0] == answers[2]
    assert 0 < answers[0]["probability"] <= 1
    assert answers[1] == {"answer": None, "best": None, "probability": 0}

    app.window.size = (900, 650)
    turn(app)
    assert lines(tmp_path, "window")[-1]["window"] == [900, 650]
    run_and_close(app)


def test_reset_in_the_middle_of_a_stroke_goes_on_drawing(tmp_path: Path) -> None:
    app = app_in(tmp_path)
    app.open()
    turn(app, mouse(app, pygame.MOUSEBUTTONDOWN, (5, 5)), mouse(app, pygame.MOUSEMOTION, (20, 5)))
    key(app, pygame.K_r)
    assert not app.canvas.ink.any()
    turn(app, mouse(app, pygame.MOUSEMOTION, (20, 20)), mouse(app, pygame.MOUSEBUTTONUP, (20, 20)))
    assert app.canvas.grid()[12, 20] > 200
    assert app.canvas.grid()[5, 12] == 0
    run_and_close(app)


@needs_model
@pytest.mark.parametrize("trouble", [RuntimeError("the roof is on fire"), KeyboardInterrupt()])
def test_a_crash_keeps_the_drawing_for_the_next_start(
    home: Path, monkeypatch: pytest.MonkeyPatch, trouble: BaseException
) -> None:
    def crash(app: App) -> None:
        app.canvas.draw([(5, 5), (20, 5)])
        raise trouble

    monkeypatch.setattr(App, "think", crash)
    assert main([]) == (130 if isinstance(trouble, KeyboardInterrupt) else 1)
    kept = Canvas()
    KeptDrawing(home / "data" / "drawing.npz").restore(kept)
    assert kept.grid()[5, 12] > 200


@needs_model
def test_a_report_that_cannot_be_written_gets_a_sentence(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--report", str(home / "nowhere" / "report.jsonl")]) == 2
    error = capsys.readouterr().err
    assert error.startswith("drawapp: The report cannot be written")
    assert error.count("\n") == 1


@needs_model
def test_what_cannot_be_kept_at_the_end_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def leave(app: App) -> None:
        app.canvas.draw([(5, 5), (20, 5)])
        app.running = False

    told: list[str] = []
    monkeypatch.setattr("drawapp.app.tell", told.append)
    monkeypatch.setattr(App, "listen", leave)
    monkeypatch.setattr(App, "think", lambda app: None)
    (home / "data").write_text("a file in the way")
    assert main([]) == 0
    assert "drawing.npz" in " ".join(told)


@needs_model
def test_a_crash_with_a_log_that_cannot_be_written_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    tell: Callable[..., None] = lambda sentence, in_a_box=False: told.append(sentence)  # noqa: E731
    monkeypatch.setattr(errors, "tell", tell)
    monkeypatch.setattr(App, "show", lambda app: 1 / 0)
    (home / "log").write_text("a file in the way")
    assert main([]) == 1
    assert "could not be written" in told[0]


def test_the_place_of_a_screenshot_needs_a_screenshot(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--place", "draw"])
    assert stopped.value.code == 2
    assert "--screenshot" in capsys.readouterr().err


@needs_model
def test_a_screenshot_of_a_place_in_a_theme_and_a_language(tmp_path: Path) -> None:
    file = tmp_path / "draw.png"
    assert main(["--screenshot", str(file), "--place", "draw", "--theme", "light", "--language", "en"]) == 0
    assert file.stat().st_size > 1000
