"""Correcting: from a character that was read to a correction, and from corrections to a set that is learned from.

What the user corrects is kept with its strokes and its image, whatever model read it. A model learns only from those
whose classes it has. The same set leaves the app and comes back as an .npz that the commands of the library read.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from drawapp.drawing.canvas import CELLS, FINENESS, Canvas
from drawapp.drawing.geometry import Bounds
from drawapp.reading.prediction import Character
from drawapp.session.corrections import LONGEST_WORD, MOST, Correction
from nn_scratch import ink
from nn_scratch.arrays import Images
from nn_scratch.data import custom
from nn_scratch.data.custom import FEWEST, check_custom, unusable_error
from nn_scratch.dataset import Dataset
from nn_scratch.files import atomic_write
from nn_scratch.ink.rendering import SIDE, to_bytes
from nn_scratch.recipes.variants import warp

NOT_RECOGNIZED = "?"  # what counts as read where the rejector has refused the character
LARGEST = 64 << 20  # bytes of arrays in a file that is imported
WARPED, MOST_WARPED = 30, 600  # copies of each correction, and of all together
FEWEST_FOR_TRAINING = FEWEST  # images that `python -m nn_scratch.train --data` needs


def corrected(character: Character, label: str, canvas: Canvas, model: str, time: float) -> Correction:
    """The correction that `character`, which `model` read from `canvas`, is a `label`. `time` is seconds since 1970."""
    return Correction(
        image=character.cut_out,
        label=label,
        read=character.label or NOT_RECOGNIZED,
        probability=character.probability,
        model=model[:LONGEST_WORD],
        time=time,
        strokes=character.strokes,
        ink=None if character.strokes else cropped(canvas, character.bounds),
    )


def cropped(canvas: Canvas, bounds: Bounds) -> Images:
    """The fine ink of `canvas` within `bounds`, in cells: uint8 (H, W)."""
    left, top = (max(0, int(side * FINENESS)) for side in bounds[:2])
    right, bottom = (min(CELLS * FINENESS, int(np.ceil(side * FINENESS)) + 1) for side in bounds[2:])
    return to_bytes(canvas.ink[top:bottom, left:right])


def label_among(classes: Sequence[str], text: str) -> str | None:
    """The one of `classes` that somebody means who types `text`: a small c is in the class C where it has no other."""
    return next((label for label in (text, text.upper(), text.lower()) if text and label in classes), None)


def learnable(corrections: Sequence[Correction], classes: tuple[str, ...]) -> Dataset | None:
    """The corrections whose label is one of `classes`, as a data set with them; None where there are none."""
    return as_dataset([(each.image, each.label) for each in corrections], classes)


def warped(corrections: Sequence[Correction], classes: tuple[str, ...], rng: np.random.Generator) -> Dataset | None:
    """Their strokes with other proportions, as the same hand might write them next, of those that have strokes."""
    known = [each for each in corrections if each.strokes]
    copies = min(WARPED, MOST_WARPED // max(len(known), 1))
    images = ((ink.render(warp(each.strokes, rng)), each.label) for each in known for _ in range(copies))
    return as_dataset([(image, label) for image, label in images if image is not None], classes)


def as_dataset(images: Sequence[tuple[Images, str]], classes: tuple[str, ...]) -> Dataset | None:
    """Images whose label is one of `classes`, as a data set with them; None where there are none."""
    found = [(image, label) for image, given in images if (label := label_among(classes, given)) is not None]
    if not found:
        return None
    labels = np.array([classes.index(label) for _, label in found], np.int64)
    return Dataset(np.stack([image for image, _ in found]), labels, classes)


def left_out(corrections: Sequence[Correction], classes: tuple[str, ...]) -> tuple[str, ...]:
    """The labels of `corrections` that are none of `classes`: a network with these cannot learn them."""
    return tuple(sorted({each.label for each in corrections if label_among(classes, each.label) is None}))


def write_npz(corrections: Sequence[Correction], classes: Sequence[str], path: Path) -> None:
    """Write `corrections` as a data set that `python -m nn_scratch.train --data` reads. Raises UserError.

    It has the `classes` of a model, so that this one can learn it, and the labels that are none of them.
    """
    classes = [*classes, *sorted({each.label for each in corrections}.difference(classes))]
    with atomic_write(path) as file:
        np.savez_compressed(
            file,
            images=np.stack([each.image for each in corrections]),
            labels=np.array([classes.index(each.label) for each in corrections], np.int64),
            classes=np.array(classes),
        )


def read_npz(path: Path, time: float) -> list[Correction]:
    """The corrections in a file such as `write_npz` writes, or any set of images of 28x28.

    Raises:
        UserError: the file cannot be read, or its images cannot be corrections.
    """
    data, _ = custom.read_npz(path, LARGEST)
    check_custom(data, path)
    if data.images.shape[1:] != (SIDE, SIDE):
        raise unusable_error(path, f"its images have the shape {data.images.shape[1:]}, not (28, 28)")
    if data.images.dtype != np.uint8:
        raise unusable_error(path, "its images are not whole numbers from 0 to 255")
    if len(data) > MOST:
        raise unusable_error(path, f"it has {len(data)} images, and at most {MOST} are taken as corrections")
    names = [data.classes[label] for label in data.labels]
    if not all(0 < len(name) <= LONGEST_WORD and name.isprintable() for name in names):
        raise unusable_error(path, "a class has a name that cannot be shown")
    return [Correction(image, name, time=time) for image, name in zip(data.images, names, strict=True)]
