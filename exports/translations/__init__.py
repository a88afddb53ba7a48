"""The words of the interface: French as written in the source, other languages from their .po file, read at start.

No compile step: `en.po` is the catalogue itself. A message that a catalogue lacks stays in French.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from babel.messages.pofile import read_po
from markupsafe import Markup, escape

from exports.typography import french

FRENCH = "fr"
FOLDER = Path(__file__).parent


def N_(message: str) -> str:  # noqa: N802 - the usual name of a message that is translated later
    """Marks a message for the catalogues where it is defined; it is translated where it is shown."""
    return message


@dataclass(frozen=True)
class Translator:
    """The interface in one language; calling it translates a sentence and fills its `{places}`."""

    lang: str
    singular: Mapping[str, str]
    plural: Mapping[str, tuple[str, ...]]

    def __call__(self, message: str, **params: object) -> str:
        return self._set(self.singular.get(message, message).format(**params))

    def many(self, one: str, several: str, n: int, **params: object) -> str:
        """The form for `n` things; `{n}` is the number, grouped as the language does."""
        forms = self.plural.get(one, (one, several))
        form = forms[min(self._index(n), len(forms) - 1)]
        return self._set(form.format(n=self.number(n), **params))

    def html(self, message: str, **params: object) -> Markup:
        """A sentence with markup in its places: the sentence and plain values are escaped, Markup is kept."""
        return escape(self._set(self.singular.get(message, message))).format(**params)

    def number(self, n: int) -> str:
        grouped = f"{n:,}"
        return grouped.replace(",", "\u202f") if self.lang == FRENCH else grouped

    def _index(self, n: int) -> int:
        return int(n > 1) if self.lang == FRENCH else int(n != 1)

    def _set(self, text: str) -> str:
        return french(text) if self.lang == FRENCH else text


@lru_cache(maxsize=1)
def load() -> Mapping[str, Translator]:
    """Every language of the interface by its code; French first."""
    words = {FRENCH: Translator(FRENCH, {}, {})}
    for path in sorted(FOLDER.glob("*.po")):
        words[path.stem] = _read(path)
    return words


def words_for(lang: str | None) -> Translator:
    """The words in that language, in French when it is unknown."""
    catalogues = load()
    return catalogues.get(lang or FRENCH, catalogues[FRENCH])


def _read(path: Path) -> Translator:
    singular: dict[str, str] = {}
    plural: dict[str, tuple[str, ...]] = {}
    with path.open("rb") as file:
        for message in read_po(file, locale=path.stem):
            said = message.string
            if isinstance(message.id, (tuple, list)) and isinstance(said, (tuple, list)):
                plural[message.id[0]] = tuple(said)
            elif isinstance(message.id, str) and isinstance(said, str) and message.id and said:
                singular[message.id] = said
    return Translator(path.stem, singular, plural)
