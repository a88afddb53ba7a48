"""Who is heard and who votes, by kind, size and région, in the exported site and the PDF too (P30, T27)."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from deliberation.kernel import commands as c
from deliberation.kernel.ids import CONGRESS, VISITOR
from deliberation.kernel.territory import SIZES, Territory, TerritoryKind
from deliberation.kernel.vocabulary import Elector, PollRule, Role, Speaker
from deliberation.thread.heard import heard_in
from exports import restitution
from exports.breakdowns import Breakdown, electorate_tables, heard_tables, size_name
from exports.dossier import Seal, compile_dossier
from exports.papers import restitution_paper
from exports.translations import words_for
from tests.exports import sample

WORDS = words_for("fr")
SEAL = Seal("localhost\n1\nracine\n\n— localhost sig=\n", 1, "racine", "cle+1")
HERE = Territory(TerritoryKind.VILLAGE, "15187", "Saint-Flour", 754, 2026, "15", "Cantal", "R84", "Auvergne")
LYON = Territory(TerritoryKind.VILLE, "69123", "Lyon", 520_774, 2026, "69", "Rhône", "R84", "Auvergne")
MARK = Territory(TerritoryKind.BOURG, "25367", "Mandeure", 4_801, 2026, "25", "Doubs", "R27", "Bourgogne")


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def figures(table: Breakdown) -> dict[str, tuple[int, ...]]:
    return {plain(label): row for label, row in table.rows}


@pytest.fixture(scope="module")
def congress() -> sample.Congress:
    """Élus of two communes and one without a place; testimonies from three."""
    found = sample.open_congress()
    found.act(sample.ORGANISER, c.CorrectPerson("p1", "Awa Diallo", "Maire", "Saint-Flour", "15187", HERE))
    found.act(sample.ORGANISER, c.CorrectPerson("p2", "Jean Petit", "Maire", "Lyon", "69123", LYON))
    found.act(CONGRESS, c.InvitePerson("Léa Roc", Role.ELU, "Maire", "Ailleurs"))
    sample.speak(found)
    speaker = Speaker("Zoé", "", "Mandeure", "25367", MARK)
    found.act(VISITOR, c.SubmitTestimony(text="La fibre s’arrête.", speaker=speaker, consent=True))
    found.act(sample.ORGANISER, c.PublishTestimony(8))
    for part in (sample.write, sample.amend, sample.vote):
        part(found)
    return found


def test_the_voices_of_an_electorate(congress: sample.Congress) -> None:
    """P30: amendment 2, refused by Awa; Jean abstains, Léa does not vote."""
    kind, size, region = electorate_tables(WORDS, congress.state, congress.state.polls[2])
    assert kind.columns == ("Sorte", "Inscrits", "Pour", "Contre", "Abst.")
    unknown = "Lieu non dit, ou hors de la liste"
    assert figures(kind) == {"Village": (1, 0, 1, 0), "Ville": (1, 0, 0, 1), unknown: (1, 0, 0, 0)}
    assert list(figures(size)) == ["100 000 habitants et plus", "De 500 à 1 999 habitants", unknown]
    assert figures(region) == {"Auvergne": (2, 0, 1, 1), "Sans région": (1, 0, 0, 0)}


def test_voices_are_told_where_they_weigh(congress: sample.Congress) -> None:
    """P30, V10: and nothing of how they were cast while the vote is open."""
    found = sample.open_congress()
    found.act(sample.ORGANISER, c.CorrectPerson("p1", "Awa Diallo", "Maire", "Saint-Flour", "15187", HERE))
    sample.write(found)
    found.act(sample.ORGANISER, c.RegisterElectors((Elector("p1", 3), Elector("p2", 2))))
    found.act(sample.ORGANISER, c.OpenPoll("motion-1", rule=PollRule(weights="collectivite")))
    kind, *_ = electorate_tables(WORDS, found.state, found.state.polls[1])
    assert kind.columns == ("Sorte", "Inscrits", "Voix")
    assert figures(kind) == {"Village": (1, 3), "Lieu non dit, ou hors de la liste": (1, 2)}


def test_nothing_is_told_where_no_place_is_known() -> None:
    """P30"""
    found = sample.whole()
    assert electorate_tables(WORDS, found.state, found.state.polls[1]) == ()
    assert heard_tables(WORDS, heard_in(found.state, found.state.testimonies)) == ()


def test_who_is_heard(congress: sample.Congress) -> None:
    """T27"""
    kind, size, region = heard_tables(WORDS, heard_in(congress.state, congress.state.testimonies))
    assert figures(kind) == {"Village": (1, 0), "Bourg": (1, 0)}
    assert figures(size) == {"De 2 000 à 9 999 habitants": (1, 1), "De 500 à 1 999 habitants": (2, 1)}
    assert figures(region) == {"Bourgogne": (1, 1), "Auvergne": (2, 1)}


def test_every_class_of_sizes_has_its_name() -> None:
    """P30, T27"""
    assert len({size_name(WORDS, size) for size in (None, -1, *range(len(SIZES) + 1))}) == len(SIZES) + 3
    assert plain(size_name(WORDS, 0)) == "Moins de 500 habitants"


def test_the_printed_restitution_says_who_is_heard_and_who_votes(congress: sample.Congress) -> None:
    """T27, P30"""
    pdf = restitution_paper.as_pdf(compile_dossier(congress.state, congress.record, SEAL), WORDS)
    said = plain(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))
    for words in ("Qui est entendu, et où", "De 2 000 à 9 999 habitants", "D’où viennent les voix", "Sans région"):
        assert words in said


def test_the_exported_site_says_who_is_heard_and_who_votes(congress: sample.Congress) -> None:
    """T27, P30"""
    page = plain(restitution.files(congress.state, congress.record, SEAL)["index.html"].decode())
    for words in ("Qui est entendu, et où", "De 2 000 à 9 999 habitants", "D’où viennent les voix", "Sans région"):
        assert words in page
