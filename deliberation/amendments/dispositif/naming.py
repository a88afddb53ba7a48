"""How a dispositif names things: places with their grammatical gender, ordinals, and the noun for what is quoted."""

from __future__ import annotations

import re

from deliberation.amendments.dispositif.forms import BEGINNING, BETWEEN, LAST, PASSAGE, SENTENCE, TEXT, TITLE, Place
from deliberation.kernel.vocabulary import Clause, ClauseKind

SPACE = "\u00a0"
QUOTES = (("«", "»"), ("“", "”"))
NAMES = {
    ClauseKind.VISA: "visa",
    ClauseKind.CONSIDERANT: "considérant",
    ClauseKind.DEMANDE: "demande",
    ClauseKind.HEADING: "intertitre",
    ClauseKind.NOTE: "note",
}
KINDS = {name: kind for kind, name in NAMES.items()}
_FEMININE = {"demande", "note", SENTENCE}
_ORDINALS = (
    "premier",
    "deuxième",
    "troisième",
    "quatrième",
    "cinquième",
    "sixième",
    "septième",
    "huitième",
    "neuvième",
    "dixième",
)
_COUNTS = (
    "une",
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
_MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
_FIGURE = r"\d+(?:[\u00a0\u202f ]\d{3})*(?:[.,]\d+)?"
_FITTING = (
    (re.compile(rf"{_FIGURE}\s?(?:€|k€|M€|Md€|euros?|(?:millions?|milliards?) d’euros)"), ("le montant", "du montant")),
    (re.compile(rf"{_FIGURE}\s?(?:%|‰|pour cent)"), ("le taux", "du taux")),
    (re.compile(rf"(?:\d{{1,2}}|1er) (?:{_MONTHS})(?: \d{{4}})?"), ("la date", "de la date")),
    (re.compile(r"1[5-9]\d\d|20\d\d"), ("l’année", "de l’année")),
    (re.compile(_FIGURE), ("le nombre", "du nombre")),
    (re.compile(r"[IVXLC]+(?: [A-Z])?|\d+°|[a-z]\)|[A-Z]\."), ("la référence", "de la référence")),
    (re.compile(r"[^\w\s]"), ("le signe", "du signe")),
)


def fitting(words: str) -> tuple[str, str]:
    """The noun for these words with its article, alone and after "occurrence": « le mot », « du mot »."""
    for pattern, nouns in _FITTING:
        if pattern.fullmatch(words):
            return nouns
    return ("le mot", "du mot") if len(words.split()) == 1 else ("les mots", "des mots")


def quoted(words: str) -> str:
    """The words in quotation marks that close where they should, whatever marks stand within."""
    opener, closer = next((pair for pair in QUOTES if is_paired(words, *pair)), QUOTES[0])
    return f"{opener}{SPACE}{words}{SPACE}{closer}"


def is_paired(words: str, opener: str, closer: str) -> bool:
    """Whether these quotation marks are balanced within the words."""
    depth = 0
    for letter in words:
        depth += {opener: 1, closer: -1}.get(letter, 0)
        if depth < 0:
            return False
    return depth == 0


def named(words: str) -> str:
    """Such as « le mot : « an » »."""
    return f"{fitting(words)[0]}{SPACE}: {quoted(words)}"


def is_feminine(noun: str) -> bool:
    return noun in _FEMININE


def ordinal(n: int, feminine: bool) -> str:
    """The ordinal, in letters where that is usual: « deuxième », « dernière », « 12e »."""
    if n == LAST:
        return "dernière" if feminine else "dernier"
    if n == 1 and feminine:
        return "première"
    return _ORDINALS[n - 1] if n <= len(_ORDINALS) else f"{n}e"


def times(n: int) -> str:
    return f"({_COUNTS[n - 1] if n <= len(_COUNTS) else n} fois)"


def occurrence(n: int, words: str) -> str:
    """Such as « la première occurrence du mot : « an » »."""
    return f"la {ordinal(n, True)} occurrence {fitting(words)[1]}{SPACE}: {quoted(words)}"


def definite(noun: str) -> str:
    """The noun with its article: « la demande », « l’intertitre »."""
    if noun[0] in "aeéiou":
        return f"l’{noun}"
    return f"la {noun}" if is_feminine(noun) else f"le {noun}"


def part(unit: str, nth: int) -> str:
    """Such as « deuxième phrase »."""
    return f"{ordinal(nth, is_feminine(unit))} {unit}"


def the_part(unit: str, nth: int) -> str:
    return f"la {part(unit, nth)}" if is_feminine(unit) else f"le {part(unit, nth)}"


def place_of(clause: Clause | None) -> Place:
    """The name of a clause, or of the title if there is no clause."""
    return Place(NAMES[clause.kind], (clause.called,)) if clause else Place(TITLE)


def place_in(amendment: int, passage: int = 0) -> Place:
    """The name of an amendment's words; if it changes several passages, those of one `passage`, counted from 1."""
    return Place(PASSAGE, (str(passage),), amendment=amendment) if passage else Place(amendment=amendment)


def head(place: Place) -> str:
    """The place as it opens a dispositif: « Demande 2 », « Demandes 2 et 4 », « Amendement n° 12, passage 2 »."""
    if place.amendment:
        named = f"Amendement n°{SPACE}{place.amendment}"
        return f"{named}, {_numbered(place)}" if place.noun == PASSAGE else named
    return _numbered(place).capitalize()


def is_plural(place: Place) -> bool:
    """Whether the place names several clauses, by several numbers or by a range."""
    return len(place.numbers) > 1 or any(BETWEEN in number for number in place.numbers)


def _numbered(place: Place) -> str:
    """The noun with its numbers: « demande 2 », « demandes 2 à 4 »."""
    noun = f"{place.noun}s" if is_plural(place) else place.noun
    return " ".join(filter(None, (noun, listed(place.numbers))))


def listed(numbers: tuple[str, ...]) -> str:
    """Numbers in words: « 1, 3 à 5 et 7 »."""
    return " et ".join(filter(None, (", ".join(numbers[:-1]), *numbers[-1:])))


def the(place: Place) -> str:
    """The place within a sentence, with its article: « la demande 2 », « le titre », « l’amendement n° 12 »."""
    if place.amendment and place.noun != PASSAGE:
        return f"l’amendement n°{SPACE}{place.amendment}"
    if place.noun == TEXT:
        return "le texte"
    if place.noun == BEGINNING:
        return "le début du texte"
    if is_plural(place):
        return f"les {_numbered(place)}"
    return " ".join((definite(place.noun), *place.numbers))


def new_part(unit: str) -> str:
    """Such as « une demande ainsi rédigée »."""
    return f"une {unit} ainsi rédigée" if is_feminine(unit) else f"un {unit} ainsi rédigé"
