"""Fingers: what touching the screen means.

One finger does what the left button of a mouse does, two on the sheet erase. The second finger comes a moment after the
first, which has left a spot of ink by then that nobody wanted, so that is taken back.
"""

from __future__ import annotations

import math

import pygame

from drawapp.drawing.geometry import Point
from drawapp.ui.controls.focus import Focus
from drawapp.ui.intents import Intent, PenGone, Redraw, TakeBack

SPOT = 0.04  # of the window: a stroke shorter than this was the first of two fingers


class Fingers:
    """Remembers which fingers touch the screen, and since when."""

    def __init__(self) -> None:
        self._places: dict[int, Point] = {}  # by finger, in fractions of the window
        self._began: Point = (0.0, 0.0)
        self._ignores_rest = False  # the fingers that are still down after two have erased

    def intents_of(self, event: pygame.Event, focus: Focus, size: tuple[int, int]) -> list[Intent]:
        """What a FINGERDOWN, FINGERMOTION or FINGERUP means in a window of the given `size`."""
        finger, place = event.finger_id, (event.x, event.y)
        found: list[Intent | None] = []
        if event.type == pygame.FINGERDOWN:
            self._places[finger] = place
            found += self._down(focus, size)
        elif finger in self._places:
            self._places[finger] = place
            at = self._middle(size)
            if event.type == pygame.FINGERMOTION:
                found += [] if self._ignores_rest else [focus.move(at)]
            else:
                found += [] if self._ignores_rest else [focus.release(at)]
                del self._places[finger]
                self._ignores_rest = bool(self._places)
                focus.leave()
                found.append(PenGone())
        return [intent for intent in found if intent is not None] or [Redraw()]

    def _down(self, focus: Focus, size: tuple[int, int]) -> list[Intent | None]:
        """One more finger is down."""
        at = self._middle(size)
        if len(self._places) == 1:
            (self._began,) = self._places.values()
            return [focus.press(at)]
        is_on_sheet = focus.owner is not None and focus.owner is focus.controls[0]
        if self._ignores_rest or not is_on_sheet or len(self._places) > 2:
            return []
        first = next(iter(self._places.values()))
        taken_back = [TakeBack()] if math.dist(first, self._began) < SPOT else []
        return [*taken_back, focus.release(at), focus.press(at, True)]

    def _middle(self, size: tuple[int, int]) -> Point:
        """The middle of the first two fingers, in pixels."""
        places = list(self._places.values())[:2]
        x, y = (sum(values) / len(places) for values in zip(*places, strict=True))
        return x * size[0], y * size[1]
