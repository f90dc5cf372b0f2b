"""Image files: what somebody drew or photographed, as ink on paper.

Files differ in size, colours, background and depth, but the network knows only ink. All image files are read here, so
all of them are treated alike, and only by the few decoders that are named here: Pillow knows formats that are programs,
such as EPS, which it hands to Ghostscript whatever the file is called.
"""

from __future__ import annotations

import io
import warnings
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from nn_scratch.errors import UserError
from nn_scratch.files import read_file
from nn_scratch.images.ink import Raster

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
    level along the edge, or what is transparent, and ink is what differs from it.

    Raises:
        UserError: the file cannot be read, is not an image, or is too large.
    """
    content = read_file(Path(path), MAX_FILE_SIZE, "image")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about odd metadata, which does not matter here
            with Image.open(io.BytesIO(content), formats=FORMATS) as image:
                check_size(image, MAX_JPEG_PIXELS if image.format in ("JPEG", "MPO") else MAX_PIXELS)
                image.draft("RGB", (MAX_SIDE, MAX_SIDE))  # only JPEG can be decoded at a smaller size
                check_size(image, MAX_PIXELS)
                return ink_of(grey_levels(image))
    except Image.DecompressionBombError as error:
        raise UserError(f"{path} is too large, more than {MAX_PIXELS:,} pixels; make it smaller first.") from error
    except Exception as error:  # damaged images make Pillow's decoders fail in many ways
        raise UserError(f"{path} is not an image that can be read; save it as PNG or JPEG.") from error


def check_size(image: Image.Image, most: int) -> None:
    """Raise DecompressionBombError if `image` has more than `most` pixels."""
    if image.width * image.height > most:
        raise Image.DecompressionBombError


def grey_levels(image: Image.Image) -> tuple[Raster, Raster]:
    """Lightness 0 ... 255 and opacity 0 ... 1 of the first frame, each (H, W), with sides of at most `MAX_SIDE`."""
    image.seek(0)
    reduction = -(-max(image.size) // MAX_SIDE)
    sixteen_bits = image.mode.startswith("I") or image.mode == "F"
    if sixteen_bits:
        grey = np.asarray(image)[::reduction, ::reduction].astype(np.float32)
        low, high = float(grey.min()), float(grey.max())
        largest = 65535.0 if high > 255 else (255.0 if high > 1 else 1.0)
        levels: Raster = np.clip((grey - min(low, 0.0)) * (255 / largest), 0, 255)
        return levels, np.ones_like(grey)
    if image.mode == "P" or "transparency" in image.info:
        image = image.convert("RGBA")
    if reduction > 1:
        image = image.reduce(reduction)
    image = ImageOps.exif_transpose(image)
    if image.mode in ("LA", "RGBA", "PA", "La", "RGBa"):
        pair = np.asarray(image.convert("LA"), np.float32)
        return pair[..., 0], pair[..., 1] / 255
    lightness: Raster = np.asarray(image.convert("L"), np.float32)
    return lightness, np.ones_like(lightness)


def ink_of(levels: tuple[Raster, Raster]) -> Raster:
    """Ink (H, W) from lightness and opacity, each (H, W)."""
    grey, opacity = levels
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
    ink = (difference / strongest - FAINT) / (1 - FAINT)
    clipped: Raster = np.clip(ink, 0.0, 1.0).astype(np.float32)
    return clipped
