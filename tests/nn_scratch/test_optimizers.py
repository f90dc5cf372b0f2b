"""The optimizers take the steps of their papers, and the same as PyTorch's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from nn_scratch.arrays import Array
from nn_scratch.optimizers import OPTIMIZERS, SCHEDULES, SGD, Adam, Optimizer, clip_norm, constant, stairs


def by_the_paper(name: str, w: Array, gradients: Sequence[Array], eta: float, decay: float) -> Array:
    """The parameters after one step per gradient, in the words of the papers, one line for each of theirs."""
    w, v, m = w.copy(), np.zeros_like(w), np.zeros_like(w)
    for t, g in enumerate(gradients, start=1):
        w = w - eta * decay * w
        if name == "adam":  # Kingma and Ba 2015, algorithm 1, with their beta_1, beta_2 and epsilon
            m = 0.9 * m + 0.1 * g
            v = 0.999 * v + 0.001 * g**2
            m_hat, v_hat = m / (1 - 0.9**t), v / (1 - 0.999**t)
            w = w - eta * m_hat / (np.sqrt(v_hat) + 1e-8)
        else:
            v = 0.9 * v + g
            w = w - eta * (g + 0.9 * v if name == "nesterov" else v)
    return w


@pytest.mark.parametrize("size", [1, 1e-8])  # of the gradients; the epsilon of Adam matters to the small ones
@pytest.mark.parametrize("decay", [0, 0.3])
@pytest.mark.parametrize("name", sorted(OPTIMIZERS))
def test_optimizers_step_like_their_papers(name: str, decay: float, size: float, rng: np.random.Generator) -> None:
    w, gradients = rng.standard_normal(50) * size, np.zeros(50)
    given = [rng.standard_normal(50) * size for _ in range(20)]
    expected = by_the_paper(name, w, given, 0.1, decay)
    optimizer = OPTIMIZERS[name](learning_rate=0.1, weight_decay=decay).attach(w, gradients)
    for g in given:
        gradients[:] = g
        optimizer.step()
        assert (gradients == g).all()
    np.testing.assert_allclose(w, expected, rtol=1e-9, atol=1e-9 * size)
    assert optimizer.steps == 20


def test_first_steps_by_hand() -> None:
    """With a gradient of 1: v = 1, then 1.9. Adam's step has the length of the rate, whatever that of the gradient."""
    optimizer: Optimizer
    for optimizer, after_one, after_two in (
        (SGD(1.0, momentum=0.0, weight_decay=0), -0.1, -0.2),
        (SGD(1.0, weight_decay=0), -0.1, -0.1 - 0.19),
        (SGD(1.0, weight_decay=0, nesterov=True), -0.19, -0.19 - 0.271),
        (Adam(1.0, weight_decay=0), -0.1, -0.2),
    ):
        w, g = np.zeros(1), np.ones(1)
        optimizer.attach(w, g).step(0.1)
        assert w[0] == pytest.approx(after_one, rel=1e-6)
        optimizer.step(0.1)
        assert w[0] == pytest.approx(after_two, rel=1e-6)


def test_an_optimizer_goes_on_from_its_state(rng: np.random.Generator) -> None:
    """The state and the number of steps are all that a new optimizer needs to take the same next step."""
    for make in OPTIMIZERS.values():
        w, g = rng.standard_normal(5), rng.standard_normal(5)
        first = make(weight_decay=0.1).attach(w, g)
        for _ in range(3):
            first.step()
        copy = w.copy()
        second = make(weight_decay=0.1).attach(copy, g.copy())
        for name, vector in first.state.items():
            second.state[name][:] = vector
        second.steps = first.steps
        first.step()
        second.step()
        assert (w == copy).all()


def test_clipping_keeps_the_direction_and_limits_the_length() -> None:
    gradients = np.array([3.0, -4.0])
    assert clip_norm(gradients, 5.0) == 5.0
    assert gradients.tolist() == [3, -4]
    assert clip_norm(gradients, 2.5) == 5.0
    assert gradients.tolist() == [1.5, -2]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("decay", [0, 0.3])
@pytest.mark.parametrize("name", sorted(OPTIMIZERS))
def test_optimizers_step_like_pytorch(name: str, decay: float, dtype: Any, rng: np.random.Generator) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    ours = rng.standard_normal(50).astype(dtype)
    theirs = torch.tensor(ours.copy(), requires_grad=True)
    gradients = np.zeros_like(ours)
    optimizer = OPTIMIZERS[name](learning_rate=0.1, weight_decay=decay).attach(ours, gradients)
    descent = name in ("sgd", "nesterov")
    referee = (
        torch.optim.SGD([theirs], 0.1, momentum=0.9, nesterov=name == "nesterov")
        if descent
        else torch.optim.AdamW([theirs], 0.1, weight_decay=decay)
    )
    for _ in range(20):
        gradients[:] = rng.standard_normal(50)
        theirs.grad = torch.tensor(gradients.copy())
        optimizer.step()
        if descent:  # PyTorch means something else by its weight decay
            theirs.data *= 1 - 0.1 * decay
        referee.step()
    tolerance = {np.float32: 1e-5, np.float64: 1e-9}[dtype]
    np.testing.assert_allclose(ours, theirs.detach().numpy(), rtol=tolerance, atol=tolerance)
    assert optimizer.steps == 20


def test_clipping_is_what_pytorch_does(rng: np.random.Generator) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    ours = rng.standard_normal(50)
    theirs = torch.tensor(ours.copy(), requires_grad=True)
    gradients = np.zeros(50)
    optimizer = SGD(0.1, weight_decay=0, l2=0.2, largest_norm=3.0).attach(ours, gradients)
    referee = torch.optim.SGD([theirs], 0.1, momentum=0.9)
    for _ in range(5):
        gradients[:] = rng.standard_normal(50)
        theirs.grad = torch.tensor(gradients + 0.2 * ours)
        torch.nn.utils.clip_grad_norm_([theirs], 3.0)
        optimizer.step()
        referee.step()
    np.testing.assert_allclose(ours, theirs.detach().numpy(), rtol=1e-5)  # PyTorch divides by norm + 1e-6


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: SGD(momentum=1.0), "momentum is 1.0, but it must be a number of at least 0 and below 1"),
        (lambda: SGD(weight_decay=-1.0), "weight_decay is -1.0"),
        (lambda: SGD(float("nan")), "learning_rate is nan, but it must be a number above 0"),
        (lambda: Adam(betas=(0.9, 1.5)), "beta is 1.5"),
        (lambda: Adam(weight_decay=float("nan")), "weight_decay is nan"),
        (lambda: Adam(l2=float("inf")), "l2 is inf"),
        (lambda: SGD(largest_norm=0.0), "largest_norm is 0.0"),
        (lambda: Adam(epsilon=0.0), "epsilon is 0.0, but it must be a number above 0"),
        (lambda: SGD().attach(np.zeros(3), np.zeros(2)), r"Parameters \(3,\) and gradients \(2,\)"),
        (lambda: stairs((0.5,), -0.5), "factor is -"),
    ],
)
def test_arguments_without_meaning_are_refused(make: Callable[[], object], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        make()


def test_each_optimizer_has_the_rate_that_suits_it() -> None:
    assert (SGD().learning_rate, SGD().weight_decay) == (0.1, 0.001)
    assert (Adam().learning_rate, Adam().weight_decay) == (0.008, 0.1)


@pytest.mark.parametrize("name", sorted(SCHEDULES))
def test_schedules_stay_between_nothing_and_the_whole_rate(name: str) -> None:
    rates = [SCHEDULES[name](t) for t in np.linspace(0, 1, 1000)]
    assert 0 <= min(rates) <= max(rates) <= 1
    assert max(rates) == pytest.approx(1, abs=1e-4)
    assert rates[-1] <= 0.1 or SCHEDULES[name] is constant
    if name in ("cosine", "one-cycle"):
        assert rates[-1] == pytest.approx(0, abs=1e-6)


def test_steps_drop_where_they_say() -> None:
    assert [SCHEDULES["step"](t) for t in (0, 0.19, 0.2, 0.79, 0.8)] == [1, 1, 0.5, 0.125, 0.0625]
    assert [SCHEDULES["multi-step"](t) for t in (0.49, 0.5, 0.75)] == pytest.approx([1, 0.1, 0.01])


def test_a_new_optimizer_is_a_class_with_one_method() -> None:
    class SignDescent(Optimizer):
        """Steps of the same length for all parameters."""

        shrink: float = 1.0

        def move(self, w: Array, g: Array, eta: float) -> None:
            w -= eta * self.shrink * np.sign(g)

    w = np.array([1.0, -1.0])
    SignDescent(0.5, shrink=0.5).attach(w, np.array([3.0, -0.1])).step()
    assert w.tolist() == [0.75, -0.75]
