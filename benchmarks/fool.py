"""How little fools the bundled networks, beside the figures of the paper that the method comes from.

    python benchmarks/fool.py [COUNT]

A digit that is read surely may be very near to another answer, and how near is a property of the network. So test
images of MNIST are changed as little as `fool` of nn_scratch.explain finds, and the changes are measured as DeepFool
measures them: |r| is the L2 length of the change, with ink from 0 to 1, and rho = |r| / |x| that length relative to the
image's own. The paper gives the mean of rho over the test set (Moosavi-Dezfooli, Fawzi and Frossard, "DeepFool", 2016,
table 1). Its images may leave the range of ink, and its networks see the images as they are; ours stay from 0 to 1 and
are set upright before they are read.
"""

from __future__ import annotations

import sys
from typing import NamedTuple

import numpy as np

import nn_scratch
from drawapp.reading.resources import resource
from nn_scratch.arrays import Array, Images
from nn_scratch.data.download import data_folder
from nn_scratch.data.mnist import load_mnist
from nn_scratch.explain.images import fool
from nn_scratch.network import Network

MODELS = ("digits", "digits-convnet")
PAPER = {"FC500-150-10": 0.11, "LeNet": 0.20}  # the mean of rho in table 1, row by row, for MNIST
SEED = 0


class Changes(NamedTuple):
    """What was found for N images: which answers changed (N,), and the lengths of the changes and of the images."""

    changed: Array
    lengths: Array
    norms: Array

    @property
    def relative(self) -> Array:
        """rho of each image, (N,)."""
        found: Array = self.lengths / self.norms
        return found


def changes(network: Network, images: Images) -> Changes:
    """Fool `network` with each of `images` (N, 28, 28)."""
    inputs = network.inputs(images)
    found = [fool(network, image) for image in inputs]
    norms = np.linalg.norm(inputs.reshape(len(inputs), -1), axis=1)
    return Changes(np.array([each.changed for each in found]), np.array([each.distance for each in found]), norms)


def main() -> None:
    """Fool and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    _, test = load_mnist(data_folder() / "mnist")
    rows = np.random.default_rng(SEED).permutation(len(test.images))[:count]
    print(f"{'network':16} {'changed':>10} {'median |r|':>10} {'median rho':>10} {'mean rho':>10}")
    for name in MODELS:
        found = changes(nn_scratch.load(resource(f"models/{name}.npy")), test.images[rows])
        fooled = found.changed
        print(
            f"{name:16} {f'{fooled.sum()} of {count}':>10} {np.median(found.lengths[fooled]):10.3f}"
            f" {np.median(found.relative[fooled]):10.3f} {found.relative[fooled].mean():10.3f}",
            flush=True,
        )
    for name, mean in PAPER.items():
        print(f"{name + ', paper':16} {'':>10} {'':>10} {'':>10} {mean:10.2f}")


if __name__ == "__main__":
    main()
