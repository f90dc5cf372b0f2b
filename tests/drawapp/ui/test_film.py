"""The film: the right frames, of the right length, in a file that other programs open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import platformdirs
import pygame
import pytest
from PIL import Image

from drawapp.drawing import sample_digits
from drawapp.reading.catalog import Catalog, bundled_models
from drawapp.ui.film import ANSWER, DRAWN, GROWING, MOST_STROKES, STEP, Shot, palette_of, planned
from drawapp.ui.theme import DARK, THEMES, Theme
from nn_scratch.arrays import Images
from tests.helpers.user import Drawer, User, opened

CTRL, SHIFT = pygame.KMOD_LCTRL, pygame.KMOD_LSHIFT
LARGEST = 2_000_000  # bytes


@pytest.fixture
def user(bundled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[User]:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setattr(platformdirs, "user_pictures_dir", lambda: str(tmp_path / "pictures"))
    with opened(User(Catalog(bundled_models()))) as user:
        yield user


def filmed(user: User) -> Path:
    """The file of the film that `user` asks for by the keys."""
    user.key(pygame.K_s, CTRL | SHIFT)
    assert user.app.screen.view.message == "The animation is being made."
    user.until(lambda: "Saved as" in user.app.screen.view.message)
    path = Path(user.app.screen.view.message.removeprefix("Saved as "))
    assert path.is_file()
    return path


def seen(image: Image.Image, number: int) -> Images:
    """A frame as colours, (height, width, 3)."""
    image.seek(number)
    return np.array(image.convert("RGB"))


def inked(frame: Images) -> int:
    """How many pixels on the left, where the sheet is, are as light as ink."""
    return int((frame[:, :360].min(axis=2) > 120).sum())


def test_the_plan_has_strokes_steps_and_the_answer() -> None:
    found = planned(100, 5)
    assert len(found) == MOST_STROKES + 5 + 1
    strokes, steps = found[:MOST_STROKES], found[MOST_STROKES:-1]
    assert [shot.points for shot in strokes] == sorted({shot.points for shot in strokes})
    assert strokes[0] == Shot(3, None, GROWING)
    assert strokes[-1] == Shot(100, None, DRAWN)
    assert steps == [Shot(100, step, STEP) for step in range(5)]
    assert found[-1] == Shot(100, None, ANSWER)
    assert len(planned(3, 0)) == 3 + 1
    assert planned(0, 2) == [Shot(0, None, DRAWN), Shot(0, 0, STEP), Shot(0, 1, STEP), Shot(0, None, ANSWER)]


@pytest.mark.parametrize("place", [pygame.K_1, pytest.param(pygame.K_2, marks=pytest.mark.slow)])
def test_the_film_of_a_4_opens_elsewhere(user: User, place: int) -> None:
    sample_digits.draw("4", user.app.canvas)
    user.key(place)
    path = filmed(user)
    plan = planned(sum(map(len, user.app.canvas.strokes())), 5)
    assert path.suffix == ".gif"
    assert path.stat().st_size < LARGEST
    assert not list(path.parent.glob(".*"))
    with Image.open(path) as film:
        assert (film.format, film.n_frames, film.info["loop"]) == ("GIF", len(plan), 0)  # type: ignore[attr-defined]
        for number, shot in enumerate(plan):
            film.seek(number)
            assert film.info["duration"] == shot.milliseconds
        ink = [inked(seen(film, number)) for number in (0, len(plan) // 3, MOST_STROKES - 1)]
        first, last = seen(film, 0), seen(film, len(plan) - 1)
        before_answer = seen(film, len(plan) - 3)
    assert ink[0] < 0.2 * ink[-1]
    assert ink[0] < ink[1] < ink[2]
    right = np.s_[:, 920:]  # the bars
    blue = (last[right] == DARK.answer).all(axis=2)
    assert blue.sum() > 300, "the answer is shown in blue"
    assert not (before_answer[right] == DARK.answer).all(axis=2).any()
    assert first.shape == last.shape


def test_while_a_film_is_made_one_draws_on_and_a_second_press_does_nothing(user: User, tmp_path: Path) -> None:
    user.drag((14, 8), (14, 20))
    user.key(pygame.K_s, CTRL | SHIFT)
    user.turn()
    user.drag((3, 3), (3, 9))
    assert user.app.canvas.grid()[6, 3] > 100
    path = filmed(user)
    for _ in range(20):
        user.turn()
    assert list((tmp_path / "pictures").iterdir()) == [path]


def test_an_opened_image_is_there_from_the_first_frame(user: User, tmp_path: Path) -> None:
    sample_digits.draw("7", user.app.canvas)
    user.key(pygame.K_s, CTRL)
    (drawing,) = (tmp_path / "pictures").glob("drawing-*.png")
    user.click_on("clear")
    user.drop(drawing)
    with Image.open(filmed(user)) as film:
        assert film.n_frames == len(planned(0, 5))  # type: ignore[attr-defined]
        assert inked(seen(film, 0)) == pytest.approx(inked(seen(film, film.n_frames - 1)), rel=0.05)  # type: ignore[attr-defined]


def test_a_network_that_cannot_be_shown_has_a_film_without_steps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setattr(platformdirs, "user_pictures_dir", lambda: str(tmp_path / "pictures"))
    with opened(Drawer()) as user:
        sample_digits.draw("1", user.app.canvas)
        points = sum(map(len, user.app.canvas.strokes()))
        with Image.open(filmed(user)) as film:
            assert film.n_frames <= len(planned(points, 0))  # type: ignore[attr-defined]
            assert inked(seen(film, 0)) < inked(seen(film, film.n_frames - 1))  # type: ignore[attr-defined]


def test_without_ink_there_is_a_sentence(user: User, tmp_path: Path) -> None:
    user.key(pygame.K_s, CTRL | SHIFT)
    assert user.app.screen.view.message == "There is no drawing to animate yet."
    assert not (tmp_path / "pictures").exists()


def test_a_folder_that_cannot_be_written_gets_a_sentence(user: User, tmp_path: Path) -> None:
    (tmp_path / "pictures").write_text("a file in the way")
    user.drag((14, 8), (14, 20))
    user.key(pygame.K_s, CTRL | SHIFT)
    user.until(lambda: "could not be saved" in user.app.screen.view.message)


@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
def test_the_palette_has_the_colours_of_the_theme_and_room_for_one_more(theme: Theme) -> None:
    palette = palette_of(theme).getpalette()
    assert palette is not None
    colours = {tuple(palette[k : k + 3]) for k in range(0, len(palette), 3)}
    assert len(palette) <= 3 * 255
    assert {theme.paper, theme.ink, theme.panel, theme.text, theme.answer, theme.unsure} <= colours
