"""The tensor engine: special cases that random expressions do not reach, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from nn_scratch.arrays import Array
from nn_scratch.autograd import Tensor, concatenate, cross_entropy, debug, no_grad, stack
from nn_scratch.autograd.rules import unbroadcast


def grad(x: Tensor) -> Array:
    assert x.grad is not None
    return x.grad


@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (2, 0), (3, 1), (2, 2)])
def test_convolution_agrees_with_pytorch(stride: int, padding: int, rng: np.random.Generator) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    arrays = rng.standard_normal((2, 3, 8, 7)), rng.standard_normal((4, 3, 3, 2))
    x, w = (Tensor(array, requires_grad=True) for array in arrays)
    their_x, their_w = (torch.tensor(array, requires_grad=True) for array in arrays)
    ours = x.conv2d(w, stride, padding)
    theirs = torch.nn.functional.conv2d(their_x, their_w, stride=stride, padding=padding)
    np.testing.assert_allclose(ours.data, theirs.detach().numpy(), rtol=1e-12, atol=1e-12)
    (ours * ours).sum().backward()
    (theirs * theirs).sum().backward()
    np.testing.assert_allclose(grad(x), their_x.grad.numpy(), rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(grad(w), their_w.grad.numpy(), rtol=1e-10, atol=1e-10)


def test_cross_entropy_agrees_with_pytorch_even_where_exponentials_overflow(rng: np.random.Generator) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    z, labels = rng.standard_normal((6, 5)) * 500, rng.integers(0, 5, 6)
    ours, theirs = Tensor(z, requires_grad=True), torch.tensor(z, requires_grad=True)
    loss, referee = cross_entropy(ours, labels), torch.nn.functional.cross_entropy(theirs, torch.tensor(labels))
    loss.backward()
    referee.backward()
    assert loss.item() == pytest.approx(referee.item(), rel=1e-12)
    np.testing.assert_allclose(grad(ours), theirs.grad.numpy(), rtol=1e-10, atol=1e-15)


def test_kinks_and_ties_are_treated_as_in_pytorch() -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    numbers = np.array([[0.0, 2.0, 2.0], [-1.0, 0.0, -1.0]])
    functions: list[Callable[[Any], Any]] = [lambda x: x.relu(), lambda x: x.abs(), lambda x: x**0, lambda x: x**1]
    for f in functions:
        ours, theirs = Tensor(numbers, requires_grad=True), torch.tensor(numbers, requires_grad=True)
        f(ours).sum().backward()
        f(theirs).sum().backward()
        np.testing.assert_array_equal(ours.grad, theirs.grad.numpy())
    ours, theirs = Tensor(numbers, requires_grad=True), torch.tensor(numbers, requires_grad=True)
    ours.max(1).sum().backward()
    theirs.amax(1).sum().backward()
    np.testing.assert_array_equal(ours.grad, theirs.grad.numpy())


def test_gradients_add_up_until_they_are_zeroed() -> None:
    x = Tensor([1.0, 2.0], requires_grad=True)
    for _ in range(2):
        (x * x).sum().backward()
    np.testing.assert_array_equal(x.grad, [4, 8])
    x.zero_grad()
    assert x.grad is None
    (x + x).sum().backward()
    np.testing.assert_array_equal(x.grad, [2, 2])


def test_two_leaves_never_share_one_gradient() -> None:
    a, b = (Tensor([1.0, 2.0], requires_grad=True) for _ in range(2))
    for _ in range(2):
        (a + b).sum().backward()
    np.testing.assert_array_equal(a.grad, [2, 2])
    np.testing.assert_array_equal(b.grad, [2, 2])


def test_a_chain_of_twenty_thousand_operations() -> None:
    x = Tensor(1.0, requires_grad=True)
    y = x
    for _ in range(20_000):
        y = y + 1.0
    y.backward()
    assert x.grad == 1
    for _ in range(20_000):  # and a second chain that is thrown away unused
        y = y * x
    del y


def test_nothing_is_recorded_if_no_gradient_is_wanted() -> None:
    x = Tensor([1.0, 2.0], requires_grad=True)
    with no_grad():
        y = x * 2
    assert not y.requires_grad
    assert (x * 2).requires_grad
    z = (x * x.detach()).sum()
    z.backward()
    np.testing.assert_array_equal(x.grad, x.data)
    with pytest.raises(RuntimeError, match="nothing that requires a gradient"):
        y.sum().backward()


def test_float32_stays_float32() -> None:
    x = Tensor(np.ones((3, 2), np.float32), requires_grad=True)
    y = ((2 * x + 1) ** 2 / 3 - 0.5).mean(axis=0).log_softmax().max()
    assert y.dtype == np.float32
    y.backward()
    assert x.grad is not None
    assert x.grad.dtype == np.float32


def test_arrays_and_numbers_may_be_on_either_side() -> None:
    array, x = np.array([[1.0, 2.0], [3.0, 4.0]]), Tensor([5.0, 6.0], requires_grad=True)
    for result, expected in (
        (array + x, array + x.data),
        (array - x, array - x.data),
        (array * x, array * x.data),
        (array / x, array / x.data),
        (array @ x, array @ x.data),
        (array**x, array**x.data),
        (abs(-x), x.data),
    ):
        assert isinstance(result, Tensor)
        np.testing.assert_allclose(result.data, expected)
    assert [row.item() for row in x] == [5, 6]


def test_comparisons_are_plain_arrays() -> None:
    x = Tensor(np.array([1, 2, 3], np.float32), requires_grad=True)
    for result, expected in (
        (x < 2, [True, False, False]),
        (x <= Tensor([2.0, 2.0, 2.0]), [True, True, False]),
        (x > 2, [False, False, True]),
        (np.array([2, 2, 2]) > x, [True, False, False]),
        (x >= 2, [False, True, True]),
        (x == 2, [False, True, False]),
        (x != 2, [True, False, True]),
    ):
        assert type(result) is np.ndarray
        assert result.tolist() == expected
    chosen = x * (x > 1)
    assert chosen.dtype == np.float32
    chosen.sum().backward()
    np.testing.assert_array_equal(x.grad, [0, 1, 1])
    assert len({x, Tensor(x.data), x}) == 2


def test_tensors_are_put_together(rng: np.random.Generator) -> None:
    a, b = Tensor(rng.standard_normal((2, 3))), Tensor(rng.standard_normal((2, 1)))
    np.testing.assert_array_equal(concatenate([a, b, a], axis=-1).data, np.concatenate([a.data, b.data, a.data], -1))
    np.testing.assert_array_equal(stack([a, a]).data, np.stack([a.data, a.data]))
    with pytest.raises(ValueError, match=r"^stack does not fit shapes \(2, 3\) and \(2, 1\): "):
        stack([a, b])
    with pytest.raises(ValueError, match="need at least one array"):
        concatenate([])


def test_axes_are_put_back_in_order(rng: np.random.Generator) -> None:
    numbers = rng.standard_normal((2, 3, 4))
    for axes in ((2, 0, 1), (-1, 0, -2), (0, 1, 2), ()):
        x = Tensor(numbers, requires_grad=True)
        y = x.transpose(*axes)
        y.backward(y.data)
        np.testing.assert_array_equal(y.data, numbers.transpose(axes or None))
        np.testing.assert_array_equal(x.grad, numbers)
    assert Tensor(numbers).reshape(6, -1).shape == (6, 4)


@pytest.mark.parametrize("shape", [(), (1,), (4,), (3, 1), (1, 4), (3, 4), (2, 3, 4), (1, 1, 1)])
def test_unbroadcast_sums_what_broadcasting_repeated(shape: tuple[int, ...], rng: np.random.Generator) -> None:
    dy = rng.standard_normal((2, 3, 4))
    summed = unbroadcast(dy, shape)
    assert summed.shape == shape
    x = rng.standard_normal(shape)
    assert float((summed * x).sum()) == pytest.approx(float((dy * x).sum()))


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        (lambda x: x @ Tensor(np.ones((4, 5))), r"^matmul does not fit shapes \(2, 3\) and \(4, 5\)\.$"),
        (lambda x: x + Tensor(np.ones(2)), r"^add does not fit shapes \(2, 3\) and \(2,\)\.$"),
        (lambda x: x.reshape(7), r"^reshape does not fit shape \(2, 3\): "),
        (lambda x: x.sum(axis=2), r"^sum does not fit shape \(2, 3\): "),
        (lambda x: x.reshape(1, 1, 2, 3).conv2d(Tensor(np.ones((1, 1, 3, 3)))), r"conv2d does not fit shapes .* and "),
        (lambda x: x.reshape(1, 2, 1, 3).conv2d(Tensor(np.ones((1, 3, 1, 1)))), r"conv2d does not fit shapes .* and "),
        (
            lambda x: x.reshape(1, 1, 2, 3).conv2d(Tensor(np.ones((1, 1, 1, 1))), 0),
            r"conv2d .*: a stride of 0 does not move",
        ),
        (
            lambda x: x.conv2d(Tensor(np.ones((1, 1, 3, 3)))),
            r"conv2d does not fit shapes .*: images are \(B, K, H, W\)",
        ),
        (lambda x: x.transpose(0, 2), r"^transpose does not fit shape \(2, 3\): "),
        (lambda x: (x * 2).backward(), r"^backward from shape \(2, 3\) needs the gradient of what follows"),
        (lambda x: (x * 2).backward([1.0]), r"^backward from shape \(2, 3\) cannot .* gradient of shape \(1,\)\.$"),
    ],
)
def test_shapes_that_do_not_fit_are_named(expression: Callable[[Tensor], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        expression(Tensor(np.ones((2, 3)), requires_grad=True))


def test_an_index_too_far_and_a_tensor_of_words() -> None:
    with pytest.raises(IndexError, match=r"index does not fit shape \(2,\): index 5 is out of bounds"):
        Tensor([1.0, 2.0])[5]
    for wrong in (None, "word", 1j):
        with pytest.raises(TypeError, match="holds real numbers"):
            Tensor(wrong)  # type: ignore[arg-type]


def test_backward_twice_through_one_graph_is_refused_before_anything_changes() -> None:
    x = Tensor([1.0, 2.0], requires_grad=True)
    y = x * x
    y.sum().backward()
    with pytest.raises(RuntimeError, match="has freed it; compute the value again"):
        (y + x).sum().backward()
    np.testing.assert_array_equal(x.grad, [2, 4])


def test_debug_says_where_infinity_arises() -> None:
    x = Tensor([[1.0, 0.0]], requires_grad=True)
    debug(True)
    try:
        with pytest.raises(FloatingPointError, match=r"^The result of log is -inf at \(0, 1\)\.$"):
            x.log()
        root = (x**0.5).sum()
        with pytest.raises(FloatingPointError, match=r"^The gradient of power with respect to operand 1 is inf at"):
            root.backward()
        with pytest.raises(FloatingPointError, match=r"^A number given to a Tensor is nan\.$"):
            Tensor(np.nan)
    finally:
        debug(False)
    assert np.isnan(Tensor(np.nan).data)
