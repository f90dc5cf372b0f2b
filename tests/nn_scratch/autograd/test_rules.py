"""Every rule of the table against central differences, which know no rule, and against PyTorch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest

from nn_scratch.arrays import Array, Shape
from nn_scratch.autograd import Tensor, concatenate, stack, where
from nn_scratch.autograd.rules import RULES


class Case(NamedTuple):
    """An expression, the shapes of its operands, and how PyTorch writes it if it does otherwise."""

    ours: Callable[..., Any]
    shapes: tuple[Shape, ...]
    theirs: Callable[..., Any] | None = None
    lowest: float = -2.0  # of the operands' numbers: above 0 where the operation needs it


def torch_function(name: str) -> Callable[..., Any]:
    """A function of PyTorch, looked up when it is called, so that the table needs no PyTorch."""

    def call(*arguments: Any, **settings: Any) -> Any:
        torch = pytest.importorskip("torch", reason="PyTorch is not installed")
        module = torch if hasattr(torch, name) else torch.nn.functional
        return getattr(module, name)(*arguments, **settings)

    return call


HALF = np.array([[True, False, True], [False, False, True]])
CASES = {
    "add": Case(lambda a, b: a + b, ((2, 3), (3,))),
    "subtract": Case(lambda a, b: a - b, ((2, 1), (2, 3))),
    "multiply": Case(lambda a, b: a * b, ((2, 3), (1, 3))),
    "divide": Case(lambda a, b: a / b, ((2, 3), (2, 1)), lowest=0.5),
    "power": Case(lambda a, b: a**b, ((2, 3), (3,)), lowest=0.5),
    "negative": Case(lambda x: -x, ((2, 3),)),
    "exp": Case(lambda x: x.exp(), ((2, 3),)),
    "log": Case(lambda x: x.log(), ((2, 3),), lowest=0.5),
    "sqrt": Case(lambda x: x.sqrt(), ((2, 3),), lowest=0.5),
    "tanh": Case(lambda x: x.tanh(), ((2, 3),)),
    "sigmoid": Case(lambda x: x.sigmoid(), ((2, 3),)),
    "relu": Case(lambda x: x.relu(), ((2, 3),)),
    "abs": Case(lambda x: x.abs(), ((2, 3),)),
    "matmul": Case(lambda a, b: a @ b, ((4, 2, 3), (3, 5))),
    "sum": Case(lambda x: x.sum(1), ((2, 3, 4),)),
    "max": Case(lambda x: x.max(1), ((2, 3, 4),), lambda x: x.amax(1)),
    "min": Case(lambda x: x.min((0, 2)), ((2, 3, 4),), lambda x: x.amin((0, 2))),
    "log_softmax": Case(lambda x: x.log_softmax(-1), ((2, 3),)),
    "reshape": Case(lambda x: x.reshape(3, 2), ((2, 3),)),
    "transpose": Case(lambda x: x.transpose(2, 0, 1), ((2, 3, 4),), lambda x: x.permute(2, 0, 1)),
    "index": Case(lambda x: x[[0, 0, -1], 1:], ((2, 3),)),
    "pad": Case(
        lambda x: x.conv2d(np.ones((1, 2, 2, 2)), padding=1),
        ((1, 2, 2, 3),),
        lambda x: torch_function("conv2d")(x, x.new_ones(1, 2, 2, 2), padding=1),
    ),
    "sin": Case(lambda x: x.sin(), ((2, 3),)),
    "cos": Case(lambda x: x.cos(), ((2, 3),)),
    "softmax": Case(lambda x: x.softmax(0), ((4, 3),)),
    "logsumexp": Case(lambda x: x.logsumexp((0, 2)), ((2, 3, 4),)),
    "logsumexp of a row": Case(lambda x: x.logsumexp(-1, keepdims=True), ((2, 3),)),
    "clip": Case(lambda x: x.clip(-0.5, 1), ((4, 5),)),
    "clip from above": Case(lambda x: x.clip(max=0.25), ((4, 5),)),
    "where": Case(
        lambda a, b: where(HALF, a, b),
        ((2, 3), (3,)),
        lambda a, b: torch_function("where")(a.new_tensor(HALF) > 0, a, b),
    ),
    "mean": Case(lambda x: x.mean((0, 2)), ((2, 3, 4),)),
    "var": Case(lambda x: x.var((0, 2)), ((2, 3, 4),), lambda x: x.var((0, 2), correction=0)),
    "var of a sample": Case(lambda x: x.var(1, True, ddof=1), ((2, 5),), lambda x: x.var(1, keepdim=True)),
    "norm": Case(lambda x: x.norm(1), ((2, 3),), lambda x: x.norm(dim=1)),
    "flatten": Case(lambda x: x.flatten(1), ((2, 3, 4),)),
    "flatten all": Case(lambda x: x.flatten(), ((2, 3),)),
    "transpose by a tuple": Case(lambda x: x.transpose((1, 0)), ((2, 3),), lambda x: x.permute(1, 0)),
    "T": Case(lambda x: x.T, ((2, 3),)),
    "root": Case(lambda x: x**0.5, ((2, 3),), lowest=0.5),
    "vector @ matrix": Case(lambda a, b: a @ b, ((3,), (4, 3, 2))),
    "matrix @ vector": Case(lambda a, b: a @ b, ((4, 2, 3), (3,))),
    "vector @ vector": Case(lambda a, b: a @ b, ((3,), (3,))),
    "stack": Case(lambda *x: stack(x, -1), ((2, 3), (2, 3), (2, 3)), lambda *x: torch_function("stack")(x, -1)),
    "concatenate": Case(
        lambda *x: concatenate(x, 1), ((2, 1, 2), (2, 3, 2), (2, 2, 2)), lambda *x: torch_function("concat")(x, 1)
    ),
    "max_pool2d": Case(
        lambda x: x.max_pool2d(3, 2), ((2, 2, 7, 6),), lambda x: torch_function("max_pool2d")(x, 3, stride=2)
    ),
    "windows": Case(
        lambda x, w: x.conv2d(w, 2), ((2, 3, 6, 5), (4, 3, 2, 3)), lambda *x: torch_function("conv2d")(*x, stride=2)
    ),
    "conv2d with a margin": Case(
        lambda x, w: x.conv2d(w, 3, 2),
        ((2, 3, 8, 7), (4, 3, 3, 2)),
        lambda *x: torch_function("conv2d")(*x, stride=3, padding=2),
    ),
}


def test_every_rule_has_a_case() -> None:
    assert CASES.keys() >= RULES.keys()


def operands(case: Case, rng: np.random.Generator) -> list[Array]:
    return [rng.uniform(case.lowest, 2.0, shape) for shape in case.shapes]


@pytest.mark.parametrize("name", CASES)
def test_a_rule_is_the_slope_by_central_differences(name: str, rng: np.random.Generator) -> None:
    case = CASES[name]
    arrays = operands(case, rng)
    tensors = [Tensor(array, requires_grad=True) for array in arrays]
    result = case.ours(*tensors)
    dy = rng.standard_normal(result.shape)
    result.backward(dy)
    for place, tensor in enumerate(tensors):
        direction, h = rng.standard_normal(tensor.shape), 1e-6
        moved = [[*arrays[:place], arrays[place] + step * direction, *arrays[place + 1 :]] for step in (h, -h)]
        above, below = (case.ours(*map(Tensor, operands_moved)).data for operands_moved in moved)
        assert tensor.grad is not None
        slope = float((dy * (above - below)).sum() / (2 * h))
        assert float((tensor.grad * direction).sum()) == pytest.approx(slope, rel=1e-6, abs=1e-7)


@pytest.mark.parametrize("name", CASES)
def test_a_rule_agrees_with_pytorch(name: str, rng: np.random.Generator) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    case = CASES[name]
    arrays = operands(case, rng)
    tensors = [Tensor(array, requires_grad=True) for array in arrays]
    others = [torch.tensor(array, requires_grad=True) for array in arrays]
    ours, theirs = case.ours(*tensors), (case.theirs or case.ours)(*others)
    np.testing.assert_allclose(ours.data, theirs.detach().numpy(), rtol=1e-12, atol=1e-12)
    dy = rng.standard_normal(ours.shape)
    ours.backward(dy)
    theirs.backward(torch.tensor(dy))
    for tensor, other in zip(tensors, others, strict=True):
        assert tensor.grad is not None
        np.testing.assert_allclose(tensor.grad, other.grad.numpy(), rtol=1e-12, atol=1e-12)
