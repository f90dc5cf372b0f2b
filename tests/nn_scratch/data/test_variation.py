"""Variation: handwriting moves as far as it says, and a crop is the image, a few pixels away, perhaps in a mirror."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nn_scratch.data.variation import Augment, Crop


@pytest.mark.parametrize("shape", [(6, 7), (6, 7, 3)])
@pytest.mark.parametrize("crop", [Crop(0), Crop(2), Crop(0, True), Crop(3, True)])
def test_each_image_is_one_of_the_windows_of_its_frame(shape: tuple[int, ...], crop: Crop) -> None:
    rng = np.random.default_rng(1)
    images = rng.integers(1, 256, (4, *shape), dtype=np.uint8)
    rows = rng.integers(0, 4, 900)
    seen = crop.source(images, rng)(rows).reshape(900, *shape)
    p = crop.padding
    sides = [(p, p), (p, p)] + [(0, 0)] * (len(shape) - 2)
    places = set()
    for image, row in zip(seen, rows, strict=True):
        framed = np.pad(images[row], sides)
        found = {
            (down, across, mirrored)
            for down in range(2 * p + 1)
            for across in range(2 * p + 1)
            for mirrored in (False, True)
            if (framed[down : down + 6, across : across + 7][:, :: -1 if mirrored else 1] == image).all()
        }
        assert len(found) == 1
        places |= found
    assert len(places) == (2 * p + 1) ** 2 * (2 if crop.flip else 1)


@pytest.mark.parametrize(("vary", "shape"), [(Crop(2, True), (5, 8, 8, 3)), (Augment(), (5, 28, 28))])
def test_variation_is_seeded_differs_from_call_to_call_and_keeps_the_images(
    vary: Augment | Crop, shape: tuple[int, ...], rng: np.random.Generator
) -> None:
    images = rng.integers(0, 256, shape, dtype=np.uint8)
    before, rows = images.copy(), np.arange(5)
    one, same = (vary.source(images, np.random.default_rng(3)) for _ in range(2))
    first = one(rows)
    assert (first == same(rows)).all()
    assert (first != one(rows)).any()
    assert (images == before).all()


STILL = Augment(shift=0, rotation=0, scale=0, shear=0, taper=0, bow=0, stretch=0)


def blot(rng: np.random.Generator) -> np.ndarray:
    """Three smooth random images with an empty margin."""
    rough = rng.uniform(0, 255, (3, 5, 5)).repeat(4, axis=1).repeat(4, axis=2)  # (3, 20, 20)
    return np.pad(rough, ((0, 0), (4, 4), (4, 4))).astype(np.uint8)


def test_augmentation_of_nothing_changes_nothing_much(rng: np.random.Generator) -> None:
    images = blot(rng)
    same = STILL.source(images, rng)(np.array([2, 0, 1])).reshape(3, 28, 28)
    change = np.abs(same.astype(float) - images[[2, 0, 1]])
    assert np.median(change) == 0
    assert change.mean() < 12  # only the blots' steep edges, by interpolation


def test_augmentation_moves_a_dot_as_far_as_it_says(rng: np.random.Generator) -> None:
    images = np.zeros((1, 28, 28), np.uint8)
    images[0, 13:15, 13:15] = 255
    moved = replace(STILL, shift=2.0).source(images, rng)(np.zeros(6400, np.int64)).reshape(-1, 28, 28)
    centres = (moved.sum(axis=1) @ np.arange(28)) / moved.sum(axis=(1, 2)) - 13.5  # (6400,) columns off the middle
    assert centres.min() == pytest.approx(-2, abs=0.3)
    assert centres.max() == pytest.approx(2, abs=0.3)
    assert abs(centres.mean()) < 0.2


@pytest.mark.parametrize(
    ("vary", "images", "sentence"),
    [
        (Augment(), np.zeros((2, 4, 5), np.uint8), r"square grey images of uint8, not uint8 \(2, 4, 5\)"),
        (Augment(), np.zeros((2, 4, 4, 3), np.uint8), "square grey images of uint8"),
        (Augment(), np.zeros((2, 4, 4)), "square grey images of uint8, not float64"),
        (Crop(), np.zeros((2, 16), np.uint8), r"Crops are for images .*, not \(2, 16\)"),
    ],
)
def test_what_cannot_be_varied_so_is_refused_before_training(
    vary: Augment | Crop, images: np.ndarray, sentence: str, rng: np.random.Generator
) -> None:
    with pytest.raises(ValueError, match=sentence):
        vary.source(images, rng)


def test_a_variation_is_named_by_its_arguments() -> None:
    assert repr(Crop(2, True)) == "Crop(padding=2, flip=True)"
    assert repr(Augment(bow=0)).startswith("Augment(shift=1.2, rotation=12.0, ")
