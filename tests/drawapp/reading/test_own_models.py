"""The user's own models have a folder and names, and are offered at the next start."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import platformdirs
import pytest

import nn_scratch
from drawapp.reading import own_models
from drawapp.reading.catalog import Catalog, model_at, offered
from nn_scratch.errors import UserError


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folders."""
    for folder in ("config", "data"):
        place = str(tmp_path / folder)
        monkeypatch.setattr(platformdirs, f"user_{folder}_dir", lambda *names, place=place, **options: place)
    return tmp_path


def network() -> nn_scratch.Network:
    return nn_scratch.mlp((3,)).initialize(np.random.default_rng(0))


def test_a_saved_model_is_offered_by_its_name() -> None:
    assert own_models.files() == []
    path = own_models.save(network(), "my digits")
    assert own_models.has(path)
    assert model_at(path).name == "my digits"
    models = offered()
    assert [model.name for model in models].count("my digits") == 1
    catalog = Catalog(models, remember=lambda path: pytest.fail("it needs no other list"))
    catalog.open(path)
    assert catalog.chosen.name == "my digits"
    assert len(catalog.offered) == len(models)
    catalog.forget(path)
    assert "my digits" not in catalog.names
    assert catalog.chosen == models[0]


def test_a_model_in_another_folder_is_none_of_them(home: Path) -> None:
    nn_scratch.save(network(), home / "other.npy")
    assert not own_models.has(home / "other.npy")
    assert model_at(home / "other.npy").name == f"{home.name}/other.npy"


def test_names_are_not_given_twice() -> None:
    first = own_models.save(network(), own_models.unused_name("my digits"))
    second = own_models.save(network(), own_models.unused_name("my digits"))
    assert (first.stem, second.stem) == ("my digits", "my digits 2")
    assert own_models.unused_name("Digits", ["digits"]) == "Digits 2"
    with pytest.raises(UserError, match="already"):
        own_models.rename(second, "my digits")
    third = own_models.rename(second, "of Ana")
    assert own_models.files() == [first, third]
    assert own_models.rename(third, "of Ana") == third
    own_models.delete(third)
    own_models.delete(third)
    assert own_models.files() == [first]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("my digits", "my digits"),
        ("../../etc/passwd", "etcpasswd"),
        ("  .hidden. ", "hidden"),
        ('a\\b:c*"<>|?', "abc"),
        ("a\nb\x00", "ab"),
        ("...", ""),
        ("x" * 99, "x" * 40),
        ("Ñandú", "Ñandú"),
    ],
)
def test_a_name_is_one_that_a_file_may_have(text: str, name: str) -> None:
    assert own_models.as_name(text) == name


def test_a_folder_that_cannot_be_made_gives_a_sentence(home: Path) -> None:
    (home / "data").write_text("in the way")
    assert own_models.files() == []
    with pytest.raises(UserError, match="Cannot write"):
        own_models.save(network(), "my digits")
