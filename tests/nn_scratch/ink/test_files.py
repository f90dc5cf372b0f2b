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
    corners = np.array([[0.3, 0.2], [0.7, 0.2], [0.45, 0.8]]) * size
    for start, end in itertools.pairwise(corners):
        ink.stamp(raster, tuple(start), tuple(end), 0.04 * size)
    return np.rint(255 - 255 * raster).astype(np.uint8)


def files_with_a_seven() -> dict[str, Image.Image]:
    grey = seven()
    image = Image.fromarray(grey)
    transparent = Image.new("RGBA", image.size, (0, 0, 0, 0))
    transparent.putalpha(Image.fromarray(255 - grey))
    white_on_transparent = Image.merge("RGBA", [Image.new("L", image.size, 255)] * 3 + [Image.fromarray(255 - grey)])
    colour = np.stack([255 - (255 - grey) // 2, 255 - (255 - grey), 255 - (255 - grey) // 3], axis=-1)
    return {
        "grey.png": image,
        "dark.png": Image.fromarray(255 - grey),
        "grey paper.png": Image.fromarray((120 + grey * 0.4).astype(np.uint8)),
        "colour.png": Image.fromarray(colour),
        "transparent.png": transparent,
        "white ink.png": white_on_transparent,
        "opaque.png": image.convert("RGBA"),
        "palette.gif": image.convert("P"),
        "16 bits.png": Image.fromarray(grey.astype(np.uint16) * 257),
        "one bit.png": image.convert("1", dither=Image.Dither.NONE),
        "cmyk.jpg": image.convert("CMYK"),
        "large.png": image.resize((3000, 3000)),
        "wide.png": Image.fromarray(np.pad(grey, ((0, 0), (300, 50)), constant_values=255)),
        "float.tiff": Image.fromarray(grey.astype(np.float32) / 255),
    }


@pytest.mark.parametrize("name", sorted(files_with_a_seven()))
def test_the_same_seven_from_any_file(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    files_with_a_seven()[name].save(path)
    image = ink.normalize(image_files.read(path))
    reference = ink.normalize(255 - seven())
    assert image is not None
    assert reference is not None
    assert np.abs(image.astype(float) - reference).mean() < 8


@pytest.mark.parametrize("level", [0, 100, 255])
def test_an_empty_page_has_no_ink(level: int, tmp_path: Path) -> None:
    path = tmp_path / "page.png"
    noise = np.random.default_rng(0).integers(-5, 5, (60, 80))
    Image.fromarray(np.clip(level + noise, 0, 255).astype(np.uint8)).save(path)
    assert not image_files.read(path).any()
    Image.new("RGBA", (30, 30)).save(path)
    assert not image_files.read(path).any()


def test_one_pixel_is_read_and_too_many_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "image.png"
    Image.new("L", (1, 1), 0).save(path)
    assert image_files.read(path).shape == (1, 1)
    Image.new("L", (5_000, 3_000), 255).save(path)
    with pytest.raises(UserError, match="too large"):
        image_files.read(path)


def test_a_noisy_photo_of_paper_keeps_only_the_ink(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    noisy = 190 - (255 - seven().astype(float)) * 0.6 + np.random.default_rng(0).normal(0, 5, (200, 200))
    Image.fromarray(noisy.astype(np.uint8)).save(path, quality=70)
    raster = image_files.read(path)
    assert not raster[:25].any()
    assert raster.max() == 1


def test_a_file_that_is_not_an_image_gets_a_sentence(tmp_path: Path) -> None:
    cut = tmp_path / "cut.png"
    Image.fromarray(seven()).save(cut)
    cut.write_bytes(cut.read_bytes()[:200])
    text = tmp_path / "text.png"
    text.write_text("not an image")
    empty = tmp_path / "empty.png"
    empty.touch()
    for path, sentence in [
        (tmp_path / "none.png", "There is no image"),
        (tmp_path, "it is a folder"),
        (cut, "not an image"),
        (text, "not an image"),
        (empty, "not an image"),
    ]:
        with pytest.raises(UserError, match=sentence) as caught:
            image_files.read(path)
        assert str(path) in str(caught.value)


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


def test_a_jpeg_that_would_be_kept_whole_is_refused(tmp_path: Path) -> None:
    """A progressive JPEG is decoded at its full size, even where a smaller one is asked for."""
    path = tmp_path / "page.jpg"
    Image.new("L", (8192, 8192), 255).save(path, progressive=True, quality=5)
    with pytest.raises(UserError, match="too large"):
        image_files.read(path)
    Image.new("L", (4096, 4096), 255).save(path, progressive=True, quality=5)
    assert image_files.read(path).shape == (1024, 1024)
