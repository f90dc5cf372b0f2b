"""The settings survive a restart, a damaged file and a second window."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drawapp.drawing.geometry import Box
from drawapp.session.settings import LARGEST_FILE, Preferences, Settings
from nn_scratch.errors import UserError

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "settings.json"


def test_what_was_chosen_is_there_at_the_next_start(path: Path) -> None:
    first = Settings(path)
    first.change(theme="light", brush=3.5, window=Box(5, 6, 700, 500), image_folder="/somewhere", live=True)
    first.save()
    values = Settings(path).values
    assert values == Preferences(
        theme="light", brush=3.5, window=Box(5, 6, 700, 500), image_folder="/somewhere", live=True
    )


def test_a_file_that_is_not_there_is_not_made_for_nothing(path: Path) -> None:
    chosen = Settings(path)
    assert chosen.values == Preferences()
    chosen.change(theme="dark")
    chosen.save()
    assert not path.exists()


def test_two_windows_do_not_fight(path: Path) -> None:
    one, other = Settings(path), Settings(path)
    one.change(theme="light")
    other.change(type_size=150)
    other.save()
    one.save()
    other.save()
    assert Settings(path).values == Preferences(theme="light", type_size=150)


def test_what_another_version_has_written_stays(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('{"later": [1], "theme": "light"}')
    chosen = Settings(path)
    chosen.change(live=True)
    chosen.save()
    assert json.loads(path.read_text()) == {"later": [1], "theme": "light", "live": True}


def test_an_option_is_for_one_window_only(path: Path) -> None:
    chosen = Settings(path)
    chosen.set_aside(theme="light")
    chosen.change(live=True)
    chosen.save()
    assert chosen.values.theme == "light"
    assert Settings(path).values == Preferences(live=True)


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"{", b"[]", b"null", b"[" * 100_000, b" " * LARGEST_FILE + b"{}", b"1" * 5000]
)
def test_a_damaged_file_counts_as_an_empty_one(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    chosen = Settings(path)
    assert chosen.values == Preferences()
    chosen.change(theme="light")
    chosen.save()
    assert Settings(path).values.theme == "light"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(list(Preferences.__dataclass_fields__)), value=json_values)
def test_any_value_in_the_file_gives_sane_settings(tmp_path: Path, name: str, value: object) -> None:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({name: value, "right": 1}))
    values = Settings(path).values
    assert values.theme in ("dark", "light")
    assert values.type_size in (100, 125, 150)
    assert 1 <= values.brush <= 4
    assert values.window is None or min(values.window[2:]) > 0
    assert isinstance(values.live, bool)
    assert values.language is None or isinstance(values.language, str)


def test_a_folder_that_cannot_be_made_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    chosen = Settings(tmp_path / "file" / "settings.json")
    chosen.change(live=True)
    with pytest.raises(UserError, match=r"Cannot write .*settings\.json"):
        chosen.save()
