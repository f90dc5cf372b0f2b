"""One gradient, computed in five independent ways: python -m nn_scratch.gradients --help.

Why should anybody believe a derivation? Because methods that share no code agree on its result. A small batch of real
digits goes through one network, and the gradient of the loss is computed by the derivations in `nn_scratch.layers`,
by each of the two engines of `nn_scratch.autograd`, by central differences, which know nothing but the loss, and by
PyTorch where it is installed. All of them compute in float64, and they agree to the last digits.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from rich.console import Console
from rich.table import Table

from nn_scratch.arrays import Array, Labels
from nn_scratch.autograd import Value, cross_entropy, scalar_nn
from nn_scratch.autograd.scalar import flatten
from nn_scratch.checks import COUNT, Range, check_memory
from nn_scratch.command import number, run_command
from nn_scratch.data.registry import load_data
from nn_scratch.engines import PRODUCT_BYTES, ScalarNetwork, TensorNetwork
from nn_scratch.gradcheck import numerical_gradient
from nn_scratch.layers import Dense
from nn_scratch.losses import SoftmaxCrossEntropy
from nn_scratch.network import Network, mlp


class Result(NamedTuple):
    """What one method computed."""

    loss: float
    gradient: Array  # (P,) in the order of `Network.parameters`


Method = Callable[[Network, Array, Labels], Result]  # of a network, its inputs (B, inputs) and their labels (B,)


def by_hand(network: Network, x: Array, labels: Labels) -> Result:
    """The derivations: p - y at the top, then layer by layer."""
    loss, dz = SoftmaxCrossEntropy().value_and_gradient(network.forward(x, training=True), labels)
    network.backward(dz)
    return Result(loss, network.gradients.copy())


def by_tensors(network: Network, x: Array, labels: Labels) -> Result:
    """The tensor engine: only the forward direction is written; the table of rules gives the gradient."""
    engine = TensorNetwork(network)
    engine.forward(x, training=True)
    loss = cross_entropy(engine.outputs, labels)
    loss.backward()
    return Result(loss.item(), np.concatenate([leaf.grad.ravel() for leaf in engine.leaves]))


def by_scalars(network: Network, x: Array, labels: Labels) -> Result:
    """The scalar engine: plain Python, in which every product of two numbers is an object."""
    engine = ScalarNetwork(network)
    engine.forward(x, training=True)
    losses = map(scalar_nn.cross_entropy, engine.outputs, labels.tolist())
    loss = sum(losses, Value(0.0)) / len(labels)
    loss.backward()
    return Result(loss.data, np.array([leaf.grad for leaf in flatten(engine.leaves)]))


def by_differences(network: Network, x: Array, labels: Labels) -> Result:
    """Central differences: move each parameter a little up and down, and look at the loss."""

    def loss() -> float:
        return SoftmaxCrossEntropy().value(network.forward(x), labels)

    return Result(loss(), numerical_gradient(loss, network.parameters))


def by_pytorch(network: Network, x: Array, labels: Labels) -> Result:
    """PyTorch, an engine that others wrote."""
    import torch

    signal, parameters = torch.tensor(x), []
    for layer in network.layers:
        if isinstance(layer, Dense):
            W, b = (torch.tensor(array, requires_grad=True) for array in (layer.W, layer.b))
            signal = signal @ W + b
            parameters += [W, b]
        else:
            signal = signal.relu()
    loss = torch.nn.functional.cross_entropy(signal, torch.tensor(labels))
    loss.backward()
    return Result(loss.item(), np.concatenate([parameter.grad.numpy().ravel() for parameter in parameters]))


METHODS: dict[str, Method] = {"by hand": by_hand, "tensor engine": by_tensors, "scalar engine": by_scalars}
METHODS |= {"differences": by_differences, "PyTorch": by_pytorch}


def timed(method: Method, network: Network, x: Array, labels: Labels) -> tuple[Result, float]:
    """The result of `method` and its time in seconds: the shortest of several runs if one run is short."""
    seconds: list[float] = []
    while not seconds or (len(seconds) < 20 and sum(seconds) < 0.2):
        start = time.perf_counter()
        result = method(network, x, labels)
        seconds.append(time.perf_counter() - start)
    return result, min(seconds)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the results of all methods side by side, and how far they differ. Returns the exit status."""
    parser = argparse.ArgumentParser("python -m nn_scratch.gradients", description="The same gradient in five ways.")
    add, count, default = parser.add_argument, number(COUNT), "(default: %(default)s)"
    add("--data", default="mnist", metavar="NAME", help=f"as for nn_scratch.train {default}")
    add("--batch-size", type=count, default=4, help=f"examples {default}")
    add("--hidden", type=count, nargs="*", default=[50, 25], help="units of each layer (default: 50 25)")
    add("--seed", type=number(Range(0, whole=True)), default=0, help=f"of weights and batch {default}")
    args = parser.parse_args(arguments)
    training, _ = load_data(args.data)
    rng = np.random.default_rng(args.seed)
    network = mlp(args.hidden, training.classes, np.float64, math.prod(training.images.shape[1:]))
    graph = PRODUCT_BYTES * network.parameters.size * args.batch_size
    check_memory(graph, "The graph of the scalar engine", "choose a smaller --batch-size or fewer units with --hidden")
    batch = training.take(rng.integers(0, len(training), args.batch_size))
    network.initialize(rng)
    console = Console(highlight=False, soft_wrap=True)
    sizes = "-".join(map(str, (*network.input_shape, *args.hidden, len(network.classes))))
    derivatives = f"its derivative with respect to each of {network.parameters.size:,} parameters"
    console.print(f"{sizes}: the mean loss of a batch of {len(batch)}, and {derivatives}\n")
    results, seconds, methods = {}, {}, dict(METHODS)
    try:
        import torch  # noqa: F401  # here, so that its import is not timed
    except ImportError:
        del methods["PyTorch"]
        console.print("PyTorch is not installed, so it is left out.\n")
    for name, method in methods.items():
        results[name], seconds[name] = timed(method, network, network.inputs(batch.images), batch.labels)
    console.print(results_table(results, seconds))
    console.print()
    console.print(differences_table(results))
    return 0


def results_table(results: dict[str, Result], seconds: dict[str, float]) -> Table:
    """For each method: the loss, the steepest of the derivatives, and how long it took."""
    steepest = int(np.abs(results["by hand"].gradient).argmax())
    table = Table("", box=None, pad_edge=False)
    for title in ("loss", f"derivative {steepest:,}", "milliseconds"):
        table.add_column(title, justify="right")
    for name, result in results.items():
        table.add_row(name, f"{result.loss:.12f}", f"{result.gradient[steepest]:+.12f}", f"{1000 * seconds[name]:,.2f}")
    return table


def differences_table(results: dict[str, Result]) -> Table:
    """The largest difference between each pair of methods, over all parameters."""
    table = Table("largest difference", box=None, pad_edge=False)
    names = list(results)
    for name in names[:-1]:
        table.add_column(name, justify="right")
    for row, name in enumerate(names[1:], start=1):
        differences = [np.abs(results[name].gradient - results[other].gradient).max() for other in names[:row]]
        table.add_row(name, *(f"{difference:.1e}" for difference in differences))
    return table


if __name__ == "__main__":
    sys.exit(run_command("nn_scratch.gradients", main))
