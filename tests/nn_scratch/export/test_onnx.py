"""ONNX files do what the network does, as another program runs them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nn_scratch import Array, Dense, Flatten, Layer, Network, Shape, Summed, UserError, load, load_test_set, mlp
from nn_scratch.export import NODES, save_onnx
from nn_scratch.losses import LOSSES, BinaryCrossEntropy, Loss, QuadraticLoss
from tests.helpers import ROOT
from tests.helpers.layer_cases import CASES, images_for, network_with, random_network

MODELS = sorted((ROOT / "models").glob("*.npy"))
TOLERANCE = 1e-5


def session_for(network: Network, path: Path) -> Any:
    """What runs the ONNX file of `network`."""
    pytest.importorskip("onnx", reason="onnx is not installed")
    runtime = pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
    save_onnx(network, path)
    return runtime.InferenceSession(path, providers=["CPUExecutionProvider"])


def answered(session: Any, images: Array) -> Array:
    shape = session.get_inputs()[0].shape[1:]
    return np.asarray(session.run(None, {"images": images.reshape(-1, *shape)})[0])


@pytest.mark.parametrize("case", CASES)
def test_every_kind_of_layer_does_the_same(case: str, tmp_path: Path) -> None:
    network = network_with(case)
    images = images_for(network)
    answer = answered(session_for(network, tmp_path / "model.onnx"), images)
    assert answer.dtype == np.float32
    np.testing.assert_allclose(answer, network.predict_proba(images), rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_the_bundled_models_do_the_same(path: Path, tmp_path: Path) -> None:
    network, images = load(path), load_test_set("sample").images[:500]
    session = session_for(network, tmp_path / "model.onnx")
    (given,), (found,) = session.get_inputs(), session.get_outputs()
    assert (given.name, given.type, given.shape[1:]) == ("images", "tensor(float)", [28, 28])
    assert (found.name, found.shape[1:]) == ("probabilities", [len(network.classes)])
    assert tuple(json.loads(session.get_modelmeta().custom_metadata_map["classes"])) == network.classes
    answer = answered(session, (images / 255).astype(np.float32))
    np.testing.assert_allclose(answer, network.predict_proba(images), rtol=0, atol=TOLERANCE)
    one = answered(session, (images[:1] / 255).astype(np.float32))
    np.testing.assert_allclose(one, answer[:1], rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize("loss", [*(each() for each in LOSSES.values() if each.kind), Summed(BinaryCrossEntropy())])
@pytest.mark.parametrize("classes", ["a", "abc"])
def test_outputs_are_read_as_the_loss_says(loss: Loss, classes: str, tmp_path: Path) -> None:
    network = random_network([Dense(len(classes))], (4,), classes)
    network.loss = loss
    images, session = images_for(network), session_for(network, tmp_path / "model.onnx")
    assert session.get_outputs()[0].name == ("outputs" if loss.reader() == QuadraticLoss() else "probabilities")
    np.testing.assert_allclose(answered(session, images), network.predict_proba(images), rtol=0, atol=TOLERANCE)


def test_a_loss_that_reads_outputs_in_its_own_way_is_refused(tmp_path: Path) -> None:
    class Halved(Loss):
        def probabilities(self, z: Array) -> Array:
            return z / 2

    pytest.importorskip("onnx", reason="onnx is not installed")
    network = random_network([Dense(3)], (4,))
    network.loss = Halved()
    with pytest.raises(ValueError, match="no operator that reads outputs as Halved does"):
        save_onnx(network, tmp_path / "model.onnx")


@pytest.mark.parametrize(
    ("shape", "expected"), [((784,), [28, 28]), ((20,), [20]), ((8, 9, 1), [8, 9]), ((8, 9, 3), [8, 9, 3])]
)
def test_images_have_the_shape_that_programs_hand_over(shape: Shape, expected: list[int], tmp_path: Path) -> None:
    session = session_for(random_network([Flatten(), Dense(3)], shape), tmp_path / "model.onnx")
    assert session.get_inputs()[0].shape[1:] == expected


class Doubled(Layer):
    """A layer that ONNX does not know."""

    kind = "doubled_of_a_test"

    def forward(self, x: Array, training: bool = False) -> Array:
        return 2 * x


def test_a_layer_of_ones_own_needs_one_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    network = Network([Doubled()], (3,), "abc")
    pytest.importorskip("onnx", reason="onnx is not installed")
    with pytest.raises(ValueError, match=r"no operator for the class Doubled; add one: export\.NODES\[Doubled\] = "):
        save_onnx(network, tmp_path / "model.onnx")
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setitem(NODES, Doubled, lambda layer, graph, x: graph.add("Mul", x, graph.constant(2)))
    images = images_for(network)
    answer = answered(session_for(network, tmp_path / "model.onnx"), images)
    np.testing.assert_allclose(answer, network.predict_proba(images), rtol=0, atol=TOLERANCE)


def test_the_same_network_gives_the_same_bytes(tmp_path: Path) -> None:
    pytest.importorskip("onnx", reason="onnx is not installed")
    for name in ("a", "b"):
        save_onnx(network_with("batch norm"), tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_without_the_library_a_sentence_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(UserError, match=r'pip install "nn-scratch\[onnx\]"'):
        save_onnx(mlp((3,)), tmp_path / "model.onnx")
