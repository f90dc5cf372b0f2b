"""Context: the characters of a word are read together."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawapp.drawing.canvas import Canvas
from drawapp.drawing.geometry import Bounds
from drawapp.reading import resources
from drawapp.reading.catalog import load_recognizer
from drawapp.reading.charset import Charset, forms
from drawapp.reading.context import Context, Told
from nn_scratch.arrays import Array
from nn_scratch.data.emnist import EMNIST_CLASSES

CLASSES = EMNIST_CLASSES["balanced"]
SQUARE, NARROW, WIDE = Bounds(0, 0, 7, 10), Bounds(0, 0, 1, 10), Bounds(0, 0, 8, 10)


def row(**probabilities: float) -> Array:
    """The probabilities (K,) of the classes, given as _0=0.5, A=0.3; the rest is spread over all."""
    found = np.full(len(CLASSES), (1 - sum(probabilities.values())) / len(CLASSES), np.float32)
    for name, value in probabilities.items():
        found[CLASSES.index(name.lstrip("_"))] += value
    return found


def told(
    *rows: Array, bounds: list[Bounds] | None = None, bars: tuple[int, ...] = (), charset: Charset = Charset.ALL
) -> list[Told]:
    mask = charset.mask(CLASSES)
    kept = np.stack(rows) * mask
    is_bar = [number in bars for number in range(len(rows))]
    return Context(CLASSES, mask).read(kept / kept.sum(axis=1, keepdims=True), bounds or [SQUARE] * len(rows), is_bar)


def word(found: list[Told]) -> str:
    return "".join(CLASSES[int(probabilities.argmax())] for probabilities, _ in found)


O_OR_0 = row(O=0.6, _0=0.38)
I_OR_1, BAR = row(I=0.5, _1=0.45), row(I=0.4, L=0.4, _1=0.15)


def test_an_o_among_capitals_is_a_letter_and_among_digits_it_is_a_zero() -> None:
    letters, digits = [row(**{name: 0.95}) for name in "HELL"], [row(**{f"_{name}": 0.95}) for name in "275"]
    assert word(told(*letters, row(O=0.4, _0=0.55))) == "HELLO"
    assert word(told(digits[0], O_OR_0, digits[1], I_OR_1)) == "2071"
    assert word(told(O_OR_0)) == "O"  # alone, it is what it looks like


def test_what_nothing_but_the_whole_word_can_tell_is_never_half_digits_and_half_letters() -> None:
    found = told(I_OR_1, O_OR_0)
    assert word(found) == "10"
    assert word(told(row(I=0.9, _1=0.05), row(O=0.9, _0=0.05))) == "IO"
    assert all(probabilities.max() < 0.999 for probabilities, _ in found)


def test_words_that_mix_digits_and_letters_stay_mixed() -> None:
    assert word(told(row(B=0.99), row(_7=0.99))) == "B7"
    assert word(told(row(A=0.99), row(_4=0.99), row(R=0.99))) == "A4R"


def test_the_word_tells_capitals_from_small_letters() -> None:
    ran = [row(**{name: 0.9}) for name in "ranhe"]
    assert [held for _, held in told(*ran, row(C=0.9))][-1] == ("c",)
    upper = [row(**{name: 0.9}) for name in "RANHE"]
    assert [held for _, held in told(*upper, row(C=0.9))][-1] == ("C",)
    assert told(row(C=0.9), row(O=0.9))[0][1] == ("C", "c")
    assert word(told(row(H=0.9), *ran[1:4], row(E=0.5, e=0.45))) == "Hanhe"


def test_a_narrow_l_is_a_small_one() -> None:
    uncertain = row(L=0.5, I=0.4)
    assert word(told(row(H=0.95), uncertain, bounds=[SQUARE, NARROW])) == "HI"
    assert word(told(row(H=0.95), uncertain, bounds=[SQUARE, WIDE])) == "HL"


def test_a_bare_bar_is_what_stands_beside_it() -> None:
    digits, capitals, small = ([row(**{name: 0.95}) for name in names] for names in (("_2", "_7"), "RN", "rn"))
    for beside, best, held in ((digits, "1", ("1",)), (capitals, "I", ("I",)), (small, "L", ("l",))):
        found = told(*beside, BAR, bounds=[SQUARE, SQUARE, NARROW], bars=(2,))
        assert (word(found)[-1], found[-1][1]) == (best, held)
    assert word(told(BAR, BAR, bounds=[NARROW] * 2, bars=(0, 1))) == "11"
    assert told(BAR, bars=(0,))[0][1] == ("l", "I", "1")
    either = told(row(O=0.98), BAR, bounds=[SQUARE, NARROW], bars=(1,), charset=Charset.LETTERS)
    assert (word(either), either[1][1]) == ("OI", ("l", "I"))


def test_a_span_of_ink_is_as_likely_as_the_best_class_of_each_kind_of_word() -> None:
    context = Context(CLASSES, np.ones(len(CLASSES), np.bool_))
    spans = np.stack([row(M=0.6, n=0.3), row(n=0.9)])
    fitting, log_kinds = context.of_kinds(spans, np.array([True, False]))
    best_capital, best_small = fitting[1], fitting[2]
    assert best_capital == pytest.approx([0.6, 0.01], abs=0.01)
    assert best_small == pytest.approx([0.6, 0.9], abs=0.01)  # the class M holds m
    assert fitting[3] == pytest.approx([best_capital[0], best_small[1]])  # a capital before small letters
    assert fitting[-1] == pytest.approx(spans.max(axis=1))
    assert np.exp(log_kinds).sum() == pytest.approx(1)


def test_kinds_are_not_told_apart_where_the_charset_leaves_only_one() -> None:
    mask = Charset.DIGITS.mask(CLASSES)
    fitting, log_kinds = Context(CLASSES, mask).of_kinds(row(_7=0.5)[None], np.array([True]))
    assert fitting.ravel() == pytest.approx([0.5], abs=0.02)
    assert log_kinds.tolist() == [0]


def test_a_character_tells_what_it_would_be_alone() -> None:
    rows = [row(_2=0.95), row(O=0.6, _0=0.38), row(_7=0.95)]
    assert word(told(*rows)) == "207"
    assert word([Context(CLASSES, np.ones(len(CLASSES), np.bool_)).alone(rows[1], False)]) == "O"


@given(st.integers(1, 6), st.sampled_from(list(Charset)), st.integers(0, 10_000))
def test_probabilities_stay_probabilities(count: int, charset: Charset, seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = rng.dirichlet(np.full(len(CLASSES), 0.05), count).astype(np.float32)
    bars = tuple(int(k) for k in np.flatnonzero(rng.random(count) < 0.3))
    mask = charset.mask(CLASSES)
    for probabilities, held in told(*(rows + 1e-6), bars=bars, charset=charset):
        assert probabilities.sum() == pytest.approx(1, abs=1e-4)
        assert (probabilities >= 0).all()
        assert not probabilities[~mask].any()
        best = CLASSES[int(probabilities.argmax())]
        assert held
        assert set(held) <= set(forms(best, CLASSES)) | {"l", "I", "1"}


def test_a_network_that_has_learned_no_text_is_left_alone() -> None:
    classes = ("cat", "7", "b")
    rows = np.array([[0.1, 0.5, 0.4], [0.2, 0.3, 0.5]], np.float32)
    found = Context(classes, np.ones(3, np.bool_)).read(rows, [SQUARE] * 2, [False] * 2)
    for given_row, (probabilities, held) in zip(rows, found, strict=True):
        np.testing.assert_array_equal(probabilities, given_row)
        assert held == (classes[int(given_row.argmax())],)


@pytest.mark.parametrize("file", ["letters.npy", "letters-convnet.npy"])
def test_ten_is_a_number_and_hi_a_word(file: str) -> None:
    path = resources.resource(f"models/{file}")
    if not path.is_file():
        pytest.skip(f"there is no models/{file}")
    ten, hi = Canvas(), Canvas()
    angles = np.linspace(0, 2 * np.pi, 40)
    ten.draw([(5.0, 6.0), (5.0, 22.0)], 1)
    ten.draw([(float(15 + 4.5 * np.sin(a)), float(14 - 8 * np.cos(a))) for a in angles], 1)
    for line in ([(4, 6), (4, 22)], [(13, 6), (13, 22)], [(4, 14), (13, 14)], [(19, 6), (19.3, 22)]):
        hi.draw([(float(x), float(y)) for x, y in line], 1)
    recognizer = load_recognizer(path)
    for read in (recognizer.read(ten), recognizer.read_raster(ten.ink)):
        assert (read.best, read.written) == ("10", "10")
    for read in (recognizer.read(hi), recognizer.read_raster(hi.ink)):
        assert read.written in ("HI", "Hl")
        assert read.best == "HI"
