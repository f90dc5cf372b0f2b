"""Intents of the place Inside: what the user means there.

They are intents like all others. They stand in a file of their own because they belong to one place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class LookAt:
    """Look at one unit of the network: the number of its stage and its own. None: at none.

    `against` is the class whose output it is, where that is not the answer: why is it not this one?
    """

    unit: tuple[int, int] | None
    against: int | None = None


@dataclass(frozen=True)
class Walk:
    """Go through the network by so many stages, onward or back."""

    steps: int


@dataclass(frozen=True)
class Play:
    """Go through the network stage by stage, in time, or stop."""


@dataclass(frozen=True)
class Try:
    """Make an experiment with the network: dream of the class `label` or of the next one, fool it, or find training
    images that are alike. Then: pause the dream or go on, fool by `strength` times the change, ask another network."""

    what: Literal["dream", "fool", "alike", "pause", "ask"]
    label: int | None = None
    strength: float | None = None


@dataclass(frozen=True)
class AskWhy:
    """Show which ink speaks for the answer, or for it rather than the class `against`; or no longer."""

    against: int | None = None


InsideIntent = LookAt | Walk | Play | AskWhy | Try
