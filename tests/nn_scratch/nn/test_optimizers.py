"""The optimizers take the same steps as PyTorch's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from nn_scratch.nn.optimizers import OPTIMIZERS, SGD, Adam, Optimizer, add_l2, clip_norm


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("decay", [0, 0.3])
@pytest.mark.parametrize("name", sorted(OPTIMIZERS))
def test_optimizers_step_like_pytorch(name: str, decay: float, dtype: Any, rng: np.random.Generator) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    ours = rng.standard_normal(50).astype(dtype)
    theirs = torch.tensor(ours.copy(), requires_grad=True)
    gradients = np.zeros_like(ours)
    optimizer = OPTIMIZERS[name](ours, gradients, weight_decay=decay)
    descent = name in ("sgd", "nesterov")
    referee = (
        torch.optim.SGD([theirs], 0.1, momentum=0.9, nesterov=name == "nesterov")
        if descent
        else torch.optim.AdamW([theirs], 0.1, weight_decay=decay)
    )
    for _ in range(20):
        gradients[:] = rng.standard_normal(50)
        theirs.grad = torch.tensor(gradients.copy())
        optimizer.step(0.1)
        if descent:  # PyTorch means something else by its weight decay
            theirs.data *= 1 - 0.1 * decay
        referee.step()
    tolerance = {np.float32: 1e-5, np.float64: 1e-9}[dtype]
    np.testing.assert_allclose(ours, theirs.detach().numpy(), rtol=tolerance, atol=tolerance)
    assert optimizer.steps == 20


def test_l2_and_clipping_are_what_pytorch_does(rng: np.random.Generator) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    ours = rng.standard_normal(50)
    theirs = torch.tensor(ours.copy(), requires_grad=True)
    gradients = np.zeros(50)
    optimizer = SGD(ours, gradients)
    referee = torch.optim.SGD([theirs], 0.1, momentum=0.9, weight_decay=0.2)
    for _ in range(5):
        gradients[:] = rng.standard_normal(50)
        theirs.grad = torch.tensor(gradients.copy())
        norm = clip_norm(gradients, 3.0)
        assert norm == pytest.approx(float(torch.nn.utils.clip_grad_norm_([theirs], 3.0)))
        add_l2(ours, gradients, 0.2)
        optimizer.step(0.1)
        referee.step()
    np.testing.assert_allclose(ours, theirs.detach().numpy(), rtol=1e-5)  # PyTorch divides by norm + 1e-6


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda w: SGD(w, w, momentum=1.0), "momentum is 1.0, but it must be a number of at least 0 and below 1"),
        (lambda w: SGD(w, w, weight_decay=-1.0), "weight_decay is -1.0"),
        (lambda w: Adam(w, w, betas=(0.9, 1.5)), "beta is 1.5"),
        (lambda w: Adam(w, w, weight_decay=float("nan")), "weight_decay is nan"),
        (lambda w: SGD(w, w[1:]), r"Parameters \(3,\) and gradients \(2,\)"),
    ],
)
def test_arguments_without_meaning_are_refused(make: Callable[[Any], Optimizer], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        make(np.zeros(3))
