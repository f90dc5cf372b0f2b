"""The command that rounds the parameters of models."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_scratch import Network, UserError, load, mlp, save
from nn_scratch.normalization import BatchNorm
from nn_scratch.rounding import KEY, main, rounded

FLOATS = st.floats(-(2.0**100), 2.0**100, width=32, allow_subnormal=False)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    network = mlp((5,), "abc", inputs=9).initialize(np.random.default_rng(0))
    network.metadata = {"seed": 0}
    save(network, tmp_path / "model.npy")
    return tmp_path / "model.npy"


@pytest.mark.parametrize(
    ("number", "bits", "nearest"),
    [(0.0, 1, 0.0), (0.7, 1, 0.5), (-0.8, 1, -1.0), (5.0, 2, 4.0), (7.0, 2, 8.0), (1 + 2**-11, 12, 1 + 2**-11)],
)
def test_numbers_by_hand(number: float, bits: int, nearest: float) -> None:
    assert rounded(np.array([number], np.float32), bits) == nearest


@given(FLOATS, st.integers(1, 24))
def test_it_is_the_nearest_number_of_so_many_bits(number: float, bits: int) -> None:
    result = rounded(np.array([number], np.float32), bits)
    assert result.dtype == np.float32
    numerator, _ = abs(Fraction(float(result[0]))).as_integer_ratio()
    odd = numerator // (numerator & -numerator) if numerator else 0
    assert odd.bit_length() <= bits
    assert abs(Fraction(float(result[0])) - Fraction(number)) <= abs(Fraction(number)) / 2**bits


def test_only_the_parameters_and_one_word_of_the_metadata_change(
    model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, size = load(model), np.load(model).itemsize
    assert main([str(model), "--bits", "10"]) == 0
    assert "10 significant bits" in capsys.readouterr().out
    after = load(model)
    assert after.metadata == {"seed": 0, KEY: 10}
    assert np.load(model).itemsize == size + len(f', "{KEY}": 10')
    assert after.layers[0].described() == before.layers[0].described()
    np.testing.assert_array_equal(after.parameters, rounded(before.parameters, 10))


def test_again_with_more_bits_changes_nothing(model: Path) -> None:
    main([str(model), "--bits", "10"])
    once = model.read_bytes()
    main([str(model)])
    assert model.read_bytes() == once


def test_what_layers_remember_is_rounded_too(tmp_path: Path) -> None:
    network = Network([BatchNorm()], (3,), "abc")
    network.arrays["batch_norm_1"]["mean"][...] = 0.1
    save(network, tmp_path / "model.npy")
    main([str(tmp_path / "model.npy"), "--bits", "1"])
    assert (load(tmp_path / "model.npy").arrays["batch_norm_1"]["mean"] == 0.125).all()


def test_what_would_overflow_is_refused_and_the_file_stays(tmp_path: Path) -> None:
    network = mlp((), "abc", inputs=9)
    network.arrays["dense_1"]["b"][0] = np.finfo(np.float32).max
    save(network, tmp_path / "model.npy")
    before = (tmp_path / "model.npy").read_bytes()
    with pytest.raises(UserError, match="too large"):
        main([str(tmp_path / "model.npy")])
    assert (tmp_path / "model.npy").read_bytes() == before


@pytest.mark.parametrize("bits", ["0", "25", "1.5", "many"])
def test_bits_out_of_range_get_a_sentence(model: Path, bits: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([str(model), "--bits", bits])
    assert "from 1 to 24" in capsys.readouterr().err
