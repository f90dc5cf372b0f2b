"""The numbers of a network as PyTorch lays them out, under the names of a `state_dict`.

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
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nn_scratch.arrays import Array, Shape
from nn_scratch.errors import shown
from nn_scratch.layers import BatchNorm, Conv2D, Dense, Dropout, Layer, LayerNorm, Reshape, Residual
from nn_scratch.layers.activations import Activation
from nn_scratch.layers.residual import those_of
from nn_scratch.network import Network

Arrays = Mapping[str, dict[str, Array]]  # by the name of the layer, and their own
COUNTERS = ".num_batches_tracked"  # of PyTorch's batch normalization, which uses it only without a momentum


class Entry(NamedTuple):
    """One array of a `state_dict`."""

    view: Array  # of the network's own numbers, in PyTorch's order
    shape: Shape  # that PyTorch gives to them


def state_dict(network: Network) -> dict[str, Array]:
    """Copies of all numbers of `network` as PyTorch has them, such as `dense_1.weight` (outputs, inputs).

    Raises:
        ValueError: an image is flattened or reshaped in a way that depends on the order of its numbers.
    """
    return {name: entry.view.reshape(entry.shape).copy() for name, entry in entries(network).items()}


def load_state_dict(network: Network, arrays: Mapping[str, ArrayLike]) -> None:
    """Put the numbers of a `state_dict` into `network`. Where they do not fit, `network` stays as it was.

    Raises:
        ValueError: names or shapes are others than those of `state_dict(network)`, or a number is not finite.
    """
    wanted = entries(network)
    given: dict[str, NDArray[Any]] = {
        name: np.asarray(array) for name, array in arrays.items() if not name.endswith(COUNTERS)
    }
    missing, unknown = sorted(wanted.keys() - given.keys()), sorted(given.keys() - wanted.keys())
    if missing or unknown:
        differences = [("missing", missing), ("not in the network", unknown)]
        said = "; ".join(f"{what}: {shown(', '.join(names), 200)}" for what, names in differences if names)
        raise ValueError(f"the weights are not those of this network ({said})")
    for name, (_, shape) in wanted.items():
        if given[name].shape != shape:
            raise ValueError(f"{name} has shape {given[name].shape}, but in this network its shape is {shape}")
        if given[name].dtype.kind != "f" or not np.isfinite(given[name]).all():
            raise ValueError(f"{name} has other numbers than finite ones with a fraction")
    for name, (view, _) in wanted.items():
        view[...] = given[name].reshape(view.shape)


def entries(network: Network) -> dict[str, Entry]:
    """All arrays of `network` by PyTorch's names for them; ValueError as for `state_dict`."""
    return dict(entries_of(network.layers, network.shapes, network.input_shape, network.arrays))


def entries_of(
    layers: Sequence[Layer], shapes: Sequence[Shape], before: Shape, arrays: Arrays
) -> Iterator[tuple[str, Entry]]:
    """Name and entry of each array of `layers`, which give `shapes`, the first of them for inputs of shape `before`.

    `arrays` has those of each layer, by its name.
    """
    flattened: Shape | None = None
    for name, layer, after in zip(arrays, layers, shapes, strict=True):
        try:
            if isinstance(layer, Reshape):
                flattened = flattened_image(before, after, flattened)
            elif isinstance(layer, Residual) and not flattened:
                own_arrays = {inner_name: those_of(inner_name, arrays[name]) for inner_name in layer.names}
                inner = entries_of(layer.layers, layer.shapes, before, own_arrays)
                yield from ((f"{name}.{inner_name}", entry) for inner_name, entry in inner)
            else:
                yield from (
                    (f"{name}.{own}", Entry(view, shape)) for own, view, shape in views(layer, flattened, arrays[name])
                )
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
        several = before[2] > 1 and before[0] * before[1] > 1
        return before if several else None
    if not flattened and (before[2:] or (1,)) == (after[2:] or (1,)) == (1,):
        return None  # one channel: the order is the same
    raise ValueError(f"it makes {after} of {before}, with the channels last")


def views(layer: Layer, flattened: Shape | None, own: dict[str, Array]) -> Iterator[tuple[str, Array, Shape]]:
    """Name, view and shape of each array of `layer`, whose input may be a `flattened` image.

    `own` are its arrays by the names that they have here.

    Raises:
        ValueError: the layer makes something of a flattened image that depends on the order of its numbers.
    """
    match layer:
        case Dense():
            rows = layer.W.reshape(*(flattened or (1, 1, layer.inputs)), layer.outputs)  # (H, W, C, outputs)
            yield "weight", rows.transpose(3, 2, 0, 1), (layer.outputs, layer.inputs)
            if layer.bias is not False:
                yield "bias", layer.b, layer.b.shape
        case Conv2D():
            kernel = layer.W.reshape(*layer.window.size, -1, layer.channels).transpose(3, 2, 0, 1)
            yield "weight", kernel, kernel.shape
            if layer.bias is not False:
                bias = layer.b if layer.b.ndim == 1 else layer.b.transpose(2, 0, 1)  # one for each place if untied
                yield "bias", bias, bias.shape
        case BatchNorm() | LayerNorm():
            for name, array in normalization_arrays(layer):
                features = array.reshape(flattened or (1, 1, layer.features)).transpose(2, 0, 1)
                yield name, features, (layer.features,)
        case Activation() | Dropout():
            pass
        case _ if flattened:
            raise ValueError(f"it makes something else of a flattened image of {flattened}")
        case _:
            for name, array in own.items():
                yield name, array, array.shape


def normalization_arrays(layer: BatchNorm | LayerNorm) -> Iterator[tuple[str, Array]]:
    """The arrays of a normalization by PyTorch's names."""
    yield from (("weight", layer.gamma), ("bias", layer.beta))
    if isinstance(layer, BatchNorm):
        yield from (("running_mean", layer.mean), ("running_var", layer.variance))
