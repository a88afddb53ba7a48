"""The account of each adoption states all of its changes to the text (R50, R51)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from deliberation.amendments import accounts
from deliberation.amendments.accounts import AdoptionAccount
from deliberation.kernel import commands as c
from deliberation.kernel.state import Amendment, Frozen, Motion, State
from deliberation.kernel.vocabulary import Aim, Clause, ClauseKind, Span
from deliberation.text import merge
from tests.deliberation.congresses import AGAINST, ELU, FOR, ORGANISER, OTHER, THIRD, Congress, opened
from tests.deliberation.motions.test_origins import debated, written
from tests.deliberation.text.test_merge import debates, without_collisions


def of_version(congress: Congress, version: int) -> AdoptionAccount:
    return next(x for x in accounts.of_motion(congress.state, 1) if x.version == version)


def clauses_debated() -> Congress:
    congress = opened()
    congress.do(ELU, c.CreateMotion("Pour un car"))
    written(congress, (ELU, "a", "Demande un car."), (ELU, "b", "Demande un abri."), (ELU, "c", "Demande un banc."))
    congress.do(ORGANISER, c.FreezeMotion(1))
    return congress


def test_an_adoption_says_which_words_it_changed() -> None:
    """R50: in the text before it, and the amendments whose adoption it was."""
    congress = debated()
    congress.do(THIRD, c.TableAmendment(1, Aim.REWRITE, "a", "Demande un car le dimanche matin."))
    congress.do(OTHER, c.TableAmendment(1, Aim.REWRITE, text="Demande un car le dimanche soir.", parent=1))
    congress.do(OTHER, c.TableAmendment(1, Aim.TITLE, text="Pour un train"))
    for subject in ("amendement-2", "amendement-1", "amendement-3"):
        congress.vote(subject, FOR)
    first, second = accounts.of_motion(congress.state, 1)
    assert (first.version, first.amendments, first.changed) == (2, (2, 1), ("a",))
    assert first.changes == (accounts.PassageChange("a", (Span(18, "samedi", "dimanche soir"),)),)
    assert (first.created, first.removed, first.moved, first.renumbered) == ((), (), (), ())
    assert (second.amendments, second.changes) == ((3,), (accounts.PassageChange("", (Span(8, "car", "train"),)),))
    assert first.entry == congress.state.motions[1].frozen[1].entry


def test_an_adoption_says_what_it_created_removed_moved_and_renumbered() -> None:
    """R50"""
    congress = clauses_debated()
    congress.do(THIRD, c.TableAmendment(1, Aim.INSERT, "a", "Demande un quai.", new_kind="demande"))
    congress.do(THIRD, c.TableAmendment(1, Aim.DELETE, "b"))
    congress.do(THIRD, c.TableAmendment(1, Aim.MOVE, "c", after=""))
    for n in (1, 2, 3):
        congress.vote(f"amendement-{n}", FOR)
    created, removed, moved = accounts.of_motion(congress.state, 1)
    new = "a000000001"
    assert (created.created, created.changes) == (
        (new,),
        (accounts.PassageChange(new, (Span(0, "", "Demande un quai."),)),),
    )
    assert (removed.removed, removed.changes[0].spans) == (("b",), (Span(0, "Demande un abri.", ""),))
    assert (moved.moved, moved.changes, moved.amendments) == (("c",), (), (3,))
    assert [each.renumbered for each in (created, removed, moved)] == [(), (), ()], "numbers stand still (A45)"


def test_adoptions_under_earlier_rules_number_anew() -> None:
    """R50, A45: each version of a text frozen under rules before the third one."""
    before, after = (
        tuple(Clause(id_, ClauseKind.DEMANDE, number, "") for number, id_ in enumerate(ids_, 1))
        for ids_ in ("abc", "acx")
    )
    found = [(each.clause, each.before, each.after) for each in accounts.numbered_anew(before, after)]
    assert found == [("c", "3", "2")]


def test_the_parts_of_a_motion_that_were_adopted_are_an_adoption() -> None:
    """R50, W13: it takes in no amendment, and removes the clauses that were not adopted."""
    congress = clauses_debated()
    congress.do(ORGANISER, c.DivideSubject("motion-1", ((0, 2), (1,)), ELU))
    for part, choice in ((1, FOR), (2, AGAINST)):
        congress.do(ORGANISER, c.OpenPoll("motion-1", part=part))
        congress.do(ELU, c.CastBallot(part, choice))
        congress.do(ORGANISER, c.ClosePoll(part))
    (account,) = accounts.of_motion(congress.state, 1)
    assert (account.amendments, account.removed) == ((), ("b",))
    assert account.renumbered == ()


def test_a_text_that_is_frozen_anew_is_no_adoption() -> None:
    """R50"""
    congress = debated()
    congress.do(ORGANISER, c.ReopenMotion(1, "À compléter"))
    written(congress, (ELU, "b", "Demande un abri."))
    congress.do(ORGANISER, c.FreezeMotion(1))
    assert accounts.of_motion(congress.state, 1) == ()


def test_words_changed_outside_of_the_declared_spans_are_found() -> None:
    """R51: a word, a clause, the order, the title, the kind of a clause."""
    congress = clauses_debated()
    congress.do(THIRD, c.TableAmendment(1, Aim.REWRITE, "a", "Demande deux cars."))
    congress.vote("amendement-1", FOR)
    before, after = congress.state.motions[1].frozen
    account = of_version(congress, 2)

    def found(text: Frozen) -> tuple[str, ...]:
        return accounts.unaccounted(account, before, text)

    a, b, c_ = after.clauses
    assert found(after) == ()
    assert found(replace(after, clauses=(a, replace(b, markdown="Demande deux abris."), c_))) == ("b",)
    assert found(replace(after, clauses=(replace(a, markdown="Demande trois cars."), b, c_))) == ("a",)
    assert found(replace(after, clauses=(a, b))) == ("c",)
    assert found(replace(after, clauses=(a, c_, b))) == (accounts.ORDER,)
    assert found(replace(after, clauses=(a, b, c_, replace(b, id="d")))) == ("d",)
    assert found(replace(after, title="Pour deux cars")) == ("",)
    assert found(replace(after, clauses=(a, replace(b, kind=ClauseKind.VISA), c_))) == ("b",)


def adopting(base: Frozen, tabled: Sequence[Amendment], adopted: Sequence[Amendment]) -> State:
    """The state after these amendments were adopted one after the other."""
    frozen = [base]
    for n in range(1, len(adopted) + 1):
        consolidation = merge.consolidate(base, adopted[:n])
        numbers = tuple(x.number for x in adopted[:n])
        frozen.append(Frozen(n + 1, consolidation.title, consolidation.clauses, "", 1, numbers, "", n, base.rules))
    motion = Motion(1, base.title, ELU, "", frozen=tuple(frozen))
    return State(motions={1: motion}, amendments={x.number: x for x in tabled})


@settings(max_examples=60)
@given(debates(), st.data())
def test_the_accounts_of_any_order_of_adoptions_lead_from_the_base_to_the_last_text(
    debate: tuple[Frozen, list[Amendment]], data: st.DataObject
) -> None:
    """R50, R51: whatever is adopted, one after the other, each account and the text before give the text after."""
    base, given_ = debate
    adopted = data.draw(st.permutations(without_collisions(base, given_)))
    state = adopting(base, given_, adopted)
    versions = list(pairwise(state.motions[1].frozen))
    for account, (before, after) in zip(accounts.of_motion(state, 1), versions, strict=True):
        assert accounts.unaccounted(account, before, after) == ()
        for change in account.changes:
            assert all(span.old != span.new for span in change.spans)
