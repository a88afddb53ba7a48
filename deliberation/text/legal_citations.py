"""The article of a code or a law that an addition names first, and its place among others (A64).

Assemblies call additional articles that come to one place in the order of the articles which they change: by code or
law, then by article, then by the part of the article. The grammar is closed: « le 19° ter de l'article 81 du code
général des impôts », « l'article L. 541-10-6 du code de l'environnement », « l'article 3 de la loi n° 72-657 ».
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from deliberation.text import numbering

Designation = tuple[tuple[int, int, str], ...]
"""A sort key of a number such as `150-0 D ter`: for each of its parts the kind, the number and the letters."""

_LATIN = "|".join(sorted(numbering.LATIN, key=len, reverse=True))
_NUMBER = r"\d{1,6}"
_CODE = re.compile(
    r"\b(?:le|du|au) code (?=de\b|d['’]|des\b|du\b|[\w-]+al\b|[\w-]+el\b|civil\b|monétaire\b)([^,.:;«»()]+)", re.I
)
_NAME_END = re.compile(
    r"\s(?:est|sont|soit|soient|dans|il|elle|à|au|aux|ainsi|en|qui|que|pour|par|après|avant|ne|peut|ou|tel|telle)\s.*"
)
_LAW = re.compile(r"\b(?:loi|ordonnance|décret)(?: organique)? n° ?(\d{2,4})-(\d{1,6})", re.I)
_ARTICLE = re.compile(
    rf"\barticles? ((?:[LRDA]\*?\.? ?)?{_NUMBER}(?:-{_NUMBER})*(?: (?:{_LATIN})\b)?(?:-{_NUMBER})?"
    rf"(?: [A-Z]{{1,3}}\b(?!\.))?(?: (?:{_LATIN})\b)?)"
)
_PARTS = re.compile(rf"(\d+)|\b({_LATIN})\b|([A-Z]+)")
_RANKS = (
    *("premi", "deuxi", "troisi", "quatri", "cinqui", "sixi", "septi", "huiti", "neuvi", "dixi", "onzi", "douzi"),
    *("treizi", "quatorzi", "quinzi", "seizi", "dix-septi", "dix-huiti", "dix-neuvi", "vingti"),
)
_PLACE = re.compile(
    rf"\b(?i:du|de la|le|la|les|au|à la|aux|des|à l['’]|l['’]) ?(?:(?P<rank>[\w-]+) (?:alinéa|phrase|ligne)\b"
    rf"|(?P<roman>[IVX]+)\b|(?P<letter>[A-Za-z])\b(?!['’])|(?P<number>{_NUMBER})\b°?)(?: (?P<latin>{_LATIN})\b)?"
)
_SENTENCE = re.compile(r"[:;»\n]|\. ")
_NEXT_PART = re.compile(r"\n[^\S\n]*(?:«|II\b)")
_QUOTED = re.compile(r"«[^»]*(?:»|$)")
_ROMAN = {"I": 1, "V": 5, "X": 10}
_LATER_LAWS = 30
"""Years of two digits from here on are of the 20th century: laws were numbered by year since 1945."""


class LegalCitation(NamedTuple):
    """An article of a code or a law; its fields in their order are a sort key.

    `law` is (0, 0, 0) for a code; otherwise 1, the year and the number. `code` is the name of the code in capitals
    without accents, and `part` what is named inside the article, from the outside in.
    """

    law: tuple[int, int, int]
    code: str
    article: Designation
    part: tuple[tuple[int, int], ...]


@lru_cache(maxsize=8192)
def citation(text: str) -> LegalCitation | None:
    """The first article that the text names outside of what it quotes; None where it names no code or law."""
    head = _head(text)
    code, law, article = _CODE.search(head), _LAW.search(head), _ARTICLE.search(head)
    number = _designation(article[1]) if article else ()
    part = _part(head[: article.start()]) if article else ()
    if law and not (code and code.start() < law.start()):
        return LegalCitation((1, _year(law[1]), int(law[2])), "", number, part)
    return LegalCitation((0, 0, 0), _name(code[1]), number, part) if code else None


def _head(text: str) -> str:
    """The text up to its first quoted paragraph or its second part, without what it quotes, one space at a time."""
    end = _NEXT_PART.search(text)
    unquoted = _QUOTED.sub("«»", unicodedata.normalize("NFC", text[: end.start() if end else None]))
    return "\n".join(" ".join(line.split()) for line in unquoted.split("\n"))


def _name(said: str) -> str:
    plain = unicodedata.normalize("NFD", _NAME_END.sub("", said + " ").strip().upper())
    bare = "".join(x for x in plain if not unicodedata.combining(x)).replace("’", "'")
    return re.sub(r"^(?:DE LA |DE L'|DES |DU |DE |D')", "", bare)


def _year(said: str) -> int:
    year = int(said)
    return year if len(said) == len("1972") else year + (1900 if year >= _LATER_LAWS else 2000)


def _designation(said: str) -> Designation:
    """`L. 541-10-6` by its letter, then its numbers; `199 undecies B` after `199`, and before `200`."""
    return tuple(_piece(*found.groups("")) for found in _PARTS.finditer(said))


def _piece(number: str, latin: str, letters: str) -> tuple[int, int, str]:
    if letters:
        return 2, 0, letters
    return (1, numbering.LATIN.index(latin), "") if latin else (0, int(number), "")


def _part(before: str) -> tuple[tuple[int, int], ...]:
    """What a sentence names before it names the article: « à la première phrase du 1° de » gives 1°, then phrase 1."""
    ends = [found.end() for found in _SENTENCE.finditer(before)]
    found = [_place(each) for each in _PLACE.finditer(before, ends[-1] if ends else 0)]
    return tuple(reversed([place for place in found if place[0]]))


def _place(found: re.Match[str]) -> tuple[int, int]:
    """The number of one level and its Latin suffix; 0 for a word that is no number."""
    latin = numbering.LATIN.index(found["latin"]) + 1 if found["latin"] else 0
    if found["rank"]:
        return _rank(found["rank"].lower()), latin
    if found["roman"]:
        return _roman(found["roman"]), latin
    return (int(found["number"]) if found["number"] else ord(found["letter"].lower()) - ord("a") + 1), latin


def _rank(said: str) -> int:
    if said in ("second", "seconde"):
        return 2
    if said.startswith(("dernier", "dernière")):
        return len(_RANKS) + 2
    if said.startswith("avant-derni"):
        return len(_RANKS) + 1
    return next((n for n in range(len(_RANKS), 0, -1) if said.startswith(_RANKS[n - 1])), 0)


def _roman(said: str) -> int:
    values = [_ROMAN[x] for x in said]
    return sum(-x if x < y else x for x, y in zip(values, [*values[1:], 0], strict=True))
