"""How models/digits.npy is made: python -m nn_scratch.recipes.digits, 17 minutes on one core, and 1.9 GB of memory.

It is the network that the app starts with: 784-50-25-10, small enough to be looked at, after setting images upright.
It learns what two convolutional networks answer, about 24 views of each image: digits_convnet and digits_teacher.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from nn_scratch.calibration import calibrate
from nn_scratch.command import run_command
from nn_scratch.data.registry import load_mixture
from nn_scratch.optimizers import Adam
from nn_scratch.recipes.making import finish, parse, teacher, train
from nn_scratch.transfer.distillation import Teachers
from nn_scratch.zoo.presets import preset, upright

TEACHERS = ("models/digits-convnet.npy", "models/digits-teacher.npy")


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the model; returns the exit status."""
    args = parse(arguments, "models/digits.npy", epochs=240)
    teachers = [teacher(path) for path in TEACHERS]
    data = load_mixture(["mnist", "pen=6"])
    network = upright(preset("mlp", (28, 28), data.classes))
    optimizer, targets = Adam(0.008, weight_decay=0.03), Teachers(teachers, temperature=1.5, views=24)
    _, validation = train(args, data, network, "mlp", batch_size=256, optimizer=optimizer, targets=targets)
    calibrate(network, validation)
    return finish(args, data, network)


if __name__ == "__main__":
    sys.exit(run_command("nn_scratch.recipes.digits", main))
