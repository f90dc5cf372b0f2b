"""Shares: which examples each rank reads, so that together they read every example of an epoch once.

All ranks draw the same order of examples from the same random numbers. A rank then takes its share of each batch, and
no two shares overlap. What a rank draws for its own examples, to move images or to drop units, must differ from rank to
rank, and must not depend on which ranks there were before: a run that goes on with other ranks has to go on from one
state. So these numbers are seeded anew in each epoch, from the state of the common ones and the rank.
"""

from __future__ import annotations

import copy
import zlib
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from nn_scratch.network import Network
from nn_scratch.training.batches import Rows


def batches_of(order: Rows, size: int) -> list[Rows]:
    """The examples `order` (N,) of an epoch in batches of `size`; the last one has what is left."""
    return [order[first : first + size] for first in range(0, len(order), size)]


def share(rows: Rows, rank: int, ranks: int) -> Rows:
    """The examples of `rows` (B,) that `rank` reads: B / ranks of them, one more or less, one after the other."""
    return rows[len(rows) * rank // ranks : len(rows) * (rank + 1) // ranks]


def largest_share(size: int, ranks: int) -> int:
    """How many of `size` examples a rank reads at most."""
    return -(-size // ranks)


def seed_for_rank(own: np.random.Generator, common: np.random.Generator, rank: int) -> None:
    """Seed the random numbers that only `rank` draws, from the state of the `common` ones, which stays as it is."""
    drawn = copy.deepcopy(common).integers(2**63)
    own.bit_generator.state = np.random.default_rng([int(drawn), rank]).bit_generator.state


def fingerprint(arrays: Iterator[NDArray[np.generic]]) -> int:
    """A number (CRC-32) that practically always differs where a bit of `arrays` does."""
    number = 0
    for array in arrays:
        number = zlib.crc32(np.ascontiguousarray(array).data.cast("B"), number)
    return number


def fingerprint_of(network: Network) -> int:
    """The `fingerprint` of all that a network has learned."""
    return fingerprint(iter((network.parameters, network.state)))
