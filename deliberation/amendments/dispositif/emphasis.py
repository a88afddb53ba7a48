"""Formatting said in words: what a dispositif quotes is plain, and what Markdown would say of it follows in brackets
(A63).

« les services publics » (en gras : « services ») stands for `les **services** publics`. Whatever cannot be said so that
it is read back exactly is quoted as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

STRONG, EM = "**", "*"
FORMATS = {STRONG: "gras", EM: "italique", STRONG + EM: "gras et en italique"}
MARKS = {said: marks for marks, said in FORMATS.items()}
AS_TYPED = "signes tels quels"
"""Said of words in which signs that Markdown would read stand for themselves, or a line is broken."""
_SIGN = re.compile(
    r"\\(?P<escaped>[^\w\s]|\n)"
    r"|\[\^(?P<excerpt>\d+)\]"
    r"|(?P<label>\[)(?=[^\[\]\n]+\]\([^()\s<>]+\))"
    r"|\]\((?P<href>[^()\s<>]+)\)"
    r"|(?P<stars>\*{1,3})(?!\*)"
    r"|(?P<end>\n)"
)
_SPECIAL = re.compile(r"[\\`\[\]<]|(?<!\s)\*|\*(?!\s)|(?<![^\W_])_|_(?![^\W_])|&(?=[#A-Za-z])|!$")
_BREAK = re.compile(r"(?<!\n)\n(?!\n| *(?:[-+*•]|\d+[.)]) )")
_NOTE_START = rf"(?:en (?:gras|italique)|extrait n|lien vers|{AS_TYPED})"
_DANGLING = re.compile(r"\*|\[(?!\^)|\]\(")
_MARK = re.compile(r"^\*|\*\*|\*(?=\S)|(?<=\S)\*|\*$|\[\^\d|\]\(|\\(?=[^\w\s])")
_CITATION = re.compile(r"\[\^(\d+)\]")
MARKED = re.compile(rf"⟦(\d+)⟧[ \u00a0]*\(({_NOTE_START}[^()]*)\)")
"""A citation with what is said of its formatting, as `citing` cuts a sentence."""
_ITEM = re.compile(
    r"(?:en (?P<marks>gras et en italique|gras|italique)"
    r"|extrait n°[ \u00a0]?(?P<excerpt>\d+) cité (?P<at>après une espace, après|après|au début)"
    r"|lien vers[ \u00a0]*⟦(?P<href>\d+)⟧)"
    r"(?:[ \u00a0]*:[ \u00a0]*⟦(?P<words>\d+)⟧(?:, (?P<nth>\d+)e occurrence)?)?"
)
_SPACE = "\u00a0"


class Formatting(NamedTuple):
    """What is said of characters [start, end) of plain words: marks, an excerpt cited behind them, or a link. `lead` is
    the space that stands before a citation.
    """

    start: int
    end: int
    marks: str = ""
    excerpt: int = 0
    href: str = ""
    lead: str = ""


class PlainWords(NamedTuple):
    text: str
    formats: tuple[Formatting, ...]
    is_escaped: bool


class _Opening(NamedTuple):
    """A sign that opens: where it begins and ends in the Markdown, and what it opens."""

    start: int
    end: int
    marks: str


class _Signs:
    """The signs of Markdown in a text: which of its characters are signs, and what they say of the others."""

    def __init__(self, markdown: str) -> None:
        self._text = markdown
        self._open: list[_Opening] = []
        self._link: int | None = None
        self.hidden: list[tuple[int, int]] = []
        self.found: list[tuple[int, int, Formatting]] = []
        self.is_escaped = False
        for match in _SIGN.finditer(markdown):
            self._take(match)

    def _take(self, match: re.Match[str]) -> None:
        start, end = match.span()
        if match["escaped"]:
            self.is_escaped = True
            self.hidden.append((start, start + 1))
        elif match["excerpt"]:
            lead = " " if self._text[start - 1 : start] == " " and not self._text[: start - 1][-1:].isspace() else ""
            lead = lead if start > 1 else ""
            self._pair(start - len(lead), end, end, end, Formatting(0, 0, excerpt=int(match["excerpt"]), lead=lead))
        elif match["label"]:
            self._link = start
        elif match["href"] and self._link is not None:
            self._pair(self._link, self._link + 1, start, end, Formatting(0, 0, href=match["href"]))
            self._link = None
        elif match["stars"]:
            self._stars(start, end)
        elif match["end"]:
            self._open.clear()

    def _pair(self, start: int, opened: int, closing: int, end: int, what: Formatting) -> None:
        """Signs [start, opened) and [closing, end) say that of what stands between."""
        self.hidden += [(start, opened), (closing, end)]
        self.found.append((start, opened, what._replace(start=opened, end=closing)))

    def _stars(self, at: int, end: int) -> None:
        closes, opens = not self._text[at - 1 : at].isspace() and at > 0, not self._text[end : end + 1].isspace()
        while closes and self._open and at < end:
            mark = self._closing(end - at)
            if mark is None:
                break
            self._pair(mark.start, mark.end, at, at + len(mark.marks), Formatting(0, 0, mark.marks))
            at += len(mark.marks)
        for marks in (STRONG, EM) if opens and end < len(self._text) else ():
            if end - at >= len(marks):
                self._open.append(_Opening(at, at + len(marks), marks))
                at += len(marks)

    def _closing(self, length: int) -> _Opening | None:
        """The last sign that so many stars close; of two that opened together the one that they close whole."""
        if len(self._open) > 1 and len(self._open[-1].marks) != length and self._open[-2].end == self._open[-1].start:
            outer, inner = self._open[-2:]
            if len(outer.marks) == length:
                swapped = outer.start + len(inner.marks)
                self._open[-2:] = [
                    _Opening(outer.start, swapped, inner.marks),
                    _Opening(swapped, swapped + length, outer.marks),
                ]
        return self._open.pop() if len(self._open[-1].marks) <= length else None


@lru_cache(maxsize=8192)
def parsed(markdown: str) -> PlainWords:
    """Markdown as plain words with their formatting."""
    signs = _Signs(markdown)
    text, at, places = "", 0, {0: 0}
    for start, end in sorted(signs.hidden):
        text += markdown[at:start]
        places[start] = places[end] = len(text)
        at = max(at, end)
    text += markdown[at:]
    formats = (each._replace(start=places[each.start], end=places[each.end]) for *_, each in sorted(signs.found))
    return PlainWords(text, tuple(formats), signs.is_escaped)


def plain_words(markdown: str) -> str:
    """The words without any sign of Markdown."""
    return parsed(markdown).text


def written(words: PlainWords) -> str:
    """The Markdown of plain words with their formatting."""
    openings: dict[int, list[str]] = {}
    closings: dict[int, list[str]] = {}
    for each in words.formats:
        opening, closing = (
            (each.marks, each.marks) if each.marks else ("[", f"]({each.href})") if each.href else ("", "")
        )
        if each.excerpt:
            opening = f"{each.lead}[^{each.excerpt}]"
        openings.setdefault(each.start, []).append(opening)
        closings.setdefault(each.end, []).insert(0, closing)
    cuts = sorted({0, *openings, *closings, len(words.text)})
    found = ""
    for start, end in zip(cuts, [*cuts[1:], len(words.text)], strict=True):
        found += "".join(closings.get(start, ())) + "".join(openings.get(start, ()))
        said = words.text[start:end]
        found += _BREAK.sub("\\\\\n", _SPECIAL.sub(r"\\\g<0>", said)) if words.is_escaped else said
    return found


@lru_cache(maxsize=8192)
def said_of(markdown: str) -> tuple[str, tuple[tuple[str, str, int], ...]] | None:
    """The plain words, and what is said of them: each the words that introduce it, the words meant, "" for all, and
    which occurrence of them; None where this would not give the same Markdown again.
    """
    words = parsed(markdown)
    if words.text == markdown:
        return markdown, ()
    if written(words) != markdown or not words.text or words.text != words.text.strip():
        return None
    items = [item for each in words.formats if (item := _item(words.text, each))]
    if len(items) != len(words.formats):
        return None
    return words.text, (*(((AS_TYPED, "", 0),) if words.is_escaped else ()), *items)


def _item(text: str, each: Formatting) -> tuple[str, str, int] | None:
    if each.excerpt:
        before = text[: each.start].split()
        lead = f"extrait n°{_SPACE}{each.excerpt} cité "
        if not text[: each.start].strip():
            return (f"{lead}au début", "", 0) if not each.start else None
        anchor, end = before[-1], len(text[: each.start].rstrip())
        where = "après une espace, après" if each.lead else "après"
        return (f"{lead}{where}", anchor, _nth(text, anchor, end - len(anchor))) if end == each.start else None
    lead = f"en {FORMATS[each.marks]}" if each.marks else each.href
    meant = text[each.start : each.end]
    if meant != meant.strip():
        return None
    return lead, "" if meant == text and each.marks else meant, _nth(text, meant, each.start)


def _nth(text: str, words: str, start: int) -> int:
    """Which occurrence of these words begins there: 1 for the first one, 0 where they stand once."""
    starts = [n for n in range(len(text)) if text.startswith(words, n)]
    return starts.index(start) + 1 if len(starts) > 1 else 0


class Unsaid(ValueError):
    """What stands in brackets behind a citation is not read."""


def resolved(sentence: str, citations: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """The sentence without what it says of formatting, and the citations with it as Markdown."""
    found = list(citations)
    for match in MARKED.finditer(sentence):
        words, escaped = found[int(match[1])], False
        formats: list[Formatting] = []
        for item in match[2].split(" ; "):
            if item == AS_TYPED:
                escaped = True
            elif read := _read(item, words, citations):
                formats.append(read)
            else:
                return sentence, tuple(citations)
        found[int(match[1])] = written(PlainWords(words, tuple(formats), escaped))
    return MARKED.sub(r"⟦\1⟧", sentence), tuple(found)


def _read(item: str, text: str, citations: Sequence[str]) -> Formatting | None:
    match = _ITEM.fullmatch(item)
    if match is None:
        return None
    meant = citations[int(match["words"])] if match["words"] else text
    starts = [n for n in range(len(text)) if text.startswith(meant, n)]
    nth = int(match["nth"] or 1) - 1
    if not 0 <= nth < len(starts):
        return None
    start, end = starts[nth], starts[nth] + len(meant)
    if match["excerpt"]:
        place = 0 if match["at"] == "au début" else end
        lead = " " if match["at"].startswith("après une espace") else ""
        return Formatting(place, place, excerpt=int(match["excerpt"]), lead=lead)
    return Formatting(start, end, MARKS[match["marks"]] if match["marks"] else "", 0, _href(match["href"], citations))


def _href(number: str | None, citations: Sequence[str]) -> str:
    return citations[int(number)] if number else ""


def joined(items: Iterable[str]) -> str:
    """What is said of a citation, in brackets behind it; "" for nothing."""
    said = " ; ".join(items)
    return f" ({said})" if said else ""


def format_changed(old: str, new: str) -> tuple[bool, str, str] | None:
    """Where one wording only puts the other in bold or italics, or takes that away: whether it puts, the format and
    the plain words.
    """
    for is_put, bare, marked in ((True, old, new), (False, new, old)):
        found = parsed(marked)
        marks = "".join(each.marks for each in found.formats if (each.start, each.end) == (0, len(bare)))
        if found.text == bare == plain_words(bare) and marks in FORMATS and in_format(bare, FORMATS[marks]) == marked:
            return is_put, FORMATS[marks], bare
    return None


def in_format(words: str, said: str) -> str:
    """These words in that format, as Markdown."""
    return f"{MARKS[said]}{words}{MARKS[said][::-1]}"


def is_sayable(markdown: str) -> bool:
    """Whether it can be quoted without any sign of Markdown."""
    found = said_of(markdown)
    return found is not None and (parsed(markdown).is_escaped or not _MARK.search(found[0]))


def cites_apart(markdown: str) -> bool:
    """Whether an excerpt is cited in it behind a space: such words are no place to insert behind."""
    return any(each.lead for each in parsed(markdown).formats)


def citation_in(markdown: str) -> int:
    """The excerpt that these words cite, where they do nothing else; else 0."""
    match = _CITATION.fullmatch(markdown)
    return int(match[1]) if match else 0


def is_balanced(markdown: str) -> bool:
    """Whether no sign in it belongs to one elsewhere."""
    return not _DANGLING.search("".join(_outside(markdown)))


def _outside(markdown: str) -> Iterator[str]:
    """What is no sign, and no character that stands for itself by one."""
    at = 0
    for start, end in sorted(_Signs(markdown).hidden):
        yield markdown[at:start]
        at = max(at, end + (markdown[start:end] == "\\"))
    yield markdown[at:]
