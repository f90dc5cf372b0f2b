"""Ink: the room where drawings, photographs and pen strokes become the 28x28 image that a network reads.

A network knows only images like those it was trained on, so training and the app must prepare theirs by the same code.
"""

from nn_scratch.ink.rendering import BOX, PEN, SIDE, Raster, Stroke, normalize, render, render_all, stamp, to_bytes

__all__ = ["BOX", "PEN", "SIDE", "Raster", "Stroke", "normalize", "render", "render_all", "stamp", "to_bytes"]
