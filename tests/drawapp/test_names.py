"""Names of files are bytes of any kind: they are shown, remembered and told of, and nothing fails."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import platformdirs
import pygame
import pytest
from PIL import Image

import nn_scratch
from drawapp.__main__ import main
from drawapp.reading import recent
from drawapp.reading.catalog import Catalog, model_at, offered
from nn_scratch.errors import UserError
from tests.helpers import ROOT
from tests.helpers.user import LETTERS, User, opened

NAMES = (b"caf\xe9.npy", b"two\nlines\x1b[2J.npy", "\N{CYRILLIC CAPITAL LETTER ZHE}.npy".encode(), b"x" * 240 + b".npy")

pytestmark = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names are text on this system")


@pytest.fixture(autouse=True)
def config_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test may read or write what the user of this machine has opened."""
    monkeypatch.setattr(platformdirs, "user_config_dir", lambda *names, **options: str(tmp_path / "config"))


@pytest.fixture(params=NAMES, ids=("not UTF-8", "control characters", "Cyrillic", "long"))
def model(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / os.fsdecode(request.param)
    nn_scratch.save(nn_scratch.mlp((3,), LETTERS).initialize(np.random.default_rng(0)), path)
    return path


def test_a_model_is_opened_shown_and_remembered(model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    with opened(User(tmp_path)) as user:
        user.drop(model)
        assert user.models.chosen.path == model
        user.click_head()
        model.write_bytes(b"")
        user.drop(model)
        assert "is not a model file" in user.app.screen.message
        user.key(pygame.K_ESCAPE)


def test_a_model_is_offered_again_at_the_next_start(model: Path) -> None:
    Catalog(offered()).open(model)
    assert recent.recent() == [model]
    (listed,) = (each for each in offered() if each.path == model)
    assert listed.name.isprintable()
    assert len(listed.name) <= 80


def test_an_image_is_read_for_people_and_for_programs(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9\x1b.png")
    Image.new("L", (9, 9), 255).save(path)
    for arguments, expected in (([], r"caf\udce9\x1b.png: no ink"), (["--json"], r"caf\udce9\u001b.png")):
        result = subprocess.run(
            [sys.executable, "-m", "drawapp", "--image", path, *arguments],
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert result.returncode == 0
        assert result.stderr == ""
        assert expected in result.stdout
    assert os.fsencode(json.loads(result.stdout)["file"]) == os.fsencode(path)


def test_links_that_lead_in_a_circle_get_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "one").symlink_to(tmp_path / "two")
    (tmp_path / "two").symlink_to(tmp_path / "one")
    assert main(["--model", str(tmp_path / "one"), "--self-test"]) == 2
    assert "Cannot read the model file" in capsys.readouterr().err
    assert model_at(tmp_path / "one").name.endswith("one")
    with pytest.raises(UserError, match="Cannot read"):
        Catalog(offered()).open(tmp_path / "one")
    recent.remember(tmp_path / "one")
    assert recent.recent() == []


@pytest.mark.parametrize("arguments", [["--self-test"], ["--help"]])
def test_a_reader_that_stops_reading_ends_the_app_quietly(arguments: list[str]) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "drawapp", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.close()
    process.stdout = None
    _, errors = process.communicate(timeout=60)
    assert errors == b""
    assert process.returncode == 141
