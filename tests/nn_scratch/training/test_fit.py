"""Training: it learns, it shows every example, and it does the same thing twice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nn_scratch import UserError, save
from nn_scratch.data.augment import Augmenter, Wobble
from nn_scratch.dataset import Dataset
from nn_scratch.layers import BatchNorm, Conv2D, Dense, Dropout, Flatten, Layer, ReLU
from nn_scratch.metrics import evaluate
from nn_scratch.network import DIGITS, Network, mlp
from nn_scratch.optimizers import OPTIMIZERS
from nn_scratch.schedules import SCHEDULES, constant, stairs
from nn_scratch.training import checkpoint
from nn_scratch.training.config import TrainConfig
from nn_scratch.training.fit import adjust_gradients, fit, optimizer_for


def trained(data: tuple[Dataset, Dataset], config: TrainConfig, seed: int = 0) -> Network:
    rng = np.random.default_rng(seed)
    network = mlp().initialize(rng)
    for _ in fit(network, *data, config, rng):
        pass
    return network


@pytest.mark.parametrize(
    "config",
    [
        TrainConfig(epochs=30, batch_size=32, learning_rate=0.004),
        TrainConfig(epochs=30, batch_size=32, optimizer="sgd", learning_rate=0.05, weight_decay=0),
    ],
)
def test_it_learns_real_digits(small_digits: tuple[Dataset, Dataset], config: TrainConfig) -> None:
    assert evaluate(trained(small_digits, config), small_digits[1]).accuracy >= 0.95


def test_the_same_seed_gives_the_same_bytes(small_digits: tuple[Dataset, Dataset], tmp_path: Path) -> None:
    for augment in (False, True):
        config = TrainConfig(epochs=2, learning_rate=0.004, augment=augment)
        for name, seed in (("a", 0), ("b", 0), ("c", 1)):
            save(trained(small_digits, config, seed), tmp_path / name)
        first, second, other = ((tmp_path / name).read_bytes() for name in "abc")
        assert first == second
        assert first != other


def test_every_example_is_seen_once_an_epoch_in_a_new_order() -> None:
    """70 examples in batches of 32: the batch of 6 that is left counts, and each epoch is shuffled anew."""
    images = np.zeros((70, 28, 28), np.uint8)
    images[np.arange(70), 0, 0] = np.arange(70) + 1
    data = Dataset(images, np.zeros(70, np.int64), DIGITS)
    network = mlp((4,)).initialize(np.random.default_rng(0))
    forward, seen = network.forward, []
    batches: list[int] = []

    def watch(x: np.ndarray, training: bool = False) -> np.ndarray:
        if training:
            seen.extend(np.rint(x[:, 0] * 255).astype(int).tolist())
        return forward(x, training)

    network.forward = watch  # type: ignore[method-assign]
    rng = np.random.default_rng(0)
    reports = list(fit(network, data, data, TrainConfig(epochs=2, batch_size=32), rng, progress=batches.append))
    assert batches == [32, 32, 6] * 2
    assert sorted(seen[:70]) == sorted(seen[70:]) == list(range(1, 71))
    assert seen[:70] != seen[70:]
    assert [report.epoch for report in reports] == [1, 2]


def test_a_report_tells_the_result_of_an_epoch(small_digits: tuple[Dataset, Dataset]) -> None:
    network = mlp().initialize(np.random.default_rng(0))
    reports = list(fit(network, *small_digits, TrainConfig(epochs=5), np.random.default_rng(0)))
    assert reports[-1].train_loss < reports[0].train_loss
    score = evaluate(network, small_digits[1])
    assert (reports[-1].validation_loss, reports[-1].validation_accuracy) == (score.loss, score.accuracy)
    assert reports[0].images_per_second == pytest.approx(len(small_digits[0]) / reports[0].seconds)


@pytest.mark.slow
def test_mnist_in_ten_epochs(mnist_data: tuple[Dataset, Dataset]) -> None:
    training, test = mnist_data
    rng = np.random.default_rng(0)
    training, validation = training.split(5000, rng)
    network = mlp().initialize(rng)
    for _ in fit(network, training, validation, TrainConfig(), rng):
        pass
    assert evaluate(network, test).accuracy >= 0.975


def test_a_split_parts_the_set(rng: np.random.Generator) -> None:
    data = Dataset(np.zeros((10, 28, 28), np.uint8), np.arange(10), DIGITS)
    rest, drawn = data.split(3, rng)
    assert len(drawn) == 3
    assert sorted([*rest.labels, *drawn.labels]) == list(range(10))


@pytest.mark.parametrize("name", sorted(SCHEDULES))
def test_schedules_stay_between_nothing_and_the_whole_rate(name: str) -> None:
    rates = [SCHEDULES[name](t) for t in np.linspace(0, 1, 1000)]
    assert 0 <= min(rates) <= max(rates) <= 1
    assert max(rates) == pytest.approx(1, abs=1e-4)
    assert rates[-1] <= 0.1 or SCHEDULES[name] is constant
    if name in ("cosine", "one-cycle"):
        assert rates[-1] == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("learning_rate", -0.1, "learning_rate is -0.1, but it must be a number above 0"),
        ("learning_rate", float("nan"), "learning_rate is nan"),
        ("learning_rate", None, "learning_rate is None"),
        ("epochs", 0, "epochs is 0, but it must be a whole number from 1"),
        ("epochs", 1.5, "epochs is 1.5"),
        ("batch_size", -128, "batch_size is -128"),
        ("weight_decay", -0.1, "weight_decay is -0.1"),
        ("label_smoothing", 1.0, "label_smoothing is 1.0"),
        ("clip_norm", 0.0, "clip_norm is 0.0"),
        ("l2", float("inf"), "l2 is inf"),
        ("views", 0, "views is 0"),
        ("temperature", 1e-300, "temperature is 1e-300, but it must be a number from 0.01 to 100"),
        ("optimizer", "rmsprop", "no optimizer 'rmsprop'; choose one of sgd, nesterov, adam, adamw"),
        ("schedule", "linear", "no schedule 'linear'; choose one of constant, step"),
    ],
)
def test_a_configuration_without_meaning_is_refused(name: str, value: object, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        replace(TrainConfig(), **{name: value})  # type: ignore[arg-type]


def test_stairs_that_lead_nowhere_are_refused() -> None:
    with pytest.raises(ValueError, match="factor is -"):
        stairs((0.5,), -0.5)


def test_steps_drop_where_they_say() -> None:
    assert [SCHEDULES["step"](t) for t in (0, 0.19, 0.2, 0.79, 0.8)] == [1, 1, 0.5, 0.125, 0.0625]
    assert [SCHEDULES["multi-step"](t) for t in (0.49, 0.5, 0.75)] == pytest.approx([1, 0.1, 0.01])


def everything(dropped: bool) -> Network:
    """A network with state and, if `dropped`, with random decisions of its own."""
    layers: list[Layer] = [Conv2D(2, 5, stride=3), BatchNorm(), ReLU(), Flatten(), Dropout(0.2 if dropped else 0)]
    return Network([*layers, Dense(10)], (28, 28, 1), DIGITS)


@pytest.mark.parametrize("optimizer", sorted(OPTIMIZERS))
@pytest.mark.parametrize("augment", [False, True])
def test_a_resumed_training_is_the_same_bit_by_bit(
    optimizer: str, augment: bool, small_digits: tuple[Dataset, Dataset], tmp_path: Path
) -> None:
    config = TrainConfig(3, 100, optimizer, 0.004, 0.01, augment=augment)
    data = small_digits[0].take(np.arange(250)), small_digits[1]
    path = tmp_path / "checkpoint.npz"
    network, rng = everything(dropped=True), np.random.default_rng(3)
    network.initialize(rng)
    steps = optimizer_for(network, config)
    for report in fit(network, *data, config, rng, optimizer=steps):
        if report.epoch == 1:
            checkpoint.save(path, network, steps, rng, {"epoch": 1, "best": network.parameters})

    again, other_rng = everything(dropped=True), np.random.default_rng(99)
    other_steps = optimizer_for(again, config)
    arrays, words = checkpoint.restore(path, again, other_steps, other_rng)
    assert words["epoch"] == 1
    assert (arrays["best"] == again.parameters).all()
    assert [r.epoch for r in fit(again, *data, config, other_rng, optimizer=other_steps, epochs_done=1)] == [2, 3]
    assert again.parameters.tobytes() == network.parameters.tobytes()
    assert again.state.tobytes() == network.state.tobytes()


def test_a_checkpoint_that_does_not_fit_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.npz"
    rng = np.random.default_rng(0)
    network, small = mlp(), mlp((3,))
    steps = optimizer_for(small, TrainConfig())
    checkpoint.save(path, network, optimizer_for(network, TrainConfig()), rng, {})
    before = small.parameters.copy(), rng.bit_generator.state
    with pytest.raises(UserError, match="another network"):
        checkpoint.restore(path, small, steps, rng)
    contents = [b"", b"PK\x03\x04", path.read_bytes()[:-50]]
    for content in contents:
        path.write_bytes(content)
        with pytest.raises(UserError, match=str(path)):
            checkpoint.restore(path, small, steps, rng)
    np.savez(path, words=np.frombuffer(b'{"steps": 1, "rng": 2}', np.uint8))
    with pytest.raises(UserError, match="not a checkpoint"):
        checkpoint.restore(path, small, steps, rng)
    np.savez(path, words=np.array([{}], dtype=object))
    with pytest.raises(UserError, match=r"not an \.npz file of plain arrays"):
        checkpoint.restore(path, small, steps, rng)
    assert (small.parameters == before[0]).all()
    assert rng.bit_generator.state == before[1]


def test_images_in_channels_train_and_smoothing_and_clipping_bound(small_digits: tuple[Dataset, Dataset]) -> None:
    network = everything(dropped=False).initialize(np.random.default_rng(0))
    config = TrainConfig(6, 50, learning_rate=0.01, weight_decay=0, label_smoothing=0.1, clip_norm=0.5, l2=1e-4)
    for _ in fit(network, *small_digits, config, np.random.default_rng(0)):
        assert np.linalg.norm(network.gradients) <= 0.5001
    assert evaluate(network, small_digits[1]).accuracy > 0.9


def test_the_penalty_and_the_decay_count_all_parameters(small_digits: tuple[Dataset, Dataset]) -> None:
    """With gradients of 0, one step of plain descent shows what is added: the decay and the penalty, of biases too."""
    network = mlp((5,)).initialize(np.random.default_rng(0))
    network.parameters += 1  # biases off zero
    before = network.parameters.copy()
    config = TrainConfig(1, optimizer="sgd", learning_rate=0.1, weight_decay=0.2, l2=0.3)
    network.gradients[...] = 0
    optimizer = optimizer_for(network, config)
    adjust_gradients(optimizer, config)
    optimizer.step(config.learning_rate)
    np.testing.assert_allclose(network.parameters, before * (1 - 0.1 * 0.2) - 0.1 * 0.3 * before, rtol=1e-5)


def test_what_does_not_fit_together_is_refused_before_the_first_step(small_digits: tuple[Dataset, Dataset]) -> None:
    training, test = small_digits
    rng = np.random.default_rng(0)
    network = mlp((5,)).initialize(rng)
    letters = replace(training, classes=tuple("abcdefghij"))
    small = replace(training, images=training.images[:, :14])
    for data in ((letters, test), (training, letters), (small, test), (training, test.take(np.arange(0)))):
        before = network.parameters.copy()
        with pytest.raises(ValueError, match=r"classes|knows|reads inputs of shape \(784,\)|no examples"):
            next(fit(network, *data, TrainConfig(), rng))
        assert (network.parameters == before).all()
    with pytest.raises(ValueError, match="knows a b c"):
        next(fit(network, *small_digits, TrainConfig(), rng, teachers=[mlp((5,), "abc")]))


STILL = Wobble(shift=0, rotation=0, scale=0, shear=0, taper=0, bow=0, stretch=0)


def blot(rng: np.random.Generator) -> np.ndarray:
    """Three smooth random images with an empty margin."""
    rough = rng.uniform(0, 255, (3, 5, 5)).repeat(4, axis=1).repeat(4, axis=2)  # (3, 20, 20)
    return np.pad(rough, ((0, 0), (4, 4), (4, 4))).astype(np.uint8)


def test_augmentation_of_nothing_changes_nothing_much(rng: np.random.Generator) -> None:
    images = blot(rng)
    same = Augmenter(images, STILL, rng)(np.array([2, 0, 1])).reshape(3, 28, 28)
    change = np.abs(same.astype(float) - images[[2, 0, 1]])
    assert np.median(change) == 0
    assert change.mean() < 12  # only the blots' steep edges, by interpolation


def test_augmentation_moves_a_dot_as_far_as_it_says(rng: np.random.Generator) -> None:
    images = np.zeros((1, 28, 28), np.uint8)
    images[0, 13:15, 13:15] = 255
    moved = Augmenter(images, replace(STILL, shift=2.0), rng)(np.zeros(6400, np.int64)).reshape(-1, 28, 28)
    centres = (moved.sum(axis=1) @ np.arange(28)) / moved.sum(axis=(1, 2)) - 13.5  # (6400,) columns off the middle
    assert centres.min() == pytest.approx(-2, abs=0.3)
    assert centres.max() == pytest.approx(2, abs=0.3)
    assert abs(centres.mean()) < 0.2


def test_augmentation_is_seeded_and_differs_from_call_to_call(rng: np.random.Generator) -> None:
    images = blot(rng)
    rows = np.array([0, 1, 2])
    first, again = (Augmenter(images, Wobble(), np.random.default_rng(5)) for _ in range(2))
    one = first(rows)
    assert (one == again(rows)).all()
    assert (one != first(rows)).any()
