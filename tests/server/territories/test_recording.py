"""The record keeps the territory of a code as the official list describes it (P20)."""

from __future__ import annotations

import pytest

from deliberation.kernel import commands as c
from deliberation.kernel.territory import Territory, TerritoryKind
from deliberation.kernel.vocabulary import Role, Speaker
from server.territories.recording import completed
from server.territories.reference import TerritoryList, shipped

FORGED = Territory(TerritoryKind.VILLE, "25494", "Rochejean", 900_000, 2026)


def load() -> TerritoryList:
    return shipped()


def not_loaded() -> TerritoryList:
    raise AssertionError("nobody needs the list")


@pytest.mark.parametrize("code", ["25494", "25494.0", "212504948"])
def test_a_code_brings_what_the_list_says(code: str) -> None:
    """P20: not what the sender says."""
    invited = completed(c.InvitePerson("Anne", Role.ELU, code=code, territory=FORGED), load)
    assert isinstance(invited, c.InvitePerson)
    assert (invited.collectivity, invited.code) == ("Rochejean", "25494")
    assert invited.territory is not None
    assert (invited.territory.kind, invited.territory.population < 2_000) == (TerritoryKind.VILLAGE, True)
    said = completed(c.SubmitTestimony(text="Mot", speaker=Speaker(code=code, territory=FORGED)), load)
    assert isinstance(said, c.SubmitTestimony)
    assert said.speaker.territory == invited.territory


def test_a_name_that_was_typed_stays() -> None:
    corrected = completed(c.CorrectPerson("p1", "Anne", collectivity="Commune de Rochejean", code="25494"), load)
    assert isinstance(corrected, c.CorrectPerson)
    assert corrected.collectivity == "Commune de Rochejean"


def test_an_unknown_code_stays_as_it_was_typed() -> None:
    """P20: without a territory, whatever the sender says."""
    invited = completed(c.InvitePerson("Anne", Role.ELU, collectivity="Ici", code="X1", territory=FORGED), load)
    assert invited == c.InvitePerson("Anne", Role.ELU, collectivity="Ici", code="X1")


def test_who_names_no_code_needs_no_list() -> None:
    """P20: and brings in no territory of their own."""
    invited = c.InvitePerson("Anne", Role.ELU, collectivity="Ici")
    assert completed(c.InvitePerson("Anne", Role.ELU, collectivity="Ici", territory=FORGED), not_loaded) == invited
    assert completed(c.PublishTestimony(1), not_loaded) == c.PublishTestimony(1)


def test_a_damaged_list_stops_nobody() -> None:
    invited = completed(c.InvitePerson("Anne", Role.ELU, code="25494"), lambda: None)
    assert invited == c.InvitePerson("Anne", Role.ELU, code="25494")
