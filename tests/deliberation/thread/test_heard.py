"""Who is heard, and where (T21)."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from deliberation.kernel import commands as c
from deliberation.kernel.state import State
from deliberation.kernel.territory import Territory, TerritoryKind, kind_alone
from deliberation.kernel.vocabulary import Role, Speaker
from deliberation.thread.heard import AreaHeard, heard_in, origin_of
from deliberation.visibility.views import public_view
from exports.territories import carried, described
from exports.translations import words_for
from tests.deliberation.congresses import ORGANISER, SCRIBE, opened

ROCHEJEAN = Territory(
    TerritoryKind.VILLAGE, "25494", "Rochejean", 754, 2026, "25", "Doubs", "R27", "Bourgogne-Franche-Comté"
)
MOUTHE = replace(ROCHEJEAN, code="25413", name="Mouthe", population=1_058)
LYON = Territory(TerritoryKind.VILLE, "69123", "Lyon", 520_774, 2026, "69", "Rhône", "R84", "Auvergne-Rhône-Alpes")
FRENCH, ENGLISH = words_for("fr"), words_for("en")


def said(*speakers: Speaker, published: int | None = None) -> State:
    """The public view of testimonies by these people; of the first `published` of them, all by default."""
    congress = opened()
    for speaker in speakers:
        consent = bool(speaker.name)
        congress.do(SCRIBE, c.SubmitTestimony(text=f"Mot de {speaker}", speaker=speaker, consent=consent))
    for number in range(1, (len(speakers) if published is None else published) + 1):
        congress.do(ORGANISER, c.PublishTestimony(number))
    return public_view(congress.state)


def speaker(territory: Territory | None, name: str = "Anne") -> Speaker:
    return Speaker(name, "", territory.name if territory else "", territory.code if territory else "", territory)


def test_collectivities_count_once_and_what_is_not_named_apart() -> None:
    """T21"""
    state = said(speaker(ROCHEJEAN), speaker(ROCHEJEAN), speaker(LYON), speaker(MOUTHE, ""), speaker(None))
    heard = heard_in(state, range(1, 6))
    assert (heard.testimonies, heard.placed) == (5, 4)
    assert {code: numbers for code, (_, numbers) in heard.collectivities.items()} == {"25494": (1, 2), "69123": (3,)}
    assert heard.alone == (kind_alone(MOUTHE),)
    assert dict(heard.kinds()) == {TerritoryKind.VILLAGE: 1, TerritoryKind.VILLE: 1}
    assert dict(heard.kinds_alone()) == {TerritoryKind.VILLAGE: 1}
    assert heard.departments() == (AreaHeard("25", "Doubs", 2, 1), AreaHeard("69", "Rhône", 1, 1))
    assert heard.regions() == (
        AreaHeard("R27", "Bourgogne-Franche-Comté", 3, 1),
        AreaHeard("R84", "Auvergne-Rhône-Alpes", 1, 1),
    )


def test_what_is_not_published_is_not_heard() -> None:
    """T21, T6"""
    heard = heard_in(said(speaker(ROCHEJEAN), speaker(LYON), published=1), (1, 2, 3, 99))
    assert (heard.testimonies, list(heard.collectivities)) == (1, ["25494"])


def test_an_elu_is_heard_from_where_they_are_elected() -> None:
    """T21: unless the testimony names somebody else."""
    congress = opened()
    congress.do(ORGANISER, c.InvitePerson("Ana", Role.ELU, "maire", "Rochejean", "25494", False, ROCHEJEAN))
    ana = list(congress.state.people)[-1]
    congress.do(ana, c.SubmitTestimony(text="Le car ne passe plus."))
    congress.do(ORGANISER, c.PublishTestimony(1))
    assert origin_of(congress.state, congress.state.testimonies[1]) == ROCHEJEAN
    other = replace(congress.state.testimonies[1], speaker=speaker(None))
    assert origin_of(congress.state, other) is None


def test_who_carries_it_in_words() -> None:
    """T21"""
    assert carried(FRENCH, heard_in(said(speaker(None)), (1,))) == ""
    one = carried(FRENCH, heard_in(said(speaker(ROCHEJEAN)), (1,)))
    assert one.replace("\u202f", " ").replace("\u00a0", " ") == "Porté par 1 commune de moins de 2 000 habitants."
    state = said(speaker(ROCHEJEAN), speaker(MOUTHE), speaker(LYON), speaker(MOUTHE, ""))
    several = carried(ENGLISH, heard_in(state, (1, 2, 3, 4)))
    assert several == (
        "Carried by 2 communes of fewer than 2,000 inhabitants, 1 commune of at least 10,000 inhabitants and "
        "1 voice without the name of its community, in 2 départements."
    )


def test_a_territory_in_words() -> None:
    """P20"""
    assert described(ENGLISH, ROCHEJEAN) == "Village · 754 inhabitants (2026) · Doubs · Bourgogne-Franche-Comté"
    assert described(ENGLISH, kind_alone(ROCHEJEAN)) == "Village · Bourgogne-Franche-Comté"


PLACES = st.sampled_from([None, ROCHEJEAN, MOUTHE, LYON, kind_alone(MOUTHE)])


@given(places=st.lists(PLACES, max_size=12), asked=st.sets(st.integers(0, 14)))
def test_sums_agree(places: list[Territory | None], asked: set[int]) -> None:
    """T21: whatever is asked: each testimony stands in one place at most."""
    state = said(*(speaker(place, "Anne" if place and place.code else "") for place in places))
    heard = heard_in(state, asked)
    assert heard.testimonies == len([n for n in asked if 1 <= n <= len(places)])
    assert heard.placed == sum(area.testimonies for area in heard.regions()) <= heard.testimonies
    assert sum(heard.kinds().values()) == len(heard.collectivities)
    assert sum(area.collectivities for area in heard.departments()) == len(heard.collectivities)
