"""The user's folders, and a user of the bundled models who has drawn a 7."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import platformdirs
import pytest

from drawapp.reading.catalog import Catalog, offered
from drawapp.session.session import user_session
from tests.helpers.corrector import draw
from tests.helpers.user import User, opened


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folders, and a window that nobody sees."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    for folder in ("config", "data", "documents"):
        place = str(tmp_path / folder)
        monkeypatch.setattr(platformdirs, f"user_{folder}_dir", lambda *names, place=place, **options: place)
    return tmp_path


@pytest.fixture
def user(bundled: Path) -> Iterator[User]:
    """A user of the bundled models, who has drawn a 7."""
    with opened(User(Catalog(offered()), user_session())) as user:
        draw(user, "7")
        yield user
