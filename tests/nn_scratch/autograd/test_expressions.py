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
    depth: int = 0


def positive(x: Any) -> Any:
    return x * x + 0.5


ANY_SHAPE: list[Callable[[Any, Any], Any]] = [
    *(lambda a, b: -a, lambda a, b: a.exp(), lambda a, b: positive(a).log(), lambda a, b: positive(a).sqrt()),
    *(lambda a, b: a.tanh(), lambda a, b: a.sigmoid(), lambda a, b: a.sin(), lambda a, b: a.cos(), lambda a, b: a**2),
    *(lambda a, b: 1.5 - a, lambda a, b: 2 / positive(a), lambda a, b: 3 * a + 1, lambda a, b: positive(a) ** -1.5),
    *(lambda a, b: 2**a, lambda a, b: a.reshape(-1), lambda a, b: a.flatten()),
]
FITTING: list[Callable[[Any, Any], Any]] = [  # what shapes some of these want is known only when it is tried
    *(lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a * b, lambda a, b: a / positive(b)),
    *(lambda a, b: positive(a) ** b, lambda a, b: a @ b, lambda a, b: a @ b.T if b.ndim == 2 else a @ b),
    *(lambda a, b: a[::2], lambda a, b: a[-1], lambda a, b: a[..., :1], lambda a, b: a[[0, 0, -1]]),
    *(lambda a, b: a.softmax(-1), lambda a, b: a.log_softmax(-1), lambda a, b: a.logsumexp(-1)),
    *(lambda a, b: a.sum(0), lambda a, b: a.mean((0, 1), True), lambda a, b: a.mean(-1), lambda a, b: a.sum((0, -1))),
]
KINKED: list[Callable[[Any, Any], Any]] = [lambda a, b: a.relu(), lambda a, b: a.abs(), lambda a, b: a.clip(0)]
EXTREMES = (("max", "amax", 1), ("min", "amin", -1))


def applied(number: int, a: Pair, b: Pair) -> Pair | None:
    """One more operation; None if it does not fit. Large numbers are squashed, so that rounding errors stay small."""
    functions = ANY_SHAPE + FITTING * 2 + KINKED
    try:
        if number < len(functions):
            f = functions[number]
            if f in KINKED and np.abs(a.ours.data).min() < CLEAR:
                return None
            ours, theirs = f(a.ours, b.ours), f(a.theirs, b.theirs)
        else:
            name, other, sign = EXTREMES[number % 2]
            if a.ours.ndim == 0 or (np.diff(np.sort(sign * a.ours.data, 0)[-2:], axis=0) < CLEAR).any():
                return None
            ours, theirs = getattr(a.ours, name)(0), getattr(a.theirs, other)(0)
    except (ValueError, IndexError):
        return None
    if ours.data.size and np.abs(ours.data).max() > 10:
        ours, theirs = ours.tanh(), theirs.tanh()
    return Pair(ours, theirs, 1 + max(a.depth, b.depth))


SHAPES = [(), (3,), (1, 3), (2, 1), (2, 3), (4, 2, 3), (4, 1, 3), (1,), (3, 3)]
NUMBERS = st.integers(0, 99)


@settings(suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.sampled_from(SHAPES), min_size=1, max_size=4),
    st.lists(st.tuples(st.integers(0, len(ANY_SHAPE + FITTING * 2 + KINKED) + 3), NUMBERS, NUMBERS), min_size=4),
    st.integers(0, 2**32),
)
def test_any_expression_agrees_with_pytorch(
    shapes: list[tuple[int, ...]], steps: list[tuple[int, int, int]], seed: int
) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    rng = np.random.default_rng(seed)
    numbers = [rng.uniform(-2, 2, shape) for shape in shapes]
    leaves = [Pair(Tensor(x, requires_grad=True), torch.tensor(x, requires_grad=True)) for x in numbers]
    pairs = list(leaves)
    for number, a, b in steps:
        shallow = [pair for pair in pairs if pair.depth < 8]
        if pair := applied(number, shallow[-1 - a % len(shallow)], shallow[-1 - b % len(shallow)]):
            pairs.append(pair)
    ours, theirs, depth = pairs[-1]
    if not depth:
        return
    np.testing.assert_allclose(ours.data, theirs.detach().numpy(), rtol=1e-10, atol=1e-10)
    gradient = rng.standard_normal(ours.shape)
    ours.backward(gradient)
    theirs.backward(theirs.new_tensor(gradient))
    for leaf, other, _ in leaves:
        assert (leaf.grad is None) == (other.grad is None)
        if leaf.grad is not None:
            assert leaf.grad.shape == leaf.shape
            largest = max(1.0, float(np.abs(leaf.grad).max()))
            np.testing.assert_allclose(leaf.grad, other.grad.numpy(), rtol=1e-10, atol=1e-10 * largest)
