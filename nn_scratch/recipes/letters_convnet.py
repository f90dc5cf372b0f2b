"""How models/letters-convnet.npy is made: python -m nn_scratch.recipes.letters_convnet.

It names one of 47 characters, better and more slowly than letters.npy, whose teacher it is. Rare characters are shown
more often; afterwards the answers are for characters as frequent as they are. The bundled file was rounded:
python -m nn_scratch.rounding models/letters-convnet.npy
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from nn_scratch.calibration import calibrate, restore_frequencies
from nn_scratch.command import run_command
from nn_scratch.data.registry import load_mixture
from nn_scratch.optimizers import Adam
from nn_scratch.recipes.making import finish, parse, train
from nn_scratch.zoo.presets import preset


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the model; returns the exit status."""
    args = parse(arguments, "models/letters-convnet.npy", epochs=24)
    data = load_mixture(["pen-letters"])
    network = preset("convnet-deep", (28, 28), data.classes)
    optimizer = Adam(0.003, weight_decay=0.05)
    training, validation = train(args, data, network, "convnet-deep", optimizer=optimizer, smoothing=0.1)
    restore_frequencies(network, training)
    calibrate(network, validation)
    return finish(args, data, network)


if __name__ == "__main__":
    sys.exit(run_command("nn_scratch.recipes.letters_convnet", main))
