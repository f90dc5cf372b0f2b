"""Any expression of tensors has the same value and the same gradients as in PyTorch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nn_scratch.autograd import Tensor

CLEAR = 1e-6  # nearer to a kink or a tie than this, rounding decides on which side a number is


class Pair(NamedTuple):
    """The same value in both engines, and how many operations deep it is."""

    ours: Tensor
    theirs: Any
    depth: int


def leaf(shape: tuple[int, ...], rng: np.random.Generator) -> Pair:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    numbers = rng.uniform(-2, 2, shape)
    return Pair(Tensor(numbers, requires_grad=True), torch.tensor(numbers, requires_grad=True), 0)


def away_from_zero(x: Any) -> Any:
    return x * x + 0.5


def log_softmax(x: Any) -> Any:
    return x.log_softmax(-1)


ELEMENTWISE: list[Callable[[Any], Any]] = [
    lambda x: -x,
    lambda x: x.exp(),
    lambda x: away_from_zero(x).log(),
    lambda x: away_from_zero(x).sqrt(),
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
    """`f` in both engines; large numbers are squashed, so that rounding errors stay small."""
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
        return reduced(
            a, draw(st.sampled_from(["sum", "mean", "max", "min"])), draw(axes(a.ours.ndim)), draw(st.booleans())
        )
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
    if name in ("max", "min"):
        rows = np.moveaxis(a.ours.data, axis, range(len(axis))).reshape(
            -1, *np.delete(np.array(a.ours.shape, int), axis)
        )
        two = np.sort(rows if name == "max" else -rows, axis=0)[-2:]
        if len(two) == 2 and (two[1] - two[0]).min() < CLEAR:
            name = "sum"
    return Pair(
        getattr(a.ours, name)(axis, keepdims),
        getattr(a.theirs, {"max": "amax", "min": "amin"}.get(name, name))(axis, keepdims),
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


@settings(suppress_health_check=list(HealthCheck))
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
