"""The language: the best one that there is, and English where nothing is translated."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from drawapp.session import language
from drawapp.session.language import gettext as _
from drawapp.session.language import marked, ngettext

HEADER = "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n"
SPANISH = {"": HEADER, "draw a digit": "dibuja una cifra", "{n} row\0{n} rows": "{n} fila\0{n} filas"}


def catalogue(messages: dict[str, str]) -> bytes:
    """A .mo file: a header, two tables of (length, offset), and the strings, sorted."""
    pairs = [(key.encode(), value.encode()) for key, value in sorted(messages.items())]
    columns, tables, at = list(zip(*pairs, strict=True)), b"", 28 + 16 * len(pairs)
    for column in columns:
        for text in column:
            tables += struct.pack("<II", len(text), at)
            at += len(text) + 1
    strings = b"".join(text + b"\0" for column in columns for text in column)
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0)
    return head + tables + strings


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "es" / "LC_MESSAGES").mkdir(parents=True)
    (tmp_path / "es" / "LC_MESSAGES" / "drawapp.mo").write_bytes(catalogue(SPANISH))
    yield tmp_path
    language.choose([])


def test_the_languages_are_english_and_those_with_a_catalogue(folder: Path) -> None:
    assert language.available(folder) == ("en", "es")
    assert language.available(folder / "nowhere") == ("en",)


@pytest.mark.parametrize(
    ("wanted", "chosen"),
    [
        (["es"], "es"),
        (["es_MX", "en"], "es"),
        (["es-AR"], "es"),
        ([None, "fr_FR", "es"], "es"),
        (["en_GB", "es"], "en"),
        (["C"], "en"),
        ([None, ""], "en"),
        (["../es"], "en"),
    ],
)
def test_the_first_language_that_there_is_is_chosen(folder: Path, wanted: list[str | None], chosen: str) -> None:
    language.choose(wanted, folder)
    assert language.current.name == chosen
    assert _("draw a digit") == ("dibuja una cifra" if chosen == "es" else "draw a digit")


def test_plurals_and_words_without_a_translation(folder: Path) -> None:
    language.choose(["es"], folder)
    assert ngettext("{n} row", "{n} rows", 2).format(n=2) == "2 filas"
    assert ngettext("{n} row", "{n} rows", 1).format(n=1) == "1 fila"
    assert _("never translated") == "never translated"
    table = (marked("draw a digit"),)
    assert table == ("draw a digit",)
    assert _(table[0]) == "dibuja una cifra"
