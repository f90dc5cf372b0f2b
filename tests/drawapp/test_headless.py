"""Photographs are read by `--image`, which says what it leaves out."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from drawapp.__main__ import main
from drawapp.drawing import sample_digits
from drawapp.drawing.canvas import Canvas
from drawapp.reading import catalog


@pytest.mark.skipif(not catalog.default_model().path.is_file(), reason="there is no models/digits.npy")
def test_a_photograph_is_read_and_what_is_left_out_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A 4 in uneven light, and two smaller ones below, far apart."""
    canvas = Canvas()
    sample_digits.draw("4", canvas)
    four = np.asarray(Image.fromarray((canvas.ink * 255).astype(np.uint8)).resize((200, 200)), np.float32) / 255
    written = np.zeros((600, 800), np.float32)
    written[180:380, 300:500] = four
    for left in (100, 600):
        written[480:580, left : left + 100] = four[::2, ::2]
    light = 1 - 0.8 * np.linspace(0, 1, 800) ** 2
    seen = 255 * (0.8 * light * (1 - 0.9 * written)) ** 0.45 + np.random.default_rng(0).normal(0, 1, written.shape)
    path = tmp_path / "photograph.jpg"
    Image.fromarray(seen.clip(0, 255).astype(np.uint8)).save(path)
    assert main(["--image", str(path), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["label"], answer["left_out"]) == ("4", 2)
    assert main(["--image", str(path)]) == 0
    assert capsys.readouterr().out.endswith("; 2 other lines are left out\n")
