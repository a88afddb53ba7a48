"""Names and codes of places in imported tables, understood as in forms (P22). Nobody can be asked: doubts are told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from deliberation.kernel.commands import SubmitTestimony
from server.imports.people import Guest
from server.territories.reference import TerritoryList
from server.territories.search import chosen_name, label, resolve
from server.territories.typed import fold

MOST_NAMED = 5
"""Doubtful places that a note names; of more it says how many."""


@dataclass(frozen=True)
class Located:
    """A place as a command names it. `doubt` names it where it is kept as written, or where code and name differ."""

    name: str
    code: str
    doubt: str = ""


def locate(places: TerritoryList, name: str, code: str) -> Located:
    """The place of a row: its code counts, else its name if it means one place and no other."""
    coded = places.find(code) if code else None
    if coded:
        official = coded.territory
        is_same = not name or fold(name) in map(fold, (official.name, label(official), coded.former))
        named = resolve(places, name).place if not is_same else coded
        differs = named is None or named.territory != official
        return Located(name or official.name, official.code, f"{name} ({code})" if differs else "")
    found = resolve(places, name).place if name else None
    if found:
        return Located(chosen_name(found, name), found.territory.code)
    return Located(name, code, " ".join(x for x in (name, code and f"({code})") if x))


def locate_guests(places: TerritoryList, guests: Iterable[Guest]) -> tuple[tuple[Guest, ...], tuple[str, ...]]:
    """The guests with the places that they come from; and the doubtful ones."""
    located = [(guest, locate(places, guest.collectivity, guest.code)) for guest in guests]
    doubts = tuple(dict.fromkeys(at.doubt for _, at in located if at.doubt))
    return tuple(replace(guest, collectivity=at.name, code=at.code) for guest, at in located), doubts


def locate_testimonies(
    places: TerritoryList, rows: Iterable[SubmitTestimony]
) -> tuple[tuple[SubmitTestimony, ...], tuple[str, ...]]:
    """The same for those who speak."""
    located = [(row, locate(places, row.speaker.collectivity, row.speaker.code)) for row in rows]
    doubts = tuple(dict.fromkeys(at.doubt for _, at in located if at.doubt))
    spoken = (replace(row, speaker=replace(row.speaker, collectivity=at.name, code=at.code)) for row, at in located)
    return tuple(spoken), doubts


def note(doubts: Sequence[str]) -> str:
    """A sentence about the doubtful places of a file; "" if there are none."""
    if not doubts:
        return ""
    more = f" et {len(doubts) - MOST_NAMED} autres" if len(doubts) > MOST_NAMED else ""
    return (
        f"Lieux à vérifier, hors de la liste officielle, homonymes, ou dont le code dit autre chose : "
        f"{', '.join(doubts[:MOST_NAMED])}{more}."
    )
