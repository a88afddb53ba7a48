"""Parses parts of a dispositif: quoted words and which of their occurrences is meant, and the words to be added."""

from __future__ import annotations

from deliberation.amendments.dispositif import places
from deliberation.amendments.dispositif.cursor import Cursor
from deliberation.amendments.dispositif.forms import EVERY, LINE, SENTENCE, WORDS

NOUN = (
    r"(?:(?:le|la|les|l'|au|aux|du|des|de la|de l'|a la|a l') ?)?"
    r"(?:membres? de phrase|mots?|nombres?|montants?|taux|dates?|annees?|references?|signes?|termes?|chiffres?|sommes?"
    r"|pourcentages?)"
)
EACH = r"(?:chaque|(?:a )?chacune de (?:ses|leurs)(?: \w+)?|les \w+|toutes les|a chaque) occurr?ences? ?"
OCCURRENCE = rf"(?:(?:a )?la ({places.ORDINAL}) occurr?ence|({EACH}))"


def cited_words(cursor: Cursor) -> tuple[str, int, int] | None:
    """Quoted words of the text, which occurrence is meant, and how many times they are said to occur."""
    which = cursor.take(OCCURRENCE)
    occurrence = 0
    if which:
        occurrence = EVERY if which[2] else places.ordinal_of(which[1])
    cursor.take(NOUN)
    words = cursor.citation()
    if words is None:
        return None
    if count := cursor.take(r"\((\w+) fois\)"):
        return words, EVERY, places.count_of(count[1])
    if cursor.take(rf"\(?(?:{EACH}|partout)\)?"):
        return words, EVERY, 0
    return words, occurrence, 0


NEW_PART = (
    r"(?:(?:l[ae]s?|l'|une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix) ?)"
    r"(?:nouve(?:au|lle)s? )?(phrase|alinea|paragraphe|visa|considerant|demande|intertitre|note|article|division)s?"
    r"(?: additionnel(?:le)?s?)?(?: (?:ainsi redigee?s?|suivante?s?|suivant))?"
)
_UNITS = {"phrase": SENTENCE, "alinea": LINE, "paragraphe": LINE, "considerant": "considérant"}


def coming_words(cursor: Cursor) -> tuple[str, str] | None:
    """The words to be added, and their kind (WORDS, a part, or a clause)."""
    if part := cursor.take(NEW_PART):
        cited_ = cursor.citations()
        return (_UNITS.get(part[1], part[1]), "\n\n".join(cited_)) if cited_ else None
    cursor.take(NOUN)
    cursor.take(r"suivants?\b")
    words = cursor.citation()
    return None if words is None else (WORDS, words)
