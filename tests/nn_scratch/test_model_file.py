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
from nn_scratch import BatchNorm, Conv2D, Dense, Flatten, Layer, Network, ReLU, Reshape, UserError, mlp
from nn_scratch.layers import LAYERS
from nn_scratch.losses import LOSSES, BinaryCrossEntropy, Loss, SoftmaxCrossEntropy
from nn_scratch.model_file import MAX_CLASSES, MAX_METADATA_SIZE
from nn_scratch.zoo.rare_losses import Summed
from tests.helpers.model_files import rewritten

BUILT_IN = [kind for kind, layer in LAYERS.items() if layer.__module__.startswith("nn_scratch.")]


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
    kinds=st.lists(st.sampled_from(sorted(set(BUILT_IN) - {"flatten", "global_mean_pool", "reshape"})), max_size=6),
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
    assert repr(copy.layers) == repr(network.layers)
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
    nn_scratch.save(mlp().initialize(np.random.default_rng(0)), path)
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


def test_a_file_with_a_byte_too_many_is_refused(saved: Path) -> None:
    saved.write_bytes(saved.read_bytes() + b"x")
    assert "damaged" in refused(saved)


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
        {"loss": "unheard"},
        {"frozen": ["dense_9"]},
        {"frozen": 3},
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


@pytest.mark.parametrize("count", [1, 2, MAX_CLASSES])
def test_classes_up_to_the_limit_come_back(count: int, tmp_path: Path) -> None:
    classes = [f"{number:03}" + "x" * 37 for number in range(count)]  # 40 characters each
    network = mlp((), classes, inputs=1)
    path = write(tmp_path / "model.npy", network)
    assert nn_scratch.load(path).classes == tuple(classes)


@pytest.mark.parametrize(
    "classes", [[], [str(number) for number in range(MAX_CLASSES + 1)], ["", "b"], ["a" * 41, "b"], ["a\n", "b"]]
)
def test_classes_beyond_the_limits_are_refused(classes: list[str], tmp_path: Path) -> None:
    path = write(tmp_path / "model.npy", mlp((), classes or ["a"], inputs=1), classes=classes)
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


def test_a_file_too_large_to_be_a_model_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.npy"
    for size, sentence in ((256 * 2**20 + 1, "MB"), (2**20, "model file")):
        with path.open("wb") as file:
            file.truncate(size)  # sparse: it takes no space on the disk
        with pytest.raises(UserError, match=sentence):
            nn_scratch.load(path)


class Steep(Dense):
    """A layer of a user that forgot to give its class a kind."""


def test_what_could_not_be_loaded_again_is_not_saved(tmp_path: Path) -> None:
    path, network = tmp_path / "model.npy", mlp((), "ab", inputs=1)
    with pytest.raises(ValueError, match=r"the class Steep .* kind 'dense' stands for another class"):
        nn_scratch.save(Network([Steep(2)], (1,), "ab"), path)
    network.metadata["layers"] = []
    with pytest.raises(ValueError, match="may not have the keys format"):
        nn_scratch.save(network, path)
    assert not path.exists()


@pytest.mark.parametrize("kind", ["binary", "quadratic", "softmax-quadratic"])
def test_outputs_are_read_after_loading_as_they_were_before(
    kind: str, tmp_path: Path, rng: np.random.Generator
) -> None:
    network = mlp((4,), "abc", inputs=5).initialize(rng)
    network.loss = LOSSES[kind]()
    nn_scratch.save(network, tmp_path / "model.npy")
    again, x = nn_scratch.load(tmp_path / "model.npy"), rng.standard_normal((6, 5))
    assert again.loss == network.loss
    assert (again.predict_proba(x) == network.predict_proba(x)).all()
    assert (again.predict(x) == network.predict(x)).all()


def test_a_file_names_the_loss_that_reads_the_outputs(tmp_path: Path) -> None:
    network = mlp().initialize(np.random.default_rng(0))
    network.loss = Summed(BinaryCrossEntropy())
    nn_scratch.save(network, tmp_path / "model.npy")
    assert nn_scratch.load(tmp_path / "model.npy").loss == BinaryCrossEntropy()

    class Strict(SoftmaxCrossEntropy):
        """A loss that reads as the one that it inherits from."""

    network.loss = Strict()
    nn_scratch.save(network, tmp_path / "model.npy")
    assert type(nn_scratch.load(tmp_path / "model.npy").loss) is SoftmaxCrossEntropy

    class Nameless(Loss):
        """A loss without a kind."""

    network.loss = Nameless()
    with pytest.raises(ValueError, match="names the loss by its kind; give the class Nameless one"):
        nn_scratch.save(network, tmp_path / "model.npy")


def test_a_network_of_zeros_is_still_a_network(tmp_path: Path) -> None:
    network = Network([Dense(3, "zeros")], (6,), "abc").initialize(np.random.default_rng(0))
    nn_scratch.save(network, tmp_path / "zeros.npy")
    assert nn_scratch.load(tmp_path / "zeros.npy").predict(np.ones((2, 6))).tolist() == [0, 0]


def test_what_could_not_be_loaded_takes_no_models_place(saved: Path) -> None:
    before = saved.read_bytes()
    network = nn_scratch.load(saved)
    network.parameters[7] = np.nan
    with pytest.raises(ValueError, match="not finite"):
        nn_scratch.save(network, saved)
    assert saved.read_bytes() == before
