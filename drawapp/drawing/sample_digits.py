"""Sample digits: the strokes of 0 to 9, as a hand would draw them.

The self-test, the screenshot, the icon and the tests need a drawing whose right answer is known, on a machine where
nobody draws and where there is no data.
"""

from __future__ import annotations

import math

from drawapp.drawing.canvas import Canvas
from drawapp.drawing.geometry import Point

Points = list[Point]  # of one stroke, in cells of the canvas


def arc(centre: Point, radii: Point, start: int, end: int) -> Points:
    """An arc of an ellipse, from the angle `start` to `end` in degrees; 0 is right, 90 is down."""
    steps = range(33)
    angles = [math.radians(start + (end - start) * step / steps[-1]) for step in steps]
    return [(centre[0] + radii[0] * math.cos(a), centre[1] + radii[1] * math.sin(a)) for a in angles]


STROKES: dict[str, list[Points]] = {
    "0": [arc((14, 14), (6, 9), -90, 270)],
    "1": [[(14.5, 5), (14, 14), (13.5, 23)]],
    "2": [[*arc((14, 10), (5.5, 5), -170, 40), (8, 23), (21, 22.5)]],
    "3": [[*arc((13, 9.5), (5, 4.5), -150, 90), *arc((13, 18.5), (6, 5), -90, 150)]],
    "4": [[(11, 5), (8, 15), (20.5, 14.5)], [(17, 8), (16, 24)]],
    "5": [[(11, 5), (10, 12), *arc((13, 17), (6, 5.5), -115, 145)], [(11, 5), (20, 5)]],
    "6": [[(17, 4.5), (12.5, 8.5), (9.7, 14), *arc((14, 18.5), (5, 5), 180, 540)]],
    "7": [[(8, 6), (20, 6), (16, 14), (13, 24)]],
    "8": [[*arc((14, 9.5), (4.5, 4.5), 90, 450), *arc((14, 19), (5.5, 5), -90, 270)]],
    "9": [[*arc((14, 10), (5, 5), 0, -360), (18.5, 16), (17, 24)]],
}


def draw(digit: str, canvas: Canvas) -> None:
    """Draw `digit` on `canvas`."""
    for points in STROKES[digit]:
        canvas.draw(points)
