"""The training benchmark's task in other libraries, each in the way that its own documentation teaches.

A library is compared at its best: images are converted and functions compiled before the clock starts.
"""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
from task import DECAY, SIZES, Competitor, Predict, Task, initial_parameters

from nn_scratch.arrays import Array


def sklearn(task: Task) -> Iterator[Predict]:
    """scikit-learn's MLPClassifier: Adam at its own constant learning rate, because it has no schedule for Adam."""
    from sklearn.neural_network import MLPClassifier

    x, y = task.x, task.training.labels
    model = MLPClassifier(SIZES[1:-1], batch_size=task.batch, max_iter=1, random_state=0, warm_start=True)

    def epochs() -> Iterator[Predict]:
        for _ in range(task.epochs):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # it warns that it has not converged
                model.partial_fit(x, y, classes=np.arange(10))
            yield model.predict

    return epochs()


def torch_model() -> Any:
    """784-50-25-10 in PyTorch."""
    import torch

    layers: list[Any] = []
    for inputs, outputs in itertools.pairwise(SIZES):
        layers += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


def pytorch(compiled: bool) -> Competitor:
    """PyTorch, eager or with loss and gradient by torch.compile; the optimizer in its fused version."""

    def competitor(task: Task) -> Iterator[Predict]:
        import torch

        torch.set_num_threads(task.threads)
        torch.manual_seed(0)
        x, y, model = torch.tensor(task.x), torch.tensor(task.training.labels), torch_model()
        optimizer = torch.optim.AdamW(model.parameters(), weight_decay=DECAY, fused=True)

        def loss_of(images: Any, labels: Any) -> Any:
            return torch.nn.functional.cross_entropy(model(images), labels)

        loss = torch.compile(loss_of) if compiled else loss_of
        if compiled:
            for count in {task.batch, len(x) % task.batch or task.batch}:  # both lengths that batches have
                loss(x[:count], y[:count]).backward()

        def predict(images: Array) -> Any:
            with torch.no_grad():
                return model(torch.tensor(images)).argmax(1).numpy()

        def epochs() -> Iterator[Predict]:
            rates = iter(task.rates)
            for _ in range(task.epochs):
                for rows in torch.randperm(len(x)).split(task.batch):
                    optimizer.param_groups[0]["lr"] = next(rates)
                    optimizer.zero_grad()
                    loss(x[rows], y[rows]).backward()
                    optimizer.step()
                yield predict

        return epochs()

    return competitor


def jax_step(jax: Any) -> Any:
    """Two functions: one step of AdamW, ((parameters, m, v, t), images, labels, rate) -> the next; and the logits."""
    np = jax.numpy

    def logits(parameters: Any, x: Any) -> Any:
        for W, b in zip(parameters[:-2:2], parameters[1:-2:2], strict=True):
            x = jax.nn.relu(x @ W + b)
        return x @ parameters[-2] + parameters[-1]

    def loss(parameters: Any, x: Any, y: Any) -> Any:
        return -np.take_along_axis(jax.nn.log_softmax(logits(parameters, x)), y[:, None], 1).mean()

    def step(state: Any, x: Any, y: Any, rate: Any) -> Any:
        parameters, m, v, t = state
        g, t = jax.grad(loss)(parameters, x, y), t + 1
        m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, g)
        v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, g)
        scale, root = rate / (1 - 0.9**t), 1 / np.sqrt(1 - 0.999**t)
        moved = jax.tree.map(
            lambda p, m, v: p * (1 - rate * DECAY) - scale * m / (np.sqrt(v) * root + 1e-8), parameters, m, v
        )
        return moved, m, v, t

    return step, logits


def jax_start(jax: Any) -> Any:
    """The state from which AdamW starts."""
    parameters = [jax.numpy.asarray(array) for array in initial_parameters(np.random.default_rng(0))]
    zeros = [jax.numpy.zeros_like(p) for p in parameters]
    return parameters, zeros, [z.copy() for z in zeros], 0.0


def jax_predict(logits: Any, parameters: Any, images: Array) -> Any:
    """The class numbers (N,) of images (N, 784)."""
    return np.asarray(logits(parameters, images).argmax(1))


def jax_by_step(task: Task) -> Iterator[Predict]:
    """JAX with one compiled function per step."""
    import jax

    x, y, rng = jax.numpy.asarray(task.x), jax.numpy.asarray(task.training.labels), np.random.default_rng(0)
    one, logits = jax_step(jax)
    step = jax.jit(lambda state, rows, rate: one(state, x[rows], y[rows], rate), donate_argnums=0)
    for rows in {len(rows): rows for rows in task.batches(rng)}.values():
        step(jax_start(jax), rows, 0.0)

    def epochs() -> Iterator[Predict]:
        state, rates = jax_start(jax), iter(task.rates)
        for _ in range(task.epochs):
            for rows in task.batches(rng):
                state = step(state, rows, next(rates))
            jax.block_until_ready(state)
            yield partial(jax_predict, logits, state[0])

    return epochs()


def jax_by_epoch(task: Task) -> Iterator[Predict]:
    """JAX with one compiled function per epoch, a loop over batches of equal length: the last, short one is dropped."""
    import jax

    x, y, rng = jax.numpy.asarray(task.x), jax.numpy.asarray(task.training.labels), np.random.default_rng(0)
    one, logits = jax_step(jax)
    full = len(x) // task.batch

    def whole(state: Any, rows: Any, rates: Any) -> Any:
        return jax.lax.scan(lambda s, each: (one(s, x[each[0]], y[each[0]], each[1]), None), state, (rows, rates))[0]

    def order() -> Any:
        return rng.permutation(len(x))[: full * task.batch].reshape(full, task.batch)

    run = jax.jit(whole, donate_argnums=0)
    run(jax_start(jax), order(), np.zeros(full, np.float32))

    def epochs() -> Iterator[Predict]:
        state, rates = jax_start(jax), np.array(task.rates, np.float32).reshape(task.epochs, -1)
        for epoch in range(task.epochs):
            state = jax.block_until_ready(run(state, order(), rates[epoch, :full]))
            yield partial(jax_predict, logits, state[0])

    return epochs()


def keras(task: Task) -> Iterator[Predict]:
    """Keras on TensorFlow, compiled by its own choice; the learning rate is set after each epoch."""
    import keras
    import tensorflow

    if not tensorflow.config.threading.get_intra_op_parallelism_threads():
        tensorflow.config.threading.set_intra_op_parallelism_threads(task.threads)
        tensorflow.config.threading.set_inter_op_parallelism_threads(task.threads)
    x, y = task.x, task.training.labels
    layers = [keras.layers.Dense(units, "relu", kernel_initializer="he_normal") for units in SIZES[1:-1]]
    model = keras.Sequential([keras.layers.Input((784,)), *layers, keras.layers.Dense(10)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.AdamW(weight_decay=DECAY), loss)
    start = model.get_weights()
    model.optimizer.learning_rate = 0.0
    model.fit(x[: 2 * task.batch], y[: 2 * task.batch], batch_size=task.batch, verbose=0)  # builds the graph
    model.set_weights(start)
    model.optimizer.iterations.assign(0)

    def epochs() -> Iterator[Predict]:
        for epoch in range(task.epochs):
            model.optimizer.learning_rate = task.rates[epoch * task.steps + task.steps // 2]
            model.fit(x, y, batch_size=task.batch, verbose=0)
            yield lambda images: model.predict(images, 1024, verbose=0).argmax(1)

    return epochs()


RIVALS: dict[str, Competitor] = {
    "scikit-learn": sklearn,
    "PyTorch eager": pytorch(compiled=False),
    "PyTorch compiled": pytorch(compiled=True),
    "JAX by step": jax_by_step,
    "JAX by epoch": jax_by_epoch,
    "Keras on TensorFlow": keras,
}
