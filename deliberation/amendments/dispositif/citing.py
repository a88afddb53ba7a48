"""Separates the quotations in a dispositif from its sentence: each is replaced by a placeholder (A31)."""

from __future__ import annotations

import re
from unicodedata import normalize

from deliberation.kernel.errors import Refused

LEFT, RIGHT = "⟦", "⟧"
_TYPED_MARKS = {LEFT: "[", RIGHT: "]"}
"""What the marks of citations become where somebody typed them."""
_CLOSERS = {"«": "»", "“": "”", '"': '"'}
_ENDS = re.compile(
    r"(?:\b(?:mots?|nombres?|montants?|taux|dates?|annees?|references?|signes?|suivante?s?|ainsi redigee?s?"
    r"|occurr?ences?)"
    r"(?: suivants?)? ?:?|\b(?:redig|remplac|substitu|complet|inser)[^:]*:)$"
)
"""The end of a line after which the cited words follow on the next lines."""
_GOES_ON = re.compile(
    r"(?:par (?:l[ea]s?|l'|une?|deux|trois|quatre|cinq|six|sept|huit)\b|les? mots?\b|inserer\b|supprimer\b"
    r"|rediger\b|remplacer\b|completer\b|sont (?:inseres?|remplace)|est (?:insere|remplace)"
    r"|et (?:apres|avant|remplacer|supprimer|inserer)\b|en consequence\b|(?:et )?la fin\b)"
)
"""The beginning of a line that continues the sentence after words cited without quotation marks."""
ROMAN = re.compile(r"(XL|[IVX]+)\s*(?:\.\s*[-–—]?|[-–—])\s*(?=\S)")
DEGREE = re.compile(r"(\d+)°\s*\.?\s*[-–—]?\s*")
LETTER = re.compile(r"([a-h])\)\s*")
DASH = re.compile(r"([-–—])\s+(?=(?:Supprimer|Remplacer|Substituer|Rédiger|Compléter|Après|Avant|Insérer|À|A)\b)")
MARKERS = (ROMAN, DEGREE, LETTER, DASH)


def plain(said: str) -> str:
    """The text normalised for the grammar: no accents, lower case, straight apostrophes, single spaces."""
    said = said.replace("’", "'").replace("œ", "oe").lower()
    return " ".join("".join(x for x in normalize("NFD", said) if not "\u0300" <= x <= "\u036f").split())


def cited(said: str) -> tuple[str, tuple[str, ...]] | Refused:
    """The sentence with a placeholder for each quotation, its lines kept, and the quotations."""
    reader = _Lines(said.strip())
    while reader.at < len(reader.text):
        line = reader.line()
        waits = bool(reader.lines) and _ENDS.search(plain(reader.lines[-1])) is not None
        if waits and line and line[0] not in _CLOSERS and not reader.starts_sentence(line):
            reader.take_bare()
        elif waits and line[:1] == '"' and len(line.rstrip(" .,;")) > 1 and line.rstrip(" .,;")[-1] == '"':
            reader.keep(reader.mark(line.rstrip(" .,;")[1:-1]))
            reader.go_on()
        elif not reader.take_line():
            return Refused("dispositif.open_quote", "Un guillemet s’ouvre et ne se ferme pas.", "dispositif")
    return "\n".join(reader.lines), tuple(reader.found)


class _Lines:
    """Reads a sentence line by line into lines without quotations, and the list of quotations."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: list[str] = []
        self.found: list[str] = []
        self._counted: set[re.Pattern[str]] = set()

    def line(self) -> str:
        """The current line, stripped."""
        return self.text[self.at : self._end()].strip()

    def _end(self) -> int:
        end = self.text.find("\n", self.at)
        return len(self.text) if end < 0 else end

    def go_on(self) -> None:
        """Moves to the next line."""
        self.at = self._end() + 1

    def keep(self, line: str) -> None:
        self.lines.append(line)
        self._counted |= {marker for marker in MARKERS if marker.match(line)}

    def mark(self, words: str) -> str:
        self.found.append(words.strip())
        return f"{LEFT}{len(self.found) - 1}{RIGHT}"

    def starts_sentence(self, line: str) -> bool:
        """Whether the line continues the dispositif: by its first words, or as an item when earlier items were
        numbered.
        """
        if _GOES_ON.match(plain(line)) or DASH.match(line):
            return True
        return any(marker.match(line) for marker in self._counted)

    def take_bare(self) -> None:
        """Takes the lines that are quoted without quotation marks."""
        bare = [self.line()]
        self.go_on()
        while self.at < len(self.text) and not self.starts_sentence(self.line()):
            bare.append(self.line())
            self.go_on()
        self.keep(self.mark("\n".join(bare)))

    def take_line(self) -> bool:
        """Takes a line and cuts out its quotations, which may run over several lines; False if one of them is not
        closed.
        """
        taken: list[str] = []
        while self.at < len(self.text) and self.text[self.at] != "\n":
            letter = self.text[self.at]
            if letter in _CLOSERS:
                end = _closed(self.text, self.at)
                if end is None:
                    return False
                taken.append(self.mark(self.text[self.at + 1 : end]))
                self.at = end
            else:
                taken.append(_TYPED_MARKS.get(letter, letter))
            self.at += 1
        self.at += 1
        self.keep("".join(taken).strip())
        return True


def _closed(text: str, at: int) -> int | None:
    """The position at which the quotation that opens there closes, after all quotations nested in it."""
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
