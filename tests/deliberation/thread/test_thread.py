"""The thread from a testimony to the final text, and back."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from deliberation.kernel.state import Amendment, Excerpt, Frozen, MindMap, Motion, Poll, State
from deliberation.kernel.state import Testimony as Said
from deliberation.kernel.vocabulary import Aim, Channel, Clause, ClauseKind, Draft, Node, PollRule, Speaker
from deliberation.thread.thread import Coverage, Footing, NodePlace, Thread, Use, citations, threads_of

WHEN = "2026-03-02T10:00:00.000Z"


def said(number: int, status: str = "published") -> Said:
    return Said(number, "p1", WHEN, "", "Des mots.", "", Channel.WEB, Speaker(), "", number, status)


def excerpt(number: int, of: int) -> Excerpt:
    return Excerpt(number, of, "text", 0, 3, "Des", "p2", WHEN, 100 + number)


def clause(name: str, number: int, markdown: str) -> Clause:
    return Clause(name, ClauseKind.DEMANDE, number, markdown)


def frozen(version: int, *clauses: Clause, adopted: tuple[int, ...] = ()) -> Frozen:
    return Frozen(version, "Motion", clauses, "", 1, adopted, WHEN, 200 + version)


def amendment(number: int, aim: Aim, target: str, text: str) -> Amendment:
    return Amendment(number, 1, 1, aim, target, text, "", "demande", "p1", WHEN)


def poll(number: int, subject: str) -> Poll:
    return Poll(number, subject, "", PollRule(), ("p1",), WHEN, "p2")


ONE, TWO, THREE = (
    clause("aaa", 1, "Le haut débit[^1]"),
    clause("bbb", 2, "L'école"),
    clause("a000000002", 3, "Du wifi[^2]"),
)

STATE = State(
    testimonies={1: said(1), 2: said(2), 3: said(3), 4: said(4, "hidden")},
    excerpts={1: excerpt(1, 1), 2: excerpt(2, 2), 3: excerpt(3, 1), 4: excerpt(4, 4)},
    maps={1: MindMap(1, "Réseaux", "p2", WHEN, {"n1": Node("", "a", "Débit", (1, 3)), "n2": Node("n1", "a", "Rien")})},
    motions={
        1: Motion(
            1,
            "Motion",
            "p1",
            WHEN,
            status="adopted",
            draft={"aaa": Draft(ClauseKind.DEMANDE, "Le haut débit[^1]"), "bbb": Draft(ClauseKind.DEMANDE, "L'école")},
            order=("aaa", "bbb"),
            frozen=(frozen(1, ONE, TWO), frozen(2, replace(ONE, markdown="Le débit"), TWO, THREE, adopted=(1, 2))),
        )
    },
    amendments={
        1: amendment(1, Aim.REWRITE, "aaa", "Le débit"),
        2: amendment(2, Aim.INSERT, "bbb", "Du wifi[^2]"),
        3: amendment(3, Aim.REWRITE, "bbb", "L'école rurale[^3]"),
    },
    polls={1: poll(1, "amendement-1"), 2: poll(2, "amendement-2"), 3: poll(3, "motion-1")},
)
THREADS = threads_of(STATE)


def test_citations_are_read_in_order_and_once() -> None:
    assert citations("a[^3] b[^1], c[^3]") == (3, 1)


def test_an_escaped_bracket_is_no_citation_but_an_escaped_backslash_before_one_is() -> None:
    assert citations(r"\[^3]") == ()
    assert citations(r"\\[^3]") == (3,)
    assert citations("[^]( [^a] [^1") == ()


def test_a_testimony_leads_to_the_nodes_clauses_amendments_and_polls() -> None:
    assert THREADS.of_testimony(1) == Thread(
        testimonies=(1,),
        excerpts=(1, 3),
        places=(NodePlace(1, "n1", (1, 3)),),
        uses=(Use(1, "aaa", (1,), drafted=True, versions=(1,), final=False),),
        amendments=(1, 3),
        polls=(1, 3),
    )


def test_a_testimony_reaches_the_final_text_only_where_the_adopted_words_cite_it() -> None:
    assert not THREADS.of_testimony(1).reaches_final
    assert THREADS.of_testimony(2).reaches_final


def test_an_inserted_clause_is_tied_to_the_amendment_that_brought_it() -> None:
    back = THREADS.of_clause(1, "a000000002")
    assert (back.testimonies, back.excerpts, back.amendments, back.polls) == ((2,), (2,), (2,), (2, 3))
    assert back.uses == (Use(1, "a000000002", (2,), drafted=False, versions=(2,), final=True),)


def test_a_clause_without_citations_still_says_where_it_stands() -> None:
    assert THREADS.of_clause(1, "bbb").uses == (Use(1, "bbb", (), drafted=True, versions=(1, 2), final=True),)
    assert THREADS.of_clause(1, "zzz") == Thread()


def test_an_excerpt_leads_back_to_its_testimony_and_onwards() -> None:
    assert THREADS.of_excerpt(2).testimonies == (2,)
    assert THREADS.of_excerpt(2).amendments == (2,)
    assert THREADS.of_excerpt(9) == Thread()


def test_a_node_and_an_amendment_have_their_threads() -> None:
    assert THREADS.of_node(1, "n1").excerpts == (1, 3)
    assert THREADS.of_node(1, "nowhere") == Thread()
    assert THREADS.of_amendment(3).excerpts == (3,)
    assert THREADS.of_amendment(1).polls == (1,)


def test_coverage_counts_published_testimonies_only() -> None:
    coverage = THREADS.coverage()
    assert coverage == Coverage(published=(1, 2, 3), quoted=(1, 2), placed=(1,), cited=(2,), final=(2,))
    assert (coverage.unplaced, coverage.uncited) == ((2, 3), (1, 3))


def test_coverage_follows_the_draft_while_the_motion_is_being_written() -> None:
    drafting = replace(STATE, motions={1: replace(STATE.motions[1], status="drafting")})
    assert threads_of(drafting).coverage().cited == (1,)
    assert threads_of(drafting).coverage().final == ()


@given(st.lists(st.integers(0, 999_999_999), max_size=8))
def test_what_is_written_as_citations_is_read_back(numbers: list[int]) -> None:
    text = " mot ".join(f"[^{number}]" for number in numbers)
    assert citations(text) == tuple(dict.fromkeys(numbers))


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 3)), max_size=8))
def test_forwards_and_backwards_agree(pairs: list[tuple[int, int]]) -> None:
    """A testimony leads to a clause exactly when the clause leads back to it."""
    names = {1: "aaa", 2: "bbb", 3: "a000000002"}
    texts = {name: "".join(f"[^{e}]" for e, c in pairs if names[c] == name) for name in names.values()}
    draft = {name: Draft(ClauseKind.DEMANDE, text) for name, text in texts.items()}
    state = State(
        testimonies={n: said(n) for n in range(1, 4)},
        excerpts={n: excerpt(n, 1 + n % 3) for n in range(1, 6)},
        motions={1: Motion(1, "", "p1", WHEN, draft=draft, order=tuple(draft))},
    )
    threads = threads_of(state)
    forwards = {(n, use.clause) for n in state.testimonies for use in threads.of_testimony(n).uses}
    backwards = {(n, name) for name in draft for n in threads.of_clause(1, name).testimonies}
    assert forwards == backwards


def test_a_motion_shows_what_it_rests_on_as_it_stands() -> None:
    """M9: of considérants and demandes; of published testimonies, hidden ones aside."""
    drafted = {
        "v": Draft(ClauseKind.VISA, "Vu[^3]"),
        "c": Draft(ClauseKind.CONSIDERANT, "Considérant[^1] [^99]"),
        "d": Draft(ClauseKind.DEMANDE, "Demande[^4]"),
        "e": Draft(ClauseKind.DEMANDE, " "),
        "t": Draft(ClauseKind.HEADING, "Les réseaux"),
        "n": Draft(ClauseKind.NOTE, "Note[^2]"),
    }
    draft = Motion(2, "Projet", "p1", WHEN, draft=drafted, order=tuple(drafted))
    threads = threads_of(replace(STATE, motions={**STATE.motions, 2: draft}))
    assert threads.footing(1) == Footing(resting=("a000000002",), bare=("aaa", "bbb"), reached=(2,), missing=(1, 3))
    assert threads.footing(2) == Footing(resting=("c",), bare=("d",), reached=(1, 2), missing=(3,))
