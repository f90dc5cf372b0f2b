"""The themes: every contrast that somebody has to see is high enough, by WCAG 2."""

from __future__ import annotations

import pytest

from drawapp.ui.learning.training import MOST_RUNS
from drawapp.ui.screens.learn.curves import ON_DARK, ON_LIGHT
from drawapp.ui.theme import DARK, LIGHT, THEMES, Colour, Theme

GROUNDS = ("background", "panel", "paper", "lit")


def luminance(colour: Colour) -> float:
    """Relative luminance, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance."""
    shares = [value / 255 for value in colour]
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    """Contrast ratio, from 1 to 21, https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def ratio(theme: Theme, one: str, other: str) -> float:
    return contrast(getattr(theme, one), getattr(theme, other))


def test_black_on_white_has_the_highest_contrast() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("words", ["text", "muted", "answer", "unsure"])
def test_text_is_read_on_every_ground(theme: Theme, ground: str, words: str) -> None:
    assert ratio(theme, words, ground) >= 4.5


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("mark", ["edge", "focus"])
def test_edges_and_the_ring_are_seen_on_every_ground(theme: Theme, ground: str, mark: str) -> None:
    assert ratio(theme, mark, ground) >= 3


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("bar", ["answer", "unsure", "other"])
@pytest.mark.parametrize("ground", ["panel", "track"])
def test_bars_are_seen_on_their_tracks(theme: Theme, bar: str, ground: str) -> None:
    assert ratio(theme, bar, ground) >= 3


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_lines_of_the_grid_are_faint_but_there(theme: Theme) -> None:
    assert ratio(theme, "grid_line", "paper") == pytest.approx(1.5, abs=0.06)
    assert ratio(theme, "centre_mark", "paper") >= 3
    assert ratio(theme, "ink", "paper") >= 12
    for ground in ("panel", "background"):
        assert ratio(theme, "card_edge", ground) >= 1.35
    assert ratio(theme, "track", "panel") >= 1.35


def test_one_theme_is_dark_and_one_is_light() -> None:
    assert DARK.is_dark
    assert not LIGHT.is_dark


@pytest.mark.parametrize(("theme", "colours"), [(DARK, ON_DARK), (LIGHT, ON_LIGHT)], ids=lambda value: "")
def test_the_runs_of_a_comparison_are_seen_on_their_card(theme: Theme, colours: tuple[Colour, ...]) -> None:
    assert len(set(colours)) == len(colours) >= MOST_RUNS
    assert all(contrast(colour, theme.panel) >= 3 for colour in colours)
