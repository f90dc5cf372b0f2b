"""The commands with custom data: folders of photographs and of handwriting, and .npz files."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from nn_scratch.runs import read_run
from PIL import Image

from nn_scratch import UserError, load, train
from nn_scratch.data.registry import DATA_SETS
from nn_scratch.dataset import Dataset
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


def test_a_model_remembers_the_size_of_its_images(photographs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Image.new("RGB", (20, 10), "red").save(photographs / "red" / "wide.png")
    with pytest.raises(UserError, match="different sizes"):
        trained("--data", "photos")
    trained("--data", "photos", "--size", "6x4")
    assert load("mine.npy").input_shape == (4 * 6 * 3,)
    score, _ = scored(capsys, "--data", "photos")
    assert score["examples"] == 61
    with pytest.raises(UserError, match=r"cannot be scored on photos: .*\(5, 5, 3\)"):
        scored(capsys, "--data", "photos", "--size", "5x5")


def test_a_model_for_ink_reads_a_folder_as_ink(photographs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for label in ("red", "blue"):
        for number, path in enumerate((photographs / label).iterdir()):
            page = np.full((40 + number, 50), 255, np.uint8)
            page[5:30, 10 : (14 if label == "red" else 34)] = 0
            Image.fromarray(page).save(path)
    trained("--data", "photos", "--ink")
    assert load("mine.npy").input_shape == (784,)
    assert scored(capsys, "--data", "photos")[0]["accuracy"] == 1
    with pytest.raises(UserError, match="leave out --size"):
        scored(capsys, "--data", "photos", "--ink", "--size", "5x5")
    with pytest.raises(UserError, match="different sizes"):
        scored(capsys, "--data", "photos", "--no-ink")


def test_what_is_known_of_published_data_stays_as_it_is(
    small_digits: tuple[Dataset, Dataset], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(DATA_SETS, "mnist", lambda: small_digits)
    trained()
    assert not {"ink", "size"} & set(load("mine.npy").metadata)
    with pytest.raises(UserError, match="--ink and --size are for folders"):
        trained("--ink")


def test_each_data_set_has_a_test_file_of_its_own(
    small_digits: tuple[Dataset, Dataset], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    training, test = small_digits
    custom = tmp_path / "My digits.npz"
    np.savez(custom, images=training.images[:60], labels=training.labels[:60])
    monkeypatch.setitem(DATA_SETS, "mnist", lambda: small_digits)
    monkeypatch.setitem(DATA_SETS, "pen", lambda: (training, test.take(np.arange(100))))
    arguments = ["--epochs", "1", "--hidden", "5", "--data", "mnist", "pen", str(custom)]
    out = ["--out", str(tmp_path / "mine.npy"), "--runs", str(tmp_path / "runs")]
    assert train.main([*arguments, *out]) == 0
    (folder,) = (tmp_path / "runs").iterdir()
    record = read_run(folder)
    assert {test.data: test.confusion.sum() for test in record.tests} == {"mnist": 450, "pen": 100, str(custom): 12}
    names = sorted(path.name for path in folder.glob("test*"))
    assert [names[0], names[2]] == ["test-mnist.npz", "test-pen.npz"]
    assert re.fullmatch(r"test-my-digits-npz-[0-9a-f]{8}\.npz", names[1])
