"""The messages of the interface: French in the source, other languages in .po files, which are read when first needed.

There is no compile step. A message missing from a catalogue stays in French. The verifier in an archive uses this
module too, so only the standard library is needed.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from exports.typography import french

if TYPE_CHECKING:
    from markupsafe import Markup

FRENCH = "fr"
FOLDER = Path(__file__).parent


def N_(message: str) -> str:  # noqa: N802 - the usual name of a message that is translated later
    """Marks a message for translation and returns it unchanged; it is translated where it is shown."""
    return message


@dataclass(frozen=True)
class Translator:
    """Translates messages into one language; calling it translates a message and fills its placeholders such as
    `{name}`.
    """

    lang: str
    singular: Mapping[str, str]
    plural: Mapping[str, tuple[str, ...]]

    def __call__(self, message: str, **params: object) -> str:
        return self._set(self.singular.get(message, message).format(**params))

    def many(self, one: str, several: str, n: int, **params: object) -> str:
        """The translation in the plural form for `n`; `{n}` becomes the number, with digits grouped as usual in the
        language.
        """
        forms = self.plural.get(one, (one, several))
        form = forms[min(self._index(n), len(forms) - 1)]
        return self._set(form.format(n=self.number(n), **params))

    def html(self, message: str, **params: object) -> Markup:
        """The translation as HTML: the message and plain parameters are escaped, parameters of type Markup are inserted
        as they are.
        """
        from markupsafe import escape  # pages only: the verifier in an archive has the standard library alone

        return escape(self._set(self.singular.get(message, message))).format(**params)

    def number(self, n: int) -> str:
        """A number with digits grouped as usual in the language."""
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
    """The translator for that language, French if it is unknown."""
    catalogues = load()
    return catalogues.get(lang or FRENCH, catalogues[FRENCH])


_KEYWORD = re.compile(r"(msgid_plural|msgid|msgstr(?:\[\d\])?) (?=\")")


def _read(path: Path) -> Translator:
    singular: dict[str, str] = {}
    plural: dict[str, tuple[str, ...]] = {}
    for message in _messages(path.read_text("utf-8")):
        one, forms = message.pop("msgid", ""), message
        if "msgid_plural" in forms:
            plural[one] = tuple(text for keyword, text in sorted(forms.items()) if keyword.startswith("msgstr["))
        elif one and forms.get("msgstr"):
            singular[one] = forms["msgstr"]
    return Translator(path.stem, singular, plural)


def _messages(catalogue: str) -> Iterator[dict[str, str]]:
    """The messages of a .po file (GNU gettext), each as its texts by keyword, such as `msgid` or `msgstr[1]`."""
    message: dict[str, str] = {}
    keyword = ""
    for line in catalogue.splitlines():
        begun = _KEYWORD.match(line)
        if begun and begun[1] == "msgid":
            yield message
            message = {}
        if begun:
            keyword = begun[1]
        if begun or line.startswith('"'):
            message[keyword] = message.get(keyword, "") + ast.literal_eval(line[begun.end() if begun else 0 :])
    yield message
