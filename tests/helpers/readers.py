"""Every reader of files, a good file for each, and ways to break it: for the quick tests and the long ones.

A file is broken in its bytes, which most formats notice at once, and in what they mean: a value in the JSON of a model
or a checkpoint, or an array of an .npz file, in a container that is whole.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from hypothesis import strategies as st
from PIL import Image

import nn_scratch
from drawapp.session import corrections
from nn_scratch import (
    Adam,
    BatchNorm,
    Conv2D,
    Dense,
    Deslant,
    Dropout,
    EpochReport,
    Flatten,
    LeakyReLU,
    MaxPool2D,
    Network,
    Optimizer,
    Reshape,
    UserError,
    mlp,
)
from nn_scratch.data import custom, idx
from nn_scratch.ink import files as image_files
from nn_scratch.runs import Run, read_arguments, read_run
from tests.helpers.model_files import rewritten
from tests.helpers.server import idx_bytes

Draw = Callable[[st.SearchStrategy[Any]], Any]

ODD = st.one_of(
    st.sampled_from(
        [None, True, False, 0, -1, 1, 2, 3, 10, 28, 0.5, 10.0, 1e-300, 1e300, 2**31, 2**63, 10**30, -(2**31)]
    ),
    st.sampled_from(["", "dense", "relu", "he", "x" * 300, "\udcff", [], {}, [1], [10.0], [2, 2], [-1, -1], [True, 1]]),
    st.lists(st.integers(-3, 30_000), max_size=4),
    st.floats(),
    st.text(max_size=5),
)
PIECES = st.one_of(
    st.binary(min_size=1, max_size=8), st.sampled_from([b"\0" * 8, b"\xff" * 8, b"\xff\xff\xff\x7f", b"O"])
)


class Reader(NamedTuple):
    """How a good file is made in a folder, how it is read, and how its meaning is broken (None: only its bytes are)."""

    make: Callable[[Path], Path]
    read: Callable[[Path], object]
    twist: Callable[[Path, Draw], object] | None = None


def model(folder: Path) -> Path:
    layers = [Deslant(), Conv2D(2, 3, 2, 1), BatchNorm(), LeakyReLU(), MaxPool2D(2), Reshape((2, 8)), Flatten()]
    network = Network([*layers, Dropout(0.1), Dense(3)], (8, 16, 1), "abc").initialize(np.random.default_rng(0))
    nn_scratch.save(network, folder / "model.npy")
    return folder / "model.npy"


def predict(path: Path) -> object:
    network = nn_scratch.load(path)
    return network.predict_proba(np.zeros((2, *network.input_shape), np.uint8))


def image(folder: Path, kind: str = "png", mode: str = "L") -> Path:
    path = folder / f"image.{kind}"
    Image.fromarray(np.arange(400, dtype=np.uint8).reshape(20, 20)).convert(mode).save(path)
    return path


def arrays(folder: Path) -> Path:
    images = np.arange(20 * 9, dtype=np.uint8).reshape(20, 3, 3)
    np.savez_compressed(folder / "a.npz", images=images, labels=np.arange(20) % 2, classes=np.array(["a", "b"]))
    return folder / "a.npz"


def idx_file(folder: Path) -> Path:
    path = folder / "images"
    path.write_bytes(idx_bytes(np.arange(27, dtype=np.uint8).reshape(3, 3, 3)))
    return path


def attached(network: Network) -> Optimizer:
    return Adam().attach(network.parameters, network.gradients)


def checkpoint_file(folder: Path) -> Path:
    network = mlp((2,), "ab", inputs=3).initialize(np.random.default_rng(0))
    report = EpochReport(1, 0.5, 0.4, 0.9, 1.0, 100.0)
    Run(folder, ["--seed", "1"]).record(report, network, attached(network), np.random.default_rng(0))
    return folder / "checkpoint.npz"


def reports(folder: Path) -> Path:
    return checkpoint_file(folder).with_name("report.jsonl")


def resume(path: Path) -> object:
    network = mlp((2,), "ab", inputs=3)
    Run(path.parent, []).resume(network, attached(network), np.random.default_rng(1))
    return read_arguments(path.parent)


def test_of_run(folder: Path) -> Path:
    checkpoint_file(folder)
    np.savez(
        folder / "test-a.npz",
        data=np.array("a"),
        confusion=np.array([[3, 1], [0, 4]]),
        classes=np.array(["a", "b"]),
        images=np.zeros((1, 4, 4), np.uint8),
        labels=np.array([0]),
        taken_for=np.array([1]),
        probability=np.array([0.7]),
    )
    return folder / "test-a.npz"


def correction(folder: Path) -> Path:
    stroke = np.array([(5, 5), (9, 20), (11, 21)], np.float32)
    image = np.arange(784, dtype=np.uint8).reshape(28, 28)
    found = corrections.Correction(image, "4", "9", 0.8, "Digits", 1e9, (stroke, stroke + 1), image[:9])
    corrections.write(folder / "correction.npz", found)
    return folder / "correction.npz"


def changed(value: Any, draw: Draw) -> Any:
    """`value`, JSON, with something odd in one of its places."""
    if isinstance(value, dict) and value and draw(st.integers(0, 9)):
        key = draw(st.sampled_from(sorted(value)))
        return value | {key: changed(value[key], draw)}
    if isinstance(value, list) and value and draw(st.integers(0, 9)):
        place = draw(st.integers(0, len(value) - 1))
        return [*value[:place], changed(value[place], draw), *value[place + draw(st.integers(0, 2)) :]]
    return draw(ODD)


def twist_metadata(path: Path, draw: Draw) -> None:
    metadata = json.loads(bytes(np.load(path)["about"]))
    key = draw(st.sampled_from(["layers", "layers", "input_shape", "classes", "format"]))
    rewritten(path, **{key: changed(metadata[key], draw)})


def twist_arrays(path: Path, draw: Draw) -> None:
    with np.load(path) as file:
        found: dict[str, Any] = dict(file)
    name = draw(st.sampled_from(sorted(found)))
    if name == "words" and draw(st.booleans()):
        words = json.dumps(changed(json.loads(found[name].tobytes()), draw))
        found[name] = np.frombuffer(words.encode(), np.uint8)
    else:
        kind = draw(st.sampled_from(["u1", "i8", "f4", "f8", "U3", "S2", "?", "c8"]))
        shape = draw(st.one_of(st.just(found[name].shape), st.lists(st.integers(0, 4), max_size=4).map(tuple)))
        with np.errstate(invalid="ignore"):
            found[name] = np.full(shape, draw(st.sampled_from([0, 1, -1, 2**62, np.nan])), np.float64).astype(kind)
    np.savez(path, **found)


def broken(content: bytes, draw: Draw) -> bytes:
    """`content` with one to four changes: bytes replaced, put in, taken out, repeated, or the end cut off."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(content)))
        piece, length = draw(PIECES), draw(st.integers(1, 40))
        content = {
            "replace": content[:start] + piece + content[start + len(piece) :],
            "put in": content[:start] + piece + content[start:],
            "take out": content[:start] + content[start + length :],
            "repeat": content[: start + length] + content[start:],
            "cut off": content[:start],
        }[draw(st.sampled_from(["replace", "replace", "put in", "take out", "repeat", "cut off"]))]
    return content


def try_one_broken(reader: Reader, draw: Draw) -> None:
    """Break a good file, in its meaning or in its bytes, and read it: all but a result and a short UserError fails."""
    with tempfile.TemporaryDirectory() as folder:
        path = reader.make(Path(folder))
        if reader.twist and draw(st.booleans()):
            reader.twist(path, draw)
        else:
            path.write_bytes(broken(path.read_bytes(), draw))
        try:
            reader.read(path)
        except UserError as error:
            assert str(error).isprintable()  # noqa: PT017
            assert len(str(error)) < 600 + len(str(path))  # noqa: PT017


READERS = {
    "model": Reader(model, predict, twist_metadata),
    "png": Reader(image, image_files.read),
    "custom data": Reader(arrays, custom.load_custom, twist_arrays),
    "IDX": Reader(idx_file, lambda path: idx.parse(idx.read(path), path, 3)),
    "checkpoint": Reader(checkpoint_file, resume, twist_arrays),
    "test of a run": Reader(test_of_run, lambda path: read_run(path.parent), twist_arrays),
    "correction": Reader(correction, corrections.read, twist_arrays),
    "report of a run": Reader(reports, lambda path: read_run(path.parent)),
}

MODES = {
    "png": ("1", "L", "LA", "P", "RGBA", "I;16"),
    "jpg": ("L", "RGB", "CMYK"),
    "bmp": ("L", "RGB"),
    "gif": ("P",),
    "webp": ("RGB", "RGBA"),
    "tiff": ("1", "L", "F", "RGB", "CMYK"),
    "ppm": ("L", "RGB"),
}
IMAGES = {
    f"{kind} {mode}": Reader(partial(image, kind=kind, mode=mode), image_files.read)
    for kind, modes in MODES.items()
    for mode in modes
}
