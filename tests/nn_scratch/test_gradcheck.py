"""The gradient check finds wrong gradients, says where they are wrong, and accepts correct ones."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest

from nn_scratch.arrays import Array
from nn_scratch.gradcheck import GradientError, check_gradients, check_layer, numerical_gradient
from nn_scratch.layers import Dense, ReLU

X = np.array([[0.3, -1.2, 2.0], [0.7, 0.1, -0.4]])


def cubes(x: Array) -> float:
    return float((x**3).sum())


def test_a_correct_gradient_passes_and_the_array_is_put_back(rng: np.random.Generator) -> None:
    x = X.copy()
    check_gradients(lambda: cubes(x), {"x": x}, {"x": 3 * x**2}, rng)
    np.testing.assert_array_equal(x, X)
    np.testing.assert_allclose(numerical_gradient(lambda: cubes(x), x), 3 * X**2, rtol=1e-8)
    np.testing.assert_array_equal(x, X)


def test_one_wrong_element_among_many_is_found_and_named(rng: np.random.Generator) -> None:
    x = rng.standard_normal((40, 50))
    gradient = 3 * x**2
    gradient[17, 31] += 0.01
    with pytest.raises(GradientError) as failure:
        check_gradients(lambda: cubes(x), {"x": x}, {"x": gradient}, rng)
    message = str(failure.value)
    assert "dL/dx[17, 31]" in message
    said, slope = (float(number) for number in re.findall(r"(?:to be|there is) ([-\d.e]+\d)", message))
    assert said == pytest.approx(gradient[17, 31], rel=1e-8)
    assert slope == pytest.approx(3 * x[17, 31] ** 2, rel=1e-6)


@pytest.mark.parametrize("distortion", [lambda g: 1.001 * g, lambda g: -g, lambda g: g[::-1], lambda g: g * np.nan])
def test_a_gradient_with_all_elements_wrong_is_found(
    distortion: Callable[[Array], Array], rng: np.random.Generator
) -> None:
    x = X.copy()
    with pytest.raises(GradientError, match=r"dL/dx\[\d, \d\] is said to be"):
        check_gradients(lambda: cubes(x), {"x": x}, {"x": distortion(3 * x**2)}, rng)


def test_directions_across_a_kink_are_drawn_again(rng: np.random.Generator) -> None:
    """Two of a thousand numbers are nearer to the kink than a step, so most directions cross it, but not all."""
    x = rng.standard_normal(1000)
    x[:2] = 2e-7, -3e-7
    for _ in range(20):
        check_gradients(lambda: float(np.maximum(x, 0).sum()), {"x": x}, {"x": (x > 0).astype(float)}, rng)


@pytest.mark.parametrize("distance", [0.0, 1e-12, -1e-12])
def test_at_a_kink_the_error_says_so(distance: float, rng: np.random.Generator) -> None:
    x = np.array([distance])
    with pytest.raises(GradientError, match=r"kink where x is.* slope is -1 on one side and 1 on the other|is 1 .* -1"):
        check_gradients(lambda: float(np.abs(x).sum()), {"x": x}, {"x": np.sign(x)}, rng)


def test_a_gradient_that_the_loss_overwrites_passes(rng: np.random.Generator) -> None:
    x, gradient = X.copy(), 3 * X**2

    def loss() -> float:
        gradient[...] = np.nan
        return cubes(x)

    check_gradients(loss, {"x": x}, {"x": gradient}, rng)


def test_a_gradient_of_zero_and_an_empty_array_pass(rng: np.random.Generator) -> None:
    x, nothing = X.copy(), np.zeros((0, 3))
    check_gradients(lambda: 2.5, {"x": x, "nothing": nothing}, {"x": 0 * x, "nothing": nothing}, rng)


def test_arrays_that_do_not_fit_are_refused(rng: np.random.Generator) -> None:
    x = X.copy()
    with pytest.raises(ValueError, match=r"arrays \['x'\], but gradients of \['W'\]"):
        check_gradients(lambda: cubes(x), {"x": x}, {"W": x}, rng)
    with pytest.raises(ValueError, match=r"x has shape \(2, 3\), but its gradient \(3, 2\)"):
        check_gradients(lambda: cubes(x), {"x": x}, {"x": x.T}, rng)
    small = x.astype(np.float32)
    with pytest.raises(ValueError, match="x is float32"):
        check_gradients(lambda: cubes(small), {"x": small}, {"x": small}, rng)


def test_a_layer_with_a_mistake_fails(rng: np.random.Generator) -> None:
    class Forgetful(Dense):
        """It divides the gradient of the bias by the batch size, which the loss has already done."""

        def backward(self, dy: Array) -> Array:
            dx = super().backward(dy)
            self.db /= len(dy)
            return dx

    check_layer(Dense(4), (6,), rng)
    with pytest.raises(GradientError, match=r"dL/db\[\d\]"):
        check_layer(Forgetful(4), (6,), rng)


def clipped_forward(layer: ReLU, x: Array, training: bool = False) -> Array:
    np.maximum(x, 0, out=x)
    return ReLU.forward(layer, x, training)


def doubled_backward(layer: ReLU, dy: Array) -> Array:
    dx = ReLU.backward(layer, dy)
    dy *= 2
    return dx


@pytest.mark.parametrize("method", [{"forward": clipped_forward}, {"backward": doubled_backward}])
def test_a_layer_that_works_in_place_is_told_so(method: dict[str, object], rng: np.random.Generator) -> None:
    with pytest.raises(GradientError, match=r"^InPlace\(\) changes an array that it was given"):
        check_layer(type("InPlace", (ReLU,), method)(), (6,), rng)
