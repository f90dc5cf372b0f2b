"""Arrays: the kinds that the modules exchange, by name, and how images become the numbers that a network reads.

A name in a signature says what its numbers mean. Files and screens hold bytes, and other programs hand over floats: if
training and prediction converted them separately, a network could be asked about other numbers than it learned from,
and nothing would fail. So all inputs are checked and converted here.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array: TypeAlias = NDArray[np.floating[Any]]  # float32 in use, float64 in gradient checks
Labels: TypeAlias = NDArray[np.int64]  # (B,) class numbers
Images: TypeAlias = NDArray[np.uint8]  # (B, 28, 28), ink is high
Shape: TypeAlias = tuple[int, ...]  # of one example, without the batch


def check_inputs(images: ArrayLike) -> NDArray[Any]:
    """`images` (N, ...) as an array: bytes (uint8), of which 255 counts as 1, or finite floats, taken as they are.

    All numbers are looked at, so this is for a whole set at once and not for each batch.

    Raises:
        ValueError: they have another type, a number is not finite, or they look like bytes on another scale.
    """
    array = np.asarray(images)
    if array.dtype == np.uint8:
        return array
    if not np.issubdtype(array.dtype, np.floating):
        raise ValueError(f"Inputs are uint8 from 0 to 255 or floats, not {array.dtype}.")
    if not np.isfinite(array).all():
        first = np.argwhere(~np.isfinite(array))[0]
        raise ValueError(f"Inputs are finite numbers, but example {first[0]} has {array[tuple(first)]}.")
    if array.ndim > 2 and array.size and array.max() > 1 and array.min() >= 0 and not (array % 1).any():
        raise ValueError(f"These floats are whole numbers, as bytes are: images / {array.max():g}, or use uint8.")
    return array


def to_inputs(images: NDArray[Any], inputs: Array) -> Array:
    """Write `images` (B, ...), as `check_inputs` returns them, to `inputs` (B, *input_shape), bytes from 0 to 1."""
    in_shape = images.reshape(inputs.shape)
    if images.dtype == np.uint8:
        np.copyto(inputs, in_shape)  # and then, in place: a product of mixed types would go through a small buffer
        np.multiply(inputs, inputs.dtype.type(1 / 255), out=inputs)
    else:
        np.copyto(inputs, in_shape, casting="same_kind")
    return inputs
