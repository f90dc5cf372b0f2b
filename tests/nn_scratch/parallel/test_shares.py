"""Shares: together they are the epoch, and no example is in two of them."""

from __future__ import annotations

import numpy as np
import pytest

from nn_scratch.network import mlp
from nn_scratch.parallel.shares import batches_of, fingerprint_of, largest_share, seed_for_rank, share


@pytest.mark.parametrize("ranks", [1, 2, 3, 7])
@pytest.mark.parametrize(("examples", "size"), [(100, 10), (103, 10), (5, 10), (64, 7)])
def test_the_shares_of_all_ranks_are_the_epoch(examples: int, size: int, ranks: int) -> None:
    order = np.random.default_rng(0).permutation(examples)
    batches = batches_of(order, size)
    seen = np.concatenate([share(batch, rank, ranks) for rank in range(ranks) for batch in batches])
    assert sorted(seen) == list(range(examples))
    assert max(len(share(batch, rank, ranks)) for rank in range(ranks) for batch in batches) <= largest_share(
        size, ranks
    )


def test_the_numbers_of_a_rank_depend_on_the_common_state_and_the_rank_alone() -> None:
    def drawn(seed: int, rank: int) -> float:
        own, common = np.random.default_rng(), np.random.default_rng(seed)
        before = common.bit_generator.state
        seed_for_rank(own, common, rank)
        assert common.bit_generator.state == before
        return float(own.random())

    assert drawn(0, 1) == drawn(0, 1)
    assert len({drawn(seed, rank) for seed in range(2) for rank in range(3)}) == 6


def test_one_bit_changes_the_fingerprint() -> None:
    network = mlp((4,)).initialize(np.random.default_rng(0))
    before = fingerprint_of(network)
    network.parameters[7] = np.nextafter(network.parameters[7], np.float32(1))
    assert fingerprint_of(network) != before
