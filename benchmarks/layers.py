"""How fast the image layers are: forward and backward at batch 128 on one thread, beside loops and PyTorch.

    python benchmarks/layers.py

Convolution and pooling take most of the time of training a convnet, and how they are written makes them fast or slow
in NumPy. Timed are the second convolution of the `convnet` preset (14x14x16 to 14x14x32 by 3x3), its first pooling
(28x28x16 by 2x2), and the presets `convnet` and `convnet-deep` as a whole. Before anything is timed, all must give the
same numbers. The table gives medians and their ratio to nn_scratch's. PyTorch is left out where it is not installed.
"""

from __future__ import annotations

import os

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import loops
import numpy as np
from rich.console import Console
from rich.table import Table

from nn_scratch.arrays import Array, Labels
from nn_scratch.convolution import Conv2D, MaxPool2D
from nn_scratch.export import state_dict
from nn_scratch.layers import Dense, Dropout, Flatten
from nn_scratch.losses import SoftmaxCrossEntropy
from nn_scratch.network import DIGITS, Network
from nn_scratch.zoo.presets import preset

BATCH = 128
ROUNDS = 31
SLOW = 0.5  # seconds; work that takes longer is timed only once

Work = Callable[[], Sequence[Array]]  # forward and backward; returns all results so that they can be compared


def convolution(rng: np.random.Generator) -> dict[str, Work]:
    """Every implementation of the convolution, with the same numbers for all."""
    x = rng.standard_normal((BATCH, 14, 14, 16), dtype=np.float32)
    dz = rng.standard_normal((BATCH, 14, 14, 32), dtype=np.float32)
    W, b = rng.standard_normal((3, 3, 16, 32), dtype=np.float32), rng.standard_normal(32, dtype=np.float32)
    layer = Conv2D(32, 3, padding=1)
    layer.build((14, 14, 16))
    dW, db = np.empty((144, 32), np.float32), np.empty(32, np.float32)
    layer.bind({"W": W.reshape(144, 32), "b": b}, {"W": dW, "b": db})

    def ours() -> Sequence[Array]:
        z = layer.forward(x, training=True)
        return z, layer.backward(dz), dW.reshape(W.shape), db

    def looped(convolve: Callable[[Array, Array, Array, Array], loops.Gradients]) -> Work:
        def run() -> Sequence[Array]:
            z, dx, dW, db = convolve(np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0))), W, b, dz)
            return z, dx[:, 1:-1, 1:-1], dW, db

        return run

    return {
        "nn_scratch": ours,
        "four loops": looped(loops.conv_four_loops),
        "three loops": looped(loops.conv_three_loops),
        "two loops": looped(loops.conv_two_loops),
        "im2col, np.add.at": looped(loops.conv_im2col),
        **pytorch(lambda torch, x, W, b: torch.nn.functional.conv2d(x, W, b, padding=1), dz, x, W, b),
    }


def pooling(rng: np.random.Generator) -> dict[str, Work]:
    """Every implementation of max pooling."""
    x = np.maximum(rng.standard_normal((BATCH, 28, 28, 16), dtype=np.float32), 0)  # as a ReLU leaves it
    dy = rng.standard_normal((BATCH, 14, 14, 16), dtype=np.float32)
    layer = MaxPool2D(2)
    layer.build((28, 28, 16))
    return {
        "nn_scratch": lambda: (layer.forward(x, training=True), layer.backward(dy)),
        "four loops": lambda: loops.pool_four_loops(x, dy),
        "two loops": lambda: loops.pool_two_loops(x, dy),
        **pytorch(lambda torch, x: torch.nn.functional.max_pool2d(x, 2), dy, x),
    }


def pytorch(forward: Callable[..., Any], dy: Array, *inputs: Array) -> dict[str, Work]:
    """PyTorch's `forward` of `inputs` and its backward from `dy`, with the axes in its own order."""
    try:
        import torch
    except ImportError:
        return {}
    torch.set_num_threads(1)
    orders = {4: (0, 3, 1, 2), 1: (0,)}
    kernel = inputs[1].transpose(3, 2, 0, 1) if len(inputs) > 1 else None
    arrays = [array.transpose(orders[array.ndim]) if i != 1 else kernel for i, array in enumerate(inputs)]
    tensors = [torch.tensor(np.ascontiguousarray(array), requires_grad=True) for array in arrays]
    gradient = torch.tensor(np.ascontiguousarray(dy.transpose(0, 3, 1, 2)))

    def run() -> Sequence[Array]:
        y = forward(torch, *tensors)
        dx, *others = torch.autograd.grad(y, tensors, gradient)
        back = [np.moveaxis(tensor.detach().numpy(), 1, -1) for tensor in (y, dx)]
        return [*back, *(g.numpy().transpose(2, 3, 1, 0) if g.ndim == 4 else g.numpy() for g in others)]

    return {"PyTorch": run}


def network(name: str, rng: np.random.Generator) -> dict[str, Work]:
    """Forward, loss and backward of the whole preset, from the same parameters; nothing is dropped, to be the same."""
    layers = [layer.fresh() for layer in preset(name).layers if not isinstance(layer, Dropout)]
    ours = Network(layers, (28, 28, 1), DIGITS).initialize(rng)
    x, labels = rng.random((BATCH, 28, 28, 1), dtype=np.float32), rng.integers(0, 10, BATCH)
    loss = SoftmaxCrossEntropy()

    def run() -> Sequence[Array]:
        value, dz = loss.value_and_gradient(ours.forward(x, training=True), labels)
        ours.backward(dz)
        first = ours.layers[0]
        assert isinstance(first, Conv2D)
        return np.array(value), first.dW.reshape(3, 3, 1, first.channels)

    return {"nn_scratch": run, **pytorch_network(ours, x, labels)}


def pytorch_network(ours: Network, x: Array, labels: Labels) -> dict[str, Work]:
    """The same network in PyTorch, with the parameters of `ours`."""
    try:
        import torch
    except ImportError:
        return {}
    nn, modules = torch.nn, []
    for layer, before in zip(ours.layers, [ours.input_shape, *ours.shapes], strict=False):
        match layer:
            case Conv2D():
                modules.append(nn.Conv2d(before[2], layer.channels, layer.windows.size, padding=layer.windows.padding))
            case MaxPool2D():
                modules.append(nn.MaxPool2d(layer.windows.size))
            case Dense():
                modules.append(nn.Linear(layer.inputs, layer.outputs))
            case _:
                modules.append(nn.Flatten() if isinstance(layer, Flatten) else nn.ReLU())
    model = nn.Sequential(*modules)
    with torch.no_grad():
        for parameter, array in zip(model.parameters(), state_dict(ours).values(), strict=True):
            parameter.copy_(torch.tensor(array))
    images, numbers = torch.tensor(x.transpose(0, 3, 1, 2).copy()), torch.tensor(labels)

    def run() -> Sequence[Array]:
        model.zero_grad()
        value = nn.functional.cross_entropy(model(images), numbers)
        value.backward()
        return value.detach().numpy(), model[0].weight.grad.numpy().transpose(2, 3, 1, 0)

    return {"PyTorch": run}


def check(works: dict[str, Work]) -> None:
    """Raise AssertionError where the results of one differ from those of nn_scratch."""
    expected = [array.copy() for array in works["nn_scratch"]()]
    for name, work in works.items():
        for result, reference in zip(work(), expected, strict=True):
            assert np.abs(result - reference).max() <= 1e-4 * np.abs(reference).max(), name


def median_seconds(works: dict[str, Work]) -> dict[str, float]:
    """The median time of each. They take turns, so that other load on the machine slows all of them equally."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, work in works.items():
            if times[name] and times[name][0] > SLOW:
                continue
            start = time.perf_counter()
            work()
            times[name].append(time.perf_counter() - start)
    return {name: statistics.median(seconds) for name, seconds in times.items()}


def main() -> None:
    """Compare, time and print."""
    rng = np.random.default_rng(0)
    table = Table("forward and backward, batch 128", "milliseconds", "x nn_scratch", box=None)
    for title, make in (
        ("convolution", convolution),
        ("max pooling", pooling),
        ("convnet", partial(network, "convnet")),
        ("convnet-deep", partial(network, "convnet-deep")),
    ):
        works = make(rng)
        check(works)
        medians = median_seconds(works)
        for name, seconds in medians.items():
            ratio = seconds / medians["nn_scratch"]
            table.add_row(f"{title}: {name}", f"{seconds * 1000:,.2f}", f"{ratio:,.2f}")
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
