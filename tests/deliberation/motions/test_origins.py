"""The origin of each word of a frozen text: who wrote it in the draft, or the amendment that added it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from deliberation.kernel import commands as c
from deliberation.kernel.state import Amendment, Frozen
from deliberation.kernel.vocabulary import Aim, ClauseChange, ClauseKind, Draft
from deliberation.motions import origins
from deliberation.motions.history import AuthorSpan, write
from deliberation.motions.origins import OriginRun
from deliberation.text import merge
from deliberation.text.edits import BASE
from deliberation.text.words import split_words
from tests.deliberation.congresses import CONGRESS, ELU, FOR, ORGANISER, OTHER, THIRD, Congress, opened
from tests.deliberation.debates import Debate
from tests.deliberation.test_evolve import resumed
from tests.deliberation.text.test_merge import debates, without_collisions

TITLE = "Pour un car"


def draft(text: str) -> Draft:
    return Draft(ClauseKind.DEMANDE, text)


def written(congress: Congress, *said: tuple[str, str, str]) -> None:
    """Records bursts of writing, each as (author, clause, its new words)."""
    order: tuple[str, ...] = tuple(congress.state.motions[1].order)
    for who, clause, text in said:
        before = congress.state.motions[1].draft.get(clause)
        order = order if clause in order else (*order, clause)
        congress.do(who, c.WriteText(1, "", (), (ClauseChange(clause, before, draft(text)),), order=order))


def debated() -> Congress:
    congress = opened()
    congress.do(ELU, c.CreateMotion(TITLE))
    written(congress, (ELU, "a", "Demande un car."), (OTHER, "a", "Demande un car le samedi."))
    congress.do(ORGANISER, c.FreezeMotion(1))
    return congress


def runs(congress: Congress, version: int = 0) -> list[tuple[str, str, str, int]]:
    version = version or len(congress.state.motions[1].frozen)
    found = origins.of_motion(congress.record, congress.state, 1, version)
    return [(run.clause, run.text, run.person, run.amendment) for run in found]


def test_words_of_a_draft_come_from_who_wrote_them() -> None:
    """A26, M12"""
    assert runs(debated()) == [
        ("", TITLE, ELU, 0),
        ("a", "Demande un car ", ELU, 0),
        ("a", "le samedi.", OTHER, 0),
    ]


def test_words_of_amendments_come_from_their_authors() -> None:
    """A26, A13, A18: a sub-amendment's words are its own."""
    congress = debated()
    congress.do(THIRD, c.TableAmendment(1, Aim.REWRITE, "a", "Demande un car le dimanche matin."))
    congress.do(OTHER, c.TableAmendment(1, Aim.REWRITE, text="Demande un car le dimanche soir.", parent=1))
    congress.do(OTHER, c.TableAmendment(1, Aim.TITLE, text="Pour un train"))
    for subject in ("amendement-2", "amendement-1", "amendement-3"):
        congress.vote(subject, FOR)
    assert runs(congress) == [
        ("", "Pour un ", ELU, 0),
        ("", "train", OTHER, 3),
        ("a", "Demande un car ", ELU, 0),
        ("a", "le ", OTHER, 0),
        ("a", "dimanche ", THIRD, 1),
        ("a", "soir", OTHER, 2),
        ("a", ".", OTHER, 0),
    ]


def test_words_keep_their_origin_when_the_text_is_drafted_again() -> None:
    """A26, M5, M6: what an amendment brought stays its own in the next text, beside what élus write then."""
    congress = debated()
    congress.do(THIRD, c.TableAmendment(1, Aim.REWRITE, "a", "Demande un car le dimanche."))
    congress.do(THIRD, c.TableAmendment(1, Aim.INSERT, "a", "Demande un abri.", new_kind="demande"))
    for subject in ("amendement-1", "amendement-2"):
        congress.vote(subject, FOR)
        text = congress.state.motions[1].text
        assert text is not None
        changes = tuple(ClauseChange(x.id, None, draft(x.markdown)) for x in text.clauses)
        order = tuple(x.id for x in text.clauses)
        congress.do(CONGRESS, c.WriteText(1, "", (), changes, order=order))
    congress.do(ORGANISER, c.ReopenMotion(1, "À compléter"))
    written(congress, (ELU, "a", "Demande un grand car le dimanche."))
    congress.do(ORGANISER, c.FreezeMotion(1))
    assert runs(congress)[1:] == [
        ("a", "Demande un grand car ", ELU, 0),
        ("a", "le ", OTHER, 0),
        ("a", "dimanche.", THIRD, 1),
        ("a000000002", "Demande un abri.", THIRD, 2),
    ]


@given(st.lists(st.tuples(st.sampled_from(["p1", "p2", "p3"]), st.text("ab’é \u00a0-.;\n", max_size=20)), max_size=6))
def test_a_word_has_one_author(bursts: list[tuple[str, str]]) -> None:
    """A26: and joined, they are the text."""
    spans: tuple[AuthorSpan, ...] = ()
    for who, text in bursts:
        spans = write(spans, text, who)
    found = origins.by_word(spans)
    text = bursts[-1][1] if bursts else ""
    assert "".join(span.text for span in found) == text
    ends = set()
    at = 0
    for word in split_words(text):
        at += len(word)
        ends.add(at)
    at = 0
    for span in found:
        at += len(span.text)
        assert at in ends


@given(debates())
def test_what_is_traced_is_what_is_merged(debate: tuple[Frozen, list[Amendment]]) -> None:
    """A26, A13: with the place in the base of each word that was left from there."""
    base, given_ = debate
    adopted = without_collisions(base, given_)
    consolidation, told = merge.consolidate(base, adopted), merge.origins(base, adopted)
    sourced = merge.sourced_words(base, adopted)
    said = {"": consolidation.title, **{clause.id: clause.markdown for clause in consolidation.clauses}}
    old = {"": base.title, **{clause.id: clause.markdown for clause in base.clauses}}
    assert sourced.keys() == said.keys()
    for id_, pieces in sourced.items():
        assert "".join(piece.text for piece in pieces) == said[id_]
        letters = [(letter, by) for text, by in told[id_] for letter in text]
        assert [(letter, piece.by) for piece in pieces for letter in piece.text] == letters
        for piece in pieces:
            assert (piece.start < 0) == (piece.by != BASE)
            assert piece.start < 0 or old[id_].startswith(piece.text, piece.start)


def test_every_word_of_whatever_happened_has_an_origin() -> None:
    """A26: in debates that nobody steered, the words with their origins are the text, for every version."""
    amended_texts = 0
    for seed in range(8):
        congress, debate = resumed(), Debate(seed)
        for _ in range(250):
            actor, command = debate.next(congress.state)
            decided = congress.ask(actor, command)
            if isinstance(decided, tuple):
                congress.keep(actor, decided)
        for motion in congress.state.motions.values():
            for text in motion.frozen:
                found = origins.of_motion(congress.record, congress.state, motion.number, text.version)
                assert words(found) == {"": text.title, **{x.id: x.markdown for x in text.clauses if x.markdown}}
                assert all(run.person or run.amendment for run in found)
                amended_texts += any(run.amendment for run in found)
    assert amended_texts


def words(found: tuple[OriginRun, ...]) -> dict[str, str]:
    said: dict[str, str] = {}
    for run in found:
        said[run.clause] = said.get(run.clause, "") + run.text
    return said


def test_a_text_is_frozen_in_canonical_words_of_the_same_authors() -> None:
    """M28: a program that writes by itself left accents apart; another's letters stand right behind them."""
    congress = opened()
    congress.do(ELU, c.CreateMotion(TITLE))
    written(
        congress, (ELU, "a", "L’e\u0301te\u0301\u200b,"), (OTHER, "a", "L’e\u0301te\u0301\u200b, de\u0301ja\u0300.")
    )
    written(congress, (OTHER, "b", "\u2060"))
    congress.do(ORGANISER, c.FreezeMotion(1))
    assert [clause.markdown for clause in congress.state.motions[1].frozen[0].clauses] == ["L’\xe9t\xe9, d\xe9j\xe0."]
    assert runs(congress)[1:] == [("a", "L’\xe9t\xe9, ", ELU, 0), ("a", "d\xe9j\xe0.", OTHER, 0)]
    assert congress.state.motions[1].draft["a"].markdown == "L’e\u0301te\u0301\u200b, de\u0301ja\u0300."
