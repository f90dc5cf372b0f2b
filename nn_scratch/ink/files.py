"""Image files: what somebody drew, as ink on paper, or what somebody photographed, as it is.

Files differ in size, colours, background and depth. A network that reads handwriting knows only ink; one that reads
photographs needs their colours. All image files are read here, so all of them are treated alike, and only by the few
decoders that are named here: Pillow knows formats that are programs, such as EPS, which it hands to Ghostscript
whatever the file is called.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from nn_scratch.errors import UserError
from nn_scratch.files import read_file
from nn_scratch.ink.page import Page
from nn_scratch.ink.photograph import ink_on_photograph, is_photograph
from nn_scratch.ink.rendering import Raster

Size: TypeAlias = tuple[int, int]  # width, height
FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP", "TIFF", "PPM")
MAX_FILE_SIZE = 2**27  # bytes
MAX_PIXELS = 14_000_000  # decoded in 200 MB, at up to 11 bytes each; a JPEG may have more, since it is decoded smaller
MAX_JPEG_PIXELS = 64_000_000  # a progressive JPEG keeps up to 8 bytes for each while it is decoded, at any size
MAX_SIDE = 1024  # larger images are reduced to this: still finer than 28x28 can show, and memory stays bounded
FAINT = 0.2  # of the full contrast: paper that is not quite white, or the noise of a camera
MIN_CONTRAST = 24  # levels of 255 between paper and ink; a page with less is empty


def read(path: Path | str) -> Raster:
    """The ink in the image file `path`: float32 (H, W), 0 is paper, 1 is the strongest ink. All 0 for an empty page.

    Light on dark and dark on light, grey, colour, palette, alpha and 16 bits give the same ink: paper is the median
    level along the edge, or what is transparent, and ink is what differs from it. Of a photograph it is the largest and
    most central line of writing (see `nn_scratch.ink.photograph`).

    Raises:
        UserError: the file cannot be read, is not an image, or is too large.
    """
    return read_page(path).ink


def read_page(path: Path | str) -> Page:
    """The same ink, the part of the image in which it lies, and how much of a photograph it leaves out.

    Raises:
        UserError: as for `read`.
    """
    with opened(path, (MAX_SIDE, MAX_SIDE)) as image:
        grey, opacity = grey_levels(image)
        if (opacity == 1).all() and is_photograph(grey):
            return ink_on_photograph(grey)
        ink = ink_of(grey, opacity)
        return Page(ink, ink)


def read_pixels(path: Path | str, size: Size | None = None) -> NDArray[np.uint8]:
    """The image in the file `path` as it is: uint8 (H, W) where it is grey and (H, W, 3), RGB, where it has colours.

    It is stretched to `size`, where that is given. What is transparent is white.

    Raises:
        UserError: as for `read`.
    """
    with opened(path, None if size is None else (2 * size[0], 2 * size[1])) as image:
        return pixels_of(image, size)


@contextmanager
def opened(path: Path | str, smallest: Size | None) -> Iterator[Image.Image]:
    """The image in the file `path`, decoded smaller where that is cheap, but not below the size `smallest`.

    Raises:
        UserError: the file cannot be read, is not an image, or is too large; also for what fails inside the block.
    """
    content = read_file(Path(path), MAX_FILE_SIZE, "image")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about odd metadata, which does not matter here
            with Image.open(io.BytesIO(content), formats=FORMATS) as image:
                check_size(image, MAX_JPEG_PIXELS if image.format in ("JPEG", "MPO") else MAX_PIXELS)
                image.draft("RGB", smallest)  # only JPEG can be decoded at a smaller size
                check_size(image, MAX_PIXELS)
                yield image
    except Image.DecompressionBombError as error:
        raise UserError(f"{path} is too large, more than {MAX_PIXELS:,} pixels; make it smaller first.") from error
    except Exception as error:  # damaged images make Pillow's decoders fail in many ways
        raise UserError(f"{path} is not an image that can be read; save it as PNG or JPEG.") from error


def check_size(image: Image.Image, most: int) -> None:
    """Raise DecompressionBombError if `image` has more than `most` pixels."""
    if image.width * image.height > most:
        raise Image.DecompressionBombError


def pixels_of(image: Image.Image, size: Size | None) -> NDArray[np.uint8]:
    """The first frame of `image`, stretched to `size`: uint8 (H, W) or (H, W, 3)."""
    image.seek(0)
    image = ImageOps.exif_transpose(image)
    if is_deep(image):
        image = Image.fromarray(grey_levels(image)[0].astype(np.uint8))
    mode = "L" if image.mode in ("1", "L", "LA", "La") else "RGB"
    if image.mode.endswith(("A", "a")) or "transparency" in image.info:
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image.convert("RGBA"))
    image = image.convert(mode)
    return np.asarray(image if size is None else image.resize(size, Image.Resampling.BICUBIC))


def grey_levels(image: Image.Image) -> tuple[Raster, Raster]:
    """Lightness 0 ... 255 and opacity 0 ... 1 of the first frame, each (H, W), with sides of at most `MAX_SIDE`."""
    image.seek(0)
    reduction = -(-max(image.size) // MAX_SIDE)
    if is_deep(image):
        grey = np.asarray(image)[::reduction, ::reduction].astype(np.float32)
        low, high = float(grey.min()), float(grey.max())
        largest = 65535.0 if high > 255 else (255.0 if high > 1 else 1.0)
        return np.clip((grey - min(low, 0.0)) * (255 / largest), 0, 255), np.ones_like(grey)
    if image.mode == "P" or "transparency" in image.info:
        image = image.convert("RGBA")
    if reduction > 1:
        image = image.reduce(reduction)
    image = ImageOps.exif_transpose(image)
    if image.mode in ("LA", "RGBA", "PA", "La", "RGBa"):
        pair = np.asarray(image.convert("LA"), np.float32)
        return pair[..., 0], pair[..., 1] / 255
    lightness = np.asarray(image.convert("L"), np.float32)
    return lightness, np.ones_like(lightness)


def is_deep(image: Image.Image) -> bool:
    """Whether the grey levels of `image` have more than 8 bits."""
    return image.mode.startswith("I") or image.mode == "F"


def ink_of(grey: Raster, opacity: Raster) -> Raster:
    """Ink (H, W) from lightness and opacity, each (H, W)."""
    if (opacity < 0.5).mean() > 0.05:  # on a transparent page, everything drawn is ink, of any colour
        return clean(opacity)
    grey = grey * opacity + 255 * (1 - opacity)
    edge = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    paper = float(np.median(edge))
    return clean(np.abs(grey - paper) / 255)


def clean(difference: Raster) -> Raster:
    """Ink from 0 to 1: differences from the paper, stretched, without the faint ones."""
    strongest = float(difference.max())
    if strongest * 255 < MIN_CONTRAST:
        return np.zeros_like(difference, np.float32)
    return np.clip((difference / strongest - FAINT) / (1 - FAINT), 0.0, 1.0).astype(np.float32)
