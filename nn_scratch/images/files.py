"""Image files: whatever somebody drew or photographed, as ink on paper."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from nn_scratch.errors import UserError
from nn_scratch.images.ink import Raster

MOST_PIXELS = 14_000_000  # to decode, within 200 MB at up to 11 bytes each; a JPEG is decoded small and may have more
LARGEST_SIDE = 1024  # images are reduced to this: finer detail than the 28x28 could ever show, in bounded memory
FAINT = 0.2  # of the full contrast: paper that is not quite white, the noise of a camera
LEAST_CONTRAST = 24  # levels of 255 between paper and ink; less is an empty page


def read(path: Path | str) -> Raster:
    """The ink in the image file `path`: float32 (H, W), 0 paper, 1 the strongest ink. All 0 for an empty page.

    Light on dark and dark on light, grey, colour, palette, alpha and 16 bits are all the same to it: paper is the
    commonest level along the edge, or what is transparent, and ink is what differs from it.

    Raises:
        UserError: the file cannot be read, is no image or is too large.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of odd metadata, which does not matter here
            with Image.open(path) as image:
                image.draft("RGB", (LARGEST_SIDE, LARGEST_SIDE))  # only JPEG can
                if image.width * image.height > MOST_PIXELS:
                    raise Image.DecompressionBombError
                return ink_of(grey_levels(image))
    except Image.DecompressionBombError as error:
        raise UserError(f"{path} is too large, more than {MOST_PIXELS:,} pixels; make it smaller first.") from error
    except FileNotFoundError as error:
        raise UserError(f"There is no file {path}; check the name.") from error
    except IsADirectoryError as error:
        raise UserError(f"{path} is a folder; name the images in it.") from error
    except PermissionError as error:
        raise UserError(f"{path} may not be read; check its permissions.") from error
    except Exception as error:  # damaged images make Pillow's decoders fail in many ways
        raise UserError(f"{path} is not a image that can be read; save it as PNG or JPEG.") from error


def grey_levels(image: Image.Image) -> tuple[Raster, Raster]:
    """Lightness 0 ... 255 and opacity 0 ... 1 of the first frame, each (H, W), reduced to at most 1024 a side."""
    image.seek(0)
    reduction = -(-max(image.size) // LARGEST_SIDE)
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
    """Lightness and opacity, (H, W) each, as ink."""
    grey, opacity = levels
    if (opacity < 0.5).mean() > 0.05:  # drawn on nothing: what is there is the ink, of whatever colour
        return clean(opacity)
    grey = grey * opacity + 255 * (1 - opacity)
    edge = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    paper = float(np.median(edge))
    return clean(np.abs(grey - paper) / 255)


def clean(difference: Raster) -> Raster:
    """Stretch differences from the paper to 0 ... 1 and take away the faint ones."""
    strongest = float(difference.max())
    if strongest * 255 < LEAST_CONTRAST:
        return np.zeros_like(difference, np.float32)
    ink = (difference / strongest - FAINT) / (1 - FAINT)
    clipped: Raster = np.clip(ink, 0.0, 1.0).astype(np.float32)
    return clipped
