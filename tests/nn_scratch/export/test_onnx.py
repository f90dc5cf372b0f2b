"""ONNX files do what the network does, as another program runs them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nn_scratch import Array, Layer, Network, Shape, UserError, load, load_test_set, mlp
from nn_scratch.export import Graph, nodes_of, save_onnx
from nn_scratch.layers.kinds import BUILT_IN
from tests.helpers import ROOT
from tests.helpers.exporting import images_for, network_with
from tests.helpers.layer_cases import CASES

MODELS = sorted((ROOT / "models").glob("*.npy"))
TOLERANCE = 1e-5


def session_for(network: Network, path: Path) -> Any:
    """What runs the ONNX file of `network`."""
    pytest.importorskip("onnx", reason="onnx is not installed")
    runtime = pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
    save_onnx(network, path)
    return runtime.InferenceSession(path, providers=["CPUExecutionProvider"])


def probabilities(session: Any, images: Array) -> Array:
    (answer,) = session.run(["probabilities"], {"images": images})
    return np.asarray(answer)


@pytest.mark.parametrize("case", CASES)
def test_every_kind_of_layer_does_the_same(case: str, tmp_path: Path) -> None:
    network = network_with(case)
    images = images_for(network)
    session = session_for(network, tmp_path / "model.onnx")
    shape = session.get_inputs()[0].shape[1:]
    answer = probabilities(session, images.reshape(-1, *shape))
    assert answer.dtype == np.float32
    np.testing.assert_allclose(answer, network.predict_proba(images), rtol=0, atol=TOLERANCE)


def test_every_kind_of_layer_is_among_the_cases() -> None:
    assert {make().kind for make, _ in CASES.values()} == {layer.kind for layer in BUILT_IN}


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_the_bundled_models_do_the_same(path: Path, tmp_path: Path) -> None:
    network, images = load(path), load_test_set("sample").images[:500]
    session = session_for(network, tmp_path / "model.onnx")
    (given,), (answered,) = session.get_inputs(), session.get_outputs()
    assert (given.name, given.type, given.shape[1:]) == ("images", "tensor(float)", [28, 28])
    assert (answered.name, answered.shape[1:]) == ("probabilities", [len(network.classes)])
    assert tuple(json.loads(session.get_modelmeta().custom_metadata_map["classes"])) == network.classes
    answer = probabilities(session, (images / 255).astype(np.float32))
    np.testing.assert_allclose(answer, network.predict_proba(images), rtol=0, atol=TOLERANCE)
    one = probabilities(session, (images[:1] / 255).astype(np.float32))
    np.testing.assert_allclose(one, answer[:1], rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize(
    ("shape", "expected"), [((784,), [28, 28]), ((20,), [20]), ((8, 9, 1), [8, 9]), ((8, 9, 3), [8, 9, 3])]
)
def test_images_have_the_shape_that_programs_hand_over(shape: Shape, expected: list[int], tmp_path: Path) -> None:
    from nn_scratch import Dense, Flatten

    network = Network([Flatten(), Dense(2)], shape, "ab").initialize(np.random.default_rng(0))
    assert session_for(network, tmp_path / "model.onnx").get_inputs()[0].shape[1:] == expected


class Doubled(Layer):
    """A layer that ONNX does not know."""

    kind = "doubled"

    def build(self, input_shape: Shape) -> Shape:
        return input_shape

    def forward(self, x: Array, training: bool = False) -> Array:
        return 2 * x

    def backward(self, dy: Array) -> Array:
        return 2 * dy


def test_a_layer_of_ones_own_needs_a_function(tmp_path: Path) -> None:
    network = Network([Doubled()], (3,), "abc")
    pytest.importorskip("onnx", reason="onnx is not installed")
    with pytest.raises(ValueError, match=r"Doubled has no operator of ONNX.*nodes_of\.register"):
        save_onnx(network, tmp_path / "model.onnx")
    assert list(tmp_path.iterdir()) == []

    @nodes_of.register
    def doubled(layer: Doubled, graph: Graph, x: str) -> str:
        return graph.add("Mul", x, graph.constant(2))

    images = images_for(network)
    answer = probabilities(session_for(network, tmp_path / "model.onnx"), images)
    np.testing.assert_allclose(answer, network.predict_proba(images), rtol=0, atol=TOLERANCE)


def test_the_same_network_gives_the_same_bytes(tmp_path: Path) -> None:
    pytest.importorskip("onnx", reason="onnx is not installed")
    network = network_with("conv")
    for name in ("a.onnx", "b.onnx"):
        save_onnx(network, tmp_path / name)
    assert (tmp_path / "a.onnx").read_bytes() == (tmp_path / "b.onnx").read_bytes()


def test_without_onnx_a_sentence_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(UserError, match=r'onnx, which is not installed: pip install "nn-scratch\[onnx\]"'):
        save_onnx(mlp((3,)), tmp_path / "model.onnx")


def test_a_file_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    pytest.importorskip("onnx", reason="onnx is not installed")
    with pytest.raises(UserError, match=r"Cannot write .*model\.onnx"):
        save_onnx(mlp((3,)), tmp_path / "missing" / "model.onnx")
