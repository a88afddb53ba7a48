"""Amendments that differ only by typography can be declared identical, and are then voted on once (A53)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberation.amendments import accounts, alike, discussion
from deliberation.kernel import commands as c
from deliberation.kernel.vocabulary import Aim, Outcome
from deliberation.text.typographic import typographic_key
from tests.deliberation.congresses import AGAINST, ELU, FOR, ORGANISER, OTHER, Congress, opened

OLD = "Demande la fibre avant 2028."


def debated() -> Congress:
    """A congress with four amendments: 1 and 2 differ by typography, 3 has other words, 4 is identical to 2."""
    congress = opened()
    congress.frozen(OLD, "Demande du débit.")
    congress.table("Demande « la fibre », l’été, avant 2028.")
    congress.table("demande “la fibre”, l'été, avant 2028")
    congress.table("Demande la fibre avant 2027.")
    congress.table("demande “la fibre”, l'été, avant 2028")
    return congress


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("L’élu", "l'élu", True),
        ("« Oui »", '"Oui"', True),
        ("« Oui »", "“Oui”", True),
        ("Deux\u00a0: un", "Deux : un", True),
        ("Deux: un", "Deux : un", True),
        ("La fibre.", "la fibre", True),
        ("La fibre ;", "La fibre.", True),
        ("La fibre ?", "La fibre.", False),
        ("La Fibre", "La fibre", False),
        ("20\u00a0000", "20000", False),
        ("la fibre", "la fibré", False),
        ("la, fibre", "la fibre", False),
    ],
)
def test_typography_is_spaces_quotes_apostrophes_the_first_letter_and_the_last_stop(
    one: str, other: str, same: bool
) -> None:
    """A53"""
    assert (typographic_key(one) == typographic_key(other)) is same


@given(st.text("aB’'« »\u00a0 .;\n1", max_size=20))
def test_what_is_left_without_typography_is_left_again(text: str) -> None:
    """A53: setting it aside twice changes nothing."""
    assert typographic_key(typographic_key(text)) == typographic_key(text)


def test_what_may_be_declared_identical_is_proposed() -> None:
    """A53: with those that are the very same already; once declared, nothing is proposed."""
    congress = debated()
    assert alike.proposals(congress.state, 1) == ((1, 2, 4),)
    congress.do(ORGANISER, c.DeclareIdentical((1, 2)))
    assert alike.proposals(congress.state, 1) == ()
    assert discussion.identical(discussion.pending(congress.state, 1)) == dict.fromkeys((1, 2, 4), (1, 2, 4))
    assert congress.refused(ORGANISER, c.DeclareIdentical((1, 4))) == "identical.known"


@pytest.mark.parametrize(
    ("numbers", "code"),
    [
        ((1,), "identical.too_few"),
        ((1, 9), "amendment.not_found"),
        ((1, 3), "identical.differs"),
        ((2, 4), "identical.known"),
    ],
)
def test_others_are_not_declared_identical(numbers: tuple[int, ...], code: str) -> None:
    """A53"""
    assert debated().refused(ORGANISER, c.DeclareIdentical(numbers)) == code


def test_only_the_chair_declares_and_not_while_a_vote_is_open() -> None:
    """A53"""
    congress = debated()
    assert congress.refused(OTHER, c.DeclareIdentical((1, 2))) == "role.not_allowed"
    congress.poll("amendement-1")
    assert congress.refused(ORGANISER, c.DeclareIdentical((1, 2))) == "amendment.vote_open"
    assert alike.proposals(congress.state, 1) == ()


@pytest.mark.parametrize("subject", ["amendement-1", "amendement-2", "amendement-4"])
def test_one_vote_settles_them_and_the_first_ones_words_are_merged(subject: str) -> None:
    """A53, S17, A11: whichever is put to the vote."""
    congress = debated()
    congress.do(ORGANISER, c.DeclareIdentical((1, 2), "Même phrase"))
    congress.vote(subject, FOR)
    outcomes = {n: congress.state.amendments[n].outcome for n in (1, 2, 3, 4)}
    assert outcomes == {1: Outcome.ADOPTED, 2: Outcome.ADOPTED, 3: None, 4: Outcome.ADOPTED}
    text = congress.state.motions[1].text
    assert text is not None
    assert text.clauses[0].markdown == "Demande « la fibre », l’été, avant 2028."
    (account,) = accounts.of_motion(congress.state, 1)
    assert accounts.unaccounted(account, congress.state.motions[1].frozen[0], text) == ()


def test_what_was_declared_and_rejected_stays_out() -> None:
    """A53, S17"""
    congress = debated()
    congress.do(ORGANISER, c.DeclareIdentical((1, 2)))
    congress.vote("amendement-2", AGAINST)
    assert {congress.state.amendments[n].outcome for n in (1, 2, 4)} == {Outcome.REJECTED}


def test_insertions_and_sub_amendments_are_declared_identical_too() -> None:
    """A53"""
    congress = debated()
    for said in ("Demande un car.", "demande un car"):
        congress.do(ELU, c.TableAmendment(1, Aim.INSERT, "c1", said, new_kind="demande"))
    for said in ("Demande la fibre avant l’an 2026.", "Demande la fibre avant l'an 2026"):
        congress.do(ELU, c.TableAmendment(1, Aim.REWRITE, text=said, parent=3))
    assert alike.proposals(congress.state, 1) == ((1, 2, 4), (5, 6), (7, 8))
    for group in ((5, 6), (7, 8)):
        congress.do(ORGANISER, c.DeclareIdentical(group))
        congress.vote(f"amendement-{group[1]}", FOR)
    congress.vote("amendement-3", FOR)
    text = congress.state.motions[1].text
    assert text is not None
    assert [clause.markdown for clause in text.clauses] == [
        "Demande la fibre avant l’an 2026.",
        "Demande un car.",
        "Demande du débit.",
    ]


def test_a_declaration_is_taken_back_until_the_vote() -> None:
    """A53, S14: then each is voted for itself; an earlier declaration counts again."""
    congress = debated()
    congress.table("Demande «la fibre», l’été, avant 2028")
    congress.do(ORGANISER, c.DeclareIdentical((1, 2)))
    congress.do(ORGANISER, c.DeclareIdentical((1, 5)))
    later = congress.record[-1].index
    assert [congress.state.amendments[n].declared for n in (1, 2, 3, 4, 5)] == [1, 1, 0, 1, 1]
    congress.do(ORGANISER, c.RevertAct(later, "Erreur"))
    assert [congress.state.amendments[n].declared for n in (1, 2, 3, 4, 5)] == [1, 1, 0, 1, 0]
    entry = next(act.entry for act in congress.state.acts.values() if act.stands)
    congress.vote("amendement-1", FOR)
    assert congress.refused(ORGANISER, c.RevertAct(entry, "Erreur")) == "act.superseded"
    assert congress.state.amendments[5].outcome is None


def test_words_that_change_after_the_declaration_part_them() -> None:
    """A53: a rectified amendment is voted for itself, unless it still differs by typography alone."""
    congress = debated()
    congress.do(ORGANISER, c.DeclareIdentical((1, 2)))
    congress.do(ELU, c.RectifyAmendment(1, "Demande le câble avant 2028."))
    assert discussion.identical(discussion.pending(congress.state, 1)) == {2: (2, 4), 4: (2, 4)}
