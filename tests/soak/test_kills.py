"""A training that is killed a hundred times: what it leaves is always whole, and going on ends where one run would."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from nn_scratch import load
from nn_scratch.runs import read_run
from tests.helpers import ROOT

pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(os.name == "nt", reason="SIGKILL is a POSIX thing"),
]

KILLS = 100
EPOCHS = 3000


def train(folder: Path, *arguments: object) -> subprocess.Popen[bytes]:
    """A training in `folder`, as a user starts it."""
    command = [sys.executable, "-m", "nn_scratch.train", *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def test_a_hundred_kills_leave_nothing_half_written(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (400, 6, 6), dtype=np.uint8)
    np.savez(tmp_path / "data.npz", images=images, labels=rng.integers(0, 3, 400))
    options = ("--data", "data.npz", "--hidden", 8, "--epochs", EPOCHS)
    process = train(tmp_path, *options, "--out", "killed.npy")
    for kill in range(KILLS):
        while not list(tmp_path.glob("runs/*/checkpoint.npz")) and process.poll() is None:
            time.sleep(0.01)
        time.sleep(float(rng.uniform(0.3, 1.3)))  # Python needs about half a second to start
        process.send_signal(signal.SIGKILL)
        process.communicate()
        (run,) = (tmp_path / "runs").iterdir()
        load(run / "model.npy")
        assert 1 <= len(read_run(run).epochs) <= EPOCHS, kill
        process = train(tmp_path, "--resume", run)
    _, errors = process.communicate(timeout=600)
    assert process.returncode == 0, errors
    (tmp_path / "other").mkdir()
    shutil.copy(tmp_path / "data.npz", tmp_path / "other")
    whole = train(tmp_path / "other", *options, "--out", "whole.npy")
    whole.communicate(timeout=600)
    assert (tmp_path / "killed.npy").read_bytes() == (tmp_path / "other" / "whole.npy").read_bytes()
    assert not [path for path in run.iterdir() if path.name.startswith(".") and path.suffix == ".npy"]
