"""Safetensors files: a network comes back bit by bit, PyTorch reads them, and broken ones get a sentence."""

from __future__ import annotations

import json
import sys
from collections import OrderedDict
from pathlib import Path

import numpy as np
import pytest

from nn_scratch import BinaryCrossEntropy, UserError, load, mlp
from nn_scratch.export import load_safetensors, save_safetensors, state_dict
from tests.helpers import ROOT
from tests.helpers.layer_cases import CASES, network_with

library = pytest.importorskip("safetensors.numpy", reason="safetensors is not installed")
MODELS = sorted((ROOT / "models").glob("*.npy"))


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_a_bundled_model_comes_back_whole(path: Path, tmp_path: Path) -> None:
    network = load(path)
    save_safetensors(network, tmp_path / "model.safetensors")
    again = load_safetensors(tmp_path / "model.safetensors")
    assert repr(again) == repr(network)
    assert again.metadata == network.metadata
    assert again.classes == network.classes
    np.testing.assert_array_equal(again.parameters, network.parameters)
    np.testing.assert_array_equal(again.state, network.state)


def test_loss_and_frozen_layers_come_back(tmp_path: Path) -> None:
    network = network_with("dense")
    network.loss = BinaryCrossEntropy()
    network.freeze(["dense_1"])
    save_safetensors(network, tmp_path / "model.safetensors")
    again = load_safetensors(tmp_path / "model.safetensors")
    assert (again.loss, again.frozen) == (network.loss, network.frozen)
    np.testing.assert_array_equal(again.parameters, network.parameters)


@pytest.mark.parametrize("case", sorted(set(CASES) - {"reshape"}))
def test_every_kind_of_layer_comes_back(case: str, tmp_path: Path) -> None:
    network = network_with(case)
    save_safetensors(network, tmp_path / "model.safetensors")
    np.testing.assert_array_equal(load_safetensors(tmp_path / "model.safetensors").parameters, network.parameters)


def test_the_same_network_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        save_safetensors(network_with("batch norm"), tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_pytorch_writes_weights_for_a_network(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    save_file = pytest.importorskip("safetensors.torch").save_file
    layers = OrderedDict(dense_1=torch.nn.Linear(3, 4), relu_1=torch.nn.ReLU(), dense_2=torch.nn.Linear(4, 2))
    save_file(torch.nn.Sequential(layers).state_dict(), tmp_path / "theirs.safetensors")
    with pytest.raises(UserError, match="does not tell the layers; give the network"):
        load_safetensors(tmp_path / "theirs.safetensors")
    network = load_safetensors(tmp_path / "theirs.safetensors", mlp((4,), "ab", inputs=3))
    np.testing.assert_array_equal(network.arrays["dense_1"]["W"], layers["dense_1"].weight.detach().numpy().T)
    with pytest.raises(UserError, match=r"dense_1\.weight has shape"):
        load_safetensors(tmp_path / "theirs.safetensors", mlp((5,), "ab", inputs=3))


def test_broken_files_are_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    save_safetensors(mlp((4,), "ab", inputs=3), path)
    content = path.read_bytes()
    for broken in (b"", b"nonsense", content[:-1], content[:40], b"\xff" * 8 + content[8:]):
        path.write_bytes(broken)
        with pytest.raises(UserError, match=r"model\.safetensors cannot be loaded: .*[^.]\.$"):
            load_safetensors(path)
    with pytest.raises(UserError, match="There is no safetensors file"):
        load_safetensors(tmp_path / "missing.safetensors")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"layers": [{"kind": "dense", "outputs": 2**24}]}, "cannot be loaded"),
        ({"layers": [{"kind": "nonsense"}]}, "unknown kind"),
        ({"classes": ["a"]}, "there are 1 classes"),
        ({"format": 2}, "format 2"),
    ],
)
def test_what_the_metadata_says_is_not_trusted(change: dict[str, object], message: str, tmp_path: Path) -> None:
    network, path = mlp((4,), "ab", inputs=3), tmp_path / "model.safetensors"
    described = {
        "format": 1,
        "input_shape": [3],
        "classes": ["a", "b"],
        "layers": [{"kind": "dense", "outputs": 4}, {"kind": "dense", "outputs": 2}],
    }
    metadata = {"nn_scratch": json.dumps(described | change)}
    path.write_bytes(library.save(state_dict(network), metadata))
    with pytest.raises(UserError, match=message):
        load_safetensors(path)


def test_numbers_that_are_not_finite_are_refused(tmp_path: Path) -> None:
    network = mlp((4,), "ab", inputs=3)
    network.parameters[0] = np.nan
    save_safetensors(network, tmp_path / "model.safetensors")
    with pytest.raises(UserError, match="other numbers than finite ones"):
        load_safetensors(tmp_path / "model.safetensors")


def test_without_the_library_a_sentence_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "safetensors.numpy", None)
    with pytest.raises(UserError, match=r'pip install "nn-scratch\[safetensors\]"'):
        save_safetensors(mlp((3,)), tmp_path / "model.safetensors")
