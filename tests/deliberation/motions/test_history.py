"""Every state of a motion and the author of each character, computed from the record alone (M11, M12, M15)."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from deliberation.kernel import commands as c
from deliberation.kernel.vocabulary import ClauseChange, ClauseKind, Draft
from deliberation.motions.history import BLANK, AuthorSpan, Moment, moments, plainly, write
from tests.deliberation.congresses import ELU, OTHER, Congress, opened

TEXTS = st.text(alphabet="aé ’\u00a0xy.,\n", max_size=40)


def words(text: str) -> Draft:
    return Draft(ClauseKind.DEMANDE, text)


def burst(congress: Congress, actor: str, *changes: ClauseChange, order: tuple[str, ...] | None = None) -> None:
    congress.do(actor, c.WriteText(1, "", (), changes, order=order))


def written() -> Congress:
    congress = opened()
    congress.do(ELU, c.CreateMotion("Un titre"))
    burst(congress, ELU, ClauseChange("a", None, words("Demande un car.")), order=("a",))
    burst(congress, OTHER, ClauseChange("a", words("Demande un car."), words("Demande un car le samedi.")))
    burst(congress, OTHER, ClauseChange("b", None, words("Demande un médecin.")), order=("b", "a"))
    return congress


def states(congress: Congress) -> list[Moment]:
    return list(moments(r for r in congress.record if r.document == "motion-1"))


def text(moment: Moment) -> list[str]:
    return [draft.markdown for _, draft in moment.clauses]


def test_each_burst_of_writing_is_a_state() -> None:
    """M11."""
    found = states(written())
    assert [text(moment) for moment in found] == [
        [],
        ["Demande un car."],
        ["Demande un car le samedi."],
        ["Demande un médecin.", "Demande un car le samedi."],
    ]
    assert [moment.actor for moment in found] == [ELU, ELU, OTHER, OTHER]
    assert found[0].title_changed
    assert found[3].touched == ("b",)


def test_the_last_state_is_the_draft() -> None:
    """M11: the history and the rules fold the same entries alike."""
    congress = written()
    motion = congress.state.motions[1]
    last = states(congress)[-1]
    assert dict(last.clauses) == motion.draft
    assert tuple(id_ for id_, _ in last.clauses) == motion.order
    assert last.title == motion.title


def test_each_word_keeps_its_author() -> None:
    """M12."""
    assert states(written())[-1].spans["a"] == (
        AuthorSpan("Demande un car", ELU),
        AuthorSpan(" le samedi", OTHER),
        AuthorSpan(".", ELU),
    )


def test_a_clause_that_is_split_or_merged_keeps_its_authors() -> None:
    """M12."""
    congress = written()
    whole, rest = "Demande un car le samedi.", "Demande un car"
    tail = ClauseChange("c", None, words("le samedi et le dimanche."))
    burst(congress, OTHER, ClauseChange("a", words(whole), words(rest + " le samedi et le dimanche.")))
    burst(congress, ELU, ClauseChange("a", words(rest + " le samedi et le dimanche."), words(rest)), tail)
    assert states(congress)[-1].spans["c"] == (AuthorSpan("le samedi et le dimanche", OTHER), AuthorSpan(".", ELU))
    both = words("Demande un médecin. le samedi et le dimanche.")
    burst(congress, ELU, ClauseChange("b", words("Demande un médecin."), both), ClauseChange("c", tail.after, None))
    assert states(congress)[-1].spans["b"] == (
        AuthorSpan("Demande un médecin. le samedi et le dimanche", OTHER),
        AuthorSpan(".", ELU),
    )


def test_the_signs_of_markdown_are_nobodys() -> None:
    """M12"""
    spans = (AuthorSpan("Un **car**[^3]", "p1"), AuthorSpan("[^4] et l’&#233;t&#233;.", "p2"))
    assert plainly(spans, "Un car et l’été.") == (AuthorSpan("Un car", "p1"), AuthorSpan(" et l’été.", "p2"))
    assert plainly((), "") == ()


def test_the_states_follow_from_any_state_before_them() -> None:
    """M11"""
    record = [entry for entry in written().record if entry.document == "motion-1"]
    whole = list(moments(record))
    for at in range(1, len(record)):
        assert [*moments(record[:at], BLANK), *moments(record[at:], list(moments(record[:at]))[-1])] == whole


@given(st.lists(TEXTS, max_size=6))
def test_spans_say_the_text_whatever_is_written(texts: list[str]) -> None:
    """M12: one author for each character, and neighbours by one author are one span."""
    spans: tuple[AuthorSpan, ...] = ()
    for number, each in enumerate(texts):
        spans = write(spans, each, f"p{number % 3}")
        assert "".join(span.text for span in spans) == each
        assert all(span.text for span in spans)
        assert all(one.author != other.author for one, other in pairwise(spans))


@given(TEXTS)
def test_who_changes_nothing_writes_nothing(text: str) -> None:
    """M12."""
    first = write((), text, "p1")
    assert write(first, text, "p2") == first
