"""The tensor engine: every rule against PyTorch, and what it does when asked for too much."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nn_scratch.arrays import Array
from nn_scratch.autograd import Tensor, cross_entropy, debug, no_grad
from nn_scratch.autograd.broadcasting import unbroadcast

CLEAR = 1e-6  # a kink or a tie nearer than this could fall on either side by rounding


class Pair(NamedTuple):
    """The same value twice, and how many operations deep it is."""

    ours: Tensor
    theirs: Any
    depth: int


def leaf(shape: tuple[int, ...], rng: np.random.Generator) -> Pair:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    numbers = rng.uniform(-2, 2, shape)
    return Pair(Tensor(numbers, requires_grad=True), torch.tensor(numbers, requires_grad=True), 0)


def grad(x: Tensor) -> Array:
    assert x.grad is not None
    return x.grad


def away_from_zero(x: Any) -> Any:
    return x * x + 0.5


def log_softmax(x: Any) -> Any:
    return x.log_softmax(-1)


ELEMENTWISE: list[Callable[[Any], Any]] = [
    lambda x: -x,
    lambda x: x.exp(),
    lambda x: away_from_zero(x).log(),
    lambda x: x.tanh(),
    lambda x: x.sigmoid(),
    lambda x: 1.5 - x,
    lambda x: 2 / away_from_zero(x),
    lambda x: 3 * x + 1,
    lambda x: x**2,
    lambda x: away_from_zero(x) ** -1.5,
    lambda x: 2**x,
]
KINKED: list[Callable[[Any], Any]] = [lambda x: x.relu(), lambda x: x.abs()]
BINARY: list[Callable[[Any, Any], Any]] = [
    lambda a, b: a + b,
    lambda a, b: a - b,
    lambda a, b: a * b,
    lambda a, b: a / away_from_zero(b),
    lambda a, b: away_from_zero(a) ** b,
]
SHAPED: list[Callable[[Any], Any]] = [  # these want an axis
    log_softmax,
    lambda x: x[::2],
    lambda x: x[-1],
    lambda x: x[..., :1],
    lambda x: x[[0, 0, -1]],
    lambda x: x.reshape(-1),
    lambda x: x.T if x.ndim == 2 else x.reshape(1, -1),
]


def both(f: Callable[..., Any], *pairs: Pair) -> Pair:
    """`f` of both; large numbers are squashed, so that rounding stays rounding."""
    ours, theirs = f(*(pair.ours for pair in pairs)), f(*(pair.theirs for pair in pairs))
    if ours.data.size and np.abs(ours.data).max() > 10:
        ours, theirs = ours.tanh(), theirs.tanh()
    return Pair(ours, theirs, 1 + max(pair.depth for pair in pairs))


@st.composite
def operation(draw: st.DrawFn, pairs: list[Pair]) -> Pair:
    """One more operation on some of `pairs`."""
    a, b = draw(st.sampled_from(pairs)), draw(st.sampled_from(pairs))
    kind = draw(st.sampled_from(["elementwise", "kinked", "binary", "binary", "reduce", "shaped", "matmul"]))
    if kind == "kinked" and np.abs(a.ours.data).min() > CLEAR:
        return both(draw(st.sampled_from(KINKED)), a)
    if kind == "binary" and broadcast(a.ours.shape, b.ours.shape):
        return both(draw(st.sampled_from(BINARY)), a, b)
    if kind == "matmul" and a.ours.ndim and b.ours.ndim and broadcast(a.ours.shape[:-2], b.ours.shape[:-2]):
        if a.ours.shape[-1] == b.ours.shape[max(b.ours.ndim - 2, 0)]:
            return both(lambda x, y: x @ y, a, b)
        if a.ours.shape == b.ours.shape and a.ours.ndim == 2:
            return both(lambda x, y: x @ y.T, a, b)
    if kind == "shaped" and a.ours.ndim:
        return both(draw(st.sampled_from(SHAPED)), a)
    if kind == "reduce" and a.ours.ndim:
        return reduced(a, draw(st.sampled_from(["sum", "mean", "max"])), draw(axes(a.ours.ndim)), draw(st.booleans()))
    return both(draw(st.sampled_from(ELEMENTWISE)), a)


def axes(ndim: int) -> st.SearchStrategy[tuple[int, ...]]:
    return st.lists(st.integers(0, ndim - 1), min_size=1, max_size=ndim, unique=True).map(tuple)


def broadcast(a: tuple[int, ...], b: tuple[int, ...]) -> bool:
    try:
        np.broadcast_shapes(a, b)
    except ValueError:
        return False
    return True


def reduced(a: Pair, name: str, axis: tuple[int, ...], keepdims: bool) -> Pair:
    if name == "max":
        rows = np.moveaxis(a.ours.data, axis, range(len(axis))).reshape(
            -1, *np.delete(np.array(a.ours.shape, int), axis)
        )
        two = np.sort(rows, axis=0)[-2:]
        if len(two) == 2 and (two[1] - two[0]).min() < CLEAR:
            name = "sum"
    return Pair(
        getattr(a.ours, name)(axis, keepdims),
        getattr(a.theirs, "amax" if name == "max" else name)(axis, keepdims),
        a.depth + 1,
    )


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[Pair], Pair]:
    """Leaves of shapes that broadcast, and an expression of them at most 8 operations deep."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    rows, columns = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    shapes = [(), (columns,), (1, columns), (rows, 1), (rows, columns), (2, rows, columns), (2, 1, columns), (1,)]
    leaves = [leaf(shape, rng) for shape in draw(st.lists(st.sampled_from(shapes), min_size=1, max_size=4))]
    pairs = list(leaves)
    for _ in range(draw(st.integers(1, 14))):
        pairs.append(draw(operation([pair for pair in pairs if pair.depth < 8])))
    return leaves, pairs[-1]


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(graphs(), st.integers(0, 2**32))
def test_any_expression_agrees_with_pytorch(graph: tuple[list[Pair], Pair], seed: int) -> None:
    leaves, result = graph
    np.testing.assert_allclose(result.ours.data, result.theirs.detach().numpy(), rtol=1e-10, atol=1e-10)
    gradient = np.random.default_rng(seed).standard_normal(result.ours.shape)
    result.ours.backward(gradient)
    result.theirs.backward(result.theirs.new_tensor(gradient))
    for ours, theirs, _ in leaves:
        assert (ours.grad is None) == (theirs.grad is None)
        if ours.grad is not None:
            assert ours.grad.shape == ours.shape
            largest = max(1.0, float(np.abs(ours.grad).max()))
            np.testing.assert_allclose(ours.grad, theirs.grad.numpy(), rtol=1e-10, atol=1e-10 * largest)


@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (2, 0), (3, 1), (2, 2)])
def test_convolution_agrees_with_pytorch(stride: int, padding: int, rng: np.random.Generator) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    x, w = leaf((2, 3, 8, 7), rng), leaf((4, 3, 3, 2), rng)
    ours = x.ours.conv2d(w.ours, stride, padding)
    theirs = torch.nn.functional.conv2d(x.theirs, w.theirs, stride=stride, padding=padding)
    np.testing.assert_allclose(ours.data, theirs.detach().numpy(), rtol=1e-12, atol=1e-12)
    (ours * ours).sum().backward()
    (theirs * theirs).sum().backward()
    for pair in (x, w):
        np.testing.assert_allclose(grad(pair.ours), pair.theirs.grad.numpy(), rtol=1e-10, atol=1e-10)


def test_cross_entropy_agrees_with_pytorch_even_where_exponentials_overflow(rng: np.random.Generator) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    z, labels = rng.standard_normal((6, 5)) * 500, rng.integers(0, 5, 6)
    ours, theirs = Tensor(z, requires_grad=True), torch.tensor(z, requires_grad=True)
    loss, referee = cross_entropy(ours, labels), torch.nn.functional.cross_entropy(theirs, torch.tensor(labels))
    loss.backward()
    referee.backward()
    assert loss.item() == pytest.approx(referee.item(), rel=1e-12)
    np.testing.assert_allclose(grad(ours), theirs.grad.numpy(), rtol=1e-10, atol=1e-15)


def test_at_a_kink_or_a_tie_it_does_what_pytorch_does() -> None:
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


def test_a_chain_of_a_hundred_thousand_operations() -> None:
    x = Tensor(1.0, requires_grad=True)
    y = x
    for _ in range(100_000):
        y = y + 1.0
    y.backward()
    assert x.grad == 1
    for _ in range(100_000):  # and one that is thrown away unused
        y = y * x
    del y


def test_nothing_is_recorded_where_no_gradient_is_wanted() -> None:
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


def test_arrays_and_numbers_may_stand_on_either_side() -> None:
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
    with pytest.raises(RuntimeError, match="has freed it; compute the value anew"):
        (y + x).sum().backward()
    np.testing.assert_array_equal(x.grad, [2, 4])


def test_debug_tells_where_infinity_arises() -> None:
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
