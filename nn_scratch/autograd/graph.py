"""The graph that an engine differentiates, in its order and as something to look at.

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

from collections.abc import Callable, Iterable
from typing import Any, Protocol, TypeVar

from nn_scratch.errors import UserError


class Node(Protocol):
    """What `Value` and `Tensor` have in common."""

    @property
    def operation(self) -> str: ...
    @property
    def operands(self) -> tuple[Any, ...]: ...

    data: Any
    grad: Any


AnyNode = TypeVar("AnyNode", bound=Node)


def topological_order(result: AnyNode, operands_of: Callable[[AnyNode], Iterable[AnyNode]]) -> list[AnyNode]:
    """All that `result` was computed from, each node after its own operands.

    Depth first, with an explicit stack: recursion would fail after a thousand operations in a row.
    """
    order: list[AnyNode] = []
    seen: set[AnyNode] = set()
    stack = [(result, False)]
    while stack:
        node, operands_done = stack.pop()
        if operands_done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            operands = operands_of(node)
            stack.append((node, True))
            stack += [(operand, False) for operand in operands]
    return order


def listing(result: Node, /, **named: Node) -> str:
    """One line per node, in the order of computing; `named` nodes keep their names, the others are numbered.

    Draw a graph of tensors before its `backward`, which frees it. Values keep theirs.
    """
    order, names = named_order(result, named)
    width = max(map(len, names.values()))
    lines = [f"{names[node]:{width}} = {formula(node, names)}" for node in order]
    longest = max(map(len, lines))
    return "\n".join(f"{line:{longest}}  gradient {number(node.grad)}" for node, line in zip(order, lines, strict=True))


def dot(result: Node, /, **named: Node) -> str:
    """The graph in the language of Graphviz, with an arrow from each operand to its result."""
    order, names = named_order(result, named)
    lines = [
        f'  {names[node]} [label="{names[node]} = {formula(node, names)}\\ngradient {number(node.grad)}"]'
        for node in order
    ]
    arrows = [f"  {names[operand]} -> {names[node]}" for node in order for operand in node.operands]
    return "\n".join(["digraph {", "  rankdir=LR", "  node [shape=box]", *lines, *arrows, "}"])


def picture(result: Node, /, **named: Node) -> Any:
    """The graph as a `graphviz.Source`, which a notebook shows and `picture(...).render("graph")` writes to a file.

    Raises:
        UserError: graphviz is not installed.
    """
    try:
        import graphviz
    except ImportError as error:
        raise UserError(
            'A graph is drawn by graphviz, which is not installed: pip install "nn-scratch[graph]"; '
            "nn_scratch.autograd.graph.listing shows the graph as text."
        ) from error
    return graphviz.Source(dot(result, **named))


def named_order(result: AnyNode, named: dict[str, AnyNode]) -> tuple[list[AnyNode], dict[AnyNode, str]]:
    """All nodes in the order of computing, and a name for each of them."""
    order = topological_order(result, lambda node: node.operands[::-1])  # the first operand comes first
    names = {node: name for name, node in named.items()}
    numbers = (name for name in (f"v{count}" for count in range(1, 2 * len(order) + 2)) if name not in named)
    return order, {node: names.get(node) or next(numbers) for node in order}


def formula(node: AnyNode, names: dict[AnyNode, str]) -> str:
    """How a node was computed, and its number: v1 + a = -4."""
    operands = [names[operand] for operand in node.operands]
    if not operands:
        return number(node.data)
    if node.operation.isidentifier():
        return f"{node.operation}({', '.join(operands)}) = {number(node.data)}"
    first, *second = operands  # an operator stands behind the first operand; a fixed exponent is part of it
    return f"{' '.join([first, node.operation, *second])} = {number(node.data)}"


def number(data: Any) -> str:
    """A number in a few digits; of an array, only its shape."""
    if data is None:
        return "none"
    return f"array of shape {data.shape}" if getattr(data, "shape", ()) else f"{float(data):.4g}"
