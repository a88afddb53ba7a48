"""Places as dispositifs name them: « Demande 2, deuxième phrase », « à la première phrase de l’alinéa 4 »."""

from __future__ import annotations

import re

from deliberation.amendments.dispositif import ranges
from deliberation.amendments.dispositif.cursor import Cursor
from deliberation.amendments.dispositif.forms import LAST, LINE, PASSAGE, SENTENCE, TEXT, TITLE, Place
from deliberation.text import numbering

_ORDINALS = (
    "premiere?",
    "deuxieme",
    "troisieme",
    "quatrieme",
    "cinquieme",
    "sixieme",
    "septieme",
    "huitieme",
    "neuvieme",
    "dixieme",
)
ORDINAL = (
    r"(?:premi(?:ere?|er)|seconde?|avant-derni(?:ere|er)|derni(?:ere|er)|deuxieme|troisieme|quatrieme|cinquieme|sixieme"
    r"|septieme|huitieme|neuvieme|dixieme|\d+(?:ere|er|eme|e)\b)"
)
_COUNTS = (
    "zero",
    "un",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "six",
    "sept",
    "huit",
    "neuf",
    "dix",
)
_PREPOSITION = (
    r"(?:(?:dans|apres|a|en|de|au|aux|a la|de la|du|des|dans la|dans le|dans les|dans l'|a l'|de l'|le|la|les|l'|d'"
    r"|ce|cet|cette|ces|a cette|a cet|a ce|de cette|de cet|de ce|de ces|a ces) ?)?"
)
_NOUNS = {
    "visa": "visa",
    "considerant": "considérant",
    "demande": "demande",
    "intertitre": "intertitre",
    "note": "note",
    "titre": TITLE,
    "intitule": TITLE,
    "passage": PASSAGE,
    "alinea": "alinéa",
    "paragraphe": "alinéa",
    "article": "article",
    "division": "division",
    "chapitre": "division",
    "tableau": "division",
}
_NOUN = rf"({'|'.join(_NOUNS)})s?\b"
_LETTER = "^"
"""What joins a number to the letter behind it while a sentence is read in small letters: `1^a` for `1 A`."""
_LATIN = "|".join(sorted(numbering.LATIN, key=len, reverse=True))
_LETTERED = re.compile(rf"(\b\d+(?:er)?(?:\s(?:{_LATIN}))?)\s([{numbering.LETTERS}]{{1,3}})\b(?!\s\d)")
_CLAUSE_NUMBER = rf"\d+(?: (?:{_LATIN})\b| \(\d+\))?(?:\^[a-z]+)?"
_NUMBER = rf"(?:{_CLAUSE_NUMBER}|1er|ier|[ivx]+)\b"
_LIST = rf"(?:n° ?)?({_NUMBER}(?: (?:et |a |ou )?{_NUMBER})*)"
_PARTS = {"phrase": SENTENCE, "alinea": LINE, "paragraphe": LINE}
_ANAPHORA = re.compile(r"^(?:a |de |dans )?(?:ce|cet|cette|ces)\b")


def place(cursor: Cursor) -> Place | None:
    """Parses the place named at the cursor; None, with the cursor unmoved, if there is none."""
    for read in (_amendment, _everywhere, _part, _passage):
        start = cursor.at
        if found := read(cursor):
            return found
        cursor.at = start
    return None


def _amendment(cursor: Cursor) -> Place | None:
    match = cursor.take(rf"{_PREPOSITION}amendement n?°? ?(\d+)(?: rect\w*(?: (?:bis|ter))?)?\b")
    return Place(amendment=int(match[1])) if match else None


def _everywhere(cursor: Cursor) -> Place | None:
    found = cursor.take(
        r"dans (?:l'ensemble d(?:u|e la)|tout le|toute la) (?:texte|motion)\b|partout\b|(?:le texte|la motion)\b"
    )
    return Place(TEXT) if found else None


def _part(cursor: Cursor) -> Place | None:
    """Sentences or lines: « la deuxième phrase », « les deux dernières phrases », « cette phrase », and of what."""
    match = (
        cursor.take(rf"{_PREPOSITION}((?:{ORDINAL}(?: (?:et )?)?)+) (phrase|alinea|paragraphe)s?\b")
        or cursor.take(
            rf"{_PREPOSITION}((?:deux|trois|quatre|cinq) (?:premieres|premiers|dernieres|derniers)) (phrase|alinea)s\b"
        )
        or cursor.take(rf"{_PREPOSITION}()(phrase)s?\b")
    )
    if match is None:
        return None
    unit, nth = _PARTS[match[2]], _all_ordinals(match[1])
    start = cursor.at
    of = _passage(cursor) if cursor.take(r"(?=(?:du|de|des|de la|de l')\b)") else None
    if of is None:
        cursor.at = start
        return Place(unit=unit, nth=nth)
    return Place(of.noun, of.numbers, unit, nth)


def _passage(cursor: Cursor) -> Place | None:
    start = cursor.at
    match = cursor.take(rf"{_PREPOSITION}{_NOUN}")
    if match is None:
        return None
    noun = _NOUNS[match[1]]
    if _ANAPHORA.match(cursor.text[start:].lstrip()):
        return Place(noun)
    cursor.take(r"de (?:la |ce )?(?:proposition|projet) de loi|de la motion|du texte|additionnel")
    numbers = cursor.take(_LIST)
    return Place(noun, _listed(numbers[1]) if numbers else ())


def _listed(said: str) -> tuple[str, ...]:
    """« 1 3 à 5 et 7 » as numbers; « 3 à 5 » is one until the text says what lies between (`ranges.spread`)."""
    eachs = re.findall(rf"{_CLAUSE_NUMBER}|[ivx]+(?:er)?|a", said.replace("1er", "1").replace("ier", "i"))
    found: list[str] = []
    for n, each in enumerate(eachs):
        if each == "a":
            continue
        number, _, letters = each.partition(_LETTER)
        called = f"{number} {letters.upper()}" if letters else number
        if n and eachs[n - 1] == "a" and found:
            found[-1] = ranges.joined(found[-1], called)
        else:
            found.append(called)
    return tuple(found)


def joined_letters(said: str) -> str:
    """The sentence with the letters of numbers joined to them: « 1 A » and « 1 à » stay apart in small letters."""
    return _LETTERED.sub(rf"\1{_LETTER}\2", said)


def _all_ordinals(said: str) -> tuple[int, ...]:
    counted = re.match(r"(deux|trois|quatre|cinq) (premi|derni)", said)
    if counted:
        count = count_of(counted[1])
        return tuple(range(1, count + 1)) if counted[2] == "premi" else tuple(range(-count, 0))
    return tuple(ordinal_of(each) for each in re.findall(ORDINAL, said))


def ordinal_of(said: str) -> int:
    """The number that an ordinal in letters or digits stands for; LAST for the last one."""
    if said.startswith("avant-dern"):
        return LAST - 1
    if said.startswith("dern"):
        return LAST
    if said.startswith("second"):
        return 2
    figures = re.match(r"\d+", said)
    if figures:
        return int(figures[0])
    return next(n for n, word in enumerate(_ORDINALS, 1) if said.startswith(word.rstrip("?").removesuffix("e")))


def count_of(said: str) -> int:
    return int(said) if said.isdigit() else _COUNTS.index(said) if said in _COUNTS else 0
