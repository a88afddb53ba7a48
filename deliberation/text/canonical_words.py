"""The words of a draft as a frozen text holds them: composed letters, no stray marks of zero width (M28).

Editors clean what people type (S5), but a program that writes the shared document by itself may leave letters and
accents apart, or marks that nobody sees. Who wrote each character is carried along.

The result must be the same in every version of Python, since records depend on it: only letters of Unicode 3.2 are
composed, whose normal form cannot change any more. What is written here must not change either.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from deliberation.kernel.plain_text import DIRECTIONS, JOINERS, LEFTWARDS, STRAY, TAGS

CANONICAL = 4
"""The version of the rules since which a draft is frozen in canonical words."""

UNSEEN = "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
"""A pattern for one character of zero width."""
_OPENS = re.compile(
    r"(?m)^[ \t]*(?:(?:[-+*]|[0-9]{1,9}[.)])[ \t]+)*"
    rf"(?:{UNSEEN}+(?=[-+*=#:>~])|[0-9]*{UNSEEN}(?:[0-9]|{UNSEEN})*(?=[.)]))"
    rf"|(?<=&){UNSEEN}+(?=[#A-Za-z])"
)
"""Marks that keep what follows from being read as Markdown: at the start of a line, and within a reference."""


class PlacedText(NamedTuple):
    """A text, and for each of its characters the position of the one in the original that it comes from."""

    text: str
    places: tuple[int, ...]


def canonical(words: str) -> str:
    """A title or a name with its letters composed and without stray marks."""
    return placed(words, is_markdown=False).text


def canonical_markdown(words: str) -> str:
    """The same for Markdown, which is read as before: where a mark that is removed kept a sign from being read as
    Markdown, the sign is escaped; beside an asterisk, which may be a sign of emphasis, the mark stays.
    """
    return placed(words, is_markdown=True).text


def placed(words: str, is_markdown: bool) -> PlacedText:
    """The canonical words with the places of their characters."""
    if words.isascii() or (unicodedata.is_normalized("NFC", words) and not re.search(UNSEEN, words)):
        return _whole(words)
    return _composed(_without_strays(_escaped(words) if is_markdown else _whole(words), "*" if is_markdown else ""))


def _whole(text: str) -> PlacedText:
    return PlacedText(text, tuple(range(len(text))))


def _escaped(text: str) -> PlacedText:
    letters, places, at = [], [], 0
    for match in _OPENS.finditer(text):
        sign = match.start() - 1 if text[match.start() - 1 : match.start()] == "&" else match.end()
        letters += [*text[at:sign], "\\"]
        places += [*range(at, sign), sign]
        at = sign
    return PlacedText("".join(letters) + text[at:], (*places, *range(at, len(text))))


def _without_strays(text: PlacedText, signs: str) -> PlacedText:
    for marks in (STRAY, TAGS, JOINERS):
        text = _removed(marks, text, signs)
    return text if LEFTWARDS.search(text.text) else _removed(DIRECTIONS, text, signs)


def _removed(marks: re.Pattern[str], text: PlacedText, signs: str) -> PlacedText:
    """Without the marks that the pattern finds and does not call needed, and that stand beside none of these signs."""
    gone = [
        match.span()
        for match in marks.finditer(text.text)
        if not match.groupdict().get("needed") and not _is_beside(text.text, *match.span(), signs)
    ]
    letters, places, at = [], list[int](), 0
    for start, end in [*gone, (len(text.text), len(text.text))]:
        letters.append(text.text[at:start])
        places += text.places[at:start]
        at = end
    return PlacedText("".join(letters), tuple(places))


def _is_beside(text: str, start: int, end: int, signs: str) -> bool:
    return any(sign in signs for sign in (*text[max(0, start - 1) : start], *text[end : end + 1]))


def _composed(text: PlacedText) -> PlacedText:
    letters, places = [], list[int]()
    at = 0
    for cluster in _clusters(text.text):
        own = cluster if any(map(_is_recent, cluster)) else unicodedata.normalize("NFC", cluster)
        letters.append(own)
        places += (text.places[at + min(n, len(cluster) - 1)] for n in range(len(own)))
        at += len(cluster)
    return PlacedText("".join(letters), tuple(places))


def _clusters(text: str) -> Iterator[str]:
    """A letter with the accents that follow it, or the parts of one syllable of Hangul."""
    cluster = ""
    for letter in text:
        if cluster and (_is_recent(letter) or not (_combines(letter) or _joins(cluster, letter))):
            yield cluster
            cluster = ""
        cluster += letter
    if cluster:
        yield cluster


def _combines(letter: str) -> bool:
    return unicodedata.combining(letter) > 0


def _joins(cluster: str, letter: str) -> bool:
    return not letter.isascii() and unicodedata.normalize("NFC", cluster + letter) != unicodedata.normalize(
        "NFC", cluster
    ) + unicodedata.normalize("NFC", letter)


def _is_recent(letter: str) -> bool:
    """Whether it came after Unicode 3.2."""
    return not letter.isascii() and unicodedata.ucd_3_2_0.category(letter) == "Cn"
