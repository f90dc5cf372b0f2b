"""Model files: what is saved comes back, and no file can do harm."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nn_scratch
from nn_scratch import Network, UserError, mlp
from nn_scratch.layers import LAYERS, Dense, Flatten, Layer, Reshape
from tests.helpers.model_files import rewritten


@pytest.fixture
def saved(tmp_path: Path, rng: np.random.Generator) -> Path:
    path = tmp_path / "model.npy"
    network = mlp().initialize(rng)
    network.metadata = {"data": "mnist", "scores": {"test": 0.98}}
    nn_scratch.save(network, path)
    return path


@given(hidden=st.lists(st.integers(1, 40), max_size=4), classes=st.integers(2, 50), seed=st.integers(0, 9))
def test_any_network_comes_back(
    tmp_path_factory: pytest.TempPathFactory, hidden: list[int], classes: int, seed: int
) -> None:
    path = tmp_path_factory.mktemp("models") / "model.npy"
    rng = np.random.default_rng(seed)
    network = mlp(hidden, [f"class {i}" for i in range(classes)]).initialize(rng)
    network.metadata = {"seed": seed}
    nn_scratch.save(network, path)
    copy = nn_scratch.load(path)
    assert copy.classes == network.classes
    assert copy.metadata == network.metadata
    assert (copy.parameters == network.parameters).all()
    images = rng.integers(0, 256, (3, 28, 28), dtype=np.uint8)
    assert (copy.predict_proba(images) == network.predict_proba(images)).all()


@given(
    kinds=st.lists(st.sampled_from(sorted(set(LAYERS) - {"flatten", "global_mean_pool", "reshape"})), max_size=6),
    shape=st.tuples(st.integers(1, 9), st.integers(1, 9), st.integers(1, 3)),
)
def test_any_layers_come_back(
    tmp_path_factory: pytest.TempPathFactory, kinds: list[str], shape: tuple[int, int, int]
) -> None:
    """Every kind, in any order, except that layers for images come before flatten."""
    path = tmp_path_factory.mktemp("models") / "model.npy"
    rng = np.random.default_rng(0)
    made: dict[str, Any] = {"conv": {"channels": 2, "padding": 1}, "untied_conv": {"channels": 2, "kernel": 1}}
    made |= {"max_pool": {"window": 1}, "mean_pool": {"window": (1, 1), "stride": 2}}
    made |= {"maxout": {"size": 1}, "dense_per_channel": {"outputs": 3}, "residual": {"layers": []}}
    layers: list[Layer] = [LAYERS[kind](**made.get(kind, {})) for kind in kinds if kind != "dense"]
    layers += [Flatten(), *(Dense(3) for kind in kinds if kind == "dense"), Dense(6), Reshape((2, 3)), Flatten()]
    network = Network(layers, shape, "abcdef").initialize(rng)
    network.state[...] = rng.uniform(0.5, 1, network.state.shape)
    nn_scratch.save(network, path)
    copy = nn_scratch.load(path)
    assert [layer.spec() for layer in copy.layers] == [layer.spec() for layer in network.layers]
    images = rng.integers(0, 256, (3, *shape), dtype=np.uint8)
    assert (copy.predict_proba(images) == network.predict_proba(images)).all()


def test_numpy_alone_reads_it_all(saved: Path) -> None:
    record = np.load(saved)
    assert record.dtype.names == ("about", "dense_1", "dense_2", "dense_3")
    assert record["dense_1"]["W"].shape == (784, 50)
    assert record["dense_3"]["b"].shape == (10,)
    metadata = json.loads(bytes(record["about"]))
    assert metadata["classes"] == list("0123456789")
    assert metadata["scores"] == {"test": 0.98}


def test_the_default_network_has_the_promised_size(saved: Path) -> None:
    assert nn_scratch.load(str(saved)).parameters.size == 40_785


def refused(path: Path) -> str:
    """The one sentence that loading `path` ends with."""
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(UserError) as caught:
        nn_scratch.load(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert (path.read_bytes() if path.is_file() else None) == before
    return str(caught.value)


def test_a_missing_file_or_a_folder_is_refused(tmp_path: Path) -> None:
    assert "There is no model file" in refused(tmp_path / "none.npy")
    assert "Cannot read" in refused(tmp_path)


@given(keep=st.integers(0, 165_000))
def test_a_truncated_file_is_refused(tmp_path_factory: pytest.TempPathFactory, keep: int) -> None:
    path = tmp_path_factory.mktemp("models") / "model.npy"
    nn_scratch.save(mlp(), path)
    whole = path.read_bytes()
    path.write_bytes(whole[: min(keep, len(whole) - 1)])
    refused(path)


@given(junk=st.binary(max_size=300))
def test_any_bytes_are_refused(tmp_path_factory: pytest.TempPathFactory, junk: bytes) -> None:
    path = tmp_path_factory.mktemp("models") / "model.npy"
    for content in (junk, b"\x93NUMPY\x01\x00" + junk, b"\x93NUMPY\x01\x00\x2c\x01" + junk.ljust(300)):
        path.write_bytes(content)
        refused(path)


def test_other_arrays_and_pickles_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.npy"
    np.save(path, np.zeros((3, 4)))
    assert "something else" in refused(path)
    np.save(path, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    assert "it has pickled objects" in refused(path)
    np.savez(tmp_path / "other.npz", a=np.zeros(3))
    refused(tmp_path / "other.npz")


def test_a_model_file_with_one_array_of_objects_is_refused(saved: Path) -> None:
    """Such an array is a pickle, or even a pointer: it is refused by its type, before its bytes are looked at."""
    record = np.load(saved)
    fields = [*record.dtype.descr[:-1], ("dense_3", [("W", "<f4", (25, 10)), ("b", "O", (5,))])]
    header = repr({"descr": fields, "fortran_order": False, "shape": ()}).encode()
    start = len(header).to_bytes(2, "little") + header
    saved.write_bytes(b"\x93NUMPY\x01\x00" + start + record.tobytes())
    assert "it has pickled objects" in refused(saved)


def test_a_network_of_many_layers_comes_back(tmp_path: Path) -> None:
    """Its header is longer than NumPy reads unless it is told to."""
    network = mlp([1] * 200).initialize(np.random.default_rng(0))
    nn_scratch.save(network, tmp_path / "deep.npy")
    assert (nn_scratch.load(tmp_path / "deep.npy").parameters == network.parameters).all()


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "huge.npy"
    with path.open("wb") as file:
        file.truncate(300 * 2**20)  # sparse: it takes no space on the disk
    with pytest.raises(UserError, match="300 MB, and at most 256 MB are read"):
        nn_scratch.load(path)


def test_a_file_with_a_byte_too_many_is_refused(saved: Path) -> None:
    saved.write_bytes(saved.read_bytes() + b"x")
    assert "damaged" in refused(saved)


def test_numbers_that_are_not_finite_are_refused(saved: Path) -> None:
    network = nn_scratch.load(saved)
    network.parameters[1234] = np.nan
    nn_scratch.save(network, saved)
    assert "NaN" in refused(saved)


@pytest.mark.parametrize(
    "changes",
    [
        {"format": 99},
        {"classes": "0123456789"},
        {"classes": ["a", "a"]},
        {"classes": list("012345678")},
        {"classes": [*"012345678", "\ud800"]},
        {"layers": []},
        {"layers": [{"kind": "eval"}]},
        {"layers": [{"kind": "dense", "outputs": 10}]},
        {"layers": [{"kind": "dense", "outputs": 10**15}, {"kind": "dense", "outputs": 10}]},
        {"layers": [{"kind": "dense", "outputs": "10"}]},
        {"layers": [{"kind": "dense", "outputs": -1}]},
        {"layers": [{"kind": "dense", "wrong": 1}]},
        {"layers": [{"kind": "dense", "outputs": 10, "initializer": {"he": 1}}]},
        {"layers": [{"kind": "conv", "channels": 10, "kernel": "wide"}]},
        {"layers": [{"kind": "reshape", "shape": 10}]},
        {"layers": [{"kind": "reshape", "shape": ["x"]}]},
        {"layers": [{"kind": "dropout", "rate": "half"}]},
        {"layers": 7},
        {"input_shape": [10**30]},
        {"input_shape": [-784]},
        {"input_shape": None},
    ],
)
def test_metadata_that_is_wrong_is_refused(saved: Path, changes: dict[str, object]) -> None:
    assert "is not a model file of nn_scratch" in refused(rewritten(saved, **changes))


def test_an_unwritable_place_leaves_the_old_file(saved: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="Cannot write"):
        nn_scratch.save(mlp(), tmp_path / "no such folder" / "model.npy")
    old = saved.read_bytes()
    broken = mlp()
    broken.metadata = {"score": float("nan")}  # not JSON
    with pytest.raises(ValueError, match="JSON"):
        nn_scratch.save(broken, saved)
    assert saved.read_bytes() == old
    assert [path.name for path in tmp_path.iterdir()] == ["model.npy"]
