"""The gradient check: is a derivative that somebody derived the slope that the function really has?

A wrong derivative rarely stops a program; the network only learns worse. So every derivative is compared with slopes
that need no calculus. The slope of a loss L along a direction v is dL/dx . v, and also, up to h^2,

    (L(x + h v) - L(x - h v)) / 2h        (central differences).

One random direction tests all elements of an array at once, because a wrong gradient agrees with the slope along it
with probability 0. Everything is computed in float64, where h = 1e-5 leaves ten correct digits.

At a kink, such as that of ReLU at 0, the difference is not a slope. The slopes on the two sides differ by h L'' where L
is smooth, so with h / 2 by half as much. With a kink within reach that is not so, and another direction is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from nn_scratch.arrays import Array, Shape
from nn_scratch.layers import Layer

STEP = 1e-5  # h, for directions of length 1
DIRECTIONS, ATTEMPTS = 4, 20  # for each array, and to draw one that crosses no kink
TOLERANCE = 1e-6  # of the larger of two slopes that should be the same
FAINT = 1e-3  # a slope below this fraction of the loss is mostly rounding: it is compared as if it were this large

Loss = Callable[[], float]  # reads the arrays again at every call


class GradientError(AssertionError):
    """A gradient is not the slope, or there is no slope to compare it with."""


def numerical_gradient(loss: Loss, array: Array) -> Array:
    """dL/d(array) by central differences, element by element, like `array` (float64), which is changed and put back."""
    gradient = np.zeros_like(array)
    for place in np.ndindex(array.shape):
        kept = array[place]
        array[place] = kept + STEP
        above = loss()
        array[place] = kept - STEP
        gradient[place] = (above - loss()) / (2 * STEP)
        array[place] = kept
    return gradient


def check_gradients(
    loss: Loss, arrays: Mapping[str, Array], gradients: Mapping[str, Array], rng: np.random.Generator
) -> None:
    """Compare each of `gradients` with the slopes of `loss` when the array of that name is moved.

    Args:
        arrays: float64, of any shapes; changed in place, and put back.
        gradients: dL/d(array), with the same names and shapes as `arrays`.

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
        gradient = gradients[name].copy()  # `loss` may fill the same memory again
        for _ in range(DIRECTIONS if array.size else 0):
            direction, slope, scale = smooth_direction(loss, name, array, rng)
            claimed = float(np.vdot(gradient, direction))
            if not abs(claimed - slope) <= TOLERANCE * max(abs(claimed), scale):  # NaN is wrong, too
                measured = numerical_gradient(loss, array)
                place = np.unravel_index(np.abs(gradient - measured).argmax(), array.shape)  # that of NaN, if any
                raise GradientError(
                    f"dL/d{name}{[int(i) for i in place]} is said to be {gradient[place]:.9g}, but the loss's slope "
                    f"there is {measured[place]:.9g} (by central differences, step {STEP:g})."
                )


def smooth_direction(loss: Loss, name: str, array: Array, rng: np.random.Generator) -> tuple[Array, float, float]:
    """A random direction of length 1 without a kink within reach; the slope along it, and the scale of its error."""
    kept = array.copy()
    for _ in range(ATTEMPTS):
        direction, losses = rng.standard_normal(array.shape), []
        direction /= np.linalg.norm(direction)
        for step in (-STEP, -STEP / 2, 0, STEP / 2, STEP):
            array[...] = kept + step * direction
            losses.append(loss())
        array[...] = kept
        left, near_left, here, near_right, right = losses
        slope = (right - left) / (2 * STEP)
        scale = max(abs(slope), FAINT * abs(here))
        bend, near_bend = (right - 2 * here + left) / STEP, (near_right - 2 * here + near_left) / (STEP / 2)
        if abs(near_bend - bend / 2) <= TOLERANCE * scale:
            return direction, slope, scale
    raise GradientError(
        f"The loss has a kink where {name} is, in every direction: its slope is {slope - bend / 2:.6g} on one side and "
        f"{slope + bend / 2:.6g} on the other; check the gradient at another place."
    )


def check_layer(layer: Layer, input_shape: Shape, rng: np.random.Generator) -> None:
    """Check the derivatives of a layer, with respect to its input and its parameters, for a random linear loss.

    `layer` is new and in no network; afterwards it has random float64 parameters. `input_shape` is of one example.

    Raises:
        GradientError: a gradient is wrong; the message says which element of which gradient.
    """
    output_shape = layer.build(input_shape)
    parameters = {name: np.zeros(shape) for name, shape in layer.parameter_shapes.items()}
    gradients = {name: np.full(shape, np.nan) for name, shape in layer.parameter_shapes.items()}
    layer.bind(parameters | {name: np.zeros(shape) for name, shape in layer.state_shapes.items()}, gradients)
    layer.initialize(rng)
    for parameter in parameters.values():
        parameter += 0.1 * rng.standard_normal(parameter.shape)  # biases off zero
    x, dy = rng.standard_normal((3, *input_shape)), rng.standard_normal((3, *output_shape))
    kept_x, kept_dy = x.copy(), dy.copy()

    def loss() -> float:
        layer.reseed(np.random.default_rng(0))  # the same random decisions each time
        return float(np.vdot(dy, layer.forward(x, training=True)))

    loss()
    dx = layer.backward(dy)
    if not (np.array_equal(x, kept_x) and np.array_equal(dy, kept_dy)):
        raise GradientError(f"{layer} changes an array that it was given, and others read it, too; copy it first.")
    check_gradients(loss, {"x": x, **parameters}, {"x": dx, **gradients}, rng)
