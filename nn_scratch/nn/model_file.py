"""The model file: one .npy with one structured record, whose header is the architecture.

`numpy.load("model.npy")` shows a reader everything: a field `about` of JSON bytes (layers, classes, how it was made)
and a field for each layer that has parameters or state, with their names and shapes:

    [('about', 'S2048'), ('dense_1', [('W', '<f4', (784, 50)), ('b', '<f4', (50,))]), ...]

Nothing in it is code: no pickle, no eval. A file is checked whole (size, types, shapes, JSON, finite numbers) before
anything of it is used, and any file at all gets a model or one sentence.
"""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn_scratch.errors import UserError
from nn_scratch.files import atomic_write
from nn_scratch.nn.layers import LAYERS
from nn_scratch.nn.network import Network

FORMAT = 1
LARGEST_FILE = 256 * 2**20  # bytes
LARGEST_ABOUT = 64 * 2**10  # bytes
MOST_CLASSES = 1000


def save(network: Network, path: str | Path) -> None:
    """Write `network` to `path`, whole or not at all. The same network gives the same bytes.

    Raises:
        UserError: the file cannot be written.
        ValueError: `network.metadata` is no JSON or too long for the file.
    """
    about = json.dumps(
        {
            "format": FORMAT,
            "input_shape": network.input_shape,
            "classes": network.classes,
            "layers": [{"kind": layer.kind, **layer.spec()} for layer in network.layers],
            **network.metadata,
        },
        allow_nan=False,
    ).encode()
    if len(about) > LARGEST_ABOUT:
        raise ValueError(f"What the model file tells about the network is {len(about)} bytes; {LARGEST_ABOUT} fit.")
    record = np.zeros((), [("about", f"S{len(about)}"), *layer_fields(network)])
    record["about"] = about
    for name, arrays in network.arrays.items():
        for part, array in arrays.items():
            record[name][part] = array
    content = io.BytesIO()
    np.lib.format.write_array(content, record, allow_pickle=False)
    with atomic_write(Path(path)) as file:
        file.write(content.getbuffer())


def load(path: str | Path) -> Network:
    """Read the network in the model file `path`.

    Raises:
        UserError: the file is missing, is none of ours, is damaged, or holds numbers that are not finite.
    """
    path = Path(path)
    record = read_record(path)
    try:
        about = json.loads(bytes(record["about"]))
        network = network_of(about)
        if record.dtype.descr[1:] != layer_fields(network):
            raise ValueError("its header and its description disagree")
    except (ValueError, TypeError, KeyError, RecursionError, MemoryError, OverflowError) as error:
        raise foreign(path, f"{error or type(error).__name__}") from error
    for name, arrays in network.arrays.items():
        for part, array in arrays.items():
            array[...] = record[name][part]
    if not (np.isfinite(network.parameters).all() and np.isfinite(network.state).all()):
        raise UserError(f"The model file {path} holds numbers that are not finite (NaN); train it again.")
    known = ("format", "input_shape", "classes", "layers")
    network.metadata = {key: value for key, value in about.items() if key not in known}
    return network


def read_record(path: Path) -> NDArray[np.void]:
    """The file's one structured record, read only after its header is known to be that of a model file."""
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise foreign(path, f"it is {size / 2**20:.0f} MB large, more than any model")
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise UserError(
            f"There is no model file {path}; check the name, or train one: python -m nn_scratch.train."
        ) from error
    except OSError as error:
        raise UserError(f"Cannot read the model file {path}: {error.strerror or error}.") from error
    file = io.BytesIO(content)
    try:
        version = np.lib.format.read_magic(file)
        if version != (1, 0):
            raise ValueError("it is a .npy of another version")
        shape, _, dtype = np.lib.format.read_array_header_1_0(file)
    except Exception as error:  # a header is arbitrary bytes: NumPy's parser fails in many ways on them
        raise foreign(path, "it does not begin like a .npy file") from error
    if dtype.hasobject:
        raise foreign(path, "it holds pickled objects, which can run code, and is not opened")
    names = dtype.names or ()
    if shape != () or names[:1] != ("about",) or dtype["about"].kind != "S" or dtype["about"].itemsize > LARGEST_ABOUT:
        raise foreign(path, "it is a .npy file of something else")
    promised = file.tell() + dtype.itemsize
    if len(content) != promised:
        raise UserError(
            f"The model file {path} is damaged: it has {len(content)} bytes, not the {promised} that its header says; "
            "copy or train it again."
        )
    return np.frombuffer(content, dtype, offset=file.tell())[0:1].reshape(())


def network_of(about: Any) -> Network:
    """Build the network that a model file describes; ValueError, TypeError or KeyError where it describes none."""
    if about["format"] != FORMAT:
        raise ValueError(f"it has format {about['format']}, and this version reads format {FORMAT}")
    classes = about["classes"]
    check_classes(classes)
    layers = []
    for spec in about["layers"]:
        if spec["kind"] not in LAYERS:
            raise ValueError(f"it has a layer of unknown kind {spec['kind']!r}")
        arguments = {
            name: tuple(value) if isinstance(value, list) else value for name, value in spec.items() if name != "kind"
        }
        layers.append(LAYERS[spec["kind"]](**arguments))
    return Network(layers, tuple(int(side) for side in about["input_shape"]), classes)


def check_classes(classes: Any) -> None:
    """Raise ValueError unless `classes` is a list of names that a model file can hold."""
    if not isinstance(classes, list) or not 1 < len(classes) <= MOST_CLASSES:
        raise ValueError(f"it names no list of 2 to {MOST_CLASSES} classes")
    if not all(isinstance(name, str) and name.isprintable() and 0 < len(name) <= 40 for name in classes):
        raise ValueError("its class names are no short words")
    if len(set(classes)) < len(classes):
        raise ValueError("its class names are not distinct")


def layer_fields(network: Network) -> list[Any]:
    """The fields of the record, a layer each, as NumPy describes them: little-endian float32."""
    return [
        (name, [(part, "<f4", array.shape) for part, array in arrays.items()])
        for name, arrays in network.arrays.items()
        if arrays
    ]


def foreign(path: Path, why: str) -> UserError:
    """The sentence for a file that is no model of ours."""
    return UserError(f"{path} is not a model file of nn_scratch: {why}; choose one that nn_scratch.train wrote.")
