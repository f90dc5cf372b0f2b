"""Every sentence of the window is translated, and the compiled catalogues are those of the sources."""

from __future__ import annotations

import io
import string
from pathlib import Path

import pytest

from tests.helpers import ROOT

extract = pytest.importorskip("babel.messages.extract", reason="babel is not installed (extra check)")
mofile = pytest.importorskip("babel.messages.mofile", reason="babel is not installed (extra check)")
pofile = pytest.importorskip("babel.messages.pofile", reason="babel is not installed (extra check)")

KEYWORDS = {**extract.DEFAULT_KEYWORDS, "marked": None}
CATALOGUES = sorted((ROOT / "drawapp" / "locale").glob("*/LC_MESSAGES/drawapp.po"))


def fields(sentence: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parent.parent.name)
def test_every_sentence_is_translated(path: Path) -> None:
    catalogue = pofile.read_po(io.BytesIO(path.read_bytes()))
    messages = extract.extract_from_dir(ROOT / "drawapp", [("**.py", "python")], keywords=KEYWORDS)
    found = {message if isinstance(message, str) else message[0] for _, _, message, *_ in messages}
    assert found
    for sentence in found:
        entry = catalogue.get(sentence)
        assert entry is not None, sentence
        translations = entry.string if isinstance(entry.string, tuple) else (entry.string,)
        assert all(translations), sentence
        assert all(fields(translation) == fields(sentence) for translation in translations), sentence


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parent.parent.name)
def test_the_compiled_catalogue_is_that_of_the_source(path: Path) -> None:
    content = io.BytesIO()
    mofile.write_mo(content, pofile.read_po(io.BytesIO(path.read_bytes())))
    compiled = mofile.read_mo(io.BytesIO(path.with_suffix(".mo").read_bytes()))
    again = mofile.read_mo(io.BytesIO(content.getvalue()))
    assert [(m.id, m.string) for m in compiled if m.id] == [(m.id, m.string) for m in again if m.id]
