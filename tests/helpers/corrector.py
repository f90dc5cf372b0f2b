"""A user who corrects the bundled models, for the tests of what is learned from it."""

from __future__ import annotations

import pygame

from drawapp.drawing import sample_digits
from drawapp.ui.controls.label_strip import LabelStrip
from tests.helpers.user import User


def draw(user: User, digits: str) -> None:
    """Draw `digits` beside each other, on an empty sheet, by the mouse."""
    user.key(pygame.K_r)
    scale = 1 / len(digits)
    for number, digit in enumerate(digits):
        middle = 28 * (number + 0.5) * scale
        for stroke in sample_digits.STROKES[digit]:
            user.drag(*[(middle + (x - 14) * scale, y) for x, y in stroke])
    user.wait(0.1)


def kept(user: User) -> list[tuple[str, str]]:
    return [(each.read, each.label) for each in user.app.session.corrections.all]


def strip(user: User) -> LabelStrip:
    return user.app.screen.labels


def say(user: User, label: str) -> None:
    """Press Enter, and type what it is."""
    user.key(pygame.K_RETURN)
    user.key(pygame.key.key_code(label), unicode=label)


def answers(user: User) -> dict[str, float]:
    user.wait(0.1)
    assert user.app.prediction is not None
    return user.app.prediction.probabilities


def learn(user: User) -> None:
    """Press the button, and wait until the copy has learned."""
    user.click_on("learn corrections")
    user.until(lambda: user.app.learning.corrections.job is None)
    user.wait(0.2)


def to_learn(user: User) -> None:
    user.key(pygame.K_3, unicode="3")
    user.wait(0.1)
