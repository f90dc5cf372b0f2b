"""How fast a trained network answers: one image, and 10,000, beside other libraries with the same numbers.

    python benchmarks/inference.py

All compute the probabilities of 784-50-25-10, on one thread, from the same parameters, and must agree before anything
is timed. nn_scratch reads images of bytes, and its conversion is timed; the others get floats. They take turns. The
table has medians and, for 10,000 images, the ratio to the matrix products alone. A library that is not installed is
left out.
"""

from __future__ import annotations

import os

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table
from rivals import torch_model
from task import SIZES

from nn_scratch.arrays import Array, Images
from nn_scratch.export.onnx_file import DIGIT, INPUT, model_of
from nn_scratch.layers import Dense
from nn_scratch.network import Network, mlp

COUNTS = {1: 200, 10_000: 3}  # images, and how often they are timed in each round
ROUNDS = 11
FLOOR, OURS = "matrix products alone", "nn_scratch"

Predict = Callable[[Any], Any]  # images (N, 784), floats from 0 to 1 -> probabilities (N, 10)


def pytorch(network: Network) -> Predict:
    """PyTorch in its mode for inference."""
    import torch

    torch.set_num_threads(1)
    model = torch_model()
    with torch.no_grad():
        for theirs, ours in zip(model[::2], network.layers[::2], strict=True):
            assert isinstance(ours, Dense)
            theirs.weight.copy_(torch.tensor(ours.W.T.copy()))
            theirs.bias.copy_(torch.tensor(ours.b))

    def predict(x: Array) -> Any:
        with torch.inference_mode():
            return torch.softmax(model(torch.from_numpy(x)), 1).numpy()

    return predict


def onnx_runtime(network: Network) -> Predict:
    """ONNX Runtime with the model that nn_scratch exports."""
    import onnx
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model_of(network, onnx).SerializeToString(), options)
    return lambda x: session.run(None, {INPUT: x.reshape(-1, *DIGIT)})[0]


def sklearn(network: Network) -> Predict:
    """scikit-learn's MLPClassifier with our parameters in place of those that it learned."""
    from sklearn.neural_network import MLPClassifier

    model = MLPClassifier(SIZES[1:-1], batch_size=10)
    model.partial_fit(np.zeros((10, SIZES[0]), np.float32), np.arange(10), classes=np.arange(10))
    layers = [layer for layer in network.layers if isinstance(layer, Dense)]
    model.coefs_, model.intercepts_ = [layer.W for layer in layers], [layer.b for layer in layers]
    return lambda x: model.predict_proba(x)


def matmul_floor(network: Network) -> Predict:
    """Only the matrix products."""
    weights = [layer.W for layer in network.layers if isinstance(layer, Dense)]

    def predict(x: Array) -> Any:
        for W in weights:
            x = x @ W
        return x

    return predict


def contestants(network: Network) -> dict[str, Predict]:
    """Everything that is installed, with the parameters of `network`."""
    found: dict[str, Predict] = {FLOOR: matmul_floor(network), OURS: network.predict_proba}
    rivals = {"PyTorch": pytorch, "ONNX Runtime": onnx_runtime, "scikit-learn": sklearn}
    for name, make in rivals.items():
        try:
            found[name] = make(network)
        except ImportError as error:
            Console().print(f"{name} is left out: {error}")
    return found


def medians(predictors: dict[str, Predict], images: Images, times: int) -> dict[str, float]:
    """The median seconds of each for `images`; AssertionError where the answers are not ours."""
    x = images.reshape(len(images), -1) / np.float32(255)
    expected = predictors[OURS](images)
    seconds: dict[str, list[float]] = {name: [] for name in predictors}
    for name, predict in predictors.items():
        assert name == FLOOR or np.abs(predict(x) - expected).max() < 1e-5, name
    for _ in range(ROUNDS):
        for name, predict in predictors.items():
            given = images if name == OURS else x
            predict(given)  # so that the caches are its own
            for _ in range(times):
                start = time.perf_counter()
                predict(given)
                seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(each) for name, each in seconds.items()}


def main() -> None:
    """Compare, time and print."""
    rng = np.random.default_rng(0)
    predictors = contestants(mlp().initialize(rng))
    images = rng.integers(0, 256, (10_000, *DIGIT), dtype=np.uint8)
    results = [medians(predictors, images[:count], times) for count, times in COUNTS.items()]
    table = Table("", *(f"{count:,} images: µs" for count in COUNTS), "x floor", box=None)
    for name in predictors:
        one, many = (result[name] * 1e6 for result in results)
        table.add_row(name, f"{one:,.1f}", f"{many:,.0f}", f"{results[1][name] / results[1][FLOOR]:.2f}")
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
