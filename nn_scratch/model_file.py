"""The model file: one .npy file with one structured record, whose header is the architecture.

A trained network is worth keeping only if anybody can open it, now and later, without running code from the file.
`numpy.load("model.npy")` shows all of it: first the field `about`, which holds the metadata as JSON (layers, classes,
how the network was made), then a field for each layer that has parameters or state, with their names and shapes:

    [('about', 'S2048'), ('dense_1', [('W', '<f4', (784, 50)), ('b', '<f4', (50,))]), ...]

There is no pickle and no eval. The whole file is checked (size, types, JSON, layers, shapes, cost of an image) before
memory is taken for its network, and then the network is tried. So any file gives either a network that reads images or
one sentence that says what is wrong.
"""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn_scratch import limits
from nn_scratch.errors import UserError, shown
from nn_scratch.files import atomic_write, read_array_header, read_file
from nn_scratch.layers import LAYERS, Layer, names_of
from nn_scratch.losses import LOSSES, SoftmaxCrossEntropy
from nn_scratch.network import Network, build, count_numbers

FORMAT = 1
MAX_FILE_SIZE = 256 * 2**20  # bytes
MAX_METADATA_SIZE = 64 * 2**10  # bytes
MAX_CLASSES = 1000
NUMBER = np.dtype("<f4")  # as a record has all numbers
ARCHITECTURE = ("format", "input_shape", "classes", "layers", "loss", "frozen")  # what a network is made from
LONGEST_REASON = 240  # characters


def save(network: Network, path: str | Path) -> None:
    """Write `network` to `path`, as a whole or not at all. The same network gives the same bytes.

    Raises:
        UserError: the file cannot be written, or could not be loaded because an image costs too much.
        ValueError: a number is not finite; `network.metadata` has other values than those of JSON, or is too long; or
            `load` could not make the same network again, for example because a class of layers has no kind of its own.
    """
    try:
        limits.check_cost(network.layers, network.input_shape, network.shapes)
    except ValueError as error:
        raise UserError(f"Cannot write {path}: no such model can be loaded, because {error}.") from error
    if not (np.isfinite(network.parameters).all() and np.isfinite(network.state).all()):
        raise ValueError("The network has numbers that are not finite, and such a model cannot be loaded.")
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
    """The metadata of `network` as JSON, and the type of its record; ValueError as for `save`."""
    for layer in network.layers:
        check_known(layer)
    if set(network.metadata) & set(ARCHITECTURE):
        raise ValueError(f"The metadata may not have the keys {', '.join(ARCHITECTURE)}: they say what the network is.")
    described: dict[str, Any] = {
        "format": FORMAT,
        "input_shape": network.input_shape,
        "classes": network.classes,
        "layers": [{"kind": layer.kind, **layer.described()} for layer in network.layers],
    }
    loss = network.loss.reader()
    if not loss.kind:
        raise ValueError(f"A model file names the loss by its kind; give the class {type(loss).__name__} one.")
    if loss.kind != SoftmaxCrossEntropy.kind:
        described["loss"] = loss.kind
    if network.frozen:
        described["frozen"] = network.frozen
    try:
        metadata = json.dumps(described | network.metadata, allow_nan=False).encode()
    except TypeError as error:
        raise ValueError(f"The metadata and the arguments of layers must be values of JSON: {error}.") from error
    if len(metadata) > MAX_METADATA_SIZE:
        raise ValueError(f"The metadata has {len(metadata)} bytes as JSON; at most {MAX_METADATA_SIZE} are allowed.")
    dtype = np.dtype([("about", f"S{len(metadata)}"), *layer_fields(network)])
    try:
        again = network_of(json.loads(metadata), dtype.itemsize - len(metadata))
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        raise ValueError(f"The network could not be loaded again: {error}.") from error
    if repr(again.layers) != repr(network.layers):
        raise ValueError("The network could not be loaded again: a layer has changed the fields that it was made with.")
    return metadata, dtype


def check_known(layer: Layer) -> None:
    """ValueError unless a model file can name the class of `layer`."""
    if LAYERS.get(layer.kind) is not type(layer):
        name = type(layer).__name__
        raise ValueError(
            f"A network with a layer of the class {name} could not be loaded again, because the kind {layer.kind!r} "
            f"stands for another class; give {name} a kind of its own."
        )
    for inner in getattr(layer, "layers", ()):
        check_known(inner)


def load(path: str | Path) -> Network:
    """Read the network in the model file `path`.

    Raises:
        UserError: the file is missing, is not a model file, is damaged, or its network cannot read an image.
    """
    path = Path(path)
    record = read_record(path)
    try:
        metadata = json.loads(bytes(record["about"]))
        network = network_of(metadata, record.dtype.itemsize - record.dtype["about"].itemsize)
        if record.dtype.descr[1:] != layer_fields(network):
            raise ValueError("its header and its metadata disagree")
        for layer_name, arrays in network.arrays.items():
            for name, array in arrays.items():
                array[...] = record[layer_name][name]
        return completed(network, metadata)
    except (ValueError, TypeError, KeyError, RecursionError, MemoryError, OverflowError) as error:
        raise not_a_model_file(path, shown(error or type(error).__name__, LONGEST_REASON)) from error


def read_record(path: Path) -> NDArray[np.void]:
    """The structured record in the file; it is read only if the header is that of a model file."""
    content = read_file(path, MAX_FILE_SIZE, "model file", "check the name, or train one: python -m nn_scratch.train")
    file = io.BytesIO(content)
    try:
        shape, dtype = read_array_header(file)
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


def network_of(metadata: Any, size: int) -> Network:
    """The network that `metadata` describes, for a file whose numbers are `size` bytes.

    It takes memory only when it is known that the file has as many numbers as the network.

    Raises:
        ValueError, TypeError, KeyError, OverflowError: there is no such network, or it does not fit the file.
    """
    if metadata["format"] != FORMAT:
        raise ValueError(f"it has format {shown(metadata['format'])}, and this version reads format {FORMAT}")
    check_classes(metadata["classes"])
    limits.check_whole(metadata["input_shape"], "input shape", 1)
    input_shape = tuple(metadata["input_shape"])
    layers = [layer_of(spec) for spec in metadata["layers"]]
    limits.check_cost(layers, input_shape, build(layers, names_of(layers), input_shape))
    count = sum(count_numbers(layer.parameter_shapes) + count_numbers(layer.state_shapes) for layer in layers)
    if size != count * NUMBER.itemsize:
        raise ValueError("its header and its metadata disagree about how many numbers it has")
    network = Network(layers, input_shape, metadata["classes"])
    loss = metadata.get("loss", SoftmaxCrossEntropy.kind)
    if loss not in LOSSES:
        raise ValueError(f"it was trained with the unknown loss '{shown(loss)}', whose class must be imported first")
    network.loss = LOSSES[loss]()
    return network


def completed(network: Network, metadata: Any) -> Network:
    """`network`, whose numbers are in place, as it was: checked, frozen, and with the rest of its metadata."""
    check_numbers(network)
    network.started = True
    network.freeze(metadata.get("frozen", ()))
    network.metadata = {key: value for key, value in metadata.items() if key not in ARCHITECTURE}
    return network


def layer_of(spec: Any) -> Layer:
    """The layer that `spec`, JSON, describes: its kind and its arguments."""
    arguments = dict(spec)
    kind = arguments.pop("kind")
    if kind not in LAYERS:
        raise ValueError(f"it has a layer of unknown kind '{shown(kind)}', whose class must be imported first")
    inner = {"layers": [layer_of(each) for each in arguments.pop("layers")]} if "layers" in arguments else {}
    limits.check_arguments(arguments)
    arguments = {name: tuple(each) if isinstance(each, list) else each for name, each in arguments.items()}
    return LAYERS[kind](**arguments, **inner)


def layer_fields(network: Network) -> list[Any]:
    """The fields of the record, one per layer, as NumPy describes them: little-endian float32."""
    return [
        (layer_name, [(name, NUMBER.str, array.shape) for name, array in arrays.items()])
        for layer_name, arrays in network.arrays.items()
        if arrays
    ]


def not_a_model_file(path: Path, why: str) -> UserError:
    """The error for a file that is not a model file of this library."""
    return UserError(f"{path} is not a model file of nn_scratch: {why}; choose one that nn_scratch.train wrote.")


def check_numbers(network: Network) -> None:
    """Raise ValueError if a number of `network` is not finite, or if it has no answer for an image.

    Finite numbers can still overflow on their way through the network, so a blank and a full image try it.
    """
    if not (np.isfinite(network.parameters).all() and np.isfinite(network.state).all()):
        raise ValueError("it has numbers that are not finite (NaN)")
    state = [item for arrays in network.arrays.values() for item in arrays.items()]
    if any((array < 0).any() for name, array in state if name.endswith("variance")):
        raise ValueError("it has a negative variance")
    images = np.stack([np.zeros(network.input_shape, NUMBER), np.ones(network.input_shape, NUMBER)])
    with np.errstate(all="ignore"):
        answers = network.forward(images)
    if not np.isfinite(answers).all():
        raise ValueError("its numbers are so large that it has no answer for a blank or a full image")


def check_classes(classes: Any) -> None:
    """Raise ValueError unless `classes` is a list of labels that a model file can have."""
    if not isinstance(classes, list) or not 1 <= len(classes) <= MAX_CLASSES:
        raise ValueError(f"it does not name 1 to {MAX_CLASSES} classes")
    if not all(isinstance(label, str) and label.isprintable() and 0 < len(label) <= 40 for label in classes):
        raise ValueError("its class labels are not short words")
    if len(set(classes)) < len(classes):
        raise ValueError("its class labels are not distinct")
