"""Comparing texts: what changed, by which amendments, and how it is shown."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberation.kernel.state import Amendment, Frozen, Motion, State
from deliberation.kernel.vocabulary import Aim
from deliberation.text.merge import consolidate, inserted_id
from deliberation.text.words import diff_words
from exports.comparison import ComparedPassage, DiffPiece, Pieces, between, consolidated, of_amendment, pieces, touched
from exports.differences import shown
from tests.deliberation.text.test_merge import amendment, debates, frozen


def drawn(given_: Pieces) -> str:
    """Pieces as one line, with [-deleted-] and {+inserted+} words and the numbers of their amendments."""
    marks = {"equal": "{}", "delete": "[-{}-]", "insert": "{{+{}+}}", "touched": "<{}>", "gap": "<^{}>"}
    return "".join(marks[p.op].format(p.text) + (str(list(p.by)) if p.by else "") for p in given_)


def version(number: int, base: int, text: Frozen, *adopted: Amendment) -> Frozen:
    consolidation = consolidate(text, adopted)
    return replace(text, version=number, base=base, title=consolidation.title, clauses=consolidation.clauses)


def story(passages: tuple[ComparedPassage, ...]) -> list[tuple[str, str]]:
    return [(passage.id, passage.change) for passage in passages if passage.change != "same"]


TEXT = frozen("Demande la fibre partout.", "Demande un guichet.", "Demande du temps.")


def test_versions_are_compared_clause_by_clause() -> None:
    first, _, third = TEXT.clauses
    after = replace(
        TEXT, title="Le numérique pour chacun", clauses=(third, replace(first, markdown="Demande la fibre."))
    )
    assert story(between(TEXT, after)) == [("", "changed"), ("c3", "moved"), ("c1", "changed"), ("c2", "removed")]
    back = between(after, TEXT)
    assert story(back) == [("", "changed"), ("c1", "changed"), ("c2", "added")]
    assert [passage.id for passage in back if passage.moved] == ["c1"]
    assert story(between(TEXT, TEXT)) == []


def test_each_change_carries_the_amendments_behind_it() -> None:
    adopted = [
        amendment(1, "Demande la fibre en ville."),
        amendment(2, "Demande aussi la fibre partout."),
        amendment(3, "Le numérique pour chacun", "", Aim.TITLE),
        amendment(4, "", "c2", Aim.DELETE),
        amendment(5, "Demande des moyens.", "c3", Aim.INSERT, "demande"),
        amendment(6, "Demande la fibre en ville."),
    ]
    found = {p.id: p for p in consolidated(TEXT, version(2, 1, TEXT, *adopted), adopted)}
    assert drawn(found["c1"].pieces) == "Demande {+aussi +}[2]la fibre [-partout-][1, 6]{+en ville+}[1, 6]."
    assert drawn(found[""].pieces) == "Le numérique pour [-tous-][3]{+chacun+}[3]"
    assert (found["c2"].change, found["c2"].by) == ("removed", (4,))
    assert (found[inserted_id(5)].change, found[inserted_id(5)].by) == ("added", (5,))
    assert found["c1"].amendments == (1, 2, 6)


@given(debates())
def test_what_is_compared_is_what_is_there(debate: tuple[Frozen, list[Amendment]]) -> None:
    """The pieces of each passage give back both texts, whoever is behind them."""
    base, given_ = debate
    after = version(2, 1, base, *given_)
    for passage in consolidated(base, after, given_):
        before = base.title if not passage.id else passage.before.markdown if passage.before else ""
        now = after.title if not passage.id else passage.after.markdown if passage.after else ""
        assert "".join(p.text for p in passage.pieces if p.op != "insert") == before
        assert "".join(p.text for p in passage.pieces if p.op != "delete") == now


@given(debates())
def test_touched_words_are_the_words_of_the_clause(debate: tuple[Frozen, list[Amendment]]) -> None:
    base, given_ = debate
    for clause in base.clauses:
        found = touched(base, clause.id, given_)
        assert "".join(piece.text for piece in found) == clause.markdown
        assert all(bool(piece.by) == (piece.op != "equal") for piece in found)


def test_words_that_amendments_share_name_them_all() -> None:
    given_ = [
        amendment(1, "Demande la fibre en ville."),
        amendment(2, "Demande aussi la fibre là."),
        amendment(3, "", "c2", Aim.DELETE),
    ]
    assert drawn(touched(TEXT, "c1", given_)) == "Demande <^>[2]la fibre <partout>[1, 2]."
    assert drawn(touched(TEXT, "c2", given_)) == "<Demande un guichet.>[3]"
    assert drawn(touched(TEXT, "", [amendment(4, "Le numérique", "", Aim.TITLE)])) == "Le numérique< pour tous>[4]"


def test_an_amendment_is_read_against_its_text() -> None:
    given_ = {
        1: amendment(1, "", "c2", Aim.DELETE),
        2: amendment(2, "Vu.", "c2", Aim.INSERT, "visa"),
        3: amendment(3, "Demande un guichet ici.", "c2"),
        4: amendment(4, "Demande un guichet là.", "c2", parent=3),
    }
    state = State(motions={1: Motion(1, "", "p1", "", frozen=(TEXT,))}, amendments=given_)
    assert [drawn(of_amendment(state, x)) for x in given_.values()] == [
        "[-Demande un guichet.-]",
        "{+Vu.+}",
        "Demande un guichet{+ ici+}.",
        "Demande un guichet [-ici-]{+là+}.",
    ]


# How it is shown


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("la *page* dit", "la *page* redit", [("equal", "la /page/ "), ("delete", "dit"), ("insert", "redit")]),
        ("une page", "une **page**", [("equal", "une "), ("insert", "**"), ("equal", "|page|"), ("insert", "**")]),
        (
            "5 \\* 3 &#233; ;",
            "5 \\* 4 &#233; ;",
            [("equal", "5 * "), ("delete", "3"), ("insert", "4"), ("equal", " é ;")],
        ),
        ("mot ;", "mot\u202f;", [("equal", "mot"), ("delete", "␣"), ("insert", "⍽"), ("equal", ";")]),
        ("un\n\ndeux", "un deux", [("equal", "un"), ("delete", "¶\n\n"), ("insert", "␣"), ("equal", "deux")]),
        ("- un\n- deux", "- un\n- trois", [("equal", "• un\n• "), ("delete", "deux"), ("insert", "trois")]),
    ],
)
def test_signs_are_read_and_changed_blanks_are_seen(before: str, after: str, expected: list[tuple[str, str]]) -> None:
    faces = {(False, False): "{}", (True, False): "|{}|", (False, True): "/{}/"}
    found = [
        (one.op, "".join(faces[run.strong, run.em].format(run.text) for run in one.runs))
        for one in shown(pieces(before, after))
    ]
    assert found == expected


def test_who_replaces_words_is_named_once() -> None:
    given_ = (DiffPiece("delete", "trois", (1,)), DiffPiece("insert", "cinq", (1,)), DiffPiece("delete", " ans", (2,)))
    assert [one.by for one in shown(given_)] == [(), (1,), (2,)]


@given(st.text(max_size=60), st.text(max_size=60))
def test_anything_can_be_shown(before: str, after: str) -> None:
    found = shown(tuple(DiffPiece(op, text) for op, text in diff_words(before, after)))
    assert {one.op for one in found} <= {"equal", "delete", "insert"}
    assert all(one.runs for one in found)
