"""How an adopted amendment changes pending ones (A22, A23)."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from deliberation.amendments.rebase import Fate, Reaimed, following, of_motion, reaim
from deliberation.kernel import commands as c
from deliberation.kernel.state import Amendment, Frozen
from deliberation.kernel.vocabulary import Aim, Outcome
from deliberation.text.merge import consolidate
from tests.deliberation.congresses import ELU, FOR, OTHER, Congress
from tests.deliberation.text.test_merge import amendment, debates, frozen, without_collisions

TEXT = "Demande la fibre pour tous les élus avant 2030."


def one(base: Frozen, adopted: list[Amendment], pending: Amendment) -> Reaimed:
    (found,) = reaim(base, adopted, [pending])
    return found


@given(debates(), st.data())
def test_what_stands_gives_the_same_as_merging_from_the_base(
    debate: tuple[Frozen, list[Amendment]], data: st.DataObject
) -> None:
    """A22, A10: re-aimed words are those that its adoption would make; what clashes with an adopted one falls."""
    base, given_ = debate
    tops = [x for x in given_ if x.parent is None]
    chosen = data.draw(st.sets(st.sampled_from(tops))) if tops else set()
    adopted = without_collisions(base, [x for x in tops if x in chosen])
    for found in reaim(base, adopted, [x for x in tops if x not in chosen]):
        own = next(x for x in tops if x.number == found.amendment)
        both = consolidate(base, [*adopted, own])
        collides = any(own.number in (x.first, x.second) for x in both.collisions)
        assert found.fate is not Fate.STANDS or not collides
        assert found.fate in (Fate.STANDS, Fate.SATISFIED) or collides
        if found.fate is Fate.STANDS and own.aim in (Aim.REWRITE, Aim.TITLE):
            said = {"": both.title, **{x.id: x.markdown for x in both.clauses}}
            assert found.after == said[found.clause]
            assert found.before != found.after
        assert (found.reason is None) == (found.fate is Fate.STANDS)
        assert found.fate is not Fate.FALLS or found.causes


@given(debates(), st.randoms(use_true_random=False))
def test_the_order_in_which_they_come_does_not_matter(
    debate: tuple[Frozen, list[Amendment]], rng: random.Random
) -> None:
    """A22"""
    base, given_ = debate
    adopted, pending = given_[::2], given_[1::2]
    shuffled = reaim(base, rng.sample(adopted, len(adopted)), rng.sample(pending, len(pending)))
    assert shuffled == reaim(base, adopted, pending)


def test_an_amendment_applies_to_the_text_as_it_stands_now() -> None:
    """A22"""
    base = frozen(TEXT)
    found = one(
        base,
        [amendment(1, TEXT.replace("2030", "2028"))],
        amendment(2, TEXT.replace("la fibre", "la fibre optique")),
    )
    assert (found.fate, found.moved_text, found.proposed) == (Fate.STANDS, True, None)
    assert found.before == "Demande la fibre pour tous les élus avant 2028."
    assert found.after == "Demande la fibre optique pour tous les élus avant 2028."


def test_what_lost_all_its_words_falls_and_what_lost_some_may_be_rectified() -> None:
    """A23: the amendment that causes it is named, with the words."""
    base = frozen(TEXT)
    adopted = [amendment(3, TEXT.replace("2030", "2028"))]
    falls = one(base, adopted, amendment(4, TEXT.replace("2030", "2027")))
    assert (falls.fate, falls.causes, falls.words, falls.proposed) == (Fate.FALLS, (3,), "2030", Outcome.FALLEN)
    assert str(falls.reason) == "L’amendement n° 3, adopté, a déjà changé les mots qu’il vise : « 2030 »."
    partly = one(base, adopted, amendment(5, TEXT.replace("2030", "2027").replace("fibre", "câble")))
    assert (partly.fate, partly.causes, partly.proposed) == (Fate.COLLIDES, (3,), Outcome.FALLEN)
    assert "une partie des mots" in str(partly.reason)


def test_what_the_text_says_already_is_satisfied() -> None:
    """A23"""
    base = frozen(TEXT, "Demande du débit.")
    adopted = [
        amendment(1, TEXT.replace("2030", "2028")),
        amendment(2, "Demande un bilan.", "c2", Aim.INSERT, "demande"),
    ]
    same = one(base, adopted, amendment(4, TEXT.replace("2030", "2028")))
    assert (same.fate, same.causes, same.proposed) == (Fate.SATISFIED, (1,), Outcome.SATISFIED)
    again = one(base, adopted, amendment(5, "Demande un bilan.", "c1", Aim.INSERT, "demande"))
    assert (again.fate, again.causes) == (Fate.SATISFIED, (2,))
    said = one(base, adopted, amendment(6, "Demande du débit.", "c1", Aim.INSERT, "demande"))
    assert (said.fate, said.causes, str(said.reason)) == (Fate.SATISFIED, (), "Le texte le dit déjà.")


def test_a_deleted_clause_takes_what_aims_at_it() -> None:
    """A23: but what stands behind it stands (A12)."""
    base = frozen(TEXT, "Demande du débit.")
    adopted = [amendment(1, aim=Aim.DELETE)]
    pending = [
        amendment(2, "Demande la fibre."),
        amendment(3, aim=Aim.MOVE, after="c2"),
        amendment(4, aim=Aim.DELETE),
        amendment(5, "Demande un bilan.", "c1", Aim.INSERT, "demande"),
        amendment(6, "", "c1"),
    ]
    fates = [found.fate for found in reaim(base, adopted, pending)]
    assert fates == [Fate.MOOT, Fate.MOOT, Fate.SATISFIED, Fate.STANDS, Fate.MOOT]


def test_a_clause_moved_or_rewritten_is_not_deleted_after() -> None:
    """A23"""
    base = frozen(TEXT, "Demande du débit.")
    deletion = amendment(9, aim=Aim.DELETE)
    moved = one(base, [amendment(1, aim=Aim.MOVE, after="c2")], deletion)
    rewritten = one(base, [amendment(1, "Demande tout.")], deletion)
    assert [(x.fate, x.causes) for x in (moved, rewritten)] == [(Fate.FALLS, (1,))] * 2
    elsewhere = amendment(8, aim=Aim.MOVE, after="")
    third = frozen("Un.", "Deux.", "Trois.")
    assert (
        one(third, [amendment(1, target="c3", aim=Aim.MOVE, after="c1")], amendment(2, target="c3", aim=Aim.MOVE)).fate
        is Fate.FALLS
    )
    assert (
        one(third, [amendment(1, aim=Aim.MOVE, after="c2")], amendment(2, aim=Aim.MOVE, after="c2")).fate
        is Fate.SATISFIED
    )
    assert one(base, [amendment(1, TEXT + " Vite.")], elsewhere).fate is Fate.STANDS


def test_an_instruction_waits_for_its_words() -> None:
    """A21, A23"""
    assert one(frozen(TEXT), [], amendment(1, "")).fate is Fate.UNWORDED


def test_of_a_motion_what_is_pending_and_what_an_adoption_would_make_of_it(congress: Congress) -> None:
    """A22, A23: also before the vote."""
    congress.frozen(TEXT)
    congress.table(TEXT.replace("2030", "2028"))
    congress.table(TEXT.replace("2030", "2027"))
    congress.table(TEXT.replace("fibre", "fibre optique"))
    assert [x.fate for x in of_motion(congress.state, 1)] == [Fate.STANDS] * 3
    supposed = of_motion(congress.state, 1, supposing=[1])
    assert [(x.amendment, x.fate) for x in supposed] == [(2, Fate.FALLS), (3, Fate.STANDS)]
    assert following(congress.state, 1) == (supposed[0],)
    assert [(x.amendment, x.fate) for x in following(congress.state, 2)] == [(1, Fate.FALLS)]
    assert following(congress.state, 3) == ()
    congress.vote("amendement-1", FOR)
    assert of_motion(congress.state, 1) == supposed
    assert following(congress.state, 2) == (), "it cannot be adopted itself"
    congress.do(ELU, c.CreateMotion("Autre"))
    assert of_motion(congress.state, 2) == ()


def test_a_sub_amendment_is_re_aimed_at_its_amendment(congress: Congress) -> None:
    """A22, A23"""
    congress.frozen(TEXT)
    congress.table(TEXT.replace("2030", "2028").replace("la fibre", "la fibre optique"))
    for date in ("2027", "2026"):
        proposed = TEXT.replace("2030", date).replace("la fibre", "la fibre optique")
        congress.do(OTHER, c.TableAmendment(1, Aim.REWRITE, text=proposed, parent=1))
    neutral = TEXT.replace("2030", "2028").replace("la fibre", "la fibre optique neutre")
    congress.do(OTHER, c.TableAmendment(1, Aim.REWRITE, text=neutral, parent=1))
    congress.do(OTHER, c.TableAmendment(1, Aim.INSERT, text="Demande un bilan.", new_kind="demande", parent=1))
    congress.vote("amendement-2", FOR)
    parent, falls, stands, added = of_motion(congress.state, 1)
    assert parent.after == TEXT.replace("2030", "2027").replace("la fibre", "la fibre optique")
    assert (falls.amendment, falls.fate, falls.causes) == (3, Fate.FALLS, (2,))
    assert (stands.fate, stands.before, stands.after) == (
        Fate.STANDS,
        parent.after,
        parent.after.replace("optique", "optique neutre"),
    )
    assert added.fate is Fate.STANDS
