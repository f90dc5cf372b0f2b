"""The model file: one .npy file with one structured record, whose header is the architecture.

A trained network is worth keeping only if anybody can open it, now and later, without running code from the file.
`numpy.load("model.npy")` shows all of it: first the field `about`, which holds the metadata as JSON (layers, classes,
how the network was made), then a field for each layer that has parameters or state, with their names and shapes:

    [('about', 'S2048'), ('dense_1', [('W', '<f4', (784, 50)), ('b', '<f4', (50,))]), ...]

There is no pickle and no eval. The whole file is checked (size, types, shapes, JSON, finite numbers) before any of it
is used, so any file gives either a network or one sentence that says what is wrong.
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
from nn_scratch.nn.layers.kinds import check_known
from nn_scratch.nn.network import Network

FORMAT = 1
MAX_FILE_SIZE = 256 * 2**20  # bytes
MAX_METADATA_SIZE = 64 * 2**10  # bytes
MAX_CLASSES = 1000


def save(network: Network, path: str | Path) -> None:
    """Write `network` to `path`, as a whole or not at all. The same network gives the same bytes.

    Raises:
        UserError: the file cannot be written.
        ValueError: `network.metadata` has other values than those of JSON, or is too long; or `load` could not make
            the same network again, for example because a class of layers is not registered.
    """
    metadata, dtype = describe(network)
    record = np.zeros((), dtype)
    record["about"] = metadata
    for layer_name, arrays in network.arrays.items():
        for name, array in arrays.items():
            record[layer_name][name] = array
    content = io.BytesIO()
    np.lib.format.write_array(content, record, allow_pickle=False)
    with atomic_write(Path(path)) as file:
        file.write(content.getbuffer())


def describe(network: Network) -> tuple[bytes, np.dtype[np.void]]:
    """The metadata of `network` as JSON, and the type of its record.

    Raises:
        ValueError: as for `save`.
    """
    for layer in network.layers:
        check_known(layer)
    described = {
        "format": FORMAT,
        "input_shape": network.input_shape,
        "classes": network.classes,
        "layers": [{"kind": layer.kind, **layer.spec()} for layer in network.layers],
        **network.metadata,
    }
    try:
        metadata = json.dumps(described, allow_nan=False).encode()
    except TypeError as error:
        raise ValueError(f"The metadata and the arguments of layers must be values of JSON: {error}.") from error
    if len(metadata) > MAX_METADATA_SIZE:
        raise ValueError(f"The metadata has {len(metadata)} bytes as JSON; at most {MAX_METADATA_SIZE} are allowed.")
    dtype = np.dtype([("about", f"S{len(metadata)}"), *layer_fields(network)])
    check_loadable(network, json.loads(metadata))
    return metadata, dtype


def check_loadable(network: Network, metadata: Any) -> None:
    """ValueError unless `load` would make the same network, apart from its numbers, of `metadata`."""
    try:
        again = network_of(metadata)
    except (ValueError, TypeError, KeyError) as error:
        raise ValueError(f"The network could not be loaded again: {error}.") from error
    if architecture_of(again) != architecture_of(network):
        raise ValueError(
            "The network could not be loaded again: the spec() of a layer does not give the arguments that it was made "
            "with, or the metadata has a key that belongs to the architecture."
        )


def architecture_of(network: Network) -> str:
    """What two networks have in common that differ in nothing but their numbers, as JSON."""
    layers = [(layer.kind, layer.spec()) for layer in network.layers]
    return json.dumps([network.input_shape, network.classes, layers, layer_fields(network)])


def load(path: str | Path) -> Network:
    """Read the network in the model file `path`.

    Raises:
        UserError: the file is missing, is not a model file, is damaged, or has numbers that are not finite.
    """
    path = Path(path)
    record = read_record(path)
    try:
        metadata = json.loads(bytes(record["about"]))
        network = network_of(metadata)
        if record.dtype.descr[1:] != layer_fields(network):
            raise ValueError("its header and its metadata disagree")
    except (ValueError, TypeError, KeyError, RecursionError, MemoryError, OverflowError) as error:
        raise not_a_model_file(path, f"{error or type(error).__name__}") from error
    for layer_name, arrays in network.arrays.items():
        for name, array in arrays.items():
            array[...] = record[layer_name][name]
    if not (np.isfinite(network.parameters).all() and np.isfinite(network.state).all()):
        raise UserError(f"The model file {path} has numbers that are not finite (NaN); train it again.")
    architecture = ("format", "input_shape", "classes", "layers")
    network.metadata = {key: value for key, value in metadata.items() if key not in architecture}
    return network


def read_record(path: Path) -> NDArray[np.void]:
    """The structured record in the file; it is read only if the header is that of a model file."""
    try:
        size = path.stat().st_size
        if size > MAX_FILE_SIZE:
            raise not_a_model_file(path, f"it is {size / 2**20:.0f} MB large, more than any model")
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
            raise ValueError("it is a .npy file of another version")
        shape, _, dtype = np.lib.format.read_array_header_1_0(file)
    except Exception as error:  # a header is arbitrary bytes: NumPy's parser fails in many ways on them
        raise not_a_model_file(path, "it does not begin like a .npy file") from error
    if dtype.hasobject:
        raise not_a_model_file(path, "it has pickled objects, which can run code, so it is not opened")
    names = dtype.names or ()
    about = dtype["about"] if names[:1] == ("about",) else None
    if shape != () or about is None or about.kind != "S" or about.itemsize > MAX_METADATA_SIZE:
        raise not_a_model_file(path, "it is a .npy file of something else")
    expected = file.tell() + dtype.itemsize
    if len(content) != expected:
        raise UserError(
            f"The model file {path} is damaged: it has {len(content)} bytes, but its header says {expected}; "
            "copy it or train it again."
        )
    return np.frombuffer(content, dtype, offset=file.tell())[0:1].reshape(())


def network_of(metadata: Any) -> Network:
    """Build the network that `metadata` describes; ValueError, TypeError or KeyError if it does not describe one."""
    if metadata["format"] != FORMAT:
        raise ValueError(f"it has format {metadata['format']}, and this version reads format {FORMAT}")
    classes = metadata["classes"]
    check_classes(classes)
    layers = []
    for spec in metadata["layers"]:
        if spec["kind"] not in LAYERS:
            raise ValueError(f"it has a layer of unknown kind {spec['kind']!r}")
        arguments = {
            name: tuple(value) if isinstance(value, list) else value for name, value in spec.items() if name != "kind"
        }
        layers.append(LAYERS[spec["kind"]](**arguments))
    return Network(layers, tuple(int(side) for side in metadata["input_shape"]), classes)


def check_classes(classes: Any) -> None:
    """Raise ValueError unless `classes` is a list of labels that a model file can have."""
    if not isinstance(classes, list) or not 1 < len(classes) <= MAX_CLASSES:
        raise ValueError(f"it does not name 2 to {MAX_CLASSES} classes")
    if not all(isinstance(label, str) and label.isprintable() and 0 < len(label) <= 40 for label in classes):
        raise ValueError("its class labels are not short words")
    if len(set(classes)) < len(classes):
        raise ValueError("its class labels are not distinct")


def layer_fields(network: Network) -> list[Any]:
    """The fields of the record, one per layer, as NumPy describes them: little-endian float32."""
    return [
        (layer_name, [(name, "<f4", array.shape) for name, array in arrays.items()])
        for layer_name, arrays in network.arrays.items()
        if arrays
    ]


def not_a_model_file(path: Path, why: str) -> UserError:
    """The error for a file that is not a model file of this library."""
    return UserError(f"{path} is not a model file of nn_scratch: {why}; choose one that nn_scratch.train wrote.")
