"""The command that rounds the parameters of a model: python -m nn_scratch.rounding --help.

Models travel: in a repository, in a wheel, in the app. A file of trained parameters hardly compresses, because the last
bits of their 24 significant ones are as good as random. Training is noisier than these bits by far, so they can be 0
without any answer being another, and zeros compress. The parameters stay float32, and the file stays as long as it was.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from nn_scratch.arrays import Array
from nn_scratch.checks import Range
from nn_scratch.command import number, run_command
from nn_scratch.errors import UserError
from nn_scratch.model_file import load, save

FLOAT32_BITS = 24  # significant ones; the first is always 1 and is not stored
BITS = 12  # of each parameter, which then differs by 1/4096 of itself at most
KEY = "significant_bits"  # of the metadata


def rounded(numbers: Array, bits: int) -> Array:
    """The nearest float32 to each of `numbers` that has only `bits` significant bits, of two the even one.

    A number is m * 2**e with 0.5 <= |m| < 1, and the multiples of 2**-bits are what m may be; so what is written
    differs from it by 2**-bits of itself at most.
    """
    m, e = np.frexp(numbers)
    return np.ldexp(np.rint(np.ldexp(m, bits)), e - bits)


def main(arguments: Sequence[str] | None = None) -> int:
    """Round the parameters of the models that the arguments name; returns the exit status."""
    about = "Round the parameters of models, so that the files compress better. Nothing else in them changes."
    parser = argparse.ArgumentParser("python -m nn_scratch.rounding", description=about)
    parser.add_argument("models", type=Path, nargs="+", metavar="MODEL", help="a model file (.npy), which is replaced")
    bits, kept = number(Range(1, FLOAT32_BITS, whole=True)), "significant bits that each parameter keeps"
    parser.add_argument("--bits", type=bits, default=BITS, help=f"{kept} (default: %(default)s)")
    args = parser.parse_args(arguments)
    for path in args.models:
        round_file(path, args.bits)
        print(f"{path}: {args.bits} significant bits")
    return 0


def round_file(path: Path, bits: int) -> None:
    """Round the parameters in the model file `path`, and what its layers remember; its metadata tells it.

    Raises:
        UserError: it is not a model file, cannot be written, or a parameter is too large to be rounded.
    """
    network = load(path)
    with np.errstate(over="ignore"):
        for arrays in network.arrays.values():
            for name, array in arrays.items():
                array[...] = rounded(array, bits)
                if not np.isfinite(array).all():
                    raise UserError(f"{path} cannot be rounded: a number in {name} is too large; keep more --bits.")
    before = network.metadata.get(KEY)
    network.metadata[KEY] = min(bits, before if isinstance(before, int) else FLOAT32_BITS)
    save(network, path)


if __name__ == "__main__":
    sys.exit(run_command("nn_scratch.rounding", main))
