"""The field of a form for a place: what was typed becomes a place of the official list, or the form asks which (P22).

Three fields: the typed words under the field's own name; `_choix`, the code that was chosen of those offered, or
`libre` for words that are kept as they are; `_pour`, the words that the choices were offered for, so that a choice does
not outlive a correction.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deliberation.kernel.errors import Refused
from deliberation.kernel.territory import Territory
from exports.translations import N_
from server.pages.shell.forms import Form
from server.territories.reference import TerritoryList
from server.territories.search import chosen_name, label, resolve

if TYPE_CHECKING:
    from server.services import Services

FREE = "libre"
CHOICE, FOR = "_choix", "_pour"
REFUSED = "place."
"""Prefix of the codes of refusals that come with choices."""
SEVERAL = N_("Plusieurs lieux portent ce nom : choisissez-en un, ou précisez le département entre parenthèses.")
UNKNOWN = N_("Ce lieu n’est pas dans la liste officielle : corrigez-le, choisissez-en un, ou gardez ces mots.")
MOST_OFFERED = 40


@dataclass(frozen=True)
class TypedPlace:
    """A place as a command names it: how it is called, and its code; "" where the words are kept as they are."""

    name: str = ""
    code: str = ""


@dataclass(frozen=True)
class OfferedPlace:
    """A place to choose from."""

    territory: Territory
    label: str
    former: str


async def read_place(
    services: Services, form: Form, field: str, known: TypedPlace | None = None
) -> TypedPlace | Refused:
    """What the field says; Refused where a person must choose. `known` is kept as it is while its words stay."""
    typed = " ".join(form.get(field).split())
    if not typed:
        return TypedPlace()
    if known and known.name == typed:
        return known
    choice = form.get(field + CHOICE) if form.get(field + FOR) == form.get(field) else ""
    if choice == FREE:
        return TypedPlace(typed)
    places = await asyncio.to_thread(services.territories.readable)
    return TypedPlace(typed) if places is None else _meant(places, typed, choice, field)


def _meant(places: TerritoryList, typed: str, choice: str, field: str) -> TypedPlace | Refused:
    found = resolve(places, typed)
    place = found.place or (places.find(choice) if choice else None)
    if place:
        return TypedPlace(chosen_name(place, typed), place.territory.code)
    return Refused("place.several", SEVERAL, field) if found.choices else Refused("place.unknown", UNKNOWN, field)


def offered(services: Services, typed: str) -> Sequence[OfferedPlace]:
    """The places among which a person chooses, after `read_place` refused those words."""
    found = resolve(services.territories.load(), typed)
    places = (found.choices or found.near)[:MOST_OFFERED]
    return [OfferedPlace(place.territory, label(place.territory), place.former) for place in places]
