"""Synthetic photographs of handwriting on paper, made of the strokes of real people.

Photographs of paper with known labels are not at hand. This module makes them, step by step as they come about: ink on
paper, the sheet on a table before a camera, light and shadow, the lens, the sensor, the JPEG. Lengths on the paper are
millimetres and brightness is linear until the camera's curve, so that every number below can be checked with a ruler or
a camera.

What it cannot tell: the strokes come from tablets, where hands slip and no pen skips; a sheet is flat; ink does not
bleed or shine; the light is white and has at most one shadow; nothing but a table lies around; a lens blurs evenly; and
the camera does not sharpen or smooth as those of telephones do. Real photographs are harder in all these ways, so the
figures say which difficulties are overcome, not how many photographs of users are read.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from nn_scratch.arrays import Array
from nn_scratch.recipes.strokes import Strokes

SIZE = (1024, 768)  # pixels, as messengers send photographs; cameras have more, which makes noise smaller
SUPERSAMPLING = 2  # strokes and rules are drawn finer and then reduced, because Pillow's lines have hard edges
TONE = 2.2  # the exponent of sRGB, nearly

Colour: TypeAlias = tuple[float, float, float]  # linear reflectance from 0 to 1

RULE = (0.45, 0.62, 0.8)  # how much light the printed rules of a sheet leave
WOOD = (0.3, 0.19, 0.11)
WHITE, BLACK = (0.8, 0.8, 0.77), (0.03, 0.03, 0.04)


@dataclass(frozen=True)
class Scene:
    """What is photographed and how. Lengths are millimetres on the paper."""

    height: float = 10.0  # of the characters
    view: float = 80.0  # the width of the paper that the photograph shows
    pen: float = 0.7  # the width of the line
    ink: Colour = BLACK
    cover: tuple[float, float] = (0.85, 1.0)  # how much of the paper the ink hides, varying along the line
    paper: Colour = WHITE
    grain: float = 0.01  # standard deviation of the paper's reflectance
    rules: str = ""  # "ruled" or "squared"
    spacing: float = 5.0  # of the rules
    light: float = 0.85  # how much less light the darkest corner has: 1 is even
    shadow: float = 1.0  # how much light remains in the shadow: 1 is none
    penumbra: float = 1.0  # the width of the shadow's edge
    turn: float = 0.0  # degrees
    tilt: float = 0.0  # how much narrower the far end is: a fraction
    margin: float = 0.0  # of the photograph's width: the table on each side
    blur: float = 0.7  # pixels: standard deviation of the lens
    noise: float = 0.008  # standard deviation of the sensor at full light
    exposure: float = 1.0
    quality: int = 88  # of the JPEG
    others: int = 0  # other, smaller lines of writing


def photograph(strokes: Strokes, others: list[Strokes], scene: Scene, rng: np.random.Generator) -> bytes:
    """A JPEG of `strokes`, whose characters are 1 high, in the middle of a sheet, with `others` in smaller writing."""
    sheet = written_sheet(strokes, others, scene, rng)
    seen = on_a_table(sheet, scene, rng)
    lit = seen * illumination(scene, rng)[..., None] * scene.exposure
    return developed(lit, scene, rng)


def written_sheet(strokes: Strokes, others: list[Strokes], scene: Scene, rng: np.random.Generator) -> Image.Image:
    """The sheet from above, as large as the photograph: sRGB-coded reflectance, so that 8 bits are enough."""
    width, height = SIZE
    scale = width / scene.view  # pixels per millimetre
    paper = np.array(scene.paper, np.float32) * (1 + scene.grain * texture((height, width), 1.2, rng))[..., None]
    if scene.rules:
        rule = rules(scene, scale, rng)[..., None]
        paper = paper * (1 - rule * (1 - np.array(RULE, np.float32)))
    cover = ink_mask(strokes, scene, (0.5, 0.5), scene.height, rng)
    away = 0.12 + 0.9 * scene.height * scale / height
    for k, other in enumerate(others):
        place = (rng.uniform(0.3, 0.7), 0.5 + (away, -away)[k % 2] + rng.uniform(0, 0.05))
        cover = np.maximum(cover, ink_mask(other, scene, place, scene.height * rng.uniform(0.3, 0.5), rng))
    low, high = scene.cover
    cover = cover * np.clip((low + high) / 2 + (high - low) / 2 * texture((height, width), 3.0, rng), 0, 1)
    reflectance = paper * (1 - cover[..., None]) + np.array(scene.ink, np.float32) * cover[..., None]
    return Image.fromarray(coded(reflectance))


def ink_mask(
    strokes: Strokes, scene: Scene, place: tuple[float, float], height: float, rng: np.random.Generator
) -> Array:
    """Where the pen went: (H, W) from 0 to 1, with the middle of the writing at `place`, fractions of the sheet."""
    size = np.array(SIZE) * SUPERSAMPLING
    scale = size[0] / scene.view
    points = np.concatenate(strokes)
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    extent = np.ptp(points, axis=0) * height * scale
    shrink = min(1.0, *(0.6 * size / np.maximum(extent, 1)))  # a long number still fits into the photograph
    image = Image.new("L", (int(size[0]), int(size[1])))
    draw = ImageDraw.Draw(image)
    pen = max(1.0, scene.pen * scale * rng.uniform(0.9, 1.1))
    for stroke in strokes:
        line = (stroke - middle) * height * scale * shrink + np.array(place) * size
        draw.line([tuple(point) for point in line.tolist()], fill=255, width=round(pen), joint="curve")
        for x, y in (line[0].tolist(), line[-1].tolist()):
            draw.ellipse((x - pen / 2, y - pen / 2, x + pen / 2, y + pen / 2), fill=255)
    return np.asarray(image.reduce(SUPERSAMPLING), np.float32) / 255


def rules(scene: Scene, scale: float, rng: np.random.Generator) -> Array:
    """How strongly each pixel of the sheet (H, W) is covered by printed rules."""
    line = max(0.25 * scale, 0.5) * SUPERSAMPLING
    width, height = (side * SUPERSAMPLING for side in SIZE)
    image = Image.new("L", (width, height))
    draw = ImageDraw.Draw(image)
    step = scene.spacing * scale * SUPERSAMPLING
    for y in np.arange(rng.uniform(0, step), height, step):
        draw.line([(0, y), (width, y)], fill=255, width=round(line))
    if scene.rules == "squared":
        for x in np.arange(rng.uniform(0, step), width, step):
            draw.line([(x, 0), (x, height)], fill=255, width=round(line))
    return np.asarray(image.reduce(SUPERSAMPLING), np.float32) / 255 * np.float32(rng.uniform(0.6, 1.0))


def on_a_table(sheet: Image.Image, scene: Scene, rng: np.random.Generator) -> Array:
    """What the camera sees of the sheet, turned and tilted, on a table: linear (H, W, 3)."""
    width, height = SIZE
    corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * np.array([width, height]) / 2
    # Without a table in the view, the sheet goes on beyond all corners of the photograph.
    enlarged = 1 - 2 * scene.margin if scene.margin else 1.08 + abs(scene.tilt) + 0.02 * abs(scene.turn)
    angle = np.deg2rad(scene.turn)
    turned = corners * enlarged @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    nearness = 1 + scene.tilt * turned[:, 1:] / height  # the far end is narrower, and nearer to the horizon
    seen = turned * nearness + np.array([width, height]) / 2
    coefficients = homography(seen, corners + np.array([width, height]) / 2)
    transform, bicubic = Image.Transform.PERSPECTIVE, Image.Resampling.BICUBIC
    image = linear(np.asarray(sheet.transform(SIZE, transform, coefficients, bicubic)))
    if not scene.margin:
        return image
    is_sheet = Image.new("L", SIZE, 255).transform(SIZE, transform, coefficients, bicubic)
    alpha = np.asarray(is_sheet, np.float32)[..., None] / 255
    grain = 1 + 0.25 * texture((height, width // 8), 2.0, rng).repeat(8, axis=1)  # of wood
    table = np.array(WOOD, np.float32) * rng.uniform(0.4, 1.3) * grain[..., None]
    return image * alpha + table * (1 - alpha)


def homography(source: Array, target: Array) -> list[float]:
    """The eight coefficients of the perspective map that takes the four corners `source` (4, 2) to `target` (4, 2)."""
    rows, values = [], []
    for (x, y), (u, v) in zip(source.tolist(), target.tolist(), strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return [float(c) for c in np.linalg.solve(np.array(rows), np.array(values))]


def illumination(scene: Scene, rng: np.random.Generator) -> Array:
    """The light on each pixel (H, W): it falls off to one side, and there may be the shadow of a hand."""
    width, height = SIZE
    y, x = np.mgrid[-0.5 : 0.5 : height * 1j, -0.5 : 0.5 : width * 1j].astype(np.float32)
    angle = rng.uniform(0, 2 * np.pi)
    along = (x * np.cos(angle) + y * np.sin(angle)) / 1.42 + 0.5  # 0 to 1
    light = 1 - (1 - scene.light) * along**1.5
    if scene.shadow < 1:
        angle, bend = rng.uniform(0, 2 * np.pi), rng.uniform(-0.6, 0.6)
        across, side = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
        depth = (across + bend * side**2 + rng.uniform(-0.15, 0.15)) * scene.view / scene.penumbra
        light = light * (scene.shadow + (1 - scene.shadow) / (1 + np.exp(-4 * np.clip(depth, -20, 20))))
    return np.asarray(light.astype(np.float32))


def developed(lit: Array, scene: Scene, rng: np.random.Generator) -> bytes:
    """The JPEG that a camera makes of the light `lit` (H, W, 3). Noise grows with the root of the light."""
    light = blurred(lit, scene.blur)
    noise = rng.standard_normal(light.shape, np.float32) * scene.noise
    light = light + noise * np.sqrt(np.maximum(light, 0) + 0.05)
    file = io.BytesIO()
    Image.fromarray(coded(light)).save(file, "JPEG", quality=scene.quality)
    return file.getvalue()


def texture(shape: tuple[int, int], sigma: float, rng: np.random.Generator) -> Array:
    """Random unevenness (H, W) of about standard deviation 1, `sigma` pixels wide."""
    values = blurred(rng.standard_normal(shape, np.float32), sigma)
    return np.asarray(values / values.std())


def blurred(values: Array, sigma: float) -> Array:
    """`values` (H, W) or (H, W, 3) with every point spread as a bell curve of standard deviation `sigma` pixels."""
    reach = int(np.ceil(3 * sigma))
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    weights = (weights / weights.sum()).astype(np.float32)
    for axis in (0, 1):
        count = values.shape[axis]
        padded = np.pad(values, [(reach, reach) if k == axis else (0, 0) for k in range(values.ndim)], mode="edge")
        values = np.zeros_like(values)
        for k, weight in enumerate(weights):
            values += weight * (padded[k : k + count] if axis == 0 else padded[:, k : k + count])
    return values


def coded(reflectance: Array) -> NDArray[np.uint8]:
    """Linear light from 0 to 1 as bytes with the camera's curve."""
    levels: NDArray[np.uint8] = np.rint(np.clip(reflectance, 0, 1) ** (1 / TONE) * 255).astype(np.uint8)
    return levels


def linear(bytes_: NDArray[np.uint8]) -> Array:
    """The inverse of `coded`."""
    return np.asarray((bytes_.astype(np.float32) / 255) ** TONE)
