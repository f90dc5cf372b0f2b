"""Each recipe, for one epoch of a few digits: it makes a model file that tells how it was made."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from nn_scratch import UserError, load, mlp, save
from nn_scratch.data import registry
from nn_scratch.dataset import Dataset
from nn_scratch.network import DIGITS
from nn_scratch.recipes import digits_teacher
from nn_scratch.recipes.datasets import CHARACTER_OR_NOT, CHARACTERS, DIGIT_OR_NOT


def made(recipe: str, *arguments: str) -> bytes:
    """The model file that `recipe` makes in one epoch."""
    assert import_module(f"nn_scratch.recipes.{recipe}").main(["--epochs", "1", "--out", "made.npy", *arguments]) == 0
    return Path("made.npy").read_bytes()


@pytest.fixture(autouse=True)
def few_digits(small_digits: tuple[Dataset, Dataset], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A working folder of its own, where all data sets are a few digits."""
    monkeypatch.chdir(tmp_path)
    pair = tuple(data.take(np.arange(200)) for data in small_digits)
    monkeypatch.setattr(digits_teacher, "load_mnist", lambda: pair)
    monkeypatch.setattr(digits_teacher, "load_pen_digits", lambda copies: pair)
    for name, classes in {
        **{"mnist": DIGITS, "pen": DIGITS, "pen-letters": CHARACTERS},
        **{"digit-or-not": DIGIT_OR_NOT, "character-or-not": CHARACTER_OR_NOT},
    }.items():
        sets = tuple(replace(data, labels=data.labels % len(classes), classes=classes) for data in pair)
        monkeypatch.setitem(registry.DATA_SETS, name, lambda sets=sets: sets)  # type: ignore[misc]


@pytest.mark.parametrize(
    ("recipe", "classes", "data", "weights"),
    [
        ("digits_convnet", DIGITS, ["mnist", "pen"], [1, 3]),
        ("digits_teacher", DIGITS, ["mnist", "pen"], [1, 3]),
        ("doubt", DIGIT_OR_NOT, ["digit-or-not"], None),
        ("doubt_letters", CHARACTER_OR_NOT, ["character-or-not"], None),
        ("letters_convnet", CHARACTERS, ["pen-letters"], None),
    ],
)
def test_a_recipe_makes_a_model(
    recipe: str, classes: tuple[str, ...], data: list[str], weights: object, capsys: pytest.CaptureFixture[str]
) -> None:
    content = made(recipe)
    printed = capsys.readouterr().out
    assert f"{data[-1]} test: accuracy" in printed
    assert "epoch   1" in printed
    network = load(Path("made.npy"))
    assert network.classes == classes
    assert (network.metadata["data"], network.metadata["weights"]) == (data, weights)
    assert network.metadata["recipe"]["epochs"] == 1
    assert made(recipe, "--seed", "0") == content
    assert made(recipe, "--seed", "1") != content


@pytest.mark.parametrize(
    ("recipe", "classes", "teachers", "deslant", "views"),
    [
        ("digits", DIGITS, ["digits-convnet", "digits-teacher"], True, 24),
        ("letters", CHARACTERS, ["letters-convnet"], False, 12),
    ],
)
def test_a_recipe_learns_from_its_teachers_and_says_how_they_are_made(
    recipe: str, classes: tuple[str, ...], teachers: list[str], deslant: bool, views: int
) -> None:
    Path("models").mkdir()
    for teacher in teachers:
        module = teacher.replace("-", "_")
        with pytest.raises(UserError, match=rf"make it first: python -m nn_scratch\.recipes\.{module}"):
            made(recipe)
        save(mlp((5,), classes).initialize(np.random.default_rng(0)), Path("models") / f"{teacher}.npy")
    made(recipe)
    network = load(Path("made.npy"))
    assert network.classes == classes
    assert (network.metadata["deslant"], network.metadata["recipe"]["views"]) == (deslant, views)


def test_a_model_that_cannot_be_written_is_known_before_the_work() -> None:
    with pytest.raises(UserError, match="it is a folder"):
        digits_teacher.main(["--out", "."])
