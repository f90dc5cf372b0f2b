"""Image files of every kind give the same ink, or one sentence that says what is wrong."""

from __future__ import annotations

import itertools
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import EpsImagePlugin, Image

from nn_scratch import UserError, ink
from nn_scratch.ink import files as image_files


def seven(size: int = 200) -> np.ndarray:
    """A 7 as lightness on white paper, uint8."""
    raster = np.zeros((size, size), np.float32)
    for start, end in itertools.pairwise(np.array([[0.3, 0.2], [0.7, 0.2], [0.45, 0.8]]) * size):
        ink.stamp(raster, tuple(start), tuple(end), 0.04 * size)
    return np.rint(255 - 255 * raster).astype(np.uint8)


GREY = seven()
IMAGE, OPACITY = Image.fromarray(GREY), Image.fromarray(255 - GREY)
NOISE = np.random.default_rng(0).normal(0, 5, GREY.shape)
SEVENS = {
    "grey.png": IMAGE,
    "dark.png": OPACITY,
    "grey paper.png": Image.fromarray((120 + GREY * 0.4).astype(np.uint8)),
    "colour.png": Image.fromarray(np.stack([128 + GREY // 2, GREY, 170 + GREY // 3], axis=-1)),
    "transparent.png": Image.merge("RGBA", [Image.new("L", IMAGE.size, 0)] * 3 + [OPACITY]),
    "white ink.png": Image.merge("RGBA", [Image.new("L", IMAGE.size, 255)] * 3 + [OPACITY]),
    "opaque.png": IMAGE.convert("RGBA"),
    "palette.gif": IMAGE.convert("P"),
    "16 bits.png": Image.fromarray(GREY.astype(np.uint16) * 257),
    "one bit.png": IMAGE.convert("1", dither=Image.Dither.NONE),
    "cmyk.jpg": IMAGE.convert("CMYK"),
    "large.png": IMAGE.resize((3000, 3000)),
    "wide.png": Image.fromarray(np.pad(GREY, ((0, 0), (300, 50)), constant_values=255)),
    "float.tiff": Image.fromarray(GREY.astype(np.float32) / 255),
    "noisy scan.png": Image.fromarray((seven(90) * 0.9 + NOISE[:90, :90].clip(-12, 12) + 12).astype(np.uint8)),
    "photo of paper.jpg": Image.fromarray((37 + GREY * 0.6 + NOISE).astype(np.uint8)),
}


@pytest.mark.parametrize("name", SEVENS)
def test_the_same_seven_from_any_file(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    SEVENS[name].save(path, quality=70)
    raster = image_files.read(path)
    image, reference = (np.asarray(ink.normalize(each), float) for each in (raster, 255 - GREY))
    assert np.abs(image - reference).mean() < (14 if name.startswith("photo") else 8)
    assert not raster[: len(raster) // 8].any()
    assert raster.max() == 1


@pytest.mark.parametrize("level", [0, 100, 255, None])
def test_an_empty_page_has_no_ink(level: int | None, tmp_path: Path) -> None:
    path = tmp_path / "page.png"
    noise = np.random.default_rng(0).integers(-5, 5, (60, 80))
    page = Image.fromarray(np.clip((level or 0) + noise, 0, 255).astype(np.uint8))
    (Image.new("RGBA", (30, 30)) if level is None else page).save(path)
    assert not image_files.read(path).any()


def test_sizes_from_one_pixel_to_the_largest_are_read(tmp_path: Path) -> None:
    path = tmp_path / "page.jpg"
    for size, read in [((1, 1), (1, 1)), ((4096, 4096), (1024, 1024))]:
        Image.new("L", size, 255).save(path, progressive=True, quality=5)
        assert image_files.read(path).shape == read


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("none.png", "There is no image"),
        (".", "it is a folder"),
        ("cut.png", "not an image"),
        ("text.png", "not an image"),
        ("empty.png", "not an image"),
        ("large.png", "too large"),
        ("progressive.jpg", "too large"),  # it is decoded at its full size, even where a smaller one is asked for
    ],
)
def test_what_is_not_an_image_that_can_be_read_gets_a_sentence(name: str, sentence: str, tmp_path: Path) -> None:
    IMAGE.save(tmp_path / "cut.png")
    os.truncate(tmp_path / "cut.png", 200)
    (tmp_path / "text.png").write_text("not an image")
    (tmp_path / "empty.png").touch()
    if sentence == "too large":
        Image.new("L", (8192, 8192), 255).save(tmp_path / name, progressive=True, quality=5)
    with pytest.raises(UserError, match=sentence) as caught:
        image_files.read(tmp_path / name)
    assert str(tmp_path / name) in str(caught.value)


@pytest.mark.skipif(os.name == "nt", reason="a script in the shell's language stands for Ghostscript")
@pytest.mark.parametrize("name", ["drawing.eps", "drawing.png"])
def test_a_program_in_postscript_is_not_run(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pillow opens an EPS by its content, whatever it is called, and hands it to Ghostscript."""
    ghostscript, proof = tmp_path / "gs", tmp_path / "it ran"
    ghostscript.write_text(f"#!/bin/sh\necho ran >> '{proof}'\necho 10.0\n")
    ghostscript.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(EpsImagePlugin, "gs_binary", None)  # so that Pillow looks for it anew
    path = tmp_path / name
    path.write_text("%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n%%EndComments\n(f) (w) file\n%%EOF\n")
    with pytest.raises(UserError, match="not an image"):
        image_files.read(path)
    assert not proof.exists()
