"""Amendments that change several passages by a list of edits (A40–A44)."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deliberation.amendments import accounts, alike, discussion, order, proposals, rebase, several
from deliberation.amendments.dispositif import reading, writing
from deliberation.amendments.dispositif.forms import ReadEdit
from deliberation.amendments.rebase import Fate
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import Amendment, Frozen, State
from deliberation.kernel.vocabulary import Aim, Clause, ClauseEdit, ClauseKind, Outcome
from deliberation.motions import division
from deliberation.text import merge
from exports.dispositifs import as_written
from tests.deliberation.amendments.test_accounts import adopting
from tests.deliberation.congresses import AGAINST, ELU, FOR, ORGANISER, OTHER, Congress, findings
from tests.deliberation.text.test_merge import without_collisions

TEXTS = ("Demande la fibre.", "Demande le rail.", "Demande la poste.", "Demande le guichet.")
DELETION = c.TableAmendment(
    1, Aim.DELETE, "c2", rationale="Trop.", further=(ClauseEdit(Aim.DELETE, "c4"), ClauseEdit(Aim.DELETE, "c3"))
)
MIXED = c.TableAmendment(
    1,
    Aim.REWRITE,
    "c3",
    "Demande la poste partout.",
    "Pour tous.",
    further=(
        ClauseEdit(Aim.INSERT, "c3", "Demande un bilan.", new_kind="demande"),
        ClauseEdit(Aim.TITLE, text="Le numérique partout"),
        ClauseEdit(Aim.DELETE, "c1"),
    ),
)


def says(state: State) -> list[str]:
    text = state.motions[1].text
    assert text is not None
    return [text.title, *(clause.markdown for clause in text.clauses)]


def aims(amendment: Amendment) -> list[tuple[Aim, str]]:
    return [(edit.aim, edit.clause) for edit in amendment.edits]


@pytest.fixture
def debated(congress: Congress) -> Congress:
    congress.frozen(*TEXTS)
    return congress


def test_an_amendment_changes_several_passages_under_one_number(debated: Congress) -> None:
    """A40: its edits stand in the order of the text, whatever the order given."""
    tabled = debated.do(ELU, MIXED).amendments[1]
    assert aims(tabled) == [(Aim.TITLE, ""), (Aim.DELETE, "c1"), (Aim.REWRITE, "c3"), (Aim.INSERT, "c3")]
    assert tabled.edits[2].spans
    state = debated.vote("amendement-1", FOR)
    assert says(state) == [
        "Le numérique partout",
        "Demande le rail.",
        "Demande la poste partout.",
        "Demande un bilan.",
        "Demande le guichet.",
    ]
    assert state.amendments[1].outcome is Outcome.ADOPTED
    assert findings(debated.record) == []


@pytest.mark.parametrize(
    ("command", "code", "field"),
    [
        (replace(MIXED, clause="c9"), "amendment.no_clause", "clause"),
        (replace(MIXED, further=(ClauseEdit(Aim.DELETE, "c9"),)), "amendment.no_clause", "clause.1"),
        (
            replace(MIXED, further=(ClauseEdit(Aim.DELETE, "c1"), ClauseEdit(Aim.REWRITE, "c2"))),
            "amendment.empty",
            "text.2",
        ),
        (
            replace(MIXED, further=(ClauseEdit(Aim.REWRITE, "c2", TEXTS[1]),)),
            "amendment.unchanged",
            "text.1",
        ),
        (replace(MIXED, further=(ClauseEdit(Aim.DELETE, "c3"),)), "amendment.same_passage", "clause.1"),
        (replace(MIXED, further=(ClauseEdit(Aim.REWRITE, "c3", "Autre."),)), "amendment.same_passage", "clause.1"),
        (replace(MIXED, instruction="Écrire partout."), "amendment.instruction_alone", "instruction"),
        (
            replace(MIXED, further=(ClauseEdit(Aim.INSERT, "c1", "Oui.", new_kind="visa"),) * several.MOST_EDITS),
            "amendment.too_many",
            "further",
        ),
        (
            replace(MIXED, further=tuple(ClauseEdit(Aim.REWRITE, x, "x" * 9_999) for x in ("c1", "c2", "c4")) * 2),
            "text.too_long",
            "further",
        ),
    ],
)
def test_what_several_edits_may_not_be_is_refused_at_its_field(
    debated: Congress, command: c.TableAmendment, code: str, field: str
) -> None:
    """A40"""
    refused = debated.ask(ELU, command)
    assert isinstance(refused, Refused)
    assert refused.field == field
    assert debated.refused(ELU, command) == refused.code
    assert refused.code == code or "long" in code


def test_a_passage_may_be_rewritten_and_moved_at_once(debated: Congress) -> None:
    """A40, A12"""
    debated.do(ELU, c.TableAmendment(1, Aim.MOVE, "c4", further=(ClauseEdit(Aim.REWRITE, "c4", "Demande tout."),)))
    assert says(debated.vote("amendement-1", FOR)) == ["Le numérique pour tous", "Demande tout.", *TEXTS[:3]]
    assert findings(debated.record) == []


def test_it_collides_where_one_of_its_edits_does(debated: Congress) -> None:
    """A41, A14"""
    debated.do(ELU, DELETION)
    debated.table("Demande la poste rurale.", "c3")
    debated.table("Demande la fibre pour tous.", "c1")
    debated.vote("amendement-2", FOR)
    debated.vote("amendement-3", FOR)
    assert debated.refused(ORGANISER, c.OpenPoll("amendement-1")) == "amendment.collides"


def test_what_has_the_same_edits_is_identical(debated: Congress) -> None:
    """A41, S17: in whatever order they were given; one that deletes fewer passages is another one."""
    debated.do(ELU, DELETION)
    debated.do(
        OTHER, c.TableAmendment(1, Aim.DELETE, "c3", further=tuple(ClauseEdit(Aim.DELETE, x) for x in ("c4", "c2")))
    )
    debated.do(OTHER, replace(DELETION, further=DELETION.further[:1]))
    assert discussion.identical(debated.state.amendments.values()) == {1: (1, 2), 2: (1, 2)}
    state = debated.vote("amendement-1", FOR)
    assert says(state) == ["Le numérique pour tous", TEXTS[0]]
    assert state.amendments[2].outcome is Outcome.ADOPTED
    assert findings(debated.record) == []


def test_it_is_called_at_the_place_of_its_first_edit(debated: Congress) -> None:
    """A41, A7"""
    debated.table("Demande le rail et le bus.", "c2")
    debated.table("Demande la fibre partout.", "c1")
    debated.do(OTHER, MIXED)
    debated.do(OTHER, replace(DELETION, clause="c4", further=(ClauseEdit(Aim.DELETE, "c2"),)))
    assert [a.number for a in order.call_order(debated.state, 1)] == [3, 2, 4, 1]
    assert str(order.agenda(debated.state, 1)[0].why[0]) == "Change 4 passages : appelé à la place du premier."


def test_it_is_debated_with_those_that_exclude_one_of_its_edits(debated: Congress) -> None:
    """A41, S16"""
    both = ClauseEdit(Aim.REWRITE, "c4", "Demande le kiosque.")
    debated.do(ELU, c.TableAmendment(1, Aim.REWRITE, "c1", "Demande la fibre optique.", further=(both,)))
    debated.table("Demande le comptoir.", "c4")
    debated.table("Demande le bon rail.", "c2")
    assert discussion.proposals(debated.state, 1) == ((1, 2),)


def fates(congress: Congress) -> dict[int, Fate]:
    return {found.amendment: found.fate for found in rebase.of_motion(congress.state, 1)}


def test_what_is_left_of_it_stands_while_nothing_collides(debated: Congress) -> None:
    """A42: a passage that is gone already needs no deletion."""
    debated.do(ELU, DELETION)
    debated.table("", "c3", Aim.DELETE)
    debated.vote("amendement-2", FOR)
    assert fates(debated) == {1: Fate.STANDS}
    assert proposals.proposals(debated.state, 1) == ()
    assert says(debated.vote("amendement-1", FOR)) == ["Le numérique pour tous", TEXTS[0]]


def test_one_passage_that_cannot_be_changed_is_proposed_to_the_chair(debated: Congress) -> None:
    """A42, S13: it may be rectified, giving that passage up."""
    debated.do(ELU, DELETION)
    debated.table("Demande la poste rurale.", "c3")
    assert [x.amendment for x in rebase.following(debated.state, 2)] == [1]
    debated.vote("amendement-2", FOR)
    (found,) = rebase.of_motion(debated.state, 1)
    assert (found.fate, found.causes, [x.fate for x in found.edits]) == (
        Fate.COLLIDES,
        (2,),
        [Fate.STANDS, Fate.FALLS, Fate.STANDS],
    )
    (proposed,) = proposals.proposals(debated.state, 1)
    assert (proposed.outcome, proposed.because_of) == (Outcome.FALLEN, 2)
    assert str(proposed.why) == (
        "L’amendement n° 2, adopté, donne une nouvelle rédaction à l’un des passages qu’il supprimerait."
    )


@pytest.mark.parametrize(
    ("adopted", "fate"),
    [
        ({"c1": "", "c2": ""}, Fate.MOOT),
        ({"c1": "Exige la fibre.", "c2": ""}, Fate.FALLS),
        ({"c1": "Demande la fibre partout.", "c2": "Demande le rail partout."}, Fate.SATISFIED),
        ({"c1": "Demande la fibre partout."}, Fate.STANDS),
        ({"c1": "Demande la fibre partout.", "c2": ""}, Fate.MOOT),
        ({"c2": ""}, Fate.COLLIDES),
    ],
)
def test_its_fate_follows_from_those_of_its_edits(debated: Congress, adopted: dict[str, str], fate: Fate) -> None:
    """A42"""
    further = (ClauseEdit(Aim.REWRITE, "c2", "Demande le rail partout."),)
    old = {"c1": "Demande du cuivre.", "c2": "Demande du rail."}
    first = adopted.get("c1", "") == "Exige la fibre."
    wanted = "Propose la fibre." if first else "Demande la fibre partout."
    debated.do(ELU, c.TableAmendment(1, Aim.REWRITE, "c1", wanted, further=further))
    assert old
    for clause, text in adopted.items():
        debated.do(OTHER, c.TableAmendment(1, Aim.REWRITE if text else Aim.DELETE, clause, text))
        debated.vote(f"amendement-{len(debated.state.amendments)}", FOR)
    assert fates(debated) == {1: fate}


def test_its_author_rectifies_it_or_gives_a_passage_up(debated: Congress) -> None:
    """A43, A25"""
    debated.do(ELU, MIXED)
    assert debated.refused(ELU, c.RectifyAmendment(1, rationale="Pour tous.")) == "amendment.unchanged"
    title, gone, words, _ = debated.state.amendments[1].edits
    other = replace(words, text="Demande la poste rurale.", spans=())
    assert debated.refused(ELU, c.RectifyAmendment(1, edits=(ClauseEdit(Aim.DELETE, "c2"),))) == (
        "amendment.other_passage"
    )
    state = debated.do(ELU, c.RectifyAmendment(1, rationale="Pour tous.", edits=(other, gone)))
    rectified = state.amendments[1]
    assert aims(rectified) == [(Aim.DELETE, "c1"), (Aim.REWRITE, "c3")]
    assert (rectified.called, rectified.earlier[0].edits[0], rectified.earlier[0].by_edit[2].text) == (
        "1 rect.",
        title,
        words.text,
    )
    assert says(debated.vote("amendement-1", FOR))[1:] == [TEXTS[1], "Demande la poste rurale.", TEXTS[3]]
    assert debated.state.amendments[1].status == "adopte_rectifie"
    assert findings(debated.record) == []


def test_what_aimed_at_a_passage_that_was_given_up_is_not_taken_over(debated: Congress) -> None:
    """A43, A36"""
    debated.do(ELU, MIXED)
    sub = c.TableAmendment(1, Aim.REWRITE, text="Demande la poste demain.", parent=1, edit_rank=2)
    for number in (2, 3):
        debated.do(ELU, sub)
        debated.do(ELU, c.WithdrawAmendment(number))
    debated.do(OTHER, c.TakeOverAmendment(2))
    debated.do(OTHER, c.WithdrawAmendment(2))
    debated.do(ELU, c.RectifyAmendment(1, edits=debated.state.amendments[1].edits[:2]))
    assert debated.refused(OTHER, c.TakeOverAmendment(3)) == "amendment.no_clause"


def test_deletions_alone_have_nothing_to_rectify(debated: Congress) -> None:
    """A43"""
    debated.do(ELU, DELETION)
    assert debated.refused(ELU, c.RectifyAmendment(1)) == "amendment.nothing_to_rectify"


def test_a_sub_amendment_changes_one_of_its_passages(debated: Congress) -> None:
    """A43, A16–A18"""
    debated.do(ELU, MIXED)
    sub = c.TableAmendment(1, Aim.REWRITE, text="Demande la poste demain.", parent=1, edit_rank=2)
    assert debated.refused(OTHER, replace(sub, edit_rank=1)) == "amendment.contradicts"
    assert debated.refused(OTHER, replace(sub, edit_rank=4)) == "amendment.no_clause"
    assert debated.refused(OTHER, replace(sub, further=(ClauseEdit(Aim.DELETE, "c1"),))) == "amendment.sub_several"
    debated.do(OTHER, sub)
    debated.do(OTHER, replace(sub, text="Demande un bon bilan.", edit_rank=3))
    debated.do(OTHER, replace(sub, text="Demande la poste toujours."))
    debated.do(
        OTHER, c.TableAmendment(1, Aim.INSERT, text="Demande un terme.", parent=1, new_kind="demande", edit_rank=2)
    )
    assert [x.clause for x in debated.state.amendments.values()] == ["", "c3", "c3", "c3", "c3"]
    (collision,) = merge.between_subs(debated.state.amendments[1], list(debated.state.amendments.values())[1:])
    assert (collision.first, collision.second) == (2, 4)
    for number in (2, 3, 5):
        debated.vote(f"amendement-{number}", FOR)
    assert fates(debated)[4] is Fate.FALLS
    parent = debated.state.amendments[1]
    assert [edit.text for edit in parent.edits] == [
        "Le numérique partout",
        "",
        "Demande la poste demain.",
        "Demande un bon bilan.",
    ]
    assert parent.wording.by_edit[3].text == "Demande un bilan."
    debated.do(ORGANISER, c.SettleAmendment(4, Outcome.MOOT, "Le n° 2 est adopté."))
    state = debated.vote("amendement-1", FOR)
    assert says(state)[2:] == [
        "Demande la poste demain.",
        "Demande un terme.",
        "Demande un bon bilan.",
        "Demande le guichet.",
    ]
    assert findings(debated.record) == []


def test_it_is_voted_part_by_part(debated: Congress) -> None:
    """A43, W10, W12: passage by passage; what was adopted is what remains of it."""
    debated.do(ELU, MIXED)
    pieces = division.pieces(debated.state, "amendement-1")
    assert [piece.clause for piece in pieces] == ["", "c1", "c3", "c3"]
    debated.do(ORGANISER, c.DivideSubject("amendement-1", ((0, 2), (1,), (3,)), ELU))
    for part, choice in enumerate((AGAINST, FOR, FOR), 1):
        debated.do(ORGANISER, c.OpenPoll("amendement-1", part=part))
        debated.do(ELU, c.CastBallot(part, choice))
        debated.do(ORGANISER, c.ClosePoll(part))
    amendment = debated.state.amendments[1]
    assert (amendment.outcome, aims(amendment)) == (Outcome.ADOPTED, [(Aim.DELETE, "c1"), (Aim.INSERT, "c3")])
    assert says(debated.state) == [
        "Le numérique pour tous",
        "Demande le rail.",
        "Demande la poste.",
        "Demande un bilan.",
        "Demande le guichet.",
    ]
    assert findings(debated.record) == []


def test_verification_refuses_edits_that_the_rules_would_not_make(debated: Congress) -> None:
    """A40, R27"""
    debated.do(ELU, MIXED)
    tabled = debated.record[-1]
    assert isinstance(tabled.event, e.AmendmentTabled)
    forged = replace(tabled, event=replace(tabled.event, further=tabled.event.further[::-1]))
    debated.record[-1] = forged
    found = findings(debated.record)
    debated.record[-1] = tabled
    assert found == ["amendment.refused"]


# Merging: what several edits do is what as many amendments would.

TEXT = st.lists(st.sampled_from(["la", "fibre", "pour", "tous", "l’élu", "."]), min_size=1, max_size=6).map(" ".join)
BASE = Frozen(
    1,
    "Le titre",
    merge.number(Clause(f"c{n}", ClauseKind.DEMANDE, 0, x) for n, x in enumerate(TEXTS, 1)),
    "",
    1,
    (),
    "",
    0,
)
IDS = [clause.id for clause in BASE.clauses]


@st.composite
def edits(draw: st.DrawFn) -> ClauseEdit:
    aim = draw(st.sampled_from(list(Aim)))
    clause = "" if aim is Aim.TITLE else draw(st.sampled_from(IDS))
    text = "" if aim in (Aim.DELETE, Aim.MOVE) else draw(TEXT)
    after = draw(st.sampled_from(["", *IDS])) if aim is Aim.MOVE else ""
    return ClauseEdit(aim, clause, text, (), after, "demande" if aim is Aim.INSERT else "")


def sound(given_: list[ClauseEdit]) -> bool:
    return several.refuse_together(given_) is None


LISTS = st.lists(edits(), min_size=1, max_size=5).filter(sound)
AIMED: dict[str, Any] = {"motion": 1, "base": 1, "rationale": "", "author": "p1", "tabled": ""}


def of_edits(number: int, given_: list[ClauseEdit]) -> Amendment:
    first, *further = several.in_order(BASE, given_)
    tabled = Amendment(
        number=number, aim=first.aim, clause=first.clause, text=first.text, new_kind=first.new_kind, **AIMED
    )
    return replace(tabled, after=first.after, further=tuple(further))


@given(LISTS, LISTS)
def test_several_edits_merge_as_so_many_amendments(one: list[ClauseEdit], other: list[ClauseEdit]) -> None:
    """A41, A10: the same text, and a collision exactly where two of their edits collide."""
    both = [of_edits(1, one), of_edits(2, other)]
    apart = [
        replace(single, number=100 * single.number + rank, edit_rank=0)
        for amendment in both
        for rank, single in enumerate(amendment.single_edits)
    ]
    together, alone = merge.consolidate(BASE, both), merge.consolidate(BASE, apart)
    assert bool(together.collisions) == bool(alone.collisions)
    if not alone.collisions:
        said, parted = ([x.markdown for x in found.clauses] for found in (together, alone))
        assert (together.title, said) == (alone.title, parted)
        assert len({x.id for x in together.clauses}) == len(together.clauses)
        origins = merge.origins(BASE, both)
        assert {by for pieces in origins.values() for _, by in pieces} <= {0, 1, 2}
    assert merge.consolidate(BASE, [both[1], both[0]]) == together


@given(LISTS)
def test_alone_it_never_collides(one: list[ClauseEdit]) -> None:
    """A40, A10"""
    assert merge.collisions(BASE, [of_edits(1, one)]) == ()


# The dispositif.


def plain(said: str) -> str:
    return said.replace("\u00a0", " ")


def written(*given_: ClauseEdit) -> str:
    return plain(writing.written(of_edits(7, list(given_)), BASE))


@pytest.mark.parametrize(
    ("given_", "sentence"),
    [
        ([ClauseEdit(Aim.DELETE, x) for x in ("c2", "c3", "c4")], "Supprimer les demandes 2 à 4"),
        ([ClauseEdit(Aim.DELETE, x) for x in ("c1", "c2", "c4")], "Supprimer les demandes 1, 2 et 4"),
        (
            [ClauseEdit(Aim.REWRITE, f"c{n}", TEXTS[n - 1].replace("Demande", "Exige")) for n in (1, 3)],
            "Demandes 1 et 3, remplacer le mot : « Demande » par le mot : « Exige »",
        ),
        (
            [
                ClauseEdit(Aim.TITLE, text="Le grand titre"),
                ClauseEdit(Aim.REWRITE, "c1", "Exige la fibre optique."),
                ClauseEdit(Aim.DELETE, "c2"),
                ClauseEdit(Aim.INSERT, "c2", "Demande un bilan.", new_kind="demande"),
                ClauseEdit(Aim.DELETE, "c4"),
            ],
            (
                "I. – Titre, après le mot : « Le », insérer le mot : « grand »\n"
                "II. – Demande 1 :\n"
                "1° Remplacer le mot : « Demande » par le mot : « Exige »\n"
                "2° Compléter la demande 1 par le mot : « optique »\n"
                "III. – Supprimer les demandes 2 et 4\n"
                "IV. – Après la demande 2, insérer une demande ainsi rédigée : « Demande un bilan. »"
            ),
        ),
    ],
)
def test_one_dispositif_says_all_its_edits(given_: list[ClauseEdit], sentence: str) -> None:
    """A44: read as the one amendment from which it was written."""
    assert written(*given_) == sentence
    read = reading.read(sentence, BASE)
    assert isinstance(read, ReadEdit), read
    first, *further = several.in_order(BASE, given_)
    assert (read.aim, read.clause, read.text) == (first.aim, first.clause, first.text)
    assert [replace(edit, spans=()) for edit in read.further] == further


@pytest.mark.parametrize(
    ("sentence", "places"),
    [
        ("Supprimer les demandes 2 à 4.", ["c2", "c3", "c4"]),
        ("Supprimer la demande 1 et supprimer la demande 2", ["c1", "c2"]),
        ("I. – Supprimer la demande 1\nII. – Supprimer la demande 3", ["c1", "c3"]),
        ("Demandes 1, 3 et 4, après le mot : « Demande », insérer le mot : « aussi »", ["c1", "c3", "c4"]),
        ("Dans l’ensemble du texte, remplacer le mot : « la » par le mot : « une »", ["c1", "c3"]),
        ("Partout, supprimer le mot : « le »", ["c2", "c4"]),
        (
            "Demande 2\n\nSupprimer cette demande.\n\nEn conséquence, supprimer la demande 4",
            ["c2", "c4"],
        ),
        ("Demande 1, supprimer le mot : « la »\nEn conséquence, titre, supprimer le mot : « Le »", ["", "c1"]),
    ],
)
def test_several_passages_are_read_as_one_amendment(sentence: str, places: list[str]) -> None:
    """A44, A31"""
    read = reading.read(sentence, BASE)
    assert isinstance(read, ReadEdit), read
    assert [read.clause, *(edit.clause for edit in read.further)] == places


@pytest.mark.parametrize(
    ("sentence", "code"),
    [
        ("Rédiger ainsi les demandes 1 et 2 : « Tout. »", "dispositif.several_places"),
        (
            "Demandes 1 et 2, remplacer le mot : « Demande » (deux fois) par le mot : « Exige »",
            "dispositif.several_places",
        ),
        ("Demandes 1 et 9, supprimer le mot : « Demande »", "dispositif.no_clause"),
        ("Demandes 1 et 2, supprimer le mot : « la »", "dispositif.not_found"),
        ("Dans l’ensemble du texte, supprimer la deuxième occurrence du mot : « la »", "dispositif.everywhere"),
        ("I. – Supprimer la demande 1\nII. – Demande 1, supprimer le mot : « la »", "dispositif.mixed"),
        ("Passage 2, supprimer le mot : « la »", "dispositif.no_place"),
    ],
)
def test_several_passages_are_not_guessed(sentence: str, code: str) -> None:
    """A44, A31"""
    read = reading.read(sentence, BASE)
    assert isinstance(read, Refused), read
    assert read.code == code


def test_a_sub_amendment_names_the_passage_of_its_amendment() -> None:
    """A43, A44"""
    words = [ClauseEdit(Aim.REWRITE, f"c{n}", TEXTS[n - 1].replace("Demande", "Exige")) for n in (1, 2)]
    parent = of_edits(12, words)
    sub = replace(of_edits(13, [ClauseEdit(Aim.REWRITE, "c2", "Exige le bon rail.")]), parent=12, edit_rank=1)
    sentence = plain(writing.written(sub, BASE, parent))
    assert sentence == "Amendement n° 12, passage 2, après le mot : « le », insérer le mot : « bon »"
    for said in (sentence, sentence.replace("passage 2", "demande 2")):
        read = reading.read(said, BASE, {12: parent})
        assert isinstance(read, ReadEdit), read
        assert (read.parent, read.edit_rank, read.clause, read.text) == (12, 1, "c2", "Exige le bon rail.")
    unsaid = reading.read(sentence.replace("passage 2, ", ""), BASE, {12: parent})
    assert isinstance(unsaid, Refused)
    assert unsaid.code == "dispositif.which_passage"
    other = sentence.replace("passage 2", "passage 1").replace("« le »", "« la »")
    both = f"I. – {sentence}\nII. – {other}"
    refused = reading.read(both, BASE, {12: parent})
    assert isinstance(refused, Refused)
    assert refused.code == "dispositif.several_subs"


@given(LISTS)
def test_what_is_written_of_several_passages_reads_back(one: list[ClauseEdit]) -> None:
    """A44, A32: the same edits, and the same sentence again."""
    wanted = [x for x in one if x.aim not in (Aim.REWRITE, Aim.TITLE) or x.text not in (*TEXTS, "Le titre")]
    wanted = [x for x in wanted if x.aim is not Aim.MOVE]
    if not wanted:
        return
    proposed = of_edits(7, wanted)
    sentence = writing.written(proposed, BASE)
    read = reading.read(sentence, BASE)
    assert isinstance(read, ReadEdit), (sentence, read)
    first = ClauseEdit(read.aim, read.clause, read.text, (), read.after, read.new_kind)
    again = [replace(edit, spans=(), new_kind=str(edit.new_kind)) for edit in (first, *read.further)]
    assert sorted(map(repr, again)) == sorted(map(repr, proposed.edits))
    assert writing.written(of_edits(7, again), BASE) == sentence


def test_pairs_of_edits_are_counted_in_the_table_of_the_readme() -> None:
    """A41: whatever two aims meet, alone or among several edits, the outcome is the same."""
    for one, other in combinations([ClauseEdit(Aim.DELETE, "c1"), ClauseEdit(Aim.REWRITE, "c1", "Autre chose.")], 2):
        beside = ClauseEdit(Aim.REWRITE, "c4", "Demande autre chose.")
        alone = merge.collisions(BASE, [of_edits(1, [one]), of_edits(2, [other])])
        assert merge.collisions(BASE, [of_edits(1, [one, beside]), of_edits(2, [other])]) == alone


def test_the_account_of_an_adoption_tells_all_its_edits(debated: Congress) -> None:
    """R50: each passage with its words, also where another one, adopted before, stands elsewhere too."""
    debated.do(ELU, c.TableAmendment(1, Aim.REWRITE, "c1", "Demande la fibre partout.", further=(INTO_C4,)))
    edits_ = ClauseEdit(Aim.DELETE, "c2"), ClauseEdit(Aim.MOVE, "c3", after=""), ClauseEdit(Aim.INSERT, "c3", "Un an.")
    inserted = replace(edits_[2], new_kind="note")
    debated.do(
        OTHER, c.TableAmendment(1, Aim.REWRITE, "c1", "Demande la belle fibre.", further=(*edits_[:2], inserted))
    )
    debated.vote("amendement-1", FOR)
    debated.vote("amendement-2", FOR)
    first, second = accounts.of_motion(debated.state, 1)
    assert (first.changed, first.created, first.removed, first.moved) == (("c1", "c4"), (), (), ())
    assert (second.changed, second.removed, second.moved) == (("c1",), ("c2",), ("c3",))
    assert second.created == ("a000000002e3",)
    said = {change.clause: "".join(span.new for span in change.spans) for change in second.changes}
    assert said == {"c1": "belle ", "c2": "", "a000000002e3": "Un an."}
    assert findings(debated.record) == []


INTO_C4 = ClauseEdit(Aim.REWRITE, "c4", "Demande trois guichets.")


@settings(max_examples=60)
@given(st.lists(LISTS, min_size=1, max_size=4), st.data())
def test_each_account_of_adoptions_by_chance_leads_to_the_next_text(
    lists: list[list[ClauseEdit]], data: st.DataObject
) -> None:
    """A41, R50, R51: in any order of adoption."""
    tabled = [of_edits(n, given_) for n, given_ in enumerate(lists, 1)]
    adopted = data.draw(st.permutations(without_collisions(BASE, tabled)))
    state = adopting(BASE, tabled, adopted)
    versions = pairwise(state.motions[1].frozen)
    for account, (before, after) in zip(accounts.of_motion(state, 1), versions, strict=True):
        assert accounts.unaccounted(account, before, after) == ()


def test_lists_of_edits_that_differ_by_typography_are_declared_identical(debated: Congress) -> None:
    """A53, A40: every passage must be alike; the words of the first are merged."""
    for said, other in (("Demande l’eau.", "Un guichet."), ("demande l'eau", "Un guichet"), ("Demande l’eau.", "Non.")):
        further = (ClauseEdit(Aim.REWRITE, "c4", other),)
        debated.do(ELU, c.TableAmendment(1, Aim.REWRITE, "c1", said, further=further))
    assert alike.proposals(debated.state, 1) == ((1, 2),)
    assert debated.refused(ORGANISER, c.DeclareIdentical((1, 3))) == "identical.differs"
    debated.do(ORGANISER, c.DeclareIdentical((2, 1)))
    debated.vote("amendement-1", FOR)
    assert debated.state.amendments[2].outcome is Outcome.ADOPTED
    assert says(debated.state)[1:] == ["Demande l’eau.", *TEXTS[1:3], "Un guichet."]
    assert findings(debated.record) == []


def test_paper_that_names_several_passages_is_one_amendment(debated: Congress) -> None:
    """A44, A56"""
    debated.do(ORGANISER, c.TranscribeAmendment(1, ELU, "Supprimer les demandes 2 à 4.", "Trop."))
    confirmed = debated.do(ELU, c.ConfirmTranscription(1)).amendments[1]
    assert aims(confirmed) == [(Aim.DELETE, "c2"), (Aim.DELETE, "c3"), (Aim.DELETE, "c4")]
    words = "Amendement n° 2, passage 2, remplacer le mot : « trois » par le mot : « deux »."
    rewriting = c.TableAmendment(1, Aim.REWRITE, "c1", "Demande l’eau.", further=(INTO_C4,))
    debated.do(OTHER, rewriting)
    debated.do(ORGANISER, c.TranscribeAmendment(1, ELU, words))
    sub = debated.do(ELU, c.ConfirmTranscription(2)).amendments[3]
    assert (sub.parent, sub.edit_rank, sub.text) == (2, 1, "Demande deux guichets.")
    assert findings(debated.record) == []


def test_the_record_says_the_words_of_each_entry(debated: Congress) -> None:
    """A30, A43: those that were tabled, also after a rectification gave up a passage."""
    debated.do(ELU, DELETION)
    tabled = debated.record[-1].event
    rewriting = c.TableAmendment(1, Aim.REWRITE, "c1", "Demande l’eau.", further=(INTO_C4,))
    debated.do(ELU, rewriting)
    first = debated.record[-1].event
    debated.do(ELU, c.RectifyAmendment(2, edits=(replace(INTO_C4, text="Demande un guichet."),)))
    second = debated.record[-1].event
    assert isinstance(tabled, e.AmendmentTabled)
    assert isinstance(first, e.AmendmentTabled)
    assert isinstance(second, e.AmendmentRectified)
    assert as_written(debated.state, tabled) == "Supprimer les demandes 2 à 4"
    assert [line[:2] for line in as_written(debated.state, first).splitlines()] == ["I.", "II"]
    assert as_written(debated.state, second).startswith("Demande 4, ")
