"""People whom a remark names by « @ » (M30–M34)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from deliberation.kernel import codec
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.vocabulary import Role
from deliberation.motions import addressing
from tests.deliberation.congresses import ELU, ORGANISER, OTHER, SCRIBE, THIRD, Congress, opened


@pytest.fixture
def congress() -> Iterator[Congress]:
    found = opened()
    found.do(ELU, c.CreateMotion("Un titre"))
    found.write(1, c1="Demande un car.")
    yield found
    found.verify()


def kept(congress: Congress, text: str) -> tuple[str, tuple[str, ...]]:
    """What the record keeps of a remark with that text, and whom it names."""
    congress.do(ELU, c.MakeRemark(1, text=text))
    remark = list(congress.state.remarks.values())[-1]
    return remark.text, remark.addressed


def waiting(congress: Congress, person: str) -> list[int]:
    return [x.number for x in addressing.awaited(congress.state, person)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@Émile Maire, d’accord ?", "@{p4}, d’accord ?"),
        ("(@emile MAIRE) et @Sami\u00a0Note.", "(@{p4}) et @{p6}."),
        ("@Émile", "@Émile"),
        ("@Émile Maires", "@Émile Maires"),
        ("écrire à sami@Émile Maire", "écrire à sami@Émile Maire"),
        ("@{p4} @{p99} @Personne", "@{p4} @{p99} @Personne"),
        ("@", "@"),
    ],
)
def test_a_whole_name_is_found(congress: Congress, text: str, expected: str) -> None:
    """M30, M31, M32"""
    words, people = kept(congress, text)
    assert words == expected
    assert people == tuple(id_ for id_ in (OTHER, SCRIBE) if f"@{{{id_}}}" in expected)


def test_the_longest_name_counts(congress: Congress) -> None:
    """M30"""
    congress.do(ORGANISER, c.InvitePerson("Émile Maire-de-la-Tour d’Auvergne", Role.ELU))
    assert kept(congress, "@Emile Maire de la tour d'Auvergne oui") == ("@{p7} oui", ("p7",))
    assert kept(congress, "@Émile Maire de la tour") == ("@{p4} de la tour", (OTHER,))


def test_namesakes_are_all_named_and_absent_people_are_not(congress: Congress) -> None:
    """M31"""
    congress.do(ORGANISER, c.InvitePerson("Émile Maire", Role.ELU))
    assert kept(congress, "@Émile Maire ?") == ("@{p4} @{p7} ?", (OTHER, "p7"))
    congress.do(ORGANISER, c.RevokePerson("p7", "Est parti."))
    assert kept(congress, "@Émile Maire ? @{p7} ?") == ("@{p4} ? @{p7} ?", (OTHER,))


def test_the_redaction_of_a_name_reaches_the_remarks_that_name_the_person(congress: Congress) -> None:
    """M32"""
    kept(congress, "*@Émile Maire*, d’accord ?")
    remark = congress.state.remarks[1]
    assert addressing.shown(remark, lambda id_: congress.state.people[id_].name) == ("***@Émile Maire***, d’accord ?")
    assert addressing.shown(remark, lambda _: "A*b_") == "***@A\\*b\\_***, d’accord ?"
    congress.erase(f"personne-{OTHER}")
    assert "Émile" not in remark.text
    assert congress.state.people[OTHER].name == ""
    assert kept(congress, "@Émile Maire ?") == ("@Émile Maire ?", ())


def test_a_remark_waits_for_whom_it_names(congress: Congress) -> None:
    """M33"""
    kept(congress, "@Émile Maire, @Ève Maire ?")
    assert waiting(congress, OTHER) == waiting(congress, THIRD) == [1]
    assert waiting(congress, ELU) == []
    congress.do(OTHER, c.MakeRemark(1, text="Oui. @Élise Maire ?", reply_to=1))
    assert (waiting(congress, OTHER), waiting(congress, THIRD), waiting(congress, ELU)) == ([], [1], [2])
    congress.do(ELU, c.MakeRemark(1, text="Et @Émile Maire ?", reply_to=1))
    assert (waiting(congress, OTHER), waiting(congress, ELU)) == ([3], [])
    congress.do(ELU, c.SettleRemark(1, "resolved"))
    assert waiting(congress, OTHER) == waiting(congress, THIRD) == []
    congress.do(ELU, c.SettleRemark(1, "open"))
    congress.do(ORGANISER, c.FreezeMotion(1))
    assert waiting(congress, OTHER) == []


def test_a_remark_names_at_most_twenty_people(congress: Congress) -> None:
    """M34"""
    for number in range(21):
        congress.do(ORGANISER, c.InvitePerson(f"Nom {number}", Role.ELU))
    everybody = [f"@Nom {number}" for number in range(21)]
    assert congress.refused(ELU, c.MakeRemark(1, text=" ".join(everybody))) == "remark.too_many_people"
    assert len(kept(congress, " ".join(everybody[:20]))[1]) == addressing.MOST_PEOPLE
    for _ in range(9):
        congress.do(ORGANISER, c.InvitePerson("Nom 0", Role.ELU))
    assert congress.refused(ELU, c.MakeRemark(1, text="@Nom 0 " * 2800)) == "text.too_long"


def test_remarks_from_before_name_nobody() -> None:
    """M32: the field has a default."""
    made = e.RemarkMade(1, 1, "", "@{p4}")
    data = codec.encode(made)
    assert isinstance(data, dict)
    del data["addressed"]
    assert codec.decode(e.RemarkMade, data) == replace(made, addressed=())
