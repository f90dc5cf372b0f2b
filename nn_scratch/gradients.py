"""One gradient, computed by up to five independent methods: python -m nn_scratch.gradients --help.

Why should anybody believe a derivation? Because methods that share no code agree on its result. A small batch of real
digits goes through one network, and the gradient of the loss is computed by the derivations in `nn_scratch.layers`,
by each of the two engines of `nn_scratch.autograd`, by central differences, which know nothing but the loss, and by
PyTorch where it is installed. All of them compute in float64, and they agree to the last digits.
"""

from __future__ import annotations

import argparse
import importlib
import random
import sys
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from rich.console import Console
from rich.table import Table

from nn_scratch.arrays import Array, Labels
from nn_scratch.autograd import Tensor, Value, cross_entropy, scalar_nn
from nn_scratch.autograd import mlp as tensor_mlp
from nn_scratch.checks import COUNT, Range, check_memory
from nn_scratch.command import number, run_command
from nn_scratch.data.registry import DATA_SETS
from nn_scratch.gradcheck import numerical_gradient
from nn_scratch.layers import Dense
from nn_scratch.losses import SoftmaxCrossEntropy
from nn_scratch.network import Network, mlp

VALUE_BYTES = 500  # that the scalar engine keeps for each weight and example: a product and a sum, with their slopes


class Result(NamedTuple):
    """What one method computed."""

    loss: float
    gradient: Array  # (P,) in the order of `Network.parameters`


Method = Callable[[Network, Array, Labels], Result]  # of a network, its inputs (B, inputs) and their labels (B,)


def weights(network: Network) -> list[Array]:
    """W and b of each dense layer, in the order of `Network.parameters`."""
    return [array for layer in network.layers if isinstance(layer, Dense) for array in (layer.W, layer.b)]


def sizes(network: Network) -> list[int]:
    """The numbers of inputs and of units in each layer: 784, 50, 25, 10."""
    return [*network.input_shape, *(layer.outputs for layer in network.layers if isinstance(layer, Dense))]


def by_hand(network: Network, x: Array, labels: Labels) -> Result:
    """The derivations: p - y at the top, then layer by layer."""
    loss, dz = SoftmaxCrossEntropy().value_and_gradient(network.forward(x, training=True), labels)
    network.backward(dz)
    return Result(loss, network.gradients.copy())


def by_tensors(network: Network, x: Array, labels: Labels) -> Result:
    """The tensor engine: only the forward direction is written; the table of rules gives the gradient."""
    model = tensor_mlp(sizes(network), np.random.default_rng(0), np.float64)
    for parameter, array in zip(model.parameters(), weights(network), strict=True):
        parameter.data[...] = array
    loss = cross_entropy(model(Tensor(x)), labels)
    loss.backward()
    gradients = [parameter.grad for parameter in model.parameters() if parameter.grad is not None]
    return Result(loss.item(), np.concatenate([gradient.ravel() for gradient in gradients]))


def by_scalars(network: Network, x: Array, labels: Labels) -> Result:
    """The scalar engine: plain Python, in which every product of two numbers is an object."""
    model = scalar_nn.MLP(sizes(network), random.Random(0), Value.relu)
    dense_layers = [layer for layer in network.layers if isinstance(layer, Dense)]
    for layer, dense in zip(model.layers, dense_layers, strict=True):
        for neuron, w, b in zip(layer.neurons, dense.W.T.tolist(), dense.b.tolist(), strict=True):
            for parameter, value in zip(neuron.parameters(), [*w, b], strict=True):
                parameter.data = value
    losses = [
        scalar_nn.cross_entropy(model(row), label) for row, label in zip(x.tolist(), labels.tolist(), strict=True)
    ]
    loss = sum(losses, Value(0.0)) / len(losses)
    loss.backward()
    gradient: list[float] = []
    for layer in model.layers:
        W = np.array([[w.grad for w in neuron.w] for neuron in layer.neurons]).T  # (inputs, outputs)
        gradient += [*W.ravel(), *(neuron.b.grad for neuron in layer.neurons)]
    return Result(loss.data, np.array(gradient))


def by_differences(network: Network, x: Array, labels: Labels) -> Result:
    """Central differences: move each parameter a little up and down, and look at the loss."""
    loss = SoftmaxCrossEntropy()
    return Result(
        loss.value(network.forward(x), labels),
        numerical_gradient(lambda: loss.value(network.forward(x), labels), network.parameters),
    )


def by_pytorch(network: Network, x: Array, labels: Labels) -> Result:
    """PyTorch, an engine that others wrote."""
    import torch

    parameters = [torch.tensor(array, requires_grad=True) for array in weights(network)]
    signal = torch.tensor(x)
    for layer in range(0, len(parameters), 2):
        signal = (signal.relu() if layer else signal) @ parameters[layer] + parameters[layer + 1]
    loss = torch.nn.functional.cross_entropy(signal, torch.tensor(labels))
    loss.backward()
    return Result(loss.item(), np.concatenate([parameter.grad.numpy().ravel() for parameter in parameters]))


METHODS: dict[str, Method] = {
    "by hand": by_hand,
    "tensor engine": by_tensors,
    "scalar engine": by_scalars,
    "differences": by_differences,
    "PyTorch": by_pytorch,
}


def installed(module: str) -> bool:
    """Whether `module` can be imported. It is imported here, so that its import is not timed."""
    try:
        importlib.import_module(module)
    except ImportError:
        return False
    return True


def timed(method: Method, network: Network, x: Array, labels: Labels) -> tuple[Result, float]:
    """The result of `method` and its time in seconds: the shortest of several runs if one run is short."""
    seconds: list[float] = []
    while not seconds or (len(seconds) < 20 and sum(seconds) < 0.2):
        start = time.perf_counter()
        result = method(network, x, labels)
        seconds.append(time.perf_counter() - start)
    return result, min(seconds)


def make_parser() -> argparse.ArgumentParser:
    """The command's options."""
    parser = argparse.ArgumentParser("python -m nn_scratch.gradients", description="The same gradient by five methods.")
    parser.add_argument(
        "--data", choices=sorted(set(DATA_SETS) - {"cifar-10"}), default="mnist", help="default: %(default)s"
    )
    parser.add_argument("--batch-size", type=number(COUNT), default=4, help="examples (default: %(default)s)")
    parser.add_argument("--hidden", type=number(COUNT), nargs="*", default=[50, 25], help="default: 50 25")
    parser.add_argument(
        "--seed", type=number(Range(0, whole=True)), default=0, help="of weights and batch (default: %(default)s)"
    )
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the results of all methods side by side, and how far they differ. Returns the exit status."""
    args = make_parser().parse_args(arguments)
    training, _ = DATA_SETS[args.data]()
    rng = np.random.default_rng(args.seed)
    network = mlp(args.hidden, training.classes, np.float64)
    graph = VALUE_BYTES * network.parameters.size * args.batch_size
    check_memory(graph, "The graph of the scalar engine", "choose a smaller --batch-size or fewer units with --hidden")
    batch = training.take(rng.integers(0, len(training), args.batch_size))
    network.initialize(rng)
    console = Console(highlight=False, soft_wrap=True)
    console.print(
        f"{'-'.join(map(str, sizes(network)))}: the mean loss of a batch of {len(batch)}, and its derivative with "
        f"respect to each of {network.parameters.size:,} parameters\n"
    )
    results, seconds = {}, {}
    for name, method in METHODS.items():
        if name == "PyTorch" and not installed("torch"):
            console.print("PyTorch is not installed, so it is left out.\n")
            continue
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
