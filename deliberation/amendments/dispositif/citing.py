"""A dispositif cut into what it says and the words that it cites: each citation gives way to a mark (A31)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from unicodedata import normalize

from deliberation.kernel.errors import Refused

LEFT, RIGHT = "⟦", "⟧"
_CLOSERS = {"«": "»", "“": "”", '"': '"'}
_ENDS = re.compile(
    r"(?:\b(?:mots?|nombres?|montants?|taux|dates?|annees?|references?|signes?|suivante?s?|ainsi redigee?s?"
    r"|occurr?ences?)"
    r"(?: suivants?)? ?:?|\b(?:redig|remplac|substitu|complet|inser)[^:]*:)$"
)
"""A line that ends so is followed by the words that it cites."""
_GOES_ON = re.compile(
    r"(?:par (?:l[ea]s?|l'|une?|deux|trois|quatre|cinq|six|sept|huit)\b|les? mots?\b|inserer\b|supprimer\b"
    r"|rediger\b|remplacer\b|completer\b|sont (?:inseres?|remplace)|est (?:insere|remplace)"
    r"|et (?:apres|avant|remplacer|supprimer|inserer)\b|en consequence\b|(?:et )?la fin\b)"
)
"""A line that begins so goes on with the sentence behind words that were cited without quotation marks."""
ROMAN = re.compile(r"([IVX]+)\s*(?:\.\s*[-–—]?|[-–—])\s*(?=\S)")
DEGREE = re.compile(r"(\d+)°\s*\.?\s*[-–—]?\s*")
LETTER = re.compile(r"([a-h])\)\s*")
DASH = re.compile(r"([-–—])\s+(?=(?:Supprimer|Remplacer|Substituer|Rédiger|Compléter|Après|Avant|Insérer|À|A)\b)")
MARKERS = (ROMAN, DEGREE, LETTER, DASH)


def plain(said: str) -> str:
    """Without accents, in small letters, with straight apostrophes and single blanks: as the grammar compares."""
    said = said.replace("’", "'").replace("œ", "oe").lower()
    return " ".join("".join(x for x in normalize("NFD", said) if not "\u0300" <= x <= "\u036f").split())


def cited(said: str) -> tuple[str, tuple[str, ...]] | Refused:
    """The sentence with a mark for each citation, lines kept, and the citations."""
    found: list[str] = []
    lines: list[str] = []
    waiting = said.strip().split("\n")
    while waiting:
        line = waiting.pop(0).lstrip()
        if lines and line and line[0] not in _CLOSERS and _awaits_words(lines) and not _starts_sentence(line, lines):
            bare = [line.rstrip()]
            while waiting and not _starts_sentence(waiting[0].strip(), lines):
                bare.append(waiting.pop(0).strip())
            lines.append(_mark(found, "\n".join(bare)))
            continue
        cut = _cut_citations("\n".join([line, *waiting]), found, whole_line=bool(lines) and _awaits_words(lines))
        if cut is None:
            return Refused("dispositif.open_quote", "Un guillemet s’ouvre et ne se ferme pas.", "dispositif")
        taken, rest = cut
        lines.append(taken)
        waiting = rest
    return "\n".join(lines), tuple(found)


def _mark(found: list[str], words: str) -> str:
    found.append(words.strip())
    return f"{LEFT}{len(found) - 1}{RIGHT}"


def _awaits_words(lines: Sequence[str]) -> bool:
    return _ENDS.search(plain(lines[-1])) is not None


def _starts_sentence(line: str, lines: Sequence[str]) -> bool:
    """Whether a line goes on with the sentence: by its first words, or as an item where items were counted before."""
    if _GOES_ON.match(plain(line)) or DASH.match(line):
        return True
    return any(marker.match(line) and any(marker.match(x) for x in lines) for marker in MARKERS)


def _cut_citations(text: str, found: list[str], whole_line: bool) -> tuple[str, list[str]] | None:
    """The first line with its citations cut out, which may go on over lines, and the lines behind it."""
    first = text.split("\n", 1)[0].rstrip(" .,;")
    if whole_line and first[:1] == '"' and first[-1:] == '"' and len(first) > 1:
        return _mark(found, first[1:-1]), text.split("\n")[1:]
    taken: list[str] = []
    at = 0
    while at < len(text) and text[at] != "\n":
        if text[at] not in _CLOSERS:
            taken.append(text[at])
            at += 1
            continue
        end = _closed(text, at)
        if end is None:
            return None
        taken.append(_mark(found, text[at + 1 : end]))
        at = end + 1
    return "".join(taken), text[at + 1 :].split("\n") if at < len(text) else []


def _closed(text: str, at: int) -> int | None:
    """Where the citation that opens there closes: those inside it are closed first."""
    opener, closer = text[at], _CLOSERS[text[at]]
    depth = 0
    for n in range(at + 1, len(text)):
        if text[n] == closer:
            if not depth:
                return n
            depth -= 1
        elif text[n] == opener:
            depth += 1
    return None
