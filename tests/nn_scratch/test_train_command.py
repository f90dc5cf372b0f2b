"""The command that trains: what its options do, what the model file tells of it, and what it refuses in a sentence."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from rich.console import Console

from nn_scratch import Adam, EpochReport, Network, UserError, checks, evaluate, fit, load, mlp, preset, save, train
from nn_scratch.data.download import data_folder
from nn_scratch.data.folder import options_for
from nn_scratch.data.registry import DATA_SETS
from nn_scratch.data.variation import Crop
from nn_scratch.dataset import Dataset
from nn_scratch.optimizers import SGD
from nn_scratch.runs import Run, read_run
from nn_scratch.train import Setup, setup_for
from nn_scratch.training import shuffled
from nn_scratch.transfer.adapting import STEPS, adapt
from nn_scratch.zoo.presets import PRESET_SETTINGS, PRESETS, preset_settings
from tests.helpers import ROOT

Digits = tuple[Dataset, Dataset]


@pytest.fixture(scope="module")
def digits(small_digits: Digits) -> Network:
    """A network that reads small digits."""
    network = mlp((20,)).initialize(np.random.default_rng(0))
    fit(network, *small_digits, 0, epochs=8)
    return network


@pytest.fixture(autouse=True)
def folder(digits: Network, small_digits: Digits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own, in which mnist is small digits, digits.npy reads them, and other data has other kinds."""
    training, test = small_digits
    monkeypatch.setitem(DATA_SETS, "mnist", lambda: (training[:300], test))
    monkeypatch.chdir(tmp_path)
    sevens = training.images[training.labels == 7][:3]
    np.savez("mine.npz", images=sevens, labels=np.full(3, 3), classes=np.array(training.classes))
    np.savez("more.npz", images=test.images[:200], labels=test.labels[:200])
    np.savez("colours.npz", images=np.zeros((40, 8, 9, 3), np.uint8), labels=np.arange(40) % 10)
    np.savez("few.npz", images=np.full((10, 8, 8), 255, np.uint8), labels=np.arange(10))
    save(digits, "digits.npy")
    save(mlp((4,), "abc").initialize(np.random.default_rng(0)), "letters.npy")
    return tmp_path


def main(options: str) -> int:
    return train.main(options.split())


def setup_of(options: str) -> Setup:
    args, _ = train.parse(options.split())
    return setup_for(args)


def test_a_training_leaves_a_model_that_tells_how_it_was_made(small_digits: Digits) -> None:
    assert main("--epochs 6 --hidden 5 --learning-rate 0.1 --seed 3") == 0
    (folder,) = Path("runs").iterdir()
    model, run = load("models/mine.npy"), read_run(folder)
    assert (folder / "model.npy").read_bytes() == Path("models/mine.npy").read_bytes()
    assert model.metadata == {
        **{"data": ["mnist"], "weights": None, "network": "mlp", "deslant": False, "seed": 3},
        "recipe": {
            **{"epochs": 6, "batch_size": 128, "optimizer": "adam", "learning_rate": 0.1, "weight_decay": 0.1},
            **{"schedule": "one-cycle", "augment": False, "label_smoothing": 0.0, "clip_norm": None, "l2": 0.0},
            **{"views": None, "temperature": 2.0},
        },
        "scores": {"validation accuracy": run.best.validation_accuracy},
    }
    assert len(run.epochs) == 6
    _, validation = small_digits[0][:300].split(25, np.random.default_rng(3))
    assert evaluate(model, validation).accuracy == run.best.validation_accuracy
    assert [(test.data, test.accuracy) for test in run.tests] == [("mnist", evaluate(model, small_digits[1]).accuracy)]


def test_options_become_settings_and_are_told_as_they_were() -> None:
    adam, descent = Adam(), SGD(weight_decay=0.001)
    for options, optimizer in (
        ("", adam),
        ("--optimizer sgd", descent),
        ("--optimizer nesterov --learning-rate 0.5", SGD(0.5, nesterov=True)),
        ("--start-from digits.npy", Adam(0.002, weight_decay=0.0)),
        ("--start-from digits.npy --optimizer sgd", SGD(0.025, weight_decay=0.0)),
    ):
        setup = setup_of(options)
        recipe = setup.network.metadata["recipe"]
        assert setup.settings["optimizer"] == optimizer
        assert (recipe["learning_rate"], recipe["weight_decay"]) == (optimizer.learning_rate, optimizer.weight_decay)
    augmented = setup_of("--augment --batch-size 7 --epochs 2")
    assert augmented.settings["vary"] is not None
    assert augmented.network.metadata["recipe"].items() >= {"augment": True, "batch_size": 7, "epochs": 2}.items()
    upright = setup_of("--preset digits").network
    assert [layer.kind for layer in upright.layers[:3]] == ["deslant", "flatten", "dense"]
    assert upright.metadata["deslant"] is True
    mixed = setup_of("--data mnist more.npz=3")
    assert (mixed.network.metadata["data"], mixed.network.metadata["weights"]) == (["mnist", "more.npz"], [1.0, 3.0])
    assert set(mixed.training.shown()) == {1, 3}
    assert mixed.shown == 275 + 3 * (160 - 160 // 12)


def test_the_presets_of_other_projects_are_trained_as_there() -> None:
    """What is asked for comes first, and a rate means nothing for another optimizer."""
    assert set(PRESET_SETTINGS) <= set(PRESETS)
    assert preset_settings("mlp") == {}
    for name, settings in PRESET_SETTINGS.items():
        setup = setup_of(f"--preset {name}")
        assert setup.settings.items() >= (settings | {"schedule": "constant"}).items()
    basic = setup_of("--preset numpy-ml-basic").network
    assert [layer.kind for layer in basic.layers] == ["flatten", "dense", "sigmoid", "dense"]
    recipe = {"epochs": 10, "batch_size": 32, "optimizer": "sgd", "learning_rate": 0.1, "momentum": 0.0, "l2": 1e-5}
    assert basic.metadata["recipe"].items() >= recipe.items()
    asked = setup_of("--preset numpy-ml-basic --learning-rate 0.2 --epochs 3").settings
    assert (asked["epochs"], asked["optimizer"]) == (3, SGD(0.2, momentum=0.0, weight_decay=0.0, l2=1e-5))
    other = setup_of("--preset numpy-ml-basic --optimizer adam").settings
    assert (other["batch_size"], other["optimizer"]) == (32, Adam())


@pytest.mark.slow
def test_the_figure_of_the_project_is_reached(mnist_data: Digits) -> None:
    """Simple-NumPy-ML tells 93.43 % after six of the ten epochs of its basic network."""
    rng = np.random.default_rng(0)
    training, validation = mnist_data[0].split(10_000, rng)
    network = preset("numpy-ml-basic").initialize(rng)
    reports = fit(network, training, validation, rng, **preset_settings("numpy-ml-basic") | {"epochs": 6})
    assert reports[-1].validation_accuracy >= 0.9343


def test_a_network_for_photographs_learns_from_varied_ones(rng: np.random.Generator) -> None:
    """CIFAR-10 is large, so these are stripes: level ones or upright ones, of any colour, at any place."""
    labels = np.arange(240) % 2
    wave = np.sin(np.arange(32) + rng.uniform(0, 6, (240, 1)))[:, :, None] * np.ones((1, 1, 32))
    stripes = np.where(labels[:, None, None] == 1, wave, wave.transpose(0, 2, 1))
    images = (127 + 60 * stripes[..., None] * rng.random((240, 1, 1, 3))).astype(np.uint8)
    data = Dataset(images, labels, ("level", "upright"))
    network = preset("simple-convnet", (32, 32, 3), data.classes).initialize(rng)
    settings = preset_settings("simple-convnet") | {"optimizer": SGD(0.02), "vary": Crop(4, flip=True)}
    assert fit(network, data[:160], data[160:], rng, **settings)[-1].validation_accuracy > 0.9


def test_a_training_goes_on_from_a_model(digits: Network) -> None:
    """A network that reads ink reads a folder as ink after it has learned an .npz file, too."""
    setup = setup_of("--start-from digits.npy --data more.npz")
    assert (setup.network.parameters == digits.parameters).all()
    assert setup.network.metadata["start_from"] == "digits.npy"
    assert setup.network.metadata["ink"] is True


def test_corrections_are_learned_as_the_app_learns_them(digits: Network, small_digits: Digits) -> None:
    """Three misread digits are learned, and the others are still known; without rehearsal they would be forgotten."""
    training, test = small_digits
    wrong = np.flatnonzero(digits.predict(test.images) != test.labels)[:3]
    corrections, others = test[wrong], test[np.delete(np.arange(len(test)), wrong)]
    np.savez("mine.npz", images=corrections.images, labels=corrections.labels, classes=np.array(test.classes))
    before, model = evaluate(digits, others).accuracy, Path("digits.npy").read_bytes()

    assert main("--start-from digits.npy --data mine.npz --rehearse mnist --out adapted.npy") == 0
    adapted, rng = load("adapted.npy"), np.random.default_rng(0)
    assert (adapted.predict(corrections.images) == corrections.labels).all()
    assert evaluate(adapted, others).accuracy > before - 0.02
    assert adapted.metadata["recipe"].items() >= {"steps": STEPS, "augment": True}.items()
    assert (adapted.metadata["data"], adapted.metadata["rehearse"]) == (["mine.npz"], ["mnist"])
    assert Path("digits.npy").read_bytes() == model
    new, rehearsed = (data[shuffled(data, rng)] for data in (corrections, training[:300]))
    *_, last = adapt(digits, new, rehearsed, rng)
    assert (last.network.parameters == adapted.parameters).all()

    images, labels = corrections.images.repeat(8, axis=0), corrections.labels.repeat(8)
    np.savez("many.npz", images=images, labels=labels, classes=np.array(test.classes))
    assert main("--start-from digits.npy --data many.npz --epochs 60 --out forgetful.npy") == 0
    assert evaluate(load("forgetful.npy"), others).accuracy < before - 0.1


def test_many_examples_take_more_steps(capsys: pytest.CaptureFixture[str]) -> None:
    """Each is shown as often as is asked for, three times as often where it counts three times."""
    assert main("--start-from digits.npy --data more.npz=3 --rehearse mnist --epochs 20") == 0
    assert "Learned 480 examples in 370 steps." in capsys.readouterr().out
    assert load("models/mine.npy").metadata["weights"] == [3.0]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("--data mnist colours.npz", "images of different sizes: mnist (28 x 28) and colours.npz (8 x 9 x 3)"),
        ("--data colours.npz ./colours.npz", "named twice"),
        ("--data few.npz", "No example is left for validation: one of 12"),
        ("--data colours.npz --augment", "--augment is for square grey images of bytes, not uint8 (8, 9, 3)"),
        ("--data colours.npz --preset lenet", "preset lenet does not suit colours.npz: Layer conv_2 does not fit"),
        ("--data mnist=x", "mnist=x is not a data set and how often"),
        ("--data mnist=0", "would show 0 examples, and 50 to 100,000,000 are possible"),
        ("--data mnist=1e30", "would show 3e+32 examples"),
        ("--hidden 100000000", "GB of memory"),
        ("--hidden 9" + "0" * 400, "GB of memory"),
        (f"--out {'x' * 300}.npy", "Cannot write"),
        ("--out .", "Cannot write"),
        ("--rehearse mnist", "--rehearse is for a training that starts from a model; add --start-from MODEL."),
        ("--start-from nowhere.npy", "nowhere.npy"),
        ("--start-from letters.npy", "The model letters.npy does not suit mnist: The network knows a b c, but"),
        ("--start-from digits.npy --data colours.npz", "the images have shape (8, 9, 3)"),
        ("--start-from letters.npy --rehearse mnist", "The model letters.npy cannot learn this: The network knows a b"),
        ("--start-from digits.npy --rehearse few.npz", "cannot learn this: "),
        ("--start-from digits.npy --data mine.npz", "it has 3 images, and at least 10 are needed"),
        ("--start-from digits.npy --out ./digits.npy", "name another file"),
        ("--start-from digits.npy --rehearse mnist --augment", "--augment is for learning without --rehearse"),
        ("--start-from digits.npy --rehearse mnist --engine tensor", "--engine is for learning without --rehearse"),
        ("--resume runs --epochs 9", "give --resume alone"),
        ("--resume none", "checkpoint.npz"),
    ],
)
def test_what_cannot_work_is_one_sentence_before_any_work(options: str, expected: str, folder: Path) -> None:
    Path("models").mkdir()  # the folder of the default --out, made when it is checked
    before = sorted(folder.rglob("*"))
    with pytest.raises(UserError) as caught:
        main(options)
    assert expected in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.exit_status == 2
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("--epochs=-1", "--epochs: -1"),
        ("--batch-size 0", "--batch-size: 0"),
        ("--learning-rate nan", "--learning-rate: nan"),
        ("--seed x", "--seed: x"),
        ("--hidden 5.5", "--hidden: 5.5"),
        ("--parallel both", "--parallel: both is not sync, async"),
        ("--parallel async:-1", "async:-1 is not sync, async"),
        ("--start-from digits.npy --preset convnet", "not allowed with"),
        ("--start-from digits.npy --hidden 5", "not allowed with"),
        ("--hidden 5 --preset convnet", "not allowed with"),
    ],
)
def test_a_wrong_value_is_named(options: str, expected: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(options)
    assert stopped.value.code == 2
    assert expected in capsys.readouterr().err.splitlines()[-1]
    assert not Path("models").exists()


def test_the_command_has_at_most_fifteen_options() -> None:
    assert len(re.findall("^  --", train.make_parser().format_help(), re.MULTILINE)) <= 15


@pytest.mark.parametrize(
    ("options", "room", "advice"),
    [
        ("--hidden 1000", 10_000_000, "choose a smaller one"),  # 26 MB with the optimizer
        ("--preset convnet --batch-size 10000", 10_000_000, "smaller --batch-size"),
        ("--hidden 100 --batch-size 10 --augment --data mnist more.npz", 3_500_000, "leave out --augment"),
    ],
)
def test_what_does_not_fit_into_memory_is_told_before_training(
    options: str, room: int, advice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "bytes_installed", lambda: room)
    with pytest.raises(UserError, match=advice):
        main(options)
    assert not Path("runs").exists()


def test_more_examples_in_a_batch_than_there_are_is_one_batch() -> None:
    assert main("--epochs 1 --hidden 5 --batch-size 1000000000000") == 0


@pytest.mark.parametrize(
    "choice", ["--preset lenet --augment --optimizer nesterov --learning-rate 0.03", "--start-from digits.npy"]
)
def test_a_stopped_run_goes_on_and_ends_with_the_same_bytes(
    choice: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ctrl-C after the second of four epochs, then --resume: the model is that of a run that never stopped."""
    assert main(f"--epochs 4 {choice} --out whole.npy") == 0
    (first,) = Path("runs").iterdir()
    record = Run.record

    def stop(run: Run, report: EpochReport, *state: object) -> None:
        record(run, report, *state)  # type: ignore[arg-type]
        if report.epoch == 2:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Run, "record", stop)
        assert main(f"--epochs 4 {choice} --out stopped.npy") == 130
    (run,) = set(Path("runs").iterdir()) - {first}
    assert re.search(rf"Stopped\. Kept the best model so far, of epoch [12]; --resume {run} ", capsys.readouterr().out)
    assert len(read_run(run).epochs) == 2
    for _ in range(2):  # the second time nothing is left to do, and nothing changes
        assert main(f"--resume {run}") == 0
        assert Path("stopped.npy").read_bytes() == Path("whole.npy").read_bytes() == (run / "model.npy").read_bytes()
        assert [epoch.epoch for epoch in read_run(run).epochs] == [1, 2, 3, 4]


@pytest.mark.parametrize("epochs", [1, 3])
def test_a_diverged_training_keeps_the_best_so_far(
    epochs: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The rate explodes in the last epoch; where that is the first one, there is nothing to keep."""
    exploding = {"schedule": lambda t: 1e9 if t >= (epochs - 1) / epochs else 1.0}
    settings_for = train.settings_for
    monkeypatch.setattr(train, "settings_for", lambda *a: (settings_for(*a)[0] | exploding, settings_for(*a)[1]))
    if epochs == 1:
        with pytest.raises(UserError, match=r"diverged in epoch 1: .* No epoch has ended") as caught:
            main("--epochs 1 --hidden 5")
        assert caught.value.exit_status == 1
        return
    assert main("--epochs 3 --hidden 5") == 1
    assert re.search(r"diverged in epoch 3: .* Kept the best model so far, of epoch [12]\.", capsys.readouterr().out)
    assert load("models/mine.npy").metadata["scores"]["validation accuracy"] > 0


@pytest.mark.usefixtures("mnist_data")
@pytest.mark.skipif(os.name == "nt", reason="SIGINT to one process is a POSIX thing")
def test_ctrl_c_keeps_the_best_model(folder: Path) -> None:
    """In a process of its own, with what the command says to a user."""
    command = [sys.executable, "-m", "nn_scratch.train", "--epochs", "100000", "--hidden", "8", "--out", "mine.npy"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NN_SCRATCH_DATA": str(data_folder().resolve())}
    # a script in the background ignores it, and so would its children
    signal.signal(signal.SIGINT, signal.default_int_handler)
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, cwd=folder, env=environment, text=True, stdout=pipe, stderr=pipe)
    deadline = time.monotonic() + 60
    while not list(folder.glob("runs/*/checkpoint.npz")) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Stopped. Kept the best model so far, of epoch" in out
    assert "Traceback" not in err
    (model,) = folder.glob("runs/*/model.npy")
    assert model.read_bytes() == Path("mine.npy").read_bytes()


def test_folders_are_read_as_they_are_and_the_model_remembers(folder: Path) -> None:
    """Thirty red and thirty blue photographs of 8x8; what is known of published data and arrays stays as it is."""
    rng = np.random.default_rng(0)
    for label, channel in (("red", 0), ("blue", 2)):
        (folder / "photos" / label).mkdir(parents=True)
        for number in range(30):
            pixels = rng.integers(0, 100, (8, 8, 3), dtype=np.uint8)
            pixels[..., channel] += 150
            Image.fromarray(pixels).save(folder / "photos" / label / f"{number}.png")
    assert main("--data photos --epochs 15 --batch-size 8 --hidden 8") == 0
    network = load("models/mine.npy")
    assert network.input_shape == (8 * 8 * 3,)
    assert (network.metadata["ink"], network.metadata["size"]) == (False, None)
    assert network.metadata["scores"]["validation accuracy"] == 1
    assert not options_for(network).ink
    for data in ("mnist", "more.npz"):
        assert not {"ink", "size"} & set(setup_of(f"--data {data}").network.metadata)
    assert options_for(setup_of("--data more.npz").network).ink


def test_each_data_set_is_tested_alone(small_digits: Digits, folder: Path) -> None:
    (folder / "My digits.npz").write_bytes((folder / "more.npz").read_bytes())
    assert train.main(["--epochs", "1", "--hidden", "5", "--data", "mnist", str(folder / "My digits.npz")]) == 0
    (run,) = (folder / "runs").iterdir()
    tests = {test.data: test.confusion.sum() for test in read_run(run).tests}
    assert tests == {"mnist": len(small_digits[1]), str(folder / "My digits.npz"): 40}


def test_reports_of_a_run_are_json(folder: Path) -> None:
    assert main("--epochs 2 --hidden 5") == 0
    (log,) = folder.glob("runs/*/report.jsonl")
    keys = {"epoch", "train_loss", "validation_loss", "validation_accuracy", "seconds", "images_per_second"}
    for line in log.read_text().splitlines():
        assert set(json.loads(line)) == keys | {"train_accuracy"}


def test_a_terminal_shows_progress() -> None:
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=100)
    with train.progress_bar(console, "training", 200, 50) as advance:
        advance(50)
    assert "100/200" in screen.getvalue()


def test_the_data_is_not_overwritten(tmp_path: Path, rng: np.random.Generator) -> None:
    path = tmp_path / "mine.npz"
    np.savez(path, images=rng.integers(0, 255, (60, 4, 4)).astype(np.uint8), labels=np.arange(60) % 2)
    before = path.read_bytes()
    with pytest.raises(UserError, match=r"--out would overwrite .*mine\.npz, the data that is learned"):
        main(f"--data {path}=2 --out {path}")
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("options", "told"), [(["--weights", "2"], "--weights 2"), (["--rehearse", "sample"], "--rehearse")]
)
def test_a_run_of_another_version_is_not_gone_on_with(options: list[str], told: str, tmp_path: Path) -> None:
    words = np.frombuffer(json.dumps({"arguments": ["--data", "sample", *options]}).encode(), np.uint8)
    np.savez(tmp_path / "checkpoint.npz", words=words)
    with pytest.raises(UserError, match=f"began with {told}, which this version cannot go on with; train again"):
        main(f"--resume {tmp_path}")
