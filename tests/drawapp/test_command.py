"""The command line of the app: what each option does, and what a user is told when something is wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
import pygame
import pytest
from PIL import Image

import nn_scratch
from drawapp.__main__ import main
from drawapp.app import App
from drawapp.drawing import sample_digits
from drawapp.drawing.canvas import Canvas
from drawapp.reading import catalog
from drawapp.ui import window
from nn_scratch.errors import UserError

needs_model = pytest.mark.skipif(not catalog.default_model().path.is_file(), reason="there is no models/digits.npy")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders of a user who has not chosen nor kept anything."""
    for folder in ("config", "data"):
        place = str(tmp_path / folder)
        monkeypatch.setattr(platformdirs, f"user_{folder}_dir", lambda *names, place=place, **options: place)


def run(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run drawapp on a machine without a display, unless `environment` names a driver."""
    hidden = {"DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"}
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    command = [sys.executable, "-m", "drawapp", *map(str, arguments)]
    return subprocess.run(command, env={**kept, **environment}, capture_output=True, text=True, timeout=60)


def ink_of(digit: str) -> Image.Image:
    """A large grey image of `digit`, light on dark."""
    canvas = Canvas()
    sample_digits.draw(digit, canvas)
    return Image.fromarray((canvas.ink * 255).astype(np.uint8))


def read(capsys: pytest.CaptureFixture[str], *files: Path) -> list[dict[str, Any]]:
    """What `--image --json` prints of `files`, read in this process."""
    status = main(["--image", *map(str, files), "--json"])
    assert status == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize("argument", ["--help", "--version"])
def test_help_and_version(argument: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([argument])
    assert stopped.value.code == 0
    printed = capsys.readouterr()
    assert "drawapp" in printed.out
    assert printed.err == ""


@pytest.mark.parametrize("interval", ["0", "-1", "nan", "inf", "soon"])
def test_an_interval_is_a_positive_number(interval: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([f"--interval={interval}"])
    assert stopped.value.code == 2
    assert f"'{interval}' is not a positive number of seconds" in capsys.readouterr().err


def test_json_without_images_is_a_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--json"])
    assert stopped.value.code == 2
    assert "--image" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--charset", "--only"])
def test_a_charset_without_images_is_a_mistake(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([option, "digits"])
    assert stopped.value.code == 2
    assert "--image" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--charset", "--only"])
@pytest.mark.parametrize(("charset", "possible"), [("letters", "AB"), ("digits", "12")])
def test_the_charset_holds_all_answers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str, charset: str, possible: str
) -> None:
    nn_scratch.save(nn_scratch.mlp((3,), tuple("1A2B")).initialize(np.random.default_rng(0)), tmp_path / "four.npy")
    ink_of("7").save(tmp_path / "seven.png")
    model = ["--model", str(tmp_path / "four.npy")]
    assert main(["--image", str(tmp_path / "seven.png"), *model, option, charset, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert {label for label, value in answer["probabilities"].items() if value > 0} == set(possible)
    assert answer["label"] in possible


def test_a_missing_model_gets_one_sentence(tmp_path: Path) -> None:
    result = run("--self-test", "--model", tmp_path / "none.npy")
    assert result.returncode == 2
    assert result.stderr.startswith("drawapp: ")
    assert "none.npy" in result.stderr
    assert result.stderr.count("\n") == 1


@needs_model
def test_no_display_gets_one_sentence_that_points_to_image() -> None:
    result = run()
    assert result.returncode == 2
    assert result.stderr.startswith("drawapp: There is no display")
    assert "--image" in result.stderr
    assert result.stderr.splitlines()[-1] == result.stderr.splitlines()[0]


@needs_model
def test_a_driver_that_does_not_work_gets_one_sentence() -> None:
    result = run(SDL_VIDEODRIVER="no-such-driver")
    assert result.returncode == 2
    assert result.stderr.startswith("drawapp: No window can be opened")
    assert "Traceback" not in result.stderr


@needs_model
def test_a_crash_in_the_window_leaves_a_log_and_a_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def crash(app: App) -> None:
        raise RuntimeError("the roof is on fire")

    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setattr(platformdirs, "user_log_dir", lambda *names, **options: str(tmp_path))
    monkeypatch.setattr(App, "think", crash)
    assert main([]) == 1
    (log,) = tmp_path.glob("crash-*.txt")
    assert "the roof is on fire" in log.read_text(encoding="utf-8")
    assert str(log) in capsys.readouterr().err


@needs_model
def test_the_self_test_passes() -> None:
    result = run("--self-test")
    assert result.returncode == 0
    assert result.stderr == ""
    assert result.stdout.count(": right") == 10


def test_the_self_test_of_a_network_that_knows_nothing_fails(tmp_path: Path) -> None:
    nn_scratch.save(nn_scratch.mlp().initialize(np.random.default_rng(0)), tmp_path / "untrained.npy")
    assert main(["--self-test", "--model", str(tmp_path / "untrained.npy")]) == 1


@needs_model
def test_the_screenshot_shows_the_screen_without_a_display(tmp_path: Path) -> None:
    result = run("--screenshot", tmp_path / "screen.png")
    assert result.returncode == 0, result.stderr
    with Image.open(tmp_path / "screen.png") as image:
        assert image.size == (1100, 720)
        assert len(image.convert("RGB").getcolors(2**24)) > 100  # type: ignore[arg-type]


@needs_model
def test_a_screenshot_that_cannot_be_saved_gets_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--screenshot", str(tmp_path / "nowhere" / "screen.png")]) == 2
    told = capsys.readouterr().err
    assert "screen.png" in told
    assert told.count("\n") == 1


@needs_model
def test_every_kind_of_image_of_a_digit_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ink = ink_of("4")
    dark = Image.eval(ink, lambda value: 255 - value)
    alpha = Image.new("RGBA", ink.size, (20, 30, 90, 0))
    alpha.putalpha(ink)
    images = {
        "light-on-dark.png": ink,
        "dark-on-light.png": dark,
        "small.png": ink.resize((28, 28)),
        "large.png": ink.resize((900, 900)),
        "wide.png": Image.new("L", (600, 250), 255),
        "colour.jpg": Image.merge("RGB", [dark, dark, Image.new("L", ink.size, 220)]),
        "alpha.png": alpha,
        "bits.png": dark.convert("1"),
        "palette.gif": dark.convert("P"),
    }
    images["wide.png"].paste(dark, (300, 10))
    for name, image in images.items():
        image.save(tmp_path / name)
    files = [tmp_path / name for name in images]
    answers = read(capsys, *files)
    assert [answer["file"] for answer in answers] == [str(file) for file in files]
    assert {answer["file"]: answer["label"] for answer in answers} == {str(file): "4" for file in files}
    for answer in answers:
        assert answer["best"] == "4"
        assert list(answer["probabilities"]) == list("0123456789")
        assert sum(answer["probabilities"].values()) == pytest.approx(1, abs=1e-4)
        assert answer["probability"] == max(answer["probabilities"].values())


@needs_model
def test_an_image_of_a_number_is_read_digit_by_digit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = Image.new("L", (700, 400), 0)
    page.paste(ink_of("4"), (80, 90))
    page.paste(ink_of("2"), (330, 90))
    page.save(tmp_path / "number.png")
    (answer,) = read(capsys, tmp_path / "number.png")
    assert answer["best"] == "42"
    assert [character["best"] for character in answer["characters"]] == ["4", "2"]
    product = answer["characters"][0]["probability"] * answer["characters"][1]["probability"]
    assert answer["probability"] == pytest.approx(product, abs=1e-4)
    unsure = min(answer["characters"], key=lambda character: float(character["probability"]))
    assert answer["probabilities"] == unsure["probabilities"]


@needs_model
@pytest.mark.parametrize(("digit", "known"), [(9.0, True), (-9.0, False)])
def test_the_rejector_says_what_is_not_a_digit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], digit: float, known: bool
) -> None:
    rejector = nn_scratch.mlp((1,), classes=("no digit", "digit"))
    rejector.parameters[-1] = digit  # the last bias: all that this rejector knows
    nn_scratch.save(rejector, tmp_path / "rejector.npy")
    ink_of("7").save(tmp_path / "seven.png")
    monkeypatch.setattr(catalog, "DIGIT_REJECTOR", str(tmp_path / "rejector.npy"))
    (answer,) = read(capsys, tmp_path / "seven.png")
    assert answer["best"] == "7"
    assert answer["label"] == ("7" if known else None)


@needs_model
@pytest.mark.parametrize("shade", [0, 128, 255])
def test_an_image_without_ink_has_no_label(tmp_path: Path, capsys: pytest.CaptureFixture[str], shade: int) -> None:
    Image.new("L", (50, 40), shade).save(tmp_path / "blank.png")
    (answer,) = read(capsys, tmp_path / "blank.png")
    assert answer["label"] is None
    assert answer["best"] is None
    assert answer["probability"] == 0


@needs_model
def test_a_bad_image_gets_a_sentence_and_the_others_are_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "none.png").write_bytes(b"this is not an image")
    ink_of("7").save(tmp_path / "seven.png")
    files = [str(tmp_path / name) for name in ("none.png", "missing.png", "seven.png")]
    assert main(["--image", *files, "--json"]) == 2
    printed = capsys.readouterr()
    assert [json.loads(line)["label"] for line in printed.out.splitlines()] == ["7"]
    first, second = printed.err.splitlines()
    assert first.startswith("drawapp: ")
    assert "none.png" in first
    assert "missing.png" in second


@needs_model
def test_images_are_read_for_people_too(tmp_path: Path) -> None:
    ink_of("7").save(tmp_path / "seven.png")
    Image.new("L", (50, 40), 255).save(tmp_path / "blank.png")
    result = run("--image", tmp_path / "seven.png", tmp_path / "blank.png")
    assert result.returncode == 0
    seven, blank = result.stdout.splitlines()
    assert seven.startswith(f"{tmp_path / 'seven.png'}: 7 (")
    assert blank == f"{tmp_path / 'blank.png'}: no ink"


@needs_model
def test_a_program_without_a_terminal_reads_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ink_of("7").save(tmp_path / "seven.png")
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert main(["--image", str(tmp_path / "seven.png")]) == 0
    assert main(["--self-test"]) == 0


def test_a_driver_that_shows_nothing_gets_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SDL_VIDEODRIVER", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/run/user/1000")
    monkeypatch.setattr(pygame.display, "init", lambda: None)
    monkeypatch.setattr(pygame.display, "get_driver", lambda: "offscreen")
    with pytest.raises(UserError, match=r"no display.*--image"):
        window.open_window()
