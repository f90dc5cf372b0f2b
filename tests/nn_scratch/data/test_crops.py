"""Random crops and flips: what is seen is the image, a few pixels away and perhaps in a mirror."""

from __future__ import annotations

import numpy as np
import pytest

from nn_scratch.data.crops import Cropper, Crops


@pytest.mark.parametrize("shape", [(6, 7), (6, 7, 3)])
@pytest.mark.parametrize("crops", [Crops(0), Crops(2), Crops(0, True), Crops(3, True)])
def test_each_image_is_one_of_the_windows_of_its_frame(shape: tuple[int, ...], crops: Crops) -> None:
    rng = np.random.default_rng(1)
    images = rng.integers(1, 256, (4, *shape), dtype=np.uint8)
    rows = rng.integers(0, 4, 900)
    seen = Cropper(images, crops, rng)(rows).reshape(900, *shape)
    p = crops.padding
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
    assert len(places) == (2 * p + 1) ** 2 * (2 if crops.flip else 1)


def test_crops_are_seeded_and_keep_the_images(rng: np.random.Generator) -> None:
    images = rng.random((5, 8, 8, 3), dtype=np.float32)
    before, rows = images.copy(), np.arange(5)
    one, same = (Cropper(images, Crops(2, True), np.random.default_rng(3)) for _ in range(2))
    first = one(rows)
    assert (first == same(rows)).all()
    assert (first != one(rows)).any()
    assert (images == before).all()
