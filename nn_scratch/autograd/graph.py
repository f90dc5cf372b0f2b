"""The graph that an engine differentiates: what it looks like, and whether it is recorded and checked.

Both engines record the same kind of graph: results point to the operands that they were computed from. Whoever wonders
where a gradient comes from should be able to see it. `listing` needs nothing but a terminal, `dot` gives the language
of Graphviz, and `picture` shows that where Graphviz is installed:

    print(listing(a * b + a, a=a, b=b))

    a  = 2            gradient 0
    b  = -3           gradient 0
    v1 = a * b = -6   gradient 0
    v2 = v1 + a = -4  gradient 0

Such a list of single operations is called a Wengert list (Wengert, "A Simple Automatic Derivative Evaluation Program",
1964). Read downwards, it computes the value; read upwards, with the chain rule, the gradient.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import numpy as np

from nn_scratch.arrays import Array
from nn_scratch.autograd.scalar import topological_order
from nn_scratch.errors import UserError


def listing(result: Any, /, **named: Any) -> str:
    """One line per node, in the order of computing; `named` nodes keep their names, the others are numbered.

    Draw a graph of tensors before its `backward`, which frees it. Values keep theirs.
    """
    names = names_in_order(result, named)
    width = max(map(len, names.values()))
    lines = [f"{name:{width}} = {formula(node, names)}" for node, name in names.items()]
    longest = max(map(len, lines))
    return "\n".join(f"{line:{longest}}  gradient {number(node.grad)}" for node, line in zip(names, lines, strict=True))


def dot(result: Any, /, **named: Any) -> str:
    """The graph in the language of Graphviz, with an arrow from each operand to its result."""
    names = names_in_order(result, named)
    boxes = [
        f'  {name} [label="{name} = {formula(node, names)}\\ngradient {number(node.grad)}"]'
        for node, name in names.items()
    ]
    arrows = [f"  {names[operand]} -> {name}" for node, name in names.items() for operand in node.operands]
    return "\n".join(["digraph {", "  rankdir=LR", "  node [shape=box]", *boxes, *arrows, "}"])


def picture(result: Any, /, **named: Any) -> Any:
    """The graph as a `graphviz.Source`, which a notebook shows and `picture(...).render("graph")` writes to a file.

    Raises:
        UserError: graphviz or its program `dot` is not installed.
    """
    instead = "nn_scratch.autograd.listing shows the graph as text."
    try:
        import graphviz
    except ImportError as error:
        raise UserError(
            f'A graph is drawn by graphviz, which is not installed: pip install "nn-scratch[graph]"; {instead}'
        ) from error
    if not shutil.which("dot"):
        raise UserError(f"A graph is drawn by the program dot, which is not there: install Graphviz; {instead}")
    return graphviz.Source(dot(result, **named))


def names_in_order(result: Any, named: dict[str, Any]) -> dict[Any, str]:
    """All nodes in the order of computing, the first operand of each first, with a name for each of them."""
    order = topological_order(result, lambda node: node.operands[::-1])
    given = {node: name for name, node in named.items()}
    numbered = (name for name in map("v{}".format, count(1)) if name not in named)
    return {node: given.get(node) or next(numbered) for node in order}


def formula(node: Any, names: dict[Any, str]) -> str:
    """How a node was computed, and its number: v1 + a = -4."""
    operands = [names[operand] for operand in node.operands]
    if not operands:
        return number(node.data)
    if node.operation.isidentifier():
        return f"{node.operation}({', '.join(operands)}) = {number(node.data)}"
    operands.insert(1, node.operation)  # an operator stands behind the first operand; a fixed exponent is part of it
    return f"{' '.join(operands)} = {number(node.data)}"


def number(data: Any) -> str:
    """A number in a few digits; of an array, only its shape."""
    if data is None:
        return "none"
    return f"array of shape {data.shape}" if getattr(data, "shape", ()) else f"{float(data):.4g}"


class Modes(threading.local):
    """Two switches of the tensor engine, for each thread: whether operations are recorded, and results checked."""

    recording = True
    checking = False


modes = Modes()


@contextmanager
def no_grad() -> Iterator[None]:
    """Within the block nothing is recorded: results cannot be differentiated, and no graph takes memory."""
    before, modes.recording = modes.recording, False
    try:
        yield
    finally:
        modes.recording = before


def debug(on: bool) -> None:
    """If `on`, raise FloatingPointError wherever infinity or NaN arises, forward or backward, until `debug(False)`."""
    modes.checking = on


def checked(what: str, function: Callable[..., Array], *arguments: Any, **settings: Any) -> Array:
    """`function(*arguments, **settings)`, checked in debug mode to be finite; `what` names it in the error."""
    if not modes.checking:
        return function(*arguments, **settings)
    with np.errstate(all="ignore"):  # our error says more than NumPy's warnings
        array = function(*arguments, **settings)
    for place in map(tuple, np.argwhere(~np.isfinite(array)).tolist()):  # the first of them is enough
        raise FloatingPointError(f"{what} is {array[place]}{f' at {place}' if place else ''}.")
    return array
