"""Inputs: images as the numbers that a network reads, floats from 0 to 1.

Files and screens hold bytes, and other programs hand over floats. If training and prediction converted them separately,
a network could be asked about other numbers than it learned from, and nothing would fail. So all images are checked and
converted here.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nn_scratch.arrays import Array


def check_images(images: ArrayLike) -> NDArray[Any]:
    """`images` (N, ...) as an array of bytes (uint8) from 0 to 255 or of floats from 0 to 1.

    Floats are all looked at, so this is for a whole set at once and not for each batch.

    Raises:
        ValueError: they have another type, or a float is NaN or outside; the message has the number of its image.
    """
    array: NDArray[Any] = np.asarray(images)
    if array.dtype == np.uint8:
        return array
    if not np.issubdtype(array.dtype, np.floating):
        raise ValueError(f"Images are uint8 from 0 to 255 or floats from 0 to 1, not {array.dtype}.")
    if array.size and not (array.min() >= 0 and array.max() <= 1):  # a NaN makes both NaN, and is not in between
        first = np.argwhere(~((array >= 0) & (array <= 1)))[0]
        raise ValueError(
            f"Images of floats are from 0 to 1, but image {first[0]} has {array[tuple(first)]:g}; "
            "divide by the largest possible value, or use uint8 from 0 to 255."
        )
    return array


def to_inputs(images: NDArray[Any], inputs: Array) -> Array:
    """Write `images` (B, ...), as `check_images` returns them, to `inputs` (B, *input_shape) as floats from 0 to 1."""
    in_shape = images.reshape(inputs.shape)
    if images.dtype == np.uint8:
        np.copyto(inputs, in_shape)  # and then, in place: a product of mixed types would go through a small buffer
        np.multiply(inputs, inputs.dtype.type(1 / 255), out=inputs)
    else:
        np.copyto(inputs, in_shape, casting="same_kind")
    return inputs
