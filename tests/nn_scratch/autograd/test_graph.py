"""The graph of a computation as text, and for Graphviz."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from nn_scratch.autograd import Tensor, Value, dot, listing, picture
from nn_scratch.errors import UserError


def test_a_listing_shows_the_operations_in_order_with_their_gradients() -> None:
    a, b = Value(2.0), Value(-3.0)
    result = (a * b + a).tanh() ** 2
    result.backward()
    assert listing(a * b + a, a=a, b=b).splitlines()[-1] == "v2 = v1 + a = -4  gradient 0"
    lines = [line.split("  gradient ")[0].rstrip() for line in listing(result, a=a, b=b, loss=result).splitlines()]
    assert lines == [
        "a    = 2",
        "b    = -3",
        "v1   = a * b = -6",
        "v2   = v1 + a = -4",
        "v3   = tanh(v2) = -0.9993",
        "loss = v3 ** 2 = 0.9987",
    ]
    assert f"gradient {a.grad:.4g}" in listing(result, a=a).splitlines()[0]


def test_a_listing_of_tensors_shows_their_shapes() -> None:
    x, w = Tensor(np.ones((2, 3))), Tensor(np.ones(3), requires_grad=True)
    assert listing((x @ w).sum(), x=x, w=w, v1=x).splitlines()[-2:] == [
        "v2 = matmul(v1, w) = array of shape (2,)  gradient none",
        "v3 = sum(v2) = 6                          gradient none",
    ]


def test_dot_has_a_box_for_each_node_and_an_arrow_for_each_operand() -> None:
    x = Value(3.0)
    text = dot(x * x + 1, x=x)
    assert text.startswith("digraph {")
    assert '  v1 [label="v1 = x * x = 9\\ngradient 0"]' in text.splitlines()
    assert text.count("  x -> v1") == 2
    assert text.count("label=") == 4


def test_a_deep_graph_is_drawn() -> None:
    y = Value(1.0)
    for _ in range(2_000):
        y = y + 1
    assert len(listing(y).splitlines()) == 4_001


def test_a_picture_is_what_graphviz_makes_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    x = Value(1.0)
    monkeypatch.setitem(sys.modules, "graphviz", SimpleNamespace(Source=lambda text: ("drawn", text)))
    monkeypatch.setattr("shutil.which", lambda program: f"/usr/bin/{program}")
    assert picture(x * 2, x=x) == ("drawn", dot(x * 2, x=x))


@pytest.mark.parametrize("package", [None, SimpleNamespace(Source=SimpleNamespace)])
def test_what_a_picture_needs_is_said_in_one_sentence(package: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "graphviz", package)  # importing None fails
    monkeypatch.setenv("PATH", "")  # there is no program dot
    missing = "the program dot, which is not there: install Graphviz" if package else r"graphviz.*nn-scratch\[graph\]"
    with pytest.raises(
        UserError, match=rf"^A graph is drawn by {missing}.*; nn_scratch\.autograd\.listing shows"
    ) as error:
        picture(Value(1.0)).render()
    assert "\n" not in str(error.value)
