"""Data sets by name, one or several."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nn_scratch import UserError
from nn_scratch.data import cifar, emnist, mnist, registry
from nn_scratch.data.registry import load_data, load_mixture
from nn_scratch.dataset import Dataset
from tests.helpers.server import Server


@pytest.mark.parametrize("name", ["emnist-digits", "cifar-10", "fashion-mnist"])
def test_data_that_no_server_has_is_one_sentence(
    name: str, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (emnist, cifar):
        monkeypatch.setattr(module, "MIRRORS", (server.address("mirror"),))
    monkeypatch.setattr(mnist, "FASHION_MIRRORS", (server.address("mirror"),))
    with pytest.raises(UserError, match="could not be downloaded") as caught:
        load_data(name)
    assert "\n" not in str(caught.value)
    assert list((tmp_path / name.removesuffix("-digits")).iterdir()) == []


def test_a_path_is_a_name(tmp_path: Path) -> None:
    images, labels = np.zeros((20, 4, 4), np.uint8), np.arange(20) % 2
    np.savez(tmp_path / "mine.npz", images=images, labels=labels)
    training, test = load_data(str(tmp_path / "mine.npz"))
    assert len(training) + len(test) == 20
    with pytest.raises(UserError, match="2 to 1000 classes"):  # a folder without sub-folders
        load_data(str(tmp_path))
    with pytest.raises(UserError, match="no data set nothing"):
        load_data("nothing")


def test_a_mixture_is_checked(small_digits: tuple[Dataset, Dataset], monkeypatch: pytest.MonkeyPatch) -> None:
    training, _ = small_digits
    letters = Dataset(training.images, training.labels, tuple("abcdefghij"))
    small = training.take(np.arange(20))
    cut = replace(small, images=small.images[:, :14])
    monkeypatch.setitem(registry.DATA_SETS, "a", lambda: small_digits)
    monkeypatch.setitem(registry.DATA_SETS, "b", lambda: (letters, letters))
    monkeypatch.setitem(registry.DATA_SETS, "c", lambda: (cut, cut))
    with pytest.raises(UserError, match="one weight for each"):
        load_mixture(["a"], [1, 2])
    with pytest.raises(UserError, match="different classes"):
        load_mixture(["a", "b"])
    with pytest.raises(UserError, match=r"sizes: a \(28 x 28\) and c \(14 x 28\)"):
        load_mixture(["a", "c"])
    with pytest.raises(UserError, match="named twice"):
        load_mixture(["a", "a"])


def test_a_mixture_is_split_and_weighted(
    small_digits: tuple[Dataset, Dataset], monkeypatch: pytest.MonkeyPatch
) -> None:
    training, test = small_digits
    monkeypatch.setitem(registry.DATA_SETS, "a", lambda: small_digits)
    plain, _ = load_mixture(["a"]).split(np.random.default_rng(0))
    assert plain.weights is None  # each example once per epoch: the order is a permutation and nothing else
    mixture = load_mixture(["a"], [2.0])
    rest, validation = mixture.split(np.random.default_rng(0))
    assert len(rest) + len(validation) == len(training)
    assert rest.shown().max() == 2
    assert mixture.test == {"a": test}
