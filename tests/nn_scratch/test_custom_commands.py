"""The commands with custom data: folders of photographs and of handwriting, and .npz files."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from nn_scratch import UserError, load, train
from nn_scratch.data.folder import main as convert
from nn_scratch.evaluate import main as evaluate_command


@pytest.fixture
def photographs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Thirty red and thirty blue photographs of 8x8, and the working folder beside them."""
    rng = np.random.default_rng(0)
    for label, channel in (("red", 0), ("blue", 2)):
        (tmp_path / "photos" / label).mkdir(parents=True)
        for number in range(30):
            pixels = rng.integers(0, 100, (8, 8, 3), dtype=np.uint8)
            pixels[..., channel] += 150
            Image.fromarray(pixels).save(tmp_path / "photos" / label / f"{number}.png")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "photos"


def trained(*arguments: str) -> None:
    assert train.main(["--epochs", "15", "--batch-size", "8", "--hidden", "8", "--out", "mine.npy", *arguments]) == 0


def scored(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[dict[str, object], str]:
    """What `evaluate --json` prints, and what it says beside it."""
    capsys.readouterr()
    assert evaluate_command(["mine.npy", "--json", *arguments]) == 0
    printed = capsys.readouterr()
    return json.loads(printed.out), printed.err


def test_photographs_are_learned_in_colour_and_all_of_a_test_set_is_scored(
    photographs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trained("--data", "photos")
    network = load("mine.npy")
    assert network.input_shape == (8 * 8 * 3,)
    assert (network.metadata["ink"], network.metadata["size"]) == (False, None)
    score, said = scored(capsys, "--data", "photos")
    assert (score["examples"], score["accuracy"]) == (60, 1)
    assert said == "The model learned from most of the images in photos, so this score is too good.\n"
    photographs.rename("others")
    (Path("others") / "red" / "broken.png").write_bytes(b"no image")
    score, said = scored(capsys, "--data", "others")
    assert score["examples"] == 60
    assert said.startswith("Skipped 1 of 61 images in others")
    assert len(said.splitlines()) == 1


def test_a_folder_is_stretched_once_for_training_and_when_it_is_scored(
    photographs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Image.new("RGB", (20, 10), "red").save(photographs / "red" / "wide.png")
    with pytest.raises(UserError, match="different sizes"):
        trained("--data", "photos")
    assert convert(["photos", "--size", "6x4", "--out", "photos.npz"]) == 0
    trained("--data", "photos.npz")
    assert load("mine.npy").input_shape == (4 * 6 * 3,)
    score, said = scored(capsys, "--data", "photos", "--size", "6x4")
    assert (score["examples"], said) == (61, "")
    with pytest.raises(UserError, match=r"cannot be scored on photos: .*\(5, 5, 3\)"):
        scored(capsys, "--data", "photos", "--size", "5x5")


def test_a_model_for_ink_reads_a_folder_as_ink(photographs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for label, name in (("red", "1"), ("blue", "2")):
        for number, path in enumerate((photographs / label).iterdir()):
            page = np.full((40 + number, 50), 255, np.uint8)
            page[5:30, 10 : (14 if label == "red" else 34)] = 0
            Image.fromarray(page).save(path)
        (photographs / label).rename(photographs / name)
    assert convert(["photos", "--ink", "--out", "ink.npz"]) == 0
    trained("--data", "ink.npz")
    assert load("mine.npy").input_shape == (784,)
    assert scored(capsys, "--data", "photos")[0]["accuracy"] == 1
    with pytest.raises(UserError, match="leave out --size"):
        scored(capsys, "--data", "photos", "--ink", "--size", "5x5")
    with pytest.raises(UserError, match="different sizes"):
        scored(capsys, "--data", "photos", "--no-ink")
