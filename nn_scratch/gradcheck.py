"""The gradient check: is a derivative that somebody derived the slope that the function really has?

A wrong derivative rarely stops a program; the network only learns worse. So every derivative is compared with slopes
that need no calculus. The slope of a loss L along a direction v is dL/dx . v, and also, up to h^2,

    (L(x + h v) - L(x - h v)) / 2h        (central differences).

One random direction tests all elements of an array at once, because a wrong gradient agrees with the slope along it
with probability 0. Everything is computed in float64, where h = 1e-5 leaves ten correct digits.

At a kink, such as that of ReLU at 0, the difference is not a slope. So each slope is measured twice, with h and h / 2.
If a kink is within reach, the two measurements disagree, or the slopes on the two sides do: another direction is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from nn_scratch.arrays import Array, Shape
from nn_scratch.layers import Layer

STEP = 1e-5  # h, for directions of length 1
DIRECTIONS = 4  # for each array
ATTEMPTS = 20  # to draw a direction that crosses no kink
TOLERANCE = 1e-6  # the default for the relative error of a slope
FAINT = 1e-3  # a slope below this fraction of the loss is mostly rounding: it is compared as if it were this large

Loss = Callable[[], float]  # reads the arrays again at every call


class GradientError(AssertionError):
    """A gradient is not the slope, or there is no slope to compare it with."""


class Slope(NamedTuple):
    """What central differences say about one direction."""

    value: float
    scale: float  # errors are relative to this
    left: float  # the slope on one side
    right: float  # the slope on the other side
    smooth: bool  # whether there is no kink within reach


def numerical_gradient(loss: Loss, array: Array, step: float = STEP) -> Array:
    """dL/d(array) by central differences, one element after the other, in the shape of `array`.

    `loss()` is called twice per element. It must read `array` (float64), which is changed and put back.
    """
    gradient = np.zeros_like(array)
    for place in np.ndindex(array.shape):
        kept = array[place]
        array[place] = kept + step
        above = loss()
        array[place] = kept - step
        below = loss()
        array[place] = kept
        gradient[place] = (above - below) / (2 * step)
    return gradient


def check_gradients(
    loss: Loss,
    arrays: Mapping[str, Array],
    gradients: Mapping[str, Array],
    rng: np.random.Generator,
    tolerance: float = TOLERANCE,
) -> None:
    """Compare each of `gradients` with the slopes of `loss` when the array of that name is moved.

    Args:
        loss: returns L; it must read `arrays` again at every call.
        arrays: float64, of any shapes; changed in place, and put back.
        gradients: dL/d(array), with the same names and shapes as `arrays`.
        rng: draws the directions.
        tolerance: how far the two may differ, as a fraction of the larger one.

    Raises:
        GradientError: they differ (the message says where, with both numbers), or every direction has a kink.
        ValueError: names, shapes or types do not fit.
    """
    if arrays.keys() != gradients.keys():
        raise ValueError(f"There are arrays {sorted(arrays)}, but gradients of {sorted(gradients)}.")
    for name, array in arrays.items():
        if array.dtype != np.float64:
            raise ValueError(f"{name} is {array.dtype}; differences this small need float64.")
        if array.shape != gradients[name].shape:
            raise ValueError(f"{name} has shape {array.shape}, but its gradient {gradients[name].shape}.")
    for name, array in arrays.items():
        gradient = gradients[name].copy()  # `loss` may fill the same memory again
        for _ in range(DIRECTIONS if array.size else 0):
            direction, slope = smooth_direction(loss, name, array, rng, tolerance)
            if disagrees(claimed_slope(gradient, direction), slope, tolerance):
                raise GradientError(describe_error(loss, name, array, gradient, direction))


def claimed_slope(gradient: Array, direction: Array) -> float:
    """The slope along `direction` according to `gradient`."""
    return float(np.vdot(gradient, direction))


def disagrees(claimed: float, slope: Slope, tolerance: float) -> bool:
    """Whether `claimed` differs from the measured slope by more than rounding; NaN does."""
    return not abs(claimed - slope.value) <= tolerance * max(abs(claimed), slope.scale)


def smooth_direction(
    loss: Loss, name: str, array: Array, rng: np.random.Generator, tolerance: float
) -> tuple[Array, Slope]:
    """A random direction of length 1 that has no kink within reach, and the slope along it."""
    for _ in range(ATTEMPTS):
        direction: Array = rng.standard_normal(array.shape)
        direction /= np.linalg.norm(direction)
        slope = measured_slope(loss, array, direction, tolerance)
        if slope.smooth:
            return direction, slope
    raise GradientError(
        f"The loss has a kink where {name} is, in every direction: its slope is {slope.left:.6g} on one side and "
        f"{slope.right:.6g} on the other; check the gradient at another place."
    )


def measured_slope(loss: Loss, array: Array, direction: Array, tolerance: float) -> Slope:
    """The slope of `loss` when `array` moves along `direction`."""
    kept = array.copy()

    def at(distance: float) -> float:
        array[...] = kept + distance * direction
        return loss()

    here, right, left = at(0), [at(STEP), at(STEP / 2)], [at(-STEP), at(-STEP / 2)]
    array[...] = kept
    whole, half = (right[0] - left[0]) / (2 * STEP), (right[1] - left[1]) / STEP
    bend, half_bend = (right[0] - 2 * here + left[0]) / STEP, 2 * (right[1] - 2 * here + left[1]) / STEP
    scale = max(abs(whole), FAINT * abs(here))
    crossed = not abs(whole - half) <= tolerance * scale  # a kink within reach: a shorter step changes the slope
    at_kink = abs(bend) > tolerance * scale and abs(half_bend) > 0.75 * abs(bend)  # smooth curvature would halve
    return Slope(whole, scale, whole - bend / 2, whole + bend / 2, not (crossed or at_kink))


def describe_error(loss: Loss, name: str, array: Array, gradient: Array, direction: Array) -> str:
    """Name a wrong element of the gradient: halve the elements that move, go on with the half that is more wrong."""
    places = np.arange(array.size)
    while len(places) > 1:
        halves = np.array_split(places, 2)
        places = max(halves, key=lambda half: error_along(loss, array, gradient, masked(direction, half)))
    place = tuple(int(i) for i in np.unravel_index(places[0], array.shape))
    element = masked(np.ones_like(array), places)
    slope = measured_slope(loss, array, element, TOLERANCE).value
    return (
        f"dL/d{name}{list(place)} is said to be {gradient[place]:.9g}, but the loss's slope there is {slope:.9g} "
        f"(by central differences, step {STEP:g})."
    )


def masked(direction: Array, places: np.ndarray) -> Array:
    """`direction` with all elements set to 0 except those numbered `places`."""
    kept = np.zeros_like(direction)
    kept.flat[places] = direction.flat[places]
    return kept


def error_along(loss: Loss, array: Array, gradient: Array, direction: Array) -> float:
    """How far the slope according to `gradient` is from the measured one; infinity where it is NaN."""
    error = abs(claimed_slope(gradient, direction) - measured_slope(loss, array, direction, TOLERANCE).value)
    return float("inf") if np.isnan(error) else error


def check_layer(layer: Layer, input_shape: Shape, rng: np.random.Generator, tolerance: float = TOLERANCE) -> None:
    """Check the derivatives of a layer, with respect to its input and its parameters, for a random linear loss.

    Args:
        layer: a new layer that is not in a network; afterwards it holds random float64 parameters.
        input_shape: of one example, without the batch.

    Raises:
        GradientError: a gradient is wrong; the message says which element of which gradient.
    """
    batch = 3
    output_shape = layer.build(input_shape)
    parameters = {name: np.zeros(shape) for name, shape in layer.parameter_shapes.items()}
    gradients = {name: np.full(shape, np.nan) for name, shape in layer.parameter_shapes.items()}
    layer.bind(parameters | {name: np.zeros(shape) for name, shape in layer.state_shapes.items()}, gradients)
    layer.initialize(rng)
    for parameter in parameters.values():
        parameter += 0.1 * rng.standard_normal(parameter.shape)  # biases off zero
    x = rng.standard_normal((batch, *input_shape))
    dy = rng.standard_normal((batch, *output_shape))
    kept_x, kept_dy = x.copy(), dy.copy()

    def loss() -> float:
        layer.reseed(np.random.default_rng(0))  # the same random decisions each time
        return float(np.vdot(dy, layer.forward(x, training=True)))

    loss()
    dx = layer.backward(dy)
    if not (np.array_equal(x, kept_x) and np.array_equal(dy, kept_dy)):
        raise GradientError(f"{layer} changes an array that it was given, and others read it, too; copy it first.")
    check_gradients(loss, {"x": x, **parameters}, {"x": dx, **gradients}, rng, tolerance)
