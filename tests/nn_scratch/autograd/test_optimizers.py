"""The optimizers of the engine take the steps of PyTorch and of the library's own optimizers."""

from __future__ import annotations

import numpy as np
import pytest

from nn_scratch import optimizers
from nn_scratch.autograd import SGD, Adam, Tensor
from nn_scratch.autograd.nn import Optimizer

START, TARGET = np.array([1.0, -2.0, 0.5]), np.array([0.3, 0.1, -1.0])


def course(optimizer: Optimizer, w: Tensor, steps: int = 20) -> list[np.ndarray]:
    places = []
    for _ in range(steps):
        optimizer.zero_grad()
        ((w - TARGET) ** 2).sum().backward()
        optimizer.step(0.05)
        places.append(w.data.copy())
    return places


@pytest.mark.parametrize("name", ["SGD", "Adam"])
def test_steps_are_those_of_the_library(name: str) -> None:
    w, vector, gradients = Tensor(START.copy(), requires_grad=True), START.copy(), np.zeros(3)
    referee = {"SGD": optimizers.SGD, "Adam": optimizers.Adam}[name](vector, gradients)
    for place in course({"SGD": SGD, "Adam": Adam}[name]([w]), w):
        gradients[...] = 2 * (vector - TARGET)
        referee.step(0.05)
        np.testing.assert_allclose(place, vector, rtol=1e-12)


def test_adam_takes_the_steps_of_pytorch() -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    w, other = Tensor(START.copy(), requires_grad=True), torch.tensor(START, requires_grad=True)
    referee = torch.optim.Adam([other], lr=0.05, betas=(0.8, 0.95), eps=1e-6)
    for place in course(Adam([w], (0.8, 0.95), 1e-6), w):
        referee.zero_grad()
        ((other - torch.tensor(TARGET)) ** 2).sum().backward()
        referee.step()
        np.testing.assert_allclose(place, other.detach().numpy(), rtol=1e-10)


def test_what_has_no_gradient_stays() -> None:
    w, unused = (Tensor(START.copy(), requires_grad=True) for _ in range(2))
    course(Adam([w, unused]), w)
    np.testing.assert_array_equal(unused.data, START)
    assert (w.data != START).all()
