"""Decodes the bytes of a file to text or JSON, within limits; what cannot be read is a refusal with the reason."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from deliberation.kernel.errors import Refused
from deliberation.kernel.plain_text import cleaned

LARGEST = 20_000_000


@dataclass(frozen=True)
class RowError:
    """A row that was left out: its line in the file, or its position in a JSON list; both count from 1."""

    line: int
    message: str


def text_of(data: bytes) -> str | Refused:
    """The text of a file in UTF-8, UTF-16 with a byte order mark, or Windows-1252; cleaned like all text (S5)."""
    if len(data) > LARGEST:
        return Refused("import.too_large", "Ce fichier dépasse {limit} Mo.", "file", {"limit": LARGEST // 1_000_000})
    text = _decoded(data)
    if "\x00" in text or any("\ud800" <= c <= "\udfff" for c in text):
        return Refused("import.not_text", "Ce fichier n’est pas un texte.", "file")
    return cleaned(text)


def _decoded(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def json_of(text: str) -> Any | Refused:
    """The value of a JSON text; very deep nesting and endless integers are refused."""
    try:
        return json.loads(text, parse_constant=str)
    except json.JSONDecodeError as error:
        return Refused(
            "import.not_json", "Ce fichier n’est pas du JSON : ligne {line}.", "file", {"line": error.lineno}
        )
    except (ValueError, RecursionError):
        return Refused("import.not_json", "Ce fichier n’est pas du JSON : ligne {line}.", "file", {"line": 1})


class _Words(HTMLParser):
    """Collects the words of an HTML fragment, with a blank line between blocks."""

    BLOCKS = frozenset({"p", "div", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "blockquote", "body"})
    SILENT = frozenset({"script", "style", "head"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in self.SILENT
        if tag == "br":
            self.parts.append("\n")
        elif tag == "li":
            self.parts.append("\n\n- ")
        elif tag in self.BLOCKS:
            self.parts.append("\n\n")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in self.SILENT and self._silent > 0
        if tag in self.BLOCKS:
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data)


def words_of_html(html: str) -> str:
    """The text of an HTML fragment as paragraphs."""
    parser = _Words()
    parser.feed(html)
    parser.close()
    lines = [" ".join(line.split()) for line in "".join(parser.parts).split("\n")]
    blocks = "\n".join(lines).split("\n\n")
    return "\n\n".join(block.strip() for block in blocks if block.strip(" -\n"))


def key(name: str) -> str:
    """A column's name for comparison: lower case, no accents, letters and digits only."""
    plain = unicodedata.normalize("NFKD", name).lower()
    return "".join(c for c in plain if c.isalnum() and c.isascii())
