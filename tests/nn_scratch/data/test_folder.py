"""Folders of images: photographs stay as they are, handwriting becomes ink, and bad files stop nobody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from nn_scratch import Network, UserError, preset
from nn_scratch.command import Feedback
from nn_scratch.data import folder as module
from nn_scratch.data.folder import FolderOptions, main, options_for
from nn_scratch.data.registry import has_test_set, load_data, load_mixture, load_test_set

INK = FolderOptions(ink=True)


class Told(Feedback):
    """Remembers what it is told."""

    def __init__(self) -> None:
        self.steps: list[tuple[int, int]] = []
        self.notes: list[str] = []

    def advance(self, done: int, total: int) -> None:
        self.steps.append((done, total))

    def note(self, sentence: str) -> None:
        self.notes.append(sentence)


@pytest.fixture
def writing(tmp_path: Path) -> Path:
    """A folder with six images each of bars and of dots, in two formats and all sizes, and files to ignore."""
    folder = tmp_path / "mine"
    for name in ("bar", "dot", ".hidden"):
        (folder / name).mkdir(parents=True)
    for i in range(6):
        bar = np.full((40 + i, 30), 255, np.uint8)
        bar[5:35, 10 + i : 14 + i] = 0
        Image.fromarray(bar).save(folder / "bar" / f"{i}.png")
        dot = np.full((20, 25 + i), 255, np.uint8)
        dot[8:13, 8:13] = 0
        Image.fromarray(dot).save(folder / "dot" / f"{i}.BMP")
    (folder / "dot" / "notes.txt").write_text("not an image")
    (folder / "readme.txt").write_text("not an image")
    return folder


def photographs(folder: Path, count: int, rng: np.random.Generator, size: tuple[int, int] = (32, 32)) -> np.ndarray:
    """Write `count` random images each of a cat and of a dog, as CIFAR-10 has them; return them all."""
    pixels = rng.integers(0, 256, (2 * count, *size, 3), dtype=np.uint8)
    for number, image in enumerate(pixels):
        path = folder / ("cat", "dog")[number // count] / f"{number:03}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image).save(path)
    return pixels


def convert(*arguments: object) -> int:
    return main([str(argument) for argument in arguments])


def test_handwriting_is_normalized_when_asked_for(writing: Path) -> None:
    training, test = load_data(str(writing), FolderOptions(ink=True))
    assert training.classes == ("bar", "dot")
    assert (len(training), len(test)) == (10, 2)
    assert training.images.shape == (10, 28, 28)
    width = training.images.any(axis=1).sum(axis=1)  # columns with ink
    assert (width[training.labels == 0] < 8).all()
    assert (width[training.labels == 1] == 20).all()
    again, _ = load_data(str(writing), FolderOptions(ink=True))
    assert (again.images == training.images).all()


def test_photographs_keep_their_colours_and_size(tmp_path: Path, rng: np.random.Generator) -> None:
    pixels = photographs(tmp_path, 10, rng)
    training, test = load_data(str(tmp_path))
    assert (training.images.shape, test.images.shape) == ((16, 32, 32, 3), (4, 32, 32, 3))
    everything = load_test_set(str(tmp_path))
    assert (everything.images == pixels).all()
    assert everything.labels.tolist() == [0] * 10 + [1] * 10


def test_grey_images_stay_grey_unless_there_are_colours(tmp_path: Path, rng: np.random.Generator) -> None:
    (tmp_path / "bird").mkdir()
    grey = rng.integers(0, 256, (12, 8, 9), dtype=np.uint8)
    for number, image in enumerate(grey):
        Image.fromarray(image).save(tmp_path / "bird" / f"{number:02}.png")
    (tmp_path / "fish").mkdir()
    assert (load_test_set(str(tmp_path)).images == grey).all()
    photographs(tmp_path, 1, rng, (8, 9))
    images = load_test_set(str(tmp_path)).images
    assert images.shape == (14, 8, 9, 3)
    assert (images[:12] == grey[..., None]).all()


def test_images_of_different_sizes_need_a_size(tmp_path: Path, rng: np.random.Generator) -> None:
    photographs(tmp_path, 8, rng)
    Image.new("RGB", (40, 30), "red").save(tmp_path / "dog" / "wide.png")
    with pytest.raises(
        UserError,
        match=r"001.png has 32x32|000.png has 32x32 and dog/wide.png has 40x30.*nn_scratch.data.folder.*--size 32x32",
    ):
        load_data(str(tmp_path))
    images = load_test_set(str(tmp_path), FolderOptions(size=(16, 24))).images
    assert images.shape == (17, 24, 16, 3)
    assert (images[-1] == (255, 0, 0)).all()


def test_a_folder_that_is_split_keeps_its_test_set(
    tmp_path: Path, rng: np.random.Generator, capsys: pytest.CaptureFixture[str]
) -> None:
    pixels, other = photographs(tmp_path / "train", 8, rng), photographs(tmp_path / "test", 2, rng)
    out = tmp_path / "mine.npz"
    assert convert(tmp_path, "--out", out) == 0
    assert capsys.readouterr().out == f"{out}: 16 images for training and 4 for testing, of cat dog\n"
    for name in (str(tmp_path), str(out)):
        training, test = load_data(name)
        assert training.classes == test.classes == ("cat", "dog")
        assert (training.images == pixels).all()
        assert (test.images == other).all()
        assert (load_test_set(name).images == other).all()
        assert has_test_set(name)
    for path in (tmp_path / "test" / "cat").iterdir():
        path.unlink()
    (tmp_path / "test" / "cat").rmdir()  # the labels are those of the training set
    assert load_test_set(str(tmp_path)).labels.tolist() == [1, 1]
    (tmp_path / "test" / "cow").mkdir()
    with pytest.raises(UserError, match="test has the class cow, which train does not have"):
        load_data(str(tmp_path))


def test_a_class_may_be_called_train(tmp_path: Path, rng: np.random.Generator) -> None:
    photographs(tmp_path, 6, rng)
    (tmp_path / "cat").rename(tmp_path / "train")
    (tmp_path / "dog").rename(tmp_path / "test")
    assert load_data(str(tmp_path))[0].classes == ("test", "train")


def test_blank_and_unreadable_images_are_skipped_and_counted(writing: Path) -> None:
    Image.fromarray(np.full((9, 9), 255, np.uint8)).save(writing / "bar" / "empty.png")
    (writing / "bar" / "broken.png").write_bytes(b"no image")
    told = Told()
    assert len(load_test_set(str(writing), INK, told)) == 12
    assert told.steps == [(done, 14) for done in range(1, 15)]
    (note,) = told.notes
    assert note == f"Skipped 2 of 14 images in {writing}, which are blank or not readable, such as " + str(
        writing / "bar" / "broken.png."
    )
    assert "\n" not in note


def test_a_folder_that_cannot_be_used_is_one_sentence(writing: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UserError, match="2 to 1000 classes"):
        load_data(str(writing / "bar"))
    for path in (*(writing / "bar").iterdir(), writing / "dot" / "0.BMP"):
        path.write_bytes(b"no image")
    with pytest.raises(UserError, match="5 images, and at least 10"):
        load_data(str(writing), FolderOptions(ink=True))
    monkeypatch.setattr(module, "LARGEST", 4_000)
    with pytest.raises(UserError, match="too much memory; make them smaller by --size"):
        load_data(str(writing))
    for path in (writing / "dot").iterdir():
        path.unlink()
    with pytest.raises(UserError, match="0 images, and at least 1 "):
        load_test_set(str(writing))


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (Image.new("L", (4, 3), 7), (7,)),
        (Image.new("1", (4, 3), 1), (255,)),
        (Image.new("I;16", (4, 3), 0xFFFF), (255,)),
        (Image.new("LA", (4, 3), (0, 0)), (255,)),
        (Image.new("RGBA", (4, 3), (10, 20, 30, 0)), (255, 255, 255)),
        (Image.new("RGBA", (4, 3), (10, 20, 30, 255)), (10, 20, 30)),
        (Image.new("RGB", (4, 3), (10, 20, 30)).quantize(4), (10, 20, 30)),
    ],
    ids=lambda value: getattr(value, "mode", None),
)
def test_pixels_of_any_kind_of_image(image: Image.Image, expected: tuple[int, ...], tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    image.save(tmp_path / "one" / "image.png")
    pixels = load_test_set(str(tmp_path)).images
    assert pixels.shape == ((1, 3, 4) if len(expected) == 1 else (1, 3, 4, 3))
    assert (pixels == expected).all()


def test_a_jpeg_is_decoded_smaller_but_not_too_small(tmp_path: Path) -> None:
    for name, mode, channels in (("grey", "L", ()), ("colour", "RGB", (3,))):
        for label in ("one", "two"):
            (tmp_path / name / label).mkdir(parents=True)
        Image.new(mode, (640, 480), "gray").save(tmp_path / name / "one" / "photo.jpg")
        images = load_test_set(str(tmp_path / name), FolderOptions(size=(64, 48))).images
        assert images.shape == (1, 48, 64, *channels)
        assert (abs(images.astype(int) - 128) <= 1).all()


def network(classes: Any, shape: tuple[int, ...] = (28, 28), **metadata: object) -> Network:
    made = preset("mlp", shape, classes)
    made.metadata = dict(metadata)
    return made


def test_a_network_for_ink_reads_a_folder_as_ink() -> None:
    assert options_for(network("0123456789")) == INK
    assert options_for(network(("no digit", "digit"))) == INK
    assert options_for(network(("cat", "dog"))) == FolderOptions()
    assert options_for(network("ab", (32, 32, 3))) == FolderOptions()
    assert options_for(network("0123456789", ink=False, size=None)) == FolderOptions()
    assert options_for(network(("cat", "dog"), ink=True, size=None)) == INK
    assert options_for(network("ab", (32, 24, 3), ink=False, size=[24, 32])) == FolderOptions(size=(24, 32))
    for size in ([10**9, 10**9], [24], "24", [0, 0], [True, False], {"a": 1}):
        assert options_for(network("ab", (32, 24, 3), ink=False, size=size)) == FolderOptions()


def test_the_command_converts_a_folder_once(writing: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "mine.npz"
    assert convert(writing, "--ink", "--out", out) == 0
    assert capsys.readouterr().out == f"{out}: 12 images, of bar dot\n"
    for made, read in zip(load_data(str(out)), load_data(str(writing), FolderOptions(ink=True)), strict=True):
        assert (made.images == read.images).all()
        assert (made.labels == read.labels).all()
        assert made.classes == read.classes
    convert(writing, "--size", "6x4", "--out", tmp_path / "small.npz")
    with pytest.raises(UserError, match=r"different sizes: .*\(28 x 28\).*\(4 x 6\)"):
        load_mixture([str(out), str(tmp_path / "small.npz")])
    for wrong in ([writing, "--out", out], [writing / "bar", "--out", out], [writing, "--ink", "--out", "mine.np"]):
        with pytest.raises(UserError):
            convert(*wrong)
