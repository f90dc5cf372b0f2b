"""The catalog: models are loaded once and on demand, a bad one changes nothing, custom ones are remembered."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import platformdirs
import pytest

import nn_scratch
from drawapp.__main__ import main
from drawapp.app import App
from drawapp.drawing.canvas import Canvas
from drawapp.reading import catalog, recent, resources
from drawapp.reading.catalog import Catalog, Model, load_recognizer, model_at, offered, rejector_for
from drawapp.reading.recognizer import Recognizer
from nn_scratch.errors import UserError


@pytest.fixture(autouse=True)
def config_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test may read or write what the user of this machine has opened."""
    for folder in ("config", "data"):
        place = str(tmp_path / folder)
        monkeypatch.setattr(platformdirs, f"user_{folder}_dir", lambda *names, place=place, **options: place)


def model_file(path: Path, classes: Sequence[str] = "0123456789AB", inputs: int = 784) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    network = nn_scratch.mlp((3,), tuple(classes), inputs=inputs)
    nn_scratch.save(network.initialize(np.random.default_rng(0)), path)
    return path


class Shelf:
    """A catalog of three models, and an account of what was read and remembered."""

    def __init__(self) -> None:
        self.read: list[str] = []
        self.remembered: list[Path] = []
        self.bad: set[str] = set()
        listed = [Model(name, Path(f"/{name}.npy")) for name in ("first", "second", "third")]
        self.catalog = Catalog(listed, self.load, self.remembered.append)

    def load(self, path: Path) -> Recognizer:
        self.read.append(path.stem)
        if path.stem in self.bad:
            raise UserError(f"{path} is bad")
        return Recognizer(nn_scratch.mlp((3,)).initialize(np.random.default_rng(0)))


def test_models_are_read_when_they_are_chosen_and_kept() -> None:
    shelf = Shelf()
    assert shelf.read == []
    first = shelf.catalog.recognizer
    shelf.catalog.choose(1)
    assert shelf.catalog.recognizer is not first
    shelf.catalog.choose(0)
    assert shelf.catalog.recognizer is first
    assert shelf.read == ["first", "second"]


def test_after_the_last_model_comes_the_first() -> None:
    shelf = Shelf()
    for expected in ("second", "third", "first"):
        shelf.catalog.choose(shelf.catalog.number + 1)
        assert shelf.catalog.chosen.name == expected
    shelf.catalog.choose(shelf.catalog.number - 1)
    assert shelf.catalog.chosen.name == "third"


def test_a_model_that_cannot_be_read_leaves_the_list_and_the_old_one_stays() -> None:
    shelf = Shelf()
    shelf.bad = {"second", "mine"}
    old = shelf.catalog.recognizer
    with pytest.raises(UserError, match="second"):
        shelf.catalog.choose(1)
    with pytest.raises(UserError, match="mine"):
        shelf.catalog.open(Path("/somewhere/mine.npy"))
    assert shelf.catalog.recognizer is old
    assert shelf.catalog.names == ("first", "third")
    assert shelf.remembered == []


def test_an_opened_model_is_listed_once_chosen_and_remembered() -> None:
    shelf = Shelf()
    for _ in range(2):
        shelf.catalog.open(Path("/somewhere/mine.npy"))
    assert shelf.catalog.names == ("first", "second", "third", "somewhere/mine.npy")
    assert shelf.catalog.chosen.name == "somewhere/mine.npy"
    assert shelf.read == ["mine", "mine"]  # it may have been trained again since
    assert len(set(shelf.remembered)) == 1


def test_a_model_trained_anew_that_turns_out_bad_keeps_the_old() -> None:
    shelf = Shelf()
    shelf.catalog.open(Path("/somewhere/mine.npy"))
    old = shelf.catalog.recognizer
    shelf.bad = {"mine"}
    with pytest.raises(UserError, match="mine"):
        shelf.catalog.open(Path("/somewhere/mine.npy"))
    assert shelf.catalog.recognizer is old


def test_only_bundled_models_that_are_there_are_offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "resource", lambda name: tmp_path / name)
    assert [model.name for model in offered()] == ["Digits"]
    letters = model_file(tmp_path / "models" / "letters.npy")
    custom = model_file(tmp_path / "run" / "model.npy")
    recent.remember(custom)
    assert [model.name for model in offered()] == ["Digits", "Letters and digits", "run/model.npy"]
    assert model_at(letters).name == "Letters and digits"
    with pytest.raises(UserError, match=r"digits\.npy"):
        Catalog(offered()).choose(0)


def test_each_network_has_the_rejector_that_suits_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Here the one for digits rejects everything, the one for letters and digits nothing; other classes have none."""
    monkeypatch.setattr(resources, "resource", lambda name: tmp_path / name)
    (tmp_path / "models").mkdir()
    for file, known in ((catalog.DIGIT_REJECTOR, -9.0), (catalog.CHARACTER_REJECTOR, 9.0)):
        rejector = nn_scratch.mlp((1,), classes=("unknown", "known"))
        rejector.parameters[-1] = known  # the last bias: all that this rejector knows
        nn_scratch.save(rejector, tmp_path / file)
    canvas = Canvas()
    canvas.draw([(14, 4), (14, 24)])

    def label(*classes: str) -> str | None:
        return load_recognizer(model_file(tmp_path / "custom.npy", classes)).read(canvas).label

    assert label(*"0123456789") is None
    assert label(*"012abc") is not None
    assert rejector_for(tuple("012abc")) == tmp_path / "models" / "doubt-letters.npy"
    assert rejector_for(("cat", "dog")) is None
    assert rejector_for(tuple("αβγ")) is None
    assert label("cat", "dog") is not None


def test_a_network_for_other_images_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="not grey images of 28x28"):
        load_recognizer(model_file(tmp_path / "colour.npy", inputs=3072))


def test_the_last_five_files_are_remembered_the_latest_first(tmp_path: Path) -> None:
    files = [model_file(tmp_path / f"{number}.npy").resolve() for number in range(7)]
    for file in [*files, files[4]]:
        recent.remember(file)
    assert recent.recent() == [files[number] for number in (4, 6, 5, 3, 2)]
    files[6].unlink()
    assert recent.recent() == [files[number] for number in (4, 5, 3, 2)]


@pytest.mark.parametrize(
    "content", ["", "{", "null", "7", '{"a": 1}', '[1, null, ["x"], "\\u0000", "missing.npy"]', "[" * 99_999]
)
def test_a_damaged_list_is_an_empty_one(tmp_path: Path, content: str) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "models.json").write_text(content)
    assert recent.recent() == []
    custom = model_file(tmp_path / "custom.npy").resolve()
    recent.remember(custom)
    assert json.loads((tmp_path / "config" / "models.json").read_bytes()) == [str(custom)]


def test_a_list_that_cannot_be_written_or_read_is_no_error(tmp_path: Path) -> None:
    assert recent.recent() == []
    (tmp_path / "config").write_bytes(b"a file in the way")
    recent.remember(model_file(tmp_path / "custom.npy"))
    assert recent.recent() == []


def test_the_model_of_the_command_line_is_listed_chosen_and_remembered(
    bundled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = []

    def look(app: App) -> None:
        chosen.append((app.models.chosen.name, app.models.names[0]))
        app.running = False

    custom = model_file(tmp_path / "custom.npy").resolve()
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setattr(App, "listen", look)
    assert main(["--model", str(custom)]) == 0
    assert chosen == [(f"{custom.parent.name}/custom.npy", "Digits")]
    assert recent.recent() == [custom]
