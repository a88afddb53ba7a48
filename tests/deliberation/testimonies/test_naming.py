"""How whoever speaks agrees to be named, and what remains of their territory (P20, P21, T20)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deliberation.kernel import codec
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.ids import VISITOR
from deliberation.kernel.territory import Naming, Territory, TerritoryKind, commune_kind, kind_alone, size_class
from deliberation.kernel.vocabulary import Channel, Role, Speaker
from deliberation.visibility.views import public_view
from tests.deliberation.congresses import CONGRESS, ELU, ORGANISER, SCRIBE, Congress

ROCHEJEAN = Territory(
    TerritoryKind.VILLAGE, "25494", "Rochejean", 754, 2026, "25", "Doubs", "R27", "Bourgogne-Franche-Comté"
)
ANNE = Speaker("Anne Roy", "maire", "Rochejean", "25494", ROCHEJEAN)
KIND = Territory(TerritoryKind.VILLAGE, year=2026, region="R27", region_name="Bourgogne-Franche-Comté")


@pytest.mark.parametrize("actor", [SCRIBE, ORGANISER, CONGRESS, VISITOR])
@pytest.mark.parametrize(
    ("consent", "naming", "speaker"),
    [
        (True, None, ANNE),
        (False, Naming.NAME, ANNE),
        (True, Naming.OFFICE, replace(ANNE, name="")),
        (True, Naming.KIND, Speaker(territory=KIND)),
        (False, None, Speaker(territory=KIND)),
        (True, Naming.ANONYMOUS, Speaker()),
    ],
)
def test_so_much_is_kept_of_who_speaks(
    congress: Congress, actor: str, consent: bool, naming: Naming | None, speaker: Speaker
) -> None:
    """T3, T20: a new record says it, and so does the view of the public once it is published."""
    command = c.SubmitTestimony(text="Le car ne passe plus.", speaker=ANNE, consent=consent, naming=naming)
    assert congress.do(actor, command).testimonies[1].speaker == speaker
    congress.do(ORGANISER, c.PublishTestimony(1))
    assert public_view(congress.state).testimonies[1].speaker == speaker


def test_an_elu_speaks_in_their_own_name(congress: Congress) -> None:
    """T3, T20."""
    command = c.SubmitTestimony(text="Le car ne passe plus.", speaker=ANNE, naming=Naming.KIND)
    assert congress.do(ELU, command).testimonies[1].speaker == Speaker()


def test_nothing_is_kept_of_a_place_that_is_not_in_the_list(congress: Congress) -> None:
    """T20: what was typed could name it."""
    said = replace(ANNE, territory=None)
    state = congress.do(SCRIBE, c.SubmitTestimony(text="Le car ne passe plus.", speaker=said))
    assert state.testimonies[1].speaker == Speaker()


@pytest.mark.parametrize(
    ("kind", "region", "kept"),
    [
        (TerritoryKind.VILLAGE, "R27", True),
        (TerritoryKind.BOURG, "R01", True),
        (TerritoryKind.VILLE, "R94", True),
        (TerritoryKind.EPCI, "R27", True),
        (TerritoryKind.VILLAGE, "R975", False),
        (TerritoryKind.METROPOLE, "R53", False),
        (TerritoryKind.DEPARTEMENT, "R27", False),
        (TerritoryKind.REGION, "R27", False),
        (TerritoryKind.COUNTRY, "", False),
    ],
)
def test_the_kind_alone_names_nobody(kind: TerritoryKind, region: str, kept: bool) -> None:
    """T20: no code, name, population or département; no région where it would say which one it is."""
    place = replace(ROCHEJEAN, kind=kind, region=region)
    expected = Territory(kind, year=2026)
    if kept:
        expected = replace(expected, region=region, region_name="Bourgogne-Franche-Comté")
    assert kind_alone(place) == expected


def test_communes_are_named_by_their_population() -> None:
    """P21"""
    kinds = [commune_kind(n) for n in (0, 1_999, 2_000, 9_999, 10_000, 2_000_000)]
    assert [x.value for x in kinds] == ["village", "village", "bourg", "bourg", "ville", "ville"]


def test_sizes_are_known_where_the_population_is() -> None:
    """P21"""
    sizes = [size_class(replace(ROCHEJEAN, population=n)) for n in (0, 1, 499, 500, 1_999, 2_000, 100_000)]
    assert sizes == [-1, 0, 0, 1, 1, 2, 5]


def test_a_person_comes_from_a_territory(congress: Congress) -> None:
    """P20: it can be corrected, and goes when the name is bound without one."""
    state = congress.do(
        ORGANISER, c.InvitePerson("Anne Roy", Role.ELU, "maire", "Rochejean", "25494", False, ROCHEJEAN)
    )
    anne = list(state.people)[-1]
    assert public_view(state).people[anne].territory == ROCHEJEAN
    state = congress.do(ORGANISER, c.CorrectPerson(anne, "Anne Roy", "maire", "Ailleurs"))
    assert state.people[anne].territory is None


def test_the_same_code_is_the_same_person(congress: Congress) -> None:
    """P8, P20: whatever the place was called."""
    first = c.InvitePerson("Anne Roy", Role.ELU, "maire", "Rochejean", "25494", True, ROCHEJEAN)
    congress.do(ORGANISER, first)
    assert congress.refused(ORGANISER, replace(first, collectivity="Mairie de Rochejean")) == "person.known"
    congress.do(ORGANISER, replace(first, collectivity="Mouthe", code="25413"))


def test_events_of_earlier_records_have_no_territory() -> None:
    """P20"""
    bound = {"person": "p1", "name": "Anne", "mandate": "maire", "collectivity": "Rochejean", "code": "25494"}
    assert codec.decode(e.ActorBound, bound) == e.ActorBound("p1", "Anne", "maire", "Rochejean", "25494", None)
    speaker = {"name": "Anne", "mandate": "", "collectivity": "Rochejean", "code": ""}
    said = {"testimony": 1, "title": "", "text": "Mot", "video": "", "channel": "web", "speaker": speaker, "theme": ""}
    decoded = codec.decode(e.TestimonySubmitted, said)
    assert decoded == e.TestimonySubmitted(1, "", "Mot", "", Channel.WEB, Speaker("Anne", "", "Rochejean"))
    assert codec.decode(e.TestimonySubmitted, codec.encode(replace(decoded, speaker=ANNE))).speaker == ANNE
