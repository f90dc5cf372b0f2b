"""The model file as its documentation describes it, and the limits that it states."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn_scratch
from nn_scratch import Network, UserError, mlp
from nn_scratch.layers import BatchNorm, Conv2D, Dense, Flatten, ReLU
from nn_scratch.model_file import MAX_CLASSES, MAX_METADATA_SIZE


def write(path: Path, network: Network, **changes: Any) -> Path:
    """A model file written without the library, from its description alone; `changes` replace some of its metadata."""
    metadata = {
        "format": 1,
        "input_shape": network.input_shape,
        "classes": network.classes,
        "layers": [{"kind": layer.kind, **layer.described()} for layer in network.layers],
    }
    text = json.dumps(metadata | changes).encode()
    fields: list[Any] = [("about", f"S{len(text)}")]
    fields += [
        (layer, [(name, "<f4", array.shape) for name, array in arrays.items()])
        for layer, arrays in network.arrays.items()
        if arrays
    ]
    record = np.zeros((), fields)
    record["about"] = text
    for layer, arrays in network.arrays.items():
        for name, array in arrays.items():
            record[layer][name] = array
    np.save(path, record)
    return path


@pytest.fixture
def network(rng: np.random.Generator) -> Network:
    layers = [Conv2D(2), BatchNorm(), ReLU(), Flatten(), Dense(3)]
    return Network(layers, (4, 4, 1), "abc").initialize(rng)


def test_a_file_that_another_program_wrote_is_the_same(network: Network, tmp_path: Path) -> None:
    network.state[...] = [1, 2, 3, 4]
    path = write(tmp_path / "written.npy", network)
    nn_scratch.save(network, tmp_path / "saved.npy")
    assert path.read_bytes() == (tmp_path / "saved.npy").read_bytes()
    copy = nn_scratch.load(path)
    assert (copy.parameters == network.parameters).all()
    assert copy.state.tolist() == [1, 2, 3, 4]
    assert copy.metadata == {}


@pytest.mark.parametrize("where", ["parameters", "state"])
@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
def test_every_number_must_be_finite(where: str, number: float, network: Network, tmp_path: Path) -> None:
    getattr(network, where)[-1] = number
    with pytest.raises(UserError, match=r"numbers that are not finite"):
        nn_scratch.load(write(tmp_path / "model.npy", network))


@pytest.mark.parametrize("count", [2, MAX_CLASSES])
def test_classes_up_to_the_limit_come_back(count: int, tmp_path: Path) -> None:
    classes = [f"{number:03}" + "x" * 37 for number in range(count)]  # 40 characters each
    network = mlp((), classes, inputs=1)
    path = write(tmp_path / "model.npy", network)
    assert nn_scratch.load(path).classes == tuple(classes)


@pytest.mark.parametrize(
    "classes", [["a"], [str(number) for number in range(MAX_CLASSES + 1)], ["", "b"], ["a" * 41, "b"], ["a\n", "b"]]
)
def test_classes_beyond_the_limits_are_refused(classes: list[str], tmp_path: Path) -> None:
    path = write(tmp_path / "model.npy", mlp((), classes, inputs=1))
    with pytest.raises(UserError, match="class"):
        nn_scratch.load(path)


def test_metadata_up_to_the_limit_is_saved_and_no_more(tmp_path: Path) -> None:
    network = mlp((), "ab", inputs=1)
    path = tmp_path / "model.npy"
    nn_scratch.save(network, path)
    size = np.load(path).dtype["about"].itemsize + len(', "note": ""')
    network.metadata = {"note": "x" * (MAX_METADATA_SIZE - size)}
    nn_scratch.save(network, path)
    assert nn_scratch.load(path).metadata == network.metadata
    kept = path.read_bytes()
    network.metadata = {"note": "x" * (MAX_METADATA_SIZE - size + 1)}
    with pytest.raises(ValueError, match="at most 65536"):
        nn_scratch.save(network, path)
    assert path.read_bytes() == kept


@pytest.mark.parametrize(
    "record",
    [
        np.zeros((1,), [("about", "S2"), ("dense_1", "<f4")]),  # an array of records
        np.zeros((), [("note", "S2"), ("dense_1", "<f4")]),
        np.zeros((), [("dense_1", "<f4"), ("about", "S2")]),
        np.zeros((), [("about", "U2")]),
        np.zeros((), [("about", "<f4")]),
        np.zeros((), [("about", f"S{MAX_METADATA_SIZE + 1}")]),
        np.zeros((), "S2"),
    ],
)
def test_another_record_is_something_else(record: np.ndarray, tmp_path: Path) -> None:
    np.save(tmp_path / "other.npy", record)
    with pytest.raises(UserError, match="something else"):
        nn_scratch.load(tmp_path / "other.npy")


def test_other_shapes_or_types_than_the_metadata_says_are_refused(network: Network, tmp_path: Path) -> None:
    changes: list[dict[str, Any]] = [
        {"input_shape": [4, 4, 2]},
        {"classes": ["a", "b", "c", "d"]},
        {"format": 2},
        {"layers": []},
    ]
    for change in changes:
        with pytest.raises(UserError, match="is not a model file"):
            nn_scratch.load(write(tmp_path / "model.npy", network, **change))


def test_a_model_file_can_be_read_by_everybody_who_may(tmp_path: Path) -> None:
    nn_scratch.save(mlp((), "ab", inputs=1), tmp_path / "model.npy")
    plain = tmp_path / "plain"
    plain.write_bytes(b"")
    assert stat.S_IMODE((tmp_path / "model.npy").stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)


def test_a_file_too_large_to_be_a_model_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.npy"
    for size, sentence in ((256 * 2**20 + 1, "MB"), (2**20, "model file")):
        with path.open("wb") as file:
            file.truncate(size)  # sparse: it takes no space on the disk
        with pytest.raises(UserError, match=sentence):
            nn_scratch.load(path)
