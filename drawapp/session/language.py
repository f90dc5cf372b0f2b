"""The language: every sentence that the user reads, in the language that the user reads best.

The source is in English; a catalogue of gettext translates it. Whoever writes a sentence for the user imports

    from drawapp.session.language import gettext as _

and writes _("draw a {noun}").format(noun=noun), so that the catalogue has whole sentences. Words in a table at module
level are only `marked` there, and translated when they are drawn: the language may change.

Translators work with Babel (`pip install -e ".[check]"`), from the root of the project:

    pybabel extract -k marked -o drawapp/locale/drawapp.pot drawapp
    pybabel update -i drawapp/locale/drawapp.pot -d drawapp/locale -D drawapp      (`init -l es` for a new language)
    pybabel compile -d drawapp/locale -D drawapp
"""

from __future__ import annotations

import gettext as catalogues
from collections.abc import Iterable
from pathlib import Path

DOMAIN = "drawapp"
SOURCE = "en"  # the language of the source
LOCALE = Path(__file__).resolve().parent.parent / "locale"


class Language:
    """The language in use: its `name`, such as "es", and its catalogue."""

    def __init__(self) -> None:
        self.name = SOURCE
        self.catalogue: catalogues.NullTranslations = catalogues.NullTranslations()

    def use(self, name: str, folder: Path = LOCALE) -> None:
        """Use the language `name` from now on, one of `available`."""
        self.catalogue = catalogues.translation(DOMAIN, folder, [name], fallback=True)
        self.name = name


current = Language()  # one process speaks one language


def available(folder: Path = LOCALE) -> tuple[str, ...]:
    """The languages that there are: English, and those with a catalogue."""
    translated = folder.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")
    return (SOURCE, *sorted(path.parent.parent.name for path in translated))


def choose(wanted: Iterable[str | None], folder: Path = LOCALE) -> None:
    """Use the first language of `wanted` that is available, else English. "es_MX" is satisfied by "es"."""
    known = available(folder)
    names = (name for each in wanted if each for name in (each, each.replace("-", "_").split("_")[0]))
    current.use(next((name for name in names if name in known), SOURCE), folder)


def following(folder: Path = LOCALE) -> str:
    """The language after the one in use, among those available; the same where there is only one."""
    names = available(folder)
    return names[(names.index(current.name) + 1) % len(names)] if current.name in names else names[0]


def gettext(words: str) -> str:
    """`words` in the language in use."""
    return current.catalogue.gettext(words)


def ngettext(one: str, many: str, count: int) -> str:
    """`one` or `many`, whichever suits `count`, in the language in use."""
    return current.catalogue.ngettext(one, many, count)


def marked(words: str) -> str:
    """`words` themselves: it marks them for the catalogue where they are translated only later."""
    return words
