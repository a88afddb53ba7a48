"""Every way of voting in the restitution: in words, in tables, and recomputed by the verifier."""

from __future__ import annotations

import json

import pytest

from deliberation.record.replay import Replay
from deliberation.record.report import Findings
from exports import restitution
from tests.exports.sample import Congress, voted_otherwise
from tests.exports.test_site import read


@pytest.fixture(scope="module")
def congress() -> Congress:
    return voted_otherwise()


@pytest.fixture(scope="module")
def written(congress: Congress) -> dict[str, bytes]:
    return restitution.files(congress.state, congress.record)


def words(written: dict[str, bytes]) -> str:
    return " ".join(" ".join(read(written["index.html"]).words).split())


@pytest.mark.parametrize(
    "expected",
    [
        "leurs comptes diffèrent, la présidence tranche",
        "La photo de la salle le montre.",
        "Liste d’émargement (3)",
        "Secret : Demandé par un tiers des présents (1 sur 3).",
        "2 bulletins avec un nom au moins, 1 blanc. Majorité absolue, 2 sièges. Il fallait 2 voix.",
        "À égalité pour le dernier siège : Jean Petit, Léa Roc",
        "À égalité, la présidence a constaté : Doyenne d’âge.",
        "En 2 parties, à la demande de Léa Roc",
        "Répondu en une fois avec : scrutin n° 4",
        "Plénière ne les recompte pas",
        "resultat-1.bel",
        "7 clés de vote",
        "belenios-tool n’est pas installé sur ce serveur",
    ],
)
def test_the_page_says_how_each_vote_was_held(written: dict[str, bytes], expected: str) -> None:
    """W7, W8, W5, W6, W20, W16, W10, W17, W19"""
    assert expected in words(written).replace("\u00a0", " ").replace("\u202f", " ").replace(" ,", ",")


def test_every_link_leads_somewhere(written: dict[str, bytes]) -> None:
    page = read(written["index.html"])
    assert len(page.ids) == len(set(page.ids))
    assert [link for link in page.links if link.startswith("#") and link[1:] not in page.ids] == []


def test_the_tables_hold_every_count(written: dict[str, bytes]) -> None:
    """W6, W7, W10, W20: marks of papers, tellers, parts, people elected."""
    tables = {name: json.loads(written[f"data/{name}.json"]) for name in ("urnes", "mains_levees", "divisions", "elus")}
    assert [row["paper"] for row in tables["urnes"] if row["poll"] == 8] == [
        "p1",
        "p1",
        "p2",
        "blanc",
        "blanc",
        "place vide",
    ]
    assert len([row for row in tables["mains_levees"] if row["poll"] == 5]) == 3
    assert [row["carried"] for row in tables["divisions"]] == [True, False]
    assert [(row["person"], row["poll"], row["reason"]) for row in tables["elus"]] == [
        ("p1", 8, ""),
        ("p5", 9, "Doyenne d’âge."),
    ]


def test_the_verifier_finds_nothing_to_say(congress: Congress) -> None:
    """R15, R16"""
    findings = Findings()
    replay = Replay(findings)
    for recorded in congress.record:
        replay.take(recorded)
    replay.finish()
    assert [finding.code for finding in findings.kept] == []
