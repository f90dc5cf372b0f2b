"""How models/doubt.npy is made: python -m nn_scratch.recipes.doubt, 10 minutes on one core.

It is the rejector beside the networks for digits, which says whether an image is a digit at all. Its border is moved so
that 99.6 % of the digits of validation are accepted.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from nn_scratch.calibration import accept, calibrate
from nn_scratch.command import run_command
from nn_scratch.data.registry import load_mixture
from nn_scratch.optimizers import Adam
from nn_scratch.recipes.making import finish, parse, train
from nn_scratch.zoo.presets import preset


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the model; returns the exit status."""
    args = parse(arguments, "models/doubt.npy", epochs=14)
    data = load_mixture(["digit-or-not"])
    network = preset("convnet-strided", (28, 28), data.classes)
    optimizer = Adam(0.0022, weight_decay=0.05)
    _, validation = train(args, data, network, "convnet-strided", batch_size=64, optimizer=optimizer)
    calibrate(network, validation)
    accept(network, validation, "digit", 0.996)
    return finish(args, data, network)


if __name__ == "__main__":
    sys.exit(run_command("nn_scratch.recipes.doubt", main))
