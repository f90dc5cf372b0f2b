"""How models/letters.npy is made: python -m nn_scratch.recipes.letters.

It is 784-300-128-47 and learns what letters-convnet.npy answers, about 12 views of each image; letters_convnet makes
that one.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from nn_scratch.calibration import calibrate
from nn_scratch.command import run_command
from nn_scratch.data.registry import load_mixture
from nn_scratch.network import mlp
from nn_scratch.optimizers import Adam
from nn_scratch.recipes.making import finish, parse, teacher, train
from nn_scratch.transfer.distillation import Teachers


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the model; returns the exit status."""
    args = parse(arguments, "models/letters.npy", epochs=100)
    targets = Teachers([teacher("models/letters-convnet.npy")], temperature=2.0, views=12)
    data = load_mixture(["pen-letters"])
    network, optimizer = mlp((300, 128), data.classes), Adam(0.004, weight_decay=0.03)
    _, validation = train(args, data, network, "mlp", batch_size=256, optimizer=optimizer, targets=targets)
    calibrate(network, validation)
    return finish(args, data, network)


if __name__ == "__main__":
    sys.exit(run_command("nn_scratch.recipes.letters", main))
