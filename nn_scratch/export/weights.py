"""The numbers of a network as PyTorch lays them out, under the names of a `state_dict`; and in safetensors files.

Both libraries compute the same, but PyTorch multiplies by the transposed W, has channels before rows and columns, and
calls things otherwise:

    here                                       PyTorch
    dense      W (inputs, outputs), b          weight (outputs, inputs), bias
    conv       W (kh kw C, channels), b        weight (channels, C, kh, kw), bias
    batch norm gamma, beta, mean, variance     weight, bias, running_mean, running_var
    layer norm gamma, beta                     weight, bias

Where an image is flattened, its numbers come in another order too: (H, W, C) here and (C, H, W) there. What is
flattened goes to a dense layer, so the rows of its W are in another order. A layer that PyTorch does not have keeps the
names and shapes of its arrays, and a residual layer has those of its layers, under both names.

All of these are views of the same memory with other axes. So a view tells how to write the numbers, and how to read
them back: nothing has to be inverted.

Safetensors is the file of plain arrays that PyTorch, JAX and other libraries exchange weights in. Like a model file of
this library it holds numbers and cannot run code. What is saved here also tells the architecture, in its metadata.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from nn_scratch.arrays import Array, Shape
from nn_scratch.convolution import Conv2D
from nn_scratch.errors import UserError, extra, shown
from nn_scratch.files import atomic_write, read_file
from nn_scratch.layers import Activation, Dense, Dropout, Flatten, Layer
from nn_scratch.model_file import LONGEST_REASON, MAX_FILE_SIZE, completed, describe, network_of
from nn_scratch.network import Network
from nn_scratch.normalization import BatchNorm, LayerNorm
from nn_scratch.zoo.rare_layers import Reshape, Residual

Entry: TypeAlias = tuple[str, Array, Shape]  # a name, a view of our numbers in PyTorch's order, and its shape there
NORMALIZATION = {"gamma": "weight", "beta": "bias", "mean": "running_mean", "variance": "running_var"}
KEY = "nn_scratch"  # of the metadata in safetensors files: the same JSON as in a model file
COUNTERS = ".num_batches_tracked"  # of PyTorch's batch normalization, which uses it only without a momentum


def state_dict(network: Network) -> dict[str, Array]:
    """Copies of all numbers of `network` as PyTorch has them, such as `dense_1.weight` (outputs, inputs).

    Raises:
        ValueError: an image is flattened or reshaped in a way that depends on the order of its numbers.
    """
    return {name: view.reshape(shape).copy() for name, view, shape in entries_of(network)}


def load_state_dict(network: Network, arrays: Mapping[str, ArrayLike]) -> None:
    """Put the numbers of a `state_dict` into `network`. Where they do not fit, `network` stays as it was.

    Raises:
        ValueError: names or shapes are others than those of `state_dict(network)`, or a number is not finite.
    """
    wanted = list(entries_of(network))
    given = {name: np.asarray(array) for name, array in arrays.items() if not name.endswith(COUNTERS)}
    names = [name for name, _, _ in wanted]
    missing, unknown = ([n for n in these if n not in those] for these, those in ((names, given), (given, names)))
    if missing or unknown:
        differences = (("missing", missing), ("not in the network", unknown))
        said = "; ".join(f"{what}: {shown(', '.join(some), 200)}" for what, some in differences if some)
        raise ValueError(f"The weights are not those of this network ({said}).")
    for name, _, shape in wanted:
        if given[name].shape != shape:
            raise ValueError(f"{name} has shape {given[name].shape}, but in this network its shape is {shape}.")
        if given[name].dtype.kind != "f" or not np.isfinite(given[name]).all():
            raise ValueError(f"{name} has other numbers than finite ones with a fraction.")
    for name, view, _ in wanted:
        view[...] = given[name].reshape(view.shape)


def entries_of(network: Network | Residual, before: Shape = ()) -> Iterator[Entry]:
    """All arrays of `network`, or of the layers in a residual layer that reads the shape `before`.

    Raises:
        ValueError: as for `state_dict`.
    """
    before = network.input_shape if isinstance(network, Network) else before
    flattened: Shape | None = None  # the shape of the image that was flattened and has not met a dense layer
    for name, layer, after in zip(network.names, network.layers, network.shapes, strict=True):
        try:
            if isinstance(layer, (Flatten, Reshape)):
                flattened = flattened_image(before, after, flattened)
            elif isinstance(layer, Residual) and not flattened:
                yield from ((f"{name}.{own}", view, shape) for own, view, shape in entries_of(layer, before))
            else:
                yield from ((f"{name}.{own}", view, shape) for own, view, shape in views(layer, flattened))
        except ValueError as error:
            raise ValueError(f"The layer {name} cannot be laid out as in PyTorch: {error}.") from error
        flattened = None if isinstance(layer, Dense) else flattened
        before = after
    if flattened:
        raise ValueError("The last layer gives a flattened image, which PyTorch has in another order.")


def flattened_image(before: Shape, after: Shape, flattened: Shape | None) -> Shape | None:
    """The shape (H, W, C) of the image that the row of numbers `after` is, in another order than PyTorch's; else None.

    Raises:
        ValueError: `before` becomes another image, which would have its numbers at other places in PyTorch.
    """
    if len(before) == len(after) == 1:
        return flattened
    if len(before) == 3 and len(after) == 1:
        return before if before[2] > 1 and before[0] * before[1] > 1 else None
    if not flattened and (before[2:] or (1,)) == (after[2:] or (1,)) == (1,):
        return None  # one channel: the order is the same
    raise ValueError(f"it makes {after} of {before}, with the channels last")


def views(layer: Layer, flattened: Shape | None) -> Iterator[Entry]:
    """The arrays of `layer`, whose input may be a `flattened` image, by their own names.

    Raises:
        ValueError: the layer makes something of a flattened image that depends on the order of its numbers.
    """
    names = (*layer.parameter_shapes, *layer.state_shapes)
    arrays = {name: vars(layer)[name] for name in names if name in vars(layer)}  # a residual layer has only its layers
    match layer:
        case Dense():
            rows = layer.W.reshape(*(flattened or (1, 1, layer.inputs)), layer.outputs)  # (H, W, C, outputs)
            yield "weight", rows.transpose(3, 2, 0, 1), (layer.outputs, layer.inputs)
        case Conv2D():
            kernel = layer.W.reshape(*layer.windows.size, -1, layer.channels).transpose(3, 2, 0, 1)
            yield "weight", kernel, kernel.shape
        case BatchNorm() | LayerNorm():
            for name, array in arrays.items():
                features = array.reshape(flattened or (1, 1, layer.features)).transpose(2, 0, 1)
                yield NORMALIZATION[name], features, (layer.features,)
        case Activation() | Dropout() if not arrays:
            pass
        case _ if flattened:
            raise ValueError(f"it makes something else of a flattened image of {flattened}")
        case _:
            yield from ((name, array, array.shape) for name, array in arrays.items())
    if isinstance(layer, (Dense, Conv2D)) and layer.bias is not False:
        bias = layer.b if layer.b.ndim == 1 else layer.b.transpose(2, 0, 1)  # one for each place if untied
        yield "bias", bias, bias.shape


def save_safetensors(network: Network, path: str | Path) -> None:
    """Write `network` to the safetensors file `path`, as a whole or not at all. The same network gives the same bytes.

    Raises:
        UserError: safetensors is not installed (the extra `safetensors`), or the file cannot be written.
        ValueError: as for `state_dict`, or `load_safetensors` could not make the same network again.
    """
    library = extra("safetensors.numpy")
    arrays = {name: np.ascontiguousarray(array, np.float32) for name, array in state_dict(network).items()}
    metadata, _ = describe(network)
    content = library.save(arrays, {KEY: metadata.decode()})
    with atomic_write(Path(path)) as file:
        file.write(content)


def load_safetensors(path: str | Path, network: Network | None = None) -> Network:
    """Read the safetensors file `path`: the network that was saved there or, if that is given, into `network`.

    A file that PyTorch wrote tells nothing of layers, so it needs a `network` to put the numbers into. Where they do
    not fit, `network` stays as it was.

    Raises:
        UserError: safetensors is not installed, or the file is missing or damaged, or does not fit the network.
    """
    library, path = extra("safetensors.numpy"), Path(path)
    content = read_file(path, MAX_FILE_SIZE, "safetensors file")
    try:
        arrays = library.load(content)
        if network is not None:
            load_state_dict(network, arrays)
            return network
        described = described_in(content)
        network = network_of(described, 4 * sum(array.size for array in arrays.values()))
        load_state_dict(network, arrays)
        return completed(network, described)
    except Exception as error:  # arbitrary bytes make the library fail in many ways
        raise UserError(f"{path} cannot be loaded: {shown(error, LONGEST_REASON).rstrip('.')}.") from error


def described_in(content: bytes) -> Any:
    """What the metadata of a safetensors file says of its network; ValueError where it says nothing."""
    length = int.from_bytes(content[:8], "little")  # of the header, which comes next
    header = json.loads(content[8 : 8 + length])
    if KEY not in header.get("__metadata__", {}):
        raise ValueError("it does not tell the layers; give the network that the weights are for")
    return json.loads(header["__metadata__"][KEY])
