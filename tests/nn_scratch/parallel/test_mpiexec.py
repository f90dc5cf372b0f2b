"""Several processes train together, started by mpiexec as a user starts them."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

import nn_scratch
from nn_scratch.dataset import Dataset
from tests.helpers import ROOT

MPIEXEC = shutil.which("mpiexec", path=str(Path(sys.executable).parent)) or shutil.which("mpiexec")
TRAIN = ("-m", "nn_scratch.train", "--data", "small.npz", "--hidden", "16", "--out", "mine.npy")
SECONDS = 30  # on a busy machine, in which a run ends after a rank has died
ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": str(ROOT),
    "OMPI_ALLOW_RUN_AS_ROOT": "1",  # Open MPI asks twice
    "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
    "OMPI_MCA_rmaps_base_oversubscribe": "1",
}


@pytest.fixture(scope="session")
def mpi() -> None:
    """Skips the test where there is no MPI, or where that of mpiexec is another one than that of mpi4py."""
    if not (MPIEXEC and find_spec("mpi4py")):
        pytest.skip("there is no MPI: pip install mpi4py mpich")
    code = "from mpi4py.MPI import COMM_WORLD as world; print(world.size if world.rank == 0 else '', end='')"
    command = [MPIEXEC, "-n", "2", sys.executable, "-c", code]
    found = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, timeout=60, check=False)
    if found.stdout != "2":
        pytest.skip(f"{MPIEXEC} and mpi4py do not go together: pip install mpich")


@pytest.fixture
def folder(mpi: None, small_digits: tuple[Dataset, Dataset], tmp_path: Path) -> Path:
    np.savez(tmp_path / "small.npz", images=small_digits[0].images, labels=small_digits[0].labels)
    return tmp_path


def start(ranks: int, folder: Path, *arguments: object) -> subprocess.Popen[str]:
    """Start `python arguments` on so many ranks, or without mpiexec if they are 0, in a process group of its own."""
    launch = [str(MPIEXEC), "-n", str(ranks)] if ranks else []
    return subprocess.Popen(
        [*launch, sys.executable, *map(str, arguments)],
        cwd=folder,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def run(ranks: int, folder: Path, *arguments: object) -> str:
    """What the command prints; it must succeed."""
    process = start(ranks, folder, *arguments)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return out


def run_folder(folder: Path) -> Path:
    (found,) = (folder / "runs").iterdir()
    return found


@contextmanager
def endless(folder: Path, way: str) -> Iterator[subprocess.Popen[str]]:
    """A run of two ranks without end, after its first epochs."""
    process = start(2, folder, *TRAIN, "--epochs", 10**6, "--batch-size", 32, "--parallel", way)
    try:
        deadline = time.monotonic() + 60
        while not list(folder.glob("runs/*/checkpoint.npz")) and time.monotonic() < deadline:
            time.sleep(0.05)
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def rank_process(folder: Path, rank: int) -> int:
    """The process number of a rank of the run in `folder`, from what Linux tells of all processes."""
    for path in Path("/proc").glob("[0-9]*"):
        try:
            mine = os.readlink(path / "cwd") == str(folder) and b"nn_scratch.train" in (path / "cmdline").read_bytes()
            environment = (path / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if mine and {b"PMI_RANK=%d" % rank, b"OMPI_COMM_WORLD_RANK=%d" % rank} & set(environment):
            return int(path.name)
    raise AssertionError(f"rank {rank} is not found")


def test_two_processes_train_one_network(folder: Path) -> None:
    """To the same parameters as one process, to rounding; rank 0 alone prints and writes."""
    out = run(2, folder, *TRAIN, "--epochs", 1, "--parallel", "sync", "--optimizer", "sgd")
    assert out.count("epoch   1") == 1
    assert out.count("Model: mine.npy") == 1
    assert sorted(path.name for path in folder.iterdir()) == ["mine.npy", "runs", "small.npz"]
    assert len((run_folder(folder) / "report.jsonl").read_text().splitlines()) == 1
    together = nn_scratch.load(folder / "mine.npy")
    assert together.metadata["parallel"] == "synchronous"
    run(0, folder, *TRAIN, "--epochs", 1, "--optimizer", "sgd")
    np.testing.assert_allclose(together.parameters, nn_scratch.load(folder / "mine.npy").parameters, rtol=0, atol=1e-4)


@pytest.mark.slow
def test_asynchronous_processes_learn(folder: Path) -> None:
    out = run(2, folder, *TRAIN, "--epochs", 20, "--batch-size", 32, "--parallel", "async")
    reports = [json.loads(line) for line in (run_folder(folder) / "report.jsonl").read_text().splitlines()]
    assert len(reports) == 20
    assert max(report["validation_accuracy"] for report in reports) > 0.93
    assert "Gradients were stale by " in out


@pytest.mark.slow
@pytest.mark.parametrize("way", ["sync", "async"])
@pytest.mark.skipif(sys.platform != "linux", reason="it is Linux that tells which process is which rank")
def test_a_rank_that_dies_ends_the_run_and_others_can_go_on(folder: Path, way: str) -> None:
    """All ranks end, with a sentence that says how to go on, and what is in the run folder is whole."""
    with endless(folder, way) as process:
        ranks = [rank_process(folder, rank) for rank in (0, 1)]
        os.kill(ranks[1], signal.SIGKILL)
        out, _ = process.communicate(timeout=SECONDS)
    assert process.returncode not in (0, None)
    assert not any(Path(f"/proc/{rank}").exists() for rank in ranks)
    assert out.count(f"If one dies, all end, and --resume {run_folder(folder).relative_to(folder)} goes on.") == 1

    checkpoint = run_folder(folder) / "checkpoint.npz"
    with np.load(checkpoint) as arrays:
        kept = {name: arrays[name] for name in arrays.files}
    words = json.loads(kept["words"].tobytes())
    nn_scratch.load(run_folder(folder) / "model.npy")
    done = len(words["reports"])
    words["arguments"][words["arguments"].index(str(10**6))] = str(done + 2)
    np.savez(checkpoint, **(kept | {"words": np.frombuffer(json.dumps(words).encode(), np.uint8)}))
    out = run(3, folder, "-m", "nn_scratch.train", "--resume", run_folder(folder))
    epochs = [line[:9] for line in out.splitlines() if line.startswith("epoch")]
    assert epochs == [f"epoch {epoch:3d}" for epoch in (done + 1, done + 2)]


@pytest.mark.slow
@pytest.mark.parametrize("way", ["sync", "async"])
@pytest.mark.skipif(os.name == "nt", reason="SIGINT to one process is a POSIX thing")
def test_ctrl_c_keeps_the_best_model(folder: Path, way: str) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a script in the background ignores it
    with endless(folder, way) as process:
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Stopped. Kept the best model so far, of epoch" in out
    assert "Traceback" not in err
    assert (run_folder(folder) / "model.npy").read_bytes() == (folder / "mine.npy").read_bytes()


@pytest.mark.slow
def test_a_wrong_option_is_told_once(folder: Path) -> None:
    process = start(2, folder, *TRAIN, "--parallel", "sync", "--batch-size", 1)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert err.count("cannot be shared among 2 ranks") == 1
    assert "Traceback" not in out + err
    assert [path.name for path in folder.iterdir()] == ["small.npz"]


@pytest.mark.slow
def test_a_crash_on_one_rank_ends_all(folder: Path) -> None:
    code = """
from nn_scratch.parallel.ranks import Ranks, load_mpi
import numpy as np
with Ranks(load_mpi()) as ranks:
    if ranks.rank == 1:
        raise ValueError("a bug")
    ranks.sum(np.zeros(1))  # waits for rank 1
"""
    process = start(2, folder, "-c", code)
    _, err = process.communicate(timeout=SECONDS)
    assert process.returncode != 0
    assert "ValueError: a bug" in err
    assert "Rank 1 has failed, and the run ends." in err
