"""The gradient check: is a derivative that somebody derived the slope that the function really has?

The slope of a loss L along a direction v is dL/dx . v, and also, up to h^2,

    (L(x + h v) - L(x - h v)) / 2h        (central differences),

which needs no calculus. One random direction tests all of an array's elements at once: a wrong gradient agrees with it
only by a chance of zero. All of it in float64, where h = 1e-5 leaves ten right digits.

At a kink, such as that of ReLU at 0, the difference is no slope at all. So each slope is taken twice, with h and h / 2:
where a kink lies within reach, the two disagree on it or on its two sides, and another direction is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from nn_scratch.arrays import Array, Shape
from nn_scratch.nn.layers import Layer

STEP = 1e-5  # h, for directions of length 1
DIRECTIONS = 4  # for each array
ATTEMPTS = 20  # to draw one that crosses no kink
TOLERANCE = 1e-6  # by default: the part of a slope that may be wrong
FAINT = 1e-3  # slopes below this part of the loss are compared as if they were this large: the rest is rounding

Loss = Callable[[], float]  # reads the arrays afresh at every call


class GradientError(AssertionError):
    """A gradient is not the slope, or there is no slope to compare it with."""


class Slope(NamedTuple):
    """What central differences tell of one direction."""

    value: float
    scale: float  # differences are measured in parts of this
    left: float
    right: float
    smooth: bool


def numerical_gradient(loss: Loss, array: Array, step: float = STEP) -> Array:
    """dL/d(array), one element after the other by central differences, in the shape of `array`; two losses each.

    `loss()` must read `array` (float64), which is moved and put back.
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
        loss: returns L; it must read `arrays` afresh at every call.
        arrays: float64, of any shapes; moved in place, and put back.
        gradients: dL/d(array) by name, of the same names and shapes.
        rng: draws the directions.
        tolerance: how far the two may differ, as part of the larger.

    Raises:
        GradientError: they differ, and the message says where, with both numbers; or there is a kink all around.
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
            if wrong(projection(gradient, direction), slope, tolerance):
                raise GradientError(describe(loss, name, array, gradient, direction))


def projection(gradient: Array, direction: Array) -> float:
    """The slope along `direction` that `gradient` claims."""
    return float(np.vdot(gradient, direction))


def wrong(claimed: float, slope: Slope, tolerance: float) -> bool:
    """Whether a claim differs from the slope by more than rounding (a claim of NaN does)."""
    return not abs(claimed - slope.value) <= tolerance * max(abs(claimed), slope.scale)


def smooth_direction(
    loss: Loss, name: str, array: Array, rng: np.random.Generator, tolerance: float
) -> tuple[Array, Slope]:
    """A random direction of length 1 along which no kink is near, and the slope there."""
    for _ in range(ATTEMPTS):
        direction: Array = rng.standard_normal(array.shape)
        direction /= np.linalg.norm(direction)
        slope = measure(loss, array, direction, tolerance)
        if slope.smooth:
            return direction, slope
    raise GradientError(
        f"The loss has a kink where {name} is, whatever the direction: its slope is {slope.left:.6g} on one side and "
        f"{slope.right:.6g} on the other; check the gradient elsewhere."
    )


def measure(loss: Loss, array: Array, direction: Array, tolerance: float) -> Slope:
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
    crossed = not abs(whole - half) <= tolerance * scale  # a kink within reach: farther in, it weighs less
    on_it = abs(bend) > tolerance * scale and abs(half_bend) > 0.75 * abs(bend)  # mere curvature would halve
    return Slope(whole, scale, whole - bend / 2, whole + bend / 2, not (crossed or on_it))


def describe(loss: Loss, name: str, array: Array, gradient: Array, direction: Array) -> str:
    """Where the gradient goes wrong: halve the elements that move, and follow the half that is more wrong."""
    places = np.arange(array.size)
    while len(places) > 1:
        halves = np.array_split(places, 2)
        places = max(halves, key=lambda half: error_along(loss, array, gradient, only(direction, half)))
    place = tuple(int(i) for i in np.unravel_index(places[0], array.shape))
    element = only(np.ones_like(array), places)
    slope = measure(loss, array, element, TOLERANCE).value
    return (
        f"dL/d{name}{list(place)} is said to be {gradient[place]:.9g}, but the loss's slope there is {slope:.9g} "
        f"(by central differences, step {STEP:g})."
    )


def only(direction: Array, places: np.ndarray) -> Array:
    """`direction` with all but the elements numbered `places` set to 0."""
    part = np.zeros_like(direction)
    part.flat[places] = direction.flat[places]
    return part


def error_along(loss: Loss, array: Array, gradient: Array, direction: Array) -> float:
    """How far the slope that `gradient` claims is from the real one; a claim of NaN is as far as can be."""
    error = abs(projection(gradient, direction) - measure(loss, array, direction, TOLERANCE).value)
    return float("inf") if np.isnan(error) else error


def check_layer(layer: Layer, input_shape: Shape, rng: np.random.Generator, tolerance: float = TOLERANCE) -> None:
    """Check the `backward` of a layer, yours or ours: dL/dx and that of each parameter, for a random linear loss.

    Args:
        layer: a new one, not yet in a network; afterwards it holds float64 parameters of the check's own.
        input_shape: of one example, without the batch.

    Raises:
        GradientError: a gradient is wrong; the message says which number of which.
    """
    batch = 3
    output_shape = layer.build(input_shape)
    shapes = layer.parameter_shapes()
    parameters: dict[str, Array] = {name: np.zeros(shape) for name, shape in shapes.items()}
    gradients: dict[str, Array] = {name: np.full(shape, np.nan) for name, shape in shapes.items()}
    layer.bind(parameters, gradients)
    layer.bind_state({name: np.zeros(shape) for name, shape in layer.state_shapes().items()})
    layer.initialize(rng)
    for parameter in parameters.values():
        parameter += 0.1 * rng.standard_normal(parameter.shape)  # biases off zero
    x: Array = rng.standard_normal((batch, *input_shape))
    dy: Array = rng.standard_normal((batch, *output_shape))

    def loss() -> float:
        layer.reseed(np.random.default_rng(0))  # the same random decisions each time
        return float(np.vdot(dy, layer.forward(x, training=True)))

    loss()
    layer.backward_parameters(dy)
    dx = layer.backward(dy)
    check_gradients(loss, {"x": x, **parameters}, {"x": dx, **gradients}, rng, tolerance)
