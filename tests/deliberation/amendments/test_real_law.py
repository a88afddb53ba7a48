"""Merging, order of call and joint discussion on real situations and amendments."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from deliberation.amendments import discussion, distance, order
from deliberation.kernel.state import Amendment, Frozen, Motion, State
from deliberation.kernel.vocabulary import Aim, Clause, ClauseKind, Span
from deliberation.text.merge import consolidate, number
from deliberation.text.spans import applied

LAW = Path(__file__).parents[4] / "shared/data/law"
real = pytest.mark.skipif(not LAW.is_dir(), reason="the real material is not there")


def frozen(clauses: dict[str, str], title: str = "Titre") -> Frozen:
    return Frozen(
        1, title, number(Clause(id_, ClauseKind.DEMANDE, 0, x) for id_, x in clauses.items()), "", 1, (), "", 0
    )


def amendment(given: dict[str, Any], said: dict[str, str]) -> Amendment:
    spans = tuple(Span(**span) for span in given.get("spans", ()))
    aim, clause = Aim(given["aim"]), given["clause"]
    text = given.get("text", "")
    if spans and not text:
        text = applied(said[clause], spans)
    kind = "demande" if aim is Aim.INSERT else ""
    return Amendment(given["number"], 1, 1, aim, clause, text, "", kind, "p1", "", spans=spans)


@real
def test_the_situations_of_older_tools_come_out_right() -> None:
    """A11"""
    for case in json.loads((LAW / "merge-cases.json").read_text(encoding="utf-8")):
        base = frozen(case["clauses"], case["title"])
        given = [amendment(each, case["clauses"]) for each in case["amendments"]]
        consolidation = consolidate(base, given)
        titles = all(a.aim is Aim.TITLE for a in given)
        text = consolidation.title if titles else "\n".join(x.markdown for x in consolidation.clauses)
        assert ("COLLISION" if consolidation.collisions else text) == case["right"], case["case"]


class Hall:
    """The real amendments as they were tabled, with what the assembly made of them by number."""

    def __init__(self) -> None:
        data = json.loads(gzip.decompress((LAW / "order-finances.json.gz").read_bytes()))
        self.said: dict[str, str] = {each["id"]: each["text"] for each in data["clauses"]}
        self.known: dict[int, dict[str, Any]] = {each["number"]: each for each in data["amendments"]}
        motion = Motion(1, "Titre", "p1", "", status="frozen", frozen=(frozen(self.said),))
        tabled = {n: amendment(each, self.said) for n, each in self.known.items()}
        self.state = State(motions={1: motion}, amendments=tabled)

    def pairs(self) -> Iterator[tuple[dict[str, Any], dict[str, Any], bool]]:
        """Pairs of amendments, and whether both stand as the assembly called them."""
        place = {a.number: rank for rank, a in enumerate(order.call_order(self.state, 1))}
        for x, y in combinations(self.known.values(), 2):
            if x["place"] != y["place"]:
                yield x, y, (x["place"] < y["place"]) == (place[x["number"]] < place[y["number"]])


@pytest.fixture(scope="module")
def hall() -> Hall:
    return Hall()


@real
def test_the_order_is_that_of_the_assembly_but_for_few_pairs(hall: Hall) -> None:
    """A7, A64, A65: and what the rest is.

    Of the pairs inside an article 96.9 % stand as in the assembly; of those of clauses inserted at one place 91 %, of
    the others 96 %. The rest: 52 insertions, where the assembly called a subject before an article of another code, or
    a later amendment to the same part of an article first; 73 changes that begin at the same words, which it called in
    no constant order of size; 51 that begin elsewhere, where it called an amendment at another one of its changes, or
    with others.
    """
    pairs = list(hall.pairs())
    assert sum(ok for *_, ok in pairs) >= 0.997 * len(pairs)
    beside = [(x, y, ok) for x, y, ok in pairs if x["subdivision"] == y["subdivision"]]
    assert sum(ok for *_, ok in beside) >= 0.968 * len(beside)
    inserted = [ok for x, y, ok in beside if x["aim"] == y["aim"] == "insert"]
    rest = [(x, y) for x, y, ok in beside if not ok and "insert" not in (x["aim"], y["aim"])]
    assert (len(beside), len(inserted), inserted.count(False), len(rest)) == (5644, 578, 52, 124)
    starts = [[distance.of(hall.state.amendments[each["number"]], hall.said).start for each in pair] for pair in rest]
    assert sum(one == other for one, other in starts) == 73


@real
def test_the_discussions_proposed_are_those_of_the_assembly(hall: Hall) -> None:
    """S16: of the pairs proposed 95 % were in one discussion of the assembly; none of them holds a deletion of a whole
    article, as none of its discussions did beside identical ones. What else it joined, 57 % of its pairs, are identical
    amendments, additions at one place and what it found to have one subject: both can stand there.
    """
    groups = discussion.competing(hall.state, 1)
    proposed = {pair for group in groups for pair in combinations(group, 2)}
    joined: dict[str, list[int]] = {}
    for n, each in sorted(hall.known.items()):
        if each.get("discussion"):
            joined.setdefault(each["discussion"], []).append(n)
    right = {pair for group in joined.values() for pair in combinations(group, 2)}
    assert (len(proposed), len(right), len(proposed & right)) == (465, 1025, 440)
    assert (max(map(len, groups)), max(map(len, joined.values()))) == (23, 27)
    aims = [{hall.known[n]["aim"] for n in group} for group in joined.values()]
    assert all(each == {"delete"} for each in aims if "delete" in each)
    assert all(hall.known[n]["aim"] != "delete" for group in groups for n in group)
