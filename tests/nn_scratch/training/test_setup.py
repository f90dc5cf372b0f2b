"""What a training starts from: arguments that cannot work get one sentence, before anything large is done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from nn_scratch.training.config import TrainConfig
from nn_scratch.training.setup import Setup, setup_for

from nn_scratch import UserError, checks, mlp, save, train
from nn_scratch.data.registry import DATA_SETS
from nn_scratch.dataset import Dataset
from nn_scratch.runs import Run

Sentence = Callable[[str], str]


@pytest.fixture(autouse=True)
def folder(small_digits: tuple[Dataset, Dataset], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of its own, in which mnist is a few small digits and others.npz has colour images of other sizes."""
    training, test = small_digits
    monkeypatch.setitem(DATA_SETS, "mnist", lambda: (training.take(np.arange(300)), test.take(np.arange(50))))
    monkeypatch.chdir(tmp_path)
    labels = np.arange(40) % 10
    np.savez("others.npz", images=np.zeros((40, 8, 9, 3), np.uint8), labels=labels)
    np.savez("few.npz", images=np.ones((10, 8, 8), np.uint8), labels=labels[:10])
    save(mlp((4,), inputs=64), "small.npy")
    save(mlp((4,), "abc"), "letters.npy")
    save(mlp((4,)), "teacher.npy")


@pytest.fixture
def sentence(tmp_path: Path) -> Sentence:
    """What nn_scratch.train says to options that it refuses; it has written nothing then."""

    def say(options: str) -> str:
        Path("models").mkdir(exist_ok=True)  # the folder of the default --out, made when it is checked
        before = sorted(tmp_path.rglob("*"))
        with pytest.raises(UserError) as caught:
            train.main(options.split())
        assert sorted(tmp_path.rglob("*")) == before
        assert "\n" not in str(caught.value)
        assert caught.value.exit_status == 2
        return str(caught.value)

    return say


def setup_of(options: str) -> Setup:
    args, _ = train.parse(options.split())
    return setup_for(args)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("--data mnist others.npz", "images of different sizes: mnist (28 x 28) and others.npz (8 x 9 x 3)"),
        ("--data others.npz ./others.npz", "named twice"),
        ("--data few.npz", "No example is left for validation: one of 12"),
        ("--data others.npz --augment", "--augment is for square grey images"),
        ("--data few.npz --preset lenet", "No example is left"),
        ("--data others.npz --preset lenet", "The preset lenet does not suit others.npz: Layer conv_2 does not fit"),
        ("--data others.npz --accept digit=0.9", "--accept needs one of two classes"),
        ("--teacher small.npy", "small.npy reads images of 64 numbers, but the data has 28x28"),
        ("--teacher letters.npy", "letters.npy knows a b c, but the data shows 0 1 2"),
        ("--weights 0", "at least one above 0"),
        ("--weights 1e30", "would show 3e+32 examples, and at most 100,000,000"),
        ("--weights 1e300", "would show 3e+302 examples"),
        ("--weights 1e-30", "would show 3e-28 examples, and at least 50 are needed"),
        ("--hidden 100000000", "GB of memory"),
        ("--hidden 9" + "0" * 400, "GB of memory"),
        (f"--out {'x' * 300}.npy", "Cannot write"),
        ("--views 3", "add --teacher"),
        ("--momentum 0.5", "The optimizer adam has no momentum"),
        ("--augment --flip", "cropped and flipped; choose one"),
        ("--class-weights 1 2", "takes balanced, or 10 numbers"),
        ("--class-weights balanced --teacher teacher.npy", "--class-weights are for learning from labels"),
        ("--loss binary --teacher teacher.npy", "--loss binary is for learning from labels"),
        ("--teacher small.npy --true-frequencies", "learning from labels"),
    ],
)
def test_arguments_that_cannot_work_are_one_sentence(options: str, expected: str, sentence: Sentence) -> None:
    assert expected in sentence(options)


def test_what_does_not_fit_into_memory_is_told_before_training(
    sentence: Sentence, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "bytes_installed", lambda: 10**7)  # 10 MB
    assert "choose a smaller one" in sentence("--hidden 1000")  # 26 MB with the optimizer
    assert "smaller --batch-size" in sentence("--batch-size 10000 --preset convnet")
    assert "fewer --views" in sentence("--teacher teacher.npy --views 1000")
    setup_of("--hidden 5 --batch-size 10")


def test_more_examples_in_a_batch_than_there_are_is_one_batch(tmp_path: Path) -> None:
    assert train.main(["--epochs", "1", "--hidden", "5", "--batch-size", "1000000000000", "--out", "mine.npy"]) == 0


def test_options_become_the_configuration() -> None:
    adam, descent = setup_of("--epochs 2").config, setup_of("--optimizer sgd").config
    assert adam == TrainConfig(epochs=2)
    assert (descent.learning_rate, descent.weight_decay) == (0.1, 0.001)
    config = setup_of("--optimizer nesterov --learning-rate 0.5 --weight-decay 0.2 --l2 0.1 --clip-norm 3").config
    assert config == TrainConfig(optimizer="nesterov", learning_rate=0.5, weight_decay=0.2, l2=0.1, clip_norm=3.0)


def test_options_of_optimizer_loss_and_images_become_the_configuration() -> None:
    config = setup_of("--betas 0.8 0.9 --epsilon 1e-4 --loss quadratic --crop 2 --flip").config
    assert config == TrainConfig(betas=(0.8, 0.9), epsilon=1e-4, loss="quadratic", crop=2, flip=True)
    assert setup_of("--optimizer sgd --momentum 0").config.momentum == 0
    weights = setup_of("--class-weights balanced").config.class_weights
    assert weights is not None
    assert np.mean(weights) == pytest.approx(1, abs=0.1)
    assert setup_of("--class-weights" + " 2" * 10).config.class_weights == (2.0,) * 10


def test_a_network_is_standardized_by_its_training_images(tmp_path: Path) -> None:
    setup = setup_of("--standardize --deslant --hidden 5")
    kinds = [layer.kind for layer in setup.network.layers]
    assert kinds == ["deslant", "standardize", "flatten", "dense", "relu", "dense"]
    images = setup.data.training.images / 255
    assert setup.network.state.tolist() == pytest.approx([images.mean(), images.std()], rel=1e-4)
    assert setup.network.metadata["standardize"] is True
    colours = setup_of("--data others.npz --standardize --preset convnet").network
    assert colours.state.tolist() == [0, 0, 0, 1, 1, 1]  # all images are blank
    assert "standardize" not in setup_of("").network.metadata


def test_the_learning_rate_is_looked_for_and_nothing_is_saved(capsys: pytest.CaptureFixture[str]) -> None:
    assert train.main(["--find-learning-rate", "--hidden", "5"]) == 0
    assert "the loss is least: --learning-rate 0." in capsys.readouterr().out
    assert not Path("runs").exists()
    assert not list(Path("models").iterdir())


def test_views_and_weights_count_for_the_progress() -> None:
    distilled = setup_of("--teacher teacher.npy --views 3 --weights 2")
    assert distilled.views_to_cache == 3 * 275
    assert distilled.examples_per_epoch == 2 * 275
    assert len(distilled.data.validation) == 25
    assert setup_of("").views_to_cache == 0


def test_a_finished_run_has_a_best_epoch_to_restore() -> None:
    with pytest.raises(ValueError, match="No epoch has ended"):
        Run(Path("run"), []).restore_best(mlp())
