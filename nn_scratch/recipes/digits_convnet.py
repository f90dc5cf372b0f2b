"""How models/digits-convnet.npy is made: python -m nn_scratch.recipes.digits_convnet, 23 minutes on one core.

It reads digits better and more slowly than digits.npy, and is one of its two teachers. It learns from MNIST and from
pen digits, deformed copies among them. The bundled file was rounded afterwards, because parameters hardly compress:
python -m nn_scratch.rounding models/digits-convnet.npy
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from nn_scratch.calibration import calibrate
from nn_scratch.command import run_command
from nn_scratch.data.registry import load_mixture
from nn_scratch.optimizers import Adam
from nn_scratch.recipes.making import finish, parse, train
from nn_scratch.zoo.presets import preset


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the model; returns the exit status."""
    args = parse(arguments, "models/digits-convnet.npy", epochs=24)
    data = load_mixture(["mnist", "pen=3"])
    network = preset("convnet-deep", (28, 28), data.classes)
    optimizer = Adam(0.0022, weight_decay=0.05)
    _, validation = train(args, data, network, "convnet-deep", batch_size=64, optimizer=optimizer)
    calibrate(network, validation)
    return finish(args, data, network)


if __name__ == "__main__":
    sys.exit(run_command("nn_scratch.recipes.digits_convnet", main))
