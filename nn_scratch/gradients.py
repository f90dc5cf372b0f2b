"""The lesson: one gradient, four ways and a fifth: python -m nn_scratch.gradients --help.

A small batch of real digits goes through one network. What its loss's gradient is, is answered by the derivations in
`nn_scratch.nn.layers`, by each of the two engines of `nn_scratch.autograd`, by central differences, which know nothing
but the loss, and by PyTorch where it is installed. All compute in float64. They were written in different ways; that
they agree to the last digits is the proof.
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
from nn_scratch.data.registry import DATA_SETS
from nn_scratch.errors import run_command
from nn_scratch.nn.gradcheck import numerical_gradient
from nn_scratch.nn.layers import Dense
from nn_scratch.nn.losses import SoftmaxCrossEntropy
from nn_scratch.nn.network import Network, mlp
from nn_scratch.options import number


class Answer(NamedTuple):
    """What one way found out."""

    loss: float
    gradient: Array  # (P,) in the order of `Network.parameters`


Way = Callable[[Network, Array, Labels], Answer]


def weights(network: Network) -> list[Array]:
    """W and b of each dense layer, in the order of `Network.parameters`."""
    return [array for layer in network.layers if isinstance(layer, Dense) for array in (layer.W, layer.b)]


def sizes(network: Network) -> list[int]:
    """The numbers of units: 784, 50, 25, 10."""
    return [*network.input_shape, *(layer.outputs for layer in network.layers if isinstance(layer, Dense))]


def by_hand(network: Network, x: Array, labels: Labels) -> Answer:
    """The derivations: p - y at the top, then layer by layer."""
    loss, dz = SoftmaxCrossEntropy().value_and_gradient(network.forward(x, training=True), labels)
    network.backward(dz)
    return Answer(loss, network.gradients.copy())


def by_tensors(network: Network, x: Array, labels: Labels) -> Answer:
    """The tensor engine: the same network, forward only; its table of rules does the rest."""
    model = tensor_mlp(sizes(network), np.random.default_rng(0), np.float64)
    for parameter, array in zip(model.parameters(), weights(network), strict=True):
        parameter.data[...] = array
    loss = cross_entropy(model(Tensor(x)), labels)
    loss.backward()
    gradients = [parameter.grad for parameter in model.parameters() if parameter.grad is not None]
    return Answer(loss.item(), np.concatenate([gradient.ravel() for gradient in gradients]))


def by_scalars(network: Network, x: Array, labels: Labels) -> Answer:
    """The scalar engine: every product of two numbers is an object of its own, in plain Python."""
    model = scalar_nn.MLP(sizes(network), random.Random(0), Value.relu)
    dense = [layer for layer in network.layers if isinstance(layer, Dense)]
    for layer, theirs in zip(model.layers, dense, strict=True):
        for neuron, w, b in zip(layer.neurons, theirs.W.T.tolist(), theirs.b.tolist(), strict=True):
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
    return Answer(loss.data, np.array(gradient))


def by_differences(network: Network, x: Array, labels: Labels) -> Answer:
    """Central differences: move each parameter a little up and down, and look at the loss."""
    loss = SoftmaxCrossEntropy()
    return Answer(
        loss.value(network.forward(x), labels),
        numerical_gradient(lambda: loss.value(network.forward(x), labels), network.parameters),
    )


def by_pytorch(network: Network, x: Array, labels: Labels) -> Answer:
    """PyTorch, which everybody trusts."""
    import torch

    parameters = [torch.tensor(array, requires_grad=True) for array in weights(network)]
    signal = torch.tensor(x)
    for layer in range(0, len(parameters), 2):
        signal = (signal.relu() if layer else signal) @ parameters[layer] + parameters[layer + 1]
    loss = torch.nn.functional.cross_entropy(signal, torch.tensor(labels))
    loss.backward()
    return Answer(loss.item(), np.concatenate([parameter.grad.numpy().ravel() for parameter in parameters]))


WAYS: dict[str, Way] = {
    "by hand": by_hand,
    "tensor engine": by_tensors,
    "scalar engine": by_scalars,
    "differences": by_differences,
    "PyTorch": by_pytorch,
}


def installed(module: str) -> bool:
    """Whether that module can be imported; it is then, so that the import is not timed."""
    try:
        importlib.import_module(module)
    except ImportError:
        return False
    return True


def timed(way: Way, network: Network, x: Array, labels: Labels) -> tuple[Answer, float]:
    """The answer and its seconds: the best of several rounds where one is short."""
    seconds: list[float] = []
    while not seconds or (len(seconds) < 20 and sum(seconds) < 0.2):
        start = time.perf_counter()
        answer = way(network, x, labels)
        seconds.append(time.perf_counter() - start)
    return answer, min(seconds)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the lesson; returns the exit status."""
    options = argparse.ArgumentParser("python -m nn_scratch.gradients", description="The same gradient four ways.")
    options.add_argument(
        "--data", choices=sorted(set(DATA_SETS) - {"cifar-10"}), default="mnist", help="default: %(default)s"
    )
    options.add_argument("--batch-size", type=number(int, 1), default=4, help="examples (default: %(default)s)")
    options.add_argument("--hidden", type=number(int, 1), nargs="*", default=[50, 25], help="default: 50 25")
    options.add_argument("--seed", type=number(int, 0), default=0, help="of weights and batch (default: %(default)s)")
    chosen = options.parse_args(arguments)
    training, _ = DATA_SETS[chosen.data]()
    rng = np.random.default_rng(chosen.seed)
    batch = training.take(rng.integers(0, len(training), chosen.batch_size))
    network = mlp(chosen.hidden, training.classes, np.float64).initialize(rng)
    console = Console(highlight=False, soft_wrap=True)
    console.print(
        f"{'-'.join(map(str, sizes(network)))}: the mean loss of a batch of {len(batch)}, and its derivative with "
        f"respect to each of {network.parameters.size:,} parameters\n"
    )
    answers, seconds = {}, {}
    for name, way in WAYS.items():
        if name == "PyTorch" and not installed("torch"):
            console.print("PyTorch is not installed, so it is not asked.\n")
            continue
        answers[name], seconds[name] = timed(way, network, network.inputs(batch.images), batch.labels)
    console.print(answers_table(answers, seconds))
    console.print()
    console.print(differences_table(answers))
    return 0


def answers_table(answers: dict[str, Answer], seconds: dict[str, float]) -> Table:
    """What each way says of the loss and of the largest of its derivatives, and how long it took."""
    steepest = int(np.abs(answers["by hand"].gradient).argmax())
    table = Table("", box=None, pad_edge=False)
    for title in ("loss", f"derivative {steepest:,}", "milliseconds"):
        table.add_column(title, justify="right")
    for name, answer in answers.items():
        table.add_row(name, f"{answer.loss:.12f}", f"{answer.gradient[steepest]:+.12f}", f"{1000 * seconds[name]:,.2f}")
    return table


def differences_table(answers: dict[str, Answer]) -> Table:
    """The largest difference of each pair, over all parameters."""
    table = Table("largest difference", box=None, pad_edge=False)
    names = list(answers)
    for name in names[:-1]:
        table.add_column(name, justify="right")
    for row, name in enumerate(names[1:], start=1):
        apart = [np.abs(answers[name].gradient - answers[earlier].gradient).max() for earlier in names[:row]]
        table.add_row(name, *(f"{difference:.1e}" for difference in apart))
    return table


if __name__ == "__main__":
    sys.exit(run_command("nn_scratch.gradients", main))
