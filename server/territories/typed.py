"""What people type for a place, brought to one form: names without accents or punctuation, codes as INSEE writes them.

Pure: nothing here knows the list of places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from unicodedata import normalize

MOST_TYPED = 300
"""Characters of a typed name that are looked at; official names have at most 80."""

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae"})
_ACCENTS = re.compile("[\u0300-\u036f]+")
_SEPARATORS = re.compile("[^a-z0-9\n]+")
_LINE_ENDS = re.compile(" *\n *")
_SHORT_FORMS = (
    (re.compile(r"\bsaint(e?)\b"), r"st\1"),
    (re.compile(r"\bcommunaute de communes\b"), "cc"),
    (re.compile(r"\bcommunaute d agglomeration\b"), "ca"),
    (re.compile(r"\bcommunaute urbaine\b"), "cu"),
)
_OFFICES = re.compile(
    r"^(?:(?P<commune>mairie|commune|ville)|(?P<departement>conseil departemental|departement)"
    r"|(?P<region>conseil regional|region)) (?:d |de la |de l |de |du |des |le |la |les )?(?P<name>.+)$"
)
_QUALIFIED = re.compile(r"^(?P<name>.*?)[\s,;]*\((?P<qualifier>[^()]*)\)\s*$|^(?P<before>.+),(?P<after>[^,]+)$")
_LAST_WORD = re.compile(r"^(?P<name>.+) (?P<qualifier>[0-9]{1,3}|2[ab])$")


@dataclass(frozen=True)
class TypedName:
    """One reading of what was typed: a folded name, and a folded qualifier such as `25`, `doubs`, `belgique` or
    `region`; "" for none.
    """

    name: str
    qualifier: str = ""


def fold(text: str) -> str:
    """Lower-case letters and digits in words, one space between two; "Saint" is "st", "Sainte" "ste". Line by line, so
    that a whole list can be folded at once.
    """
    plain = _ACCENTS.sub("", normalize("NFKD", text.casefold().translate(_LIGATURES)))
    words = _LINE_ENDS.sub("\n", _SEPARATORS.sub(" ", plain)).strip(" ")
    for long, short in _SHORT_FORMS:
        words = long.sub(short, words)
    return words


def readings(typed: str) -> Iterator[TypedName]:
    """The ways to read a typed name, most literal first: whole; with a qualifier in brackets, after a comma or at the
    end; and without the name of the office, such as "Mairie de".
    """
    typed = " ".join(typed[:MOST_TYPED].split())
    whole = fold(typed)
    if not whole:
        return
    yield TypedName(whole)
    split = _QUALIFIED.match(typed)
    qualified = [_pair(split)] if split else []
    if last := _LAST_WORD.match(whole):
        qualified.append(TypedName(last["name"], last["qualifier"]))
    found = [reading for reading in qualified if reading.name and reading.qualifier]
    yield from dict.fromkeys(found)
    for reading in dict.fromkeys((TypedName(whole), *found)):
        yield from _without_office(reading)


def _pair(split: re.Match[str]) -> TypedName:
    name, qualifier = split["name"] or split["before"] or "", split["qualifier"] or split["after"] or ""
    return TypedName(fold(name), fold(qualifier))


def _without_office(reading: TypedName) -> Iterator[TypedName]:
    office = _OFFICES.match(reading.name)
    if office:
        kind = next((group for group in ("commune", "departement", "region") if office[group]), "")
        yield TypedName(office["name"], reading.qualifier or kind)


_NUMBER = re.compile(r"([0-9]{1,14})(?:[.,]0*)?")
_SCIENTIFIC = re.compile(r"[0-9](?:[.,][0-9]{1,9})?E\+?0?[0-9]{1,2}")
_CORSICAN = re.compile(r"2[AB](?:[0-9]{3})?")


def codes(typed: str) -> tuple[str, ...]:
    """The codes that a cell may mean, likeliest first; none if it is no code.

    Spreadsheets drop a leading zero (`1001`), add decimals (`46090.0`), or keep their own marks (`'01001`, `="01001"`).
    Nine digits are a SIREN.
    """
    cell = "".join(typed[:40].split()).strip("'\"=’").upper()
    if _CORSICAN.fullmatch(cell):
        return (cell,)
    if _SCIENTIFIC.fullmatch(cell):
        cell = str(round(float(cell.replace(",", "."))))
    number = _NUMBER.fullmatch(cell)
    return _numbered(number[1]) if number else ()


def _numbered(digits: str) -> tuple[str, ...]:
    if len(digits) <= 2:
        return (digits.zfill(2),)
    if len(digits) <= 5:
        return (digits,) if len(digits) == 3 else (digits.zfill(5),)
    return (digits[:9],) if len(digits) in (9, 14) else ()  # a SIRET begins with its SIREN


def communes_of(siren: str) -> tuple[str, ...]:
    """The INSEE codes that a commune with this SIREN may have, as most are made: `21`, the département, the number, a
    check digit.
    """
    if len(siren) != 9 or not siren.startswith("21"):
        return ()
    department = siren[2:4]
    if department == "97":
        return (siren[2:5] + siren[6:8],)
    return tuple(f"{one}{siren[5:8]}" for one in (("2A", "2B") if department == "20" else (department,)))
