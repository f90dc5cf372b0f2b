"""The tensor engine: special cases that random expressions do not reach, and what it refuses."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from nn_scratch.autograd import Tensor, concatenate, cross_entropy, debug, mlp, no_grad, stack, where
from nn_scratch.autograd.rules import unbroadcast


def test_losses_agree_with_pytorch_even_where_exponentials_overflow(rng: np.random.Generator) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    z, labels = rng.standard_normal((6, 5)) * 500, rng.integers(0, 5, 6)
    cases: list[tuple[Callable[[Tensor], Tensor], Callable[[Any], Any]]] = [
        (lambda x: cross_entropy(x, labels), lambda x: torch.nn.functional.cross_entropy(x, torch.tensor(labels))),
        (lambda x: x.logsumexp(1).sum(), lambda x: x.logsumexp(1).sum()),
        (lambda x: (x.softmax() * z).sum(), lambda x: (x.softmax(-1) * torch.tensor(z)).sum()),
        (lambda x: x.sigmoid().sum(), lambda x: x.sigmoid().sum()),
    ]
    for f, g in cases:
        ours, theirs = Tensor(z, requires_grad=True), torch.tensor(z, requires_grad=True)
        loss, referee = f(ours), g(theirs)
        loss.backward()
        referee.backward()
        assert loss.item() == pytest.approx(referee.item(), rel=1e-12)
        assert ours.grad is not None
        np.testing.assert_allclose(ours.grad, theirs.grad.numpy(), rtol=1e-10, atol=1e-15)


KINKS: list[tuple[Callable[[Any], Any], Callable[[Any], Any]]] = [
    *((f, f) for f in (lambda x: x.relu(), lambda x: x.abs(), lambda x: x**0, lambda x: x**1, lambda x: x.clip(-1, 2))),
    (lambda x: x.max(1), lambda x: x.amax(1)),
    (lambda x: x.min(), lambda x: x.amin()),
    (lambda x: (x * 0).norm(), lambda x: (x * 0).norm()),
]


@pytest.mark.parametrize(("f", "g"), KINKS)
def test_kinks_and_ties_are_treated_as_in_pytorch(f: Callable[[Any], Any], g: Callable[[Any], Any]) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    numbers = np.array([[0.0, 2.0, 2.0], [-1.0, 0.0, -1.0]])
    ours, theirs = Tensor(numbers, requires_grad=True), torch.tensor(numbers, requires_grad=True)
    f(ours).sum().backward()
    g(theirs).sum().backward()
    np.testing.assert_array_equal(ours.grad, theirs.grad.numpy())


def test_the_first_of_several_largest_pixels_gets_the_gradient_as_in_pytorch() -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    numbers = np.array([[0, 0, 1, 2], [0, 0, 2, 2], [3, 1, 0, 5], [3, 3, 5, 5]], float).reshape(1, 1, 4, 4)
    for kernel, stride in ((2, 2), (3, 1)):
        ours, theirs = Tensor(numbers, requires_grad=True), torch.tensor(numbers, requires_grad=True)
        ours.max_pool2d(kernel, stride).sum().backward()
        torch.nn.functional.max_pool2d(theirs, kernel, stride=stride).sum().backward()
        np.testing.assert_array_equal(ours.grad, theirs.grad.numpy())


@pytest.mark.parametrize(
    "norm",
    [lambda x: x.norm(), lambda x: (x * x).sum().sqrt(), lambda x: (x**2).sum() ** 0.5, lambda x: x.var().sqrt()],
)
def test_the_gradient_of_a_norm_at_zero_is_zero(norm: Callable[[Tensor], Tensor]) -> None:
    x = Tensor(np.zeros(3, np.float32), requires_grad=True)
    norm(x).backward()
    assert x.grad is not None
    assert (x.grad.dtype.name, x.grad.tolist()) == ("float32", [0, 0, 0])


def test_a_tensor_has_its_own_numbers() -> None:
    given, gradient = np.array([1.0, 2.0]), np.array([1.0, 1.0])
    x = Tensor(given, requires_grad=True)
    y = x * given
    given[:] = 9
    y.backward(gradient)
    with no_grad():
        x -= 1.0
    np.testing.assert_array_equal(given, [9, 9])
    np.testing.assert_array_equal(gradient, [1, 1])
    np.testing.assert_array_equal(x.grad, [1, 2])
    np.testing.assert_array_equal(x.data, [0, 1])
    assert x.detach().data is x.data


def test_a_leaf_keeps_its_gradient_under_assignments() -> None:
    x = before = Tensor([1.0, 2.0], requires_grad=True)
    for change in ("+= 1", "-= 1", "*= 2", "/= 2", "**= 2"):
        with pytest.raises(RuntimeError, match="lose the gradient of the leaf"):
            exec(f"x {change}", {"x": x})
    with no_grad():
        x *= 2
    assert x is before
    y = x * 1
    y += x
    total = Tensor(0.0)
    total += y.sum()
    total.backward()
    np.testing.assert_array_equal(x.grad, [2, 2])
    np.testing.assert_array_equal(x.data, [2, 4])


def test_gradients_add_up_until_they_are_zeroed_and_are_never_shared() -> None:
    a, b = (Tensor([1.0, 2.0], requires_grad=True) for _ in range(2))
    (a + b).sum().backward()
    assert a.grad is not None
    a.grad[...] = 5
    (a + b).sum().backward()
    np.testing.assert_array_equal([a.grad, b.grad], [[6, 6], [2, 2]])
    a.zero_grad()
    assert a.grad is None


def test_a_chain_of_twenty_thousand_operations() -> None:
    x = y = Tensor(1.0, requires_grad=True)
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
    (x * x.detach()).sum().backward()
    np.testing.assert_array_equal(x.grad, x.data)
    with pytest.raises(RuntimeError, match="nothing that requires a gradient"):
        y.sum().backward()


def test_float32_stays_float32() -> None:
    x = Tensor(np.ones((3, 2), np.float32), requires_grad=True)
    y = where(x > 2, 0.0, ((2 * x + 1) ** 2 / 3 - 0.5).clip(0).var(0) + x.mean(axis=0).log_softmax()).max()
    assert y.dtype == np.float32
    y.backward()
    assert x.grad is not None
    assert x.grad.dtype == np.float32


def test_python_and_numpy_take_tensors_for_numbers() -> None:
    x = Tensor(np.array([5, 6], np.float32))
    assert [float(x[0]), x[1].item(), *(row.item() for row in x)] == [5, 6, 5, 6]
    assert [bool(Tensor(0.0)), bool(Tensor([2.0]))] == [False, True]
    assert (np.asarray(x).dtype.name, np.asarray(x).tolist()) == ("float32", [5, 6])
    assert np.array(x, np.float64, copy=True).dtype == np.float64
    assert np.array([x, x]).shape == Tensor([x, x]).shape == (2, 2)
    with pytest.raises(ValueError, match="more than one element is ambiguous"):
        bool(x)


def test_arrays_and_numbers_may_be_on_either_side() -> None:
    array, x = np.array([[1.0, 2.0], [3.0, 4.0]]), Tensor([5.0, 6.0], requires_grad=True)
    for result, expected in (
        (array + x, array + x.data),
        (array - x, array - x.data),
        (np.float64(2) * x, 2 * x.data),
        (array / x, array / x.data),
        (array @ x, array @ x.data),
        (array**x, array**x.data),
        (abs(-x), x.data),
    ):
        assert isinstance(result, Tensor)
        np.testing.assert_allclose(result.data, expected)


def test_comparisons_are_plain_arrays() -> None:
    x = Tensor(np.array([1, 2, 3], np.float32), requires_grad=True)
    for result, expected in (
        (x < 2, [True, False, False]),
        (x <= Tensor([2.0, 2.0, 2.0]), [True, True, False]),
        (np.array([2, 2, 2]) > x, [True, False, False]),
        (x > 2, [False, False, True]),
        (x >= 2, [False, True, True]),
        (x == 2, [False, True, False]),
        (x != 2, [True, False, True]),
    ):
        assert type(result) is np.ndarray
        assert result.tolist() == expected
    assert len({x, Tensor(x.data), x}) == 2


def test_tensors_are_put_together_and_reshaped(rng: np.random.Generator) -> None:
    a, b = Tensor(rng.standard_normal((2, 3, 4))), Tensor(rng.standard_normal((2, 1, 4)))
    np.testing.assert_array_equal(concatenate([a, b, a], 1).data, np.concatenate([a.data, b.data, a.data], 1))
    np.testing.assert_array_equal(stack([a, a]).data, np.stack([a.data, a.data]))
    for axes in ((2, 0, 1), (-1, 0, -2), (), ((1, 2, 0),)):
        np.testing.assert_array_equal(a.transpose(*axes).data, a.data.transpose(*axes))
    assert [a.reshape(6, -1).shape, a.reshape((4, 6)).shape, a.flatten(-2).shape] == [(6, 4), (4, 6), (2, 12)]
    assert [Tensor(1.0).flatten().shape, Tensor(np.ones((0, 3, 2))).flatten(1).shape] == [(1,), (0, 6)]


@pytest.mark.parametrize("shape", [(), (1,), (4,), (3, 1), (1, 4), (3, 4), (2, 3, 4), (1, 1, 1)])
def test_unbroadcast_sums_what_broadcasting_repeated(shape: tuple[int, ...], rng: np.random.Generator) -> None:
    dy, x = rng.standard_normal((2, 3, 4)), rng.standard_normal(shape)
    summed = unbroadcast(dy, shape)
    assert summed.shape == shape
    assert float((summed * x).sum()) == pytest.approx(float((dy * x).sum()))


IMAGE, ONES = Tensor(np.ones((1, 1, 2, 3))), np.ones
REFUSED: list[tuple[Callable[[Tensor], object], str]] = [
    (lambda x: x @ Tensor(ONES((4, 5))), r"^matmul does not fit shapes \(2, 3\) and \(4, 5\)\.$"),
    (lambda x: x + Tensor(ONES(2)), r"^add does not fit shapes \(2, 3\) and \(2,\)\.$"),
    (lambda x: x.reshape(7), r"^reshape does not fit shape \(2, 3\): "),
    (lambda x: x.sum(axis=2), r"^sum does not fit shape \(2, 3\): "),
    (lambda x: x.transpose(0, 2), r"^transpose does not fit shape \(2, 3\): "),
    (lambda x: stack([x, x[:1]]), r"^stack does not fit shapes \(2, 3\) and \(1, 3\): "),
    (lambda x: concatenate([]), "need at least one array"),
    (lambda x: x.conv2d(ONES((1, 1, 3, 3))), r"^conv2d does not fit shapes .*: images are \(B, K, H, W\)"),
    (lambda x: IMAGE.conv2d(ONES((1, 3, 1, 1))), r"^conv2d does not fit shapes .* and .* the same K\.$"),
    (lambda x: IMAGE.conv2d(ONES((1, 1, 3, 3))), "a window of 3x3 pixels is larger than the image"),
    (lambda x: IMAGE.conv2d(ONES((1, 1, 1, 1)), 0), "a stride of 0 does not move the window"),
    (lambda x: IMAGE.max_pool2d(4), "a window of 4x4 pixels is larger than the image"),
    (lambda x: IMAGE.max_pool2d(2, 0), "a stride of 0 does not move the window"),
    (lambda x: IMAGE.max_pool2d(0), "at least one pixel"),
    (lambda x: x.max_pool2d(2), r"images are \(B, K, H, W\)"),
    (lambda x: (x * 2).backward(), r"^backward from shape \(2, 3\) needs the gradient of what follows"),
    (lambda x: (x * 2).backward([1.0]), r"^backward from shape \(2, 3\) cannot .* gradient of shape \(1,\)\.$"),
]


@pytest.mark.parametrize(("expression", "message"), REFUSED)
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
    x = Tensor([[1.0, 1e-320, 0.0]], requires_grad=True)
    debug(True)
    try:
        with pytest.raises(FloatingPointError, match=r"^The result of log is -inf at \(0, 2\)\.$"):
            x.log()
        logarithm = x[:, :2].log().sum()
        with pytest.raises(
            FloatingPointError, match=r"^The gradient of log with respect to operand 1 is inf at \(0, 1\)"
        ):
            logarithm.backward()
        with pytest.raises(FloatingPointError, match=r"^A number given to a Tensor is nan\.$"):
            Tensor(np.nan)
    finally:
        debug(False)
    assert np.isnan(Tensor(np.nan).data)


def test_a_model_is_pickled_with_its_functions(rng: np.random.Generator) -> None:
    model, x = mlp((2, 3, 2), rng), Tensor([[1.0, 2.0]])
    again = pickle.loads(pickle.dumps(model))
    np.testing.assert_array_equal(again(x).data, model(x).data)
