"""Amendments to words adopted since the text was frozen, and to clauses inserted since (A59–A61)."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deliberation.amendments import accounts, rebase
from deliberation.amendments.discussion import competing
from deliberation.amendments.dispositif.reading import read
from deliberation.amendments.dispositif.writing import written
from deliberation.amendments.order import call_order
from deliberation.amendments.rebase import Fate
from deliberation.kernel import commands as c
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import Amendment, Frozen
from deliberation.kernel.vocabulary import Aim, ClauseEdit, Outcome
from deliberation.motions.layout import laid_out
from deliberation.thread.word_acts import answer
from tests.deliberation.congresses import AGAINST, ELU, FOR, ORGANISER, OTHER, THIRD, Congress, findings, opened

FIRST = "a000000001"
"""The id of the clause that the first amendment inserts."""


def text_of(congress: Congress) -> Frozen:
    text = congress.state.motions[1].text
    assert text is not None
    return text


def said(congress: Congress) -> dict[str, str]:
    """The words of the current text, by the numbers of its demandes."""
    return {clause.called: clause.markdown for clause in text_of(congress).clauses}


def adopt(congress: Congress, number: int) -> None:
    congress.vote(f"amendement-{number}", FOR)
    assert congress.state.amendments[number].outcome is Outcome.ADOPTED


def tabled(congress: Congress, command: c.TableAmendment, actor: str = OTHER) -> Amendment:
    congress.do(actor, replace(command, version=len(congress.state.motions[1].frozen)))
    return congress.state.amendments[len(congress.state.amendments)]


def sound(congress: Congress) -> None:
    """Checks that the record verifies and that the account of each adoption states all of its changes (R51)."""
    assert findings(congress.record) == []
    versions = congress.state.motions[1].frozen
    for account in accounts.of_motion(congress.state, 1):
        assert accounts.unaccounted(account, versions[account.version - 2], versions[account.version - 1]) == ()


@pytest.fixture
def debated(congress: Congress) -> Congress:
    """The congress after "trois guichets" became "quatre" and a clause was inserted."""
    congress.frozen("Demande trois guichets ouverts.", "Demande un car.", "Demande un banc.")
    congress.do(ELU, c.TableAmendment(1, Aim.INSERT, "c1", "Demande une poste rurale.", new_kind="demande"))
    congress.do(ELU, c.TableAmendment(1, Aim.REWRITE, "c1", "Demande quatre guichets municipaux ouverts."))
    adopt(congress, 1)
    adopt(congress, 2)
    return congress


def test_words_that_an_amendment_brought_are_amended(debated: Congress) -> None:
    """A59: with words of the base around them, by an amendment of its own, called and voted as any other."""
    latest = tabled(
        debated, c.TableAmendment(1, Aim.REWRITE, "c1", "Demande cinq guichets municipaux ouverts le soir.")
    )
    assert (latest.version, latest.upon, latest.base, latest.parent) == (3, (1, 2), 1, None)
    assert "Remplacer le mot : « quatre » par le mot : « cinq »" in written(latest, text_of(debated)).replace(
        "\u00a0", " "
    )
    assert rebase.of_motion(debated.state, 1)[0].fate is Fate.STANDS
    adopt(debated, 3)
    assert said(debated)["1"] == "Demande cinq guichets municipaux ouverts le soir."
    sound(debated)


def test_a_clause_that_an_amendment_inserted_is_amended(debated: Congress) -> None:
    """A59, A48: rewritten, followed by another clause, moved, and deleted at last; it keeps its number."""
    assert said(debated)["1 bis"] == "Demande une poste rurale."
    tabled(debated, c.TableAmendment(1, Aim.REWRITE, FIRST, "Demande une poste et un relais."))
    tabled(debated, c.TableAmendment(1, Aim.INSERT, FIRST, "Demande un phare.", new_kind="demande"))
    adopt(debated, 3)
    adopt(debated, 4)
    assert said(debated)["1 bis"] == "Demande une poste et un relais."
    assert [x.called for x in text_of(debated).clauses] == ["1", "1 bis", "1 ter", "2", "3"]
    tabled(debated, c.TableAmendment(1, Aim.MOVE, FIRST, after="c3"))
    adopt(debated, 5)
    assert [x.called for x in text_of(debated).clauses] == ["1", "1 ter", "2", "3", "1 bis"]
    tabled(debated, c.TableAmendment(1, Aim.INSERT, FIRST, "Demande un quai.", new_kind="demande"))
    tabled(debated, c.TableAmendment(1, Aim.DELETE, FIRST))
    adopt(debated, 7)
    adopt(debated, 6)
    laid = laid_out(debated.state, debated.state.motions[1], text_of(debated))
    assert [(x.clause.called, x.deleted, x.by) for x in laid][-2:] == [("1 bis", True, (3, 7)), ("1 quater", False, ())]
    sound(debated)


def test_a_clause_is_moved_behind_one_that_was_inserted(debated: Congress) -> None:
    """A60, R51: behind the very clause that it stood before; the account creates nothing anew."""
    tabled(debated, c.TableAmendment(1, Aim.MOVE, "c1", after=FIRST))
    adopt(debated, 3)
    assert [x.called for x in text_of(debated).clauses] == ["1 bis", "1", "2", "3"]
    assert accounts.of_motion(debated.state, 1)[-1].created == ()
    sound(debated)


def test_words_of_the_base_are_aimed_at_in_the_base(debated: Congress) -> None:
    """A59: of a passage that nothing changed since; and the first version since which it reads the same."""
    assert tabled(debated, c.TableAmendment(1, Aim.REWRITE, "c2", "Demande deux cars.")).version == 0
    adopt(debated, 3)
    assert tabled(debated, c.TableAmendment(1, Aim.REWRITE, "c1", "Demande cinq guichets.")).version == 3
    assert tabled(debated, c.TableAmendment(1, Aim.DELETE, FIRST)).version == 2
    assert tabled(debated, c.TableAmendment(1, Aim.REWRITE, "c2", "Demande trois cars.")).version == 4


def test_versions_that_nobody_amends_are_refused(debated: Congress) -> None:
    """A59: none beyond the latest; what a version lacks is not amended in it."""
    command = c.TableAmendment(1, Aim.REWRITE, FIRST, "Demande un relais.", version=9)
    assert debated.refused(OTHER, command) == "amendment.no_version"
    assert debated.refused(OTHER, replace(command, version=0)) == "amendment.no_clause"
    assert debated.refused(OTHER, replace(command, version=1)) == "amendment.no_clause"


def test_what_was_pending_is_voted_in_any_order(debated: Congress) -> None:
    """A60: one to the frozen text, tabled later than what was adopted, beside one to the adopted words."""
    debated.do(THIRD, c.TableAmendment(1, Aim.REWRITE, "c1", "Demande trois guichets ouverts tard."))
    tabled(debated, c.TableAmendment(1, Aim.REWRITE, "c1", "Demande cinq guichets municipaux ouverts."))
    assert [a.number for a in call_order(debated.state, 1)] == [4, 3]
    adopt(debated, 4)
    adopt(debated, 3)
    assert said(debated)["1"] == "Demande cinq guichets municipaux ouverts tard."
    sound(debated)


def test_what_wants_the_same_words_collides(debated: Congress) -> None:
    """A61: not with what it was tabled on, with all others; the reason names the words, and it can be settled."""
    tabled(debated, c.TableAmendment(1, Aim.REWRITE, "c1", "Demande cinq guichets municipaux ouverts."))
    tabled(debated, c.TableAmendment(1, Aim.REWRITE, "c1", "Demande six guichets municipaux ouverts."))
    debated.do(THIRD, c.TableAmendment(1, Aim.REWRITE, "c1", "Demande sept guichets ouverts."))
    adopt(debated, 3)
    found = {x.amendment: x for x in rebase.of_motion(debated.state, 1)}
    assert (found[4].fate, found[4].causes, found[4].words) == (Fate.FALLS, (3,), "quatre")
    assert (found[5].fate, found[5].causes, found[5].words) == (Fate.FALLS, (2,), "trois")
    assert debated.refused(ORGANISER, c.OpenPoll("amendement-4")) == "amendment.collides"
    debated.do(ORGANISER, c.SettleAmendment(4, Outcome.FALLEN, "Le n° 3 a changé ces mots.", 3))
    sound(debated)


def test_a_sub_amendment_to_it_is_merged_into_it(debated: Congress) -> None:
    """A16, A60"""
    tabled(debated, c.TableAmendment(1, Aim.REWRITE, FIRST, "Demande une poste ouverte le soir."))
    debated.do(THIRD, c.TableAmendment(1, Aim.REWRITE, text="Demande une poste ouverte la nuit.", parent=3))
    assert debated.state.amendments[4].aimed == 2
    adopt(debated, 4)
    adopt(debated, 3)
    assert said(debated)["1 bis"] == "Demande une poste ouverte la nuit."
    sound(debated)


def test_it_is_rectified_and_divided(debated: Congress) -> None:
    """A25, W10: its words stay those of its version."""
    tabled(debated, c.TableAmendment(1, Aim.REWRITE, "c1", "Demande cinq guichets municipaux ouverts le soir."))
    debated.do(OTHER, c.RectifyAmendment(3, "Demande six guichets municipaux ouverts le soir.", "Mieux."))
    assert debated.state.amendments[3].version == 3
    debated.do(ORGANISER, c.DivideSubject("amendement-3", ((0,), (1,)), ELU))
    for part, choice in ((1, FOR), (2, AGAINST)):
        debated.do(ORGANISER, c.OpenPoll("amendement-3", part=part))
        for voter in (ELU, OTHER, THIRD):
            debated.do(voter, c.CastBallot(len(debated.state.polls), choice))
        debated.do(ORGANISER, c.ClosePoll(len(debated.state.polls)))
    assert said(debated)["1"] == "Demande six guichets municipaux ouverts."
    sound(debated)


def test_several_passages_of_a_version(debated: Congress) -> None:
    """A40: one that was inserted, and one that nothing changed."""
    further = (ClauseEdit(Aim.DELETE, "c3", "", (), "", ""),)
    latest = tabled(debated, c.TableAmendment(1, Aim.REWRITE, FIRST, "Demande un relais.", further=further))
    assert (latest.version, len(latest.edits)) == (2, 2)
    adopt(debated, 3)
    assert said(debated) == {
        "1": "Demande quatre guichets municipaux ouverts.",
        "1 bis": "Demande un relais.",
        "2": "Demande un car.",
    }
    sound(debated)


def test_a_sentence_names_what_was_inserted(debated: Congress) -> None:
    """A31, A47: read on the version that it means."""
    text = text_of(debated)
    edit = read("Demande 1 bis, remplacer le mot : « rurale » par les mots : « de quartier ».", text)
    assert (edit.clause, edit.text) == (FIRST, "Demande une poste de quartier.")  # type: ignore[union-attr]


def test_a_letter_behind_a_number_stays_one(debated: Congress) -> None:
    """A47: the clause between 1 and 1 bis, in the sentence and back."""
    tabled(debated, c.TableAmendment(1, Aim.INSERT, "c1", "Demande un quai couvert.", new_kind="demande"))
    adopt(debated, 3)
    latest = tabled(debated, c.TableAmendment(1, Aim.REWRITE, "a000000003", "Demande un quai."))
    assert written(latest, text_of(debated)).startswith("Demande 1 bis A, ")
    check_sentence(debated, latest)


def test_why_names_who_brought_the_words(debated: Congress) -> None:
    """R52: the amendment to the adopted words, and no longer the one that it changed."""
    tabled(debated, c.TableAmendment(1, Aim.REWRITE, "c1", "Demande cinq guichets municipaux ouverts."))
    adopt(debated, 3)
    found = answer(debated.record, debated.state, 1, "cinq guichets municipaux")
    assert [act.amendments for act in found.standing[0].acts if act.amendments] == [(2,), (3,)]
    lost = answer(debated.record, debated.state, 1, "quatre")
    assert [act.amendments for act in lost.gone] == [(3,)]


WORDS = ["la", "fibre", "pour", "tous", "les", "bourgs", ",", "vite"]


def asked(rng: Random, congress: Congress) -> c.TableAmendment:
    """A random amendment to the frozen text or to the current one."""
    motion = congress.state.motions[1]
    text = rng.choice([motion.frozen[0], motion.frozen[-1], motion.frozen[-1]])
    ids = [clause.id for clause in text.clauses]
    aim = rng.choice([Aim.REWRITE, Aim.REWRITE, Aim.REWRITE, *Aim]) if ids else Aim.TITLE
    clause = "" if aim is Aim.TITLE else rng.choice(ids)
    old = next((x.markdown for x in text.clauses if x.id == clause), text.title).split(" ")
    at = rng.randrange(len(old) + 1)
    new = [*old[:at], *rng.choices(WORDS, k=rng.randint(0, 2)), *old[at + rng.randint(0, 2) :]]
    words = "" if aim in (Aim.DELETE, Aim.MOVE) else " ".join(new)
    after = rng.choice(["", *ids]) if aim is Aim.MOVE else ""
    return c.TableAmendment(1, aim, clause, words, "", "demande", after=after, version=text.version)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**6))
def test_whatever_is_tabled_when_and_voted_in_whichever_order(seed: int) -> None:
    """A59–A61, A28, A32: the record verifies, each adoption accounts for its changes, and each sentence is read as what
    it was written from; what collides can be settled.
    """
    rng, congress = Random(seed), opened()
    congress.frozen("Demande la fibre pour tous.", "Demande un car.", "Demande des guichets, vite.")
    for _ in range(18):
        waiting = [a.number for a in call_order(congress.state, 1)]
        if len(waiting) < 2 or rng.random() < 0.4:
            events = congress.ask(OTHER, command := asked(rng, congress))
            if not isinstance(events, Refused):
                congress.do(OTHER, command)
                check_sentence(congress, congress.state.amendments[len(congress.state.amendments)])
            continue
        number = rng.choice(waiting)
        if isinstance(refused := congress.ask(ORGANISER, c.OpenPoll(f"amendement-{number}")), Refused):
            assert refused.code == "amendment.collides"
            assert {x.amendment: x.proposed for x in rebase.of_motion(congress.state, 1)}[number] is not None
            congress.do(ORGANISER, c.SettleAmendment(number, Outcome.MOOT, "Voir plus haut."))
        else:
            congress.vote(f"amendement-{number}", rng.choice([FOR, FOR, AGAINST]))
        competing(congress.state, 1)
    sound(congress)
    congress.verify()


def check_sentence(congress: Congress, proposed: Amendment) -> None:
    """A32: checks that the dispositif of an amendment, read on the version that it modifies, gives the same edit."""
    text = congress.state.motions[1].frozen[proposed.aimed - 1]
    edit = read(written(proposed, text), text)
    assert not isinstance(edit, Refused), (written(proposed, text), edit)
    assert (edit.aim, edit.clause, edit.text, edit.after) == (
        proposed.aim,
        proposed.clause,
        proposed.text,
        proposed.after,
    )
