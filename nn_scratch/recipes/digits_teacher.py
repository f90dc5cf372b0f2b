"""How the second teacher of digits.npy is made: python -m nn_scratch.recipes.digits_teacher.

Two teachers are better than one, if they make different mistakes. This is the network of digits_convnet without
deformed copies of pen digits; it learns for fewer epochs, in larger batches.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from nn_scratch.calibration import calibrate
from nn_scratch.command import run_command
from nn_scratch.data.mnist import load_mnist
from nn_scratch.data.registry import Mixture
from nn_scratch.optimizers import Adam
from nn_scratch.recipes.datasets import load_pen_digits
from nn_scratch.recipes.making import finish, parse, train
from nn_scratch.zoo.presets import preset


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the model; returns the exit status."""
    args = parse(arguments, "models/digits-teacher.npy", epochs=16)
    mnist, pen = load_mnist(), load_pen_digits(copies=0)
    data = Mixture([mnist[0], pen[0]], {"mnist": mnist[1], "pen": pen[1]}, weights=[1.0, 3.0])
    network = preset("convnet-deep", (28, 28), data.classes)
    _, validation = train(args, data, network, "convnet-deep", optimizer=Adam(0.003, weight_decay=0.05))
    calibrate(network, validation)
    return finish(args, data, network)


if __name__ == "__main__":
    sys.exit(run_command("nn_scratch.recipes.digits_teacher", main))
