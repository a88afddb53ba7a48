"""The list of speakers, its reasons, and speaking time (S34–S41)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.state import SpeakingTurn, State
from deliberation.kernel.territory import Territory, TerritoryKind
from deliberation.kernel.vocabulary import Elector, Precedence, Purpose, Role, SpeakingRule
from deliberation.session import speakers
from tests.deliberation.congresses import ELU, ORGANISER, OTHER, SCRIBE, THIRD, Congress, findings, moment

FOR, AGAINST, ORDER = Purpose.FOR, Purpose.AGAINST, Purpose.ORDER
PRESENTATION, ANSWER = Purpose.PRESENTATION, Purpose.ANSWER
FREE = SpeakingRule(precedence=(), turn=0, presentation=0)


def hall(congress: Congress, rule: SpeakingRule | None = None, chair: str = "") -> State:
    congress.frozen()
    if rule is not None:
        congress.do(ORGANISER, c.SetSpeakingRule(rule))
    congress.do(ORGANISER, c.OpenSitting(chair))
    return congress.do(ORGANISER, c.CallSubject("motion-1"))


def names(state: State) -> list[str]:
    return [place.turn.person for place in speakers.of(state)]


def reasons(state: State) -> list[str]:
    return [str(why) for place in speakers.of(state) for why in place.why]


def test_an_elu_asks_by_one_act_and_takes_it_back(congress: Congress) -> None:
    """S34"""
    congress.frozen()
    assert congress.refused(ELU, c.AskFloor(FOR)) == "sitting.none"
    congress.do(ORGANISER, c.OpenSitting(OTHER))
    congress.do(ELU, c.AskFloor(FOR))
    assert congress.refused(ELU, c.AskFloor(AGAINST)) == "speakers.waiting"
    assert congress.refused(ELU, c.AskFloor(FOR, THIRD)) == "speakers.other"
    assert congress.refused(ORGANISER, c.AskFloor(FOR)) == "speakers.not_elu"
    assert congress.refused(ORGANISER, c.AskFloor(FOR, SCRIBE)) == "speakers.not_elu"
    assert congress.refused(SCRIBE, c.AskFloor(FOR)) == "role.not_allowed"
    congress.do(OTHER, c.AskFloor(AGAINST, THIRD))
    assert names(congress.state) == [ELU, THIRD]
    assert congress.state.turns[2].by == OTHER
    assert congress.refused(ELU, c.WithdrawTurn(2)) == "speakers.stranger"
    congress.do(THIRD, c.WithdrawTurn(2))
    state = congress.do(ORGANISER, c.WithdrawTurn(1))
    assert names(state) == []
    assert congress.refused(ELU, c.WithdrawTurn(1)) == "speakers.not_waiting"
    assert findings(congress.record) == []


def test_the_list_is_that_of_what_is_under_discussion(congress: Congress) -> None:
    """S34: what waits on another subject comes back with it, and not at the next sitting."""
    hall(congress)
    congress.do(ELU, c.AskFloor(FOR))
    congress.do(ORGANISER, c.CallSubject(""))
    assert names(congress.state) == []
    congress.do(OTHER, c.AskFloor(ORDER))
    congress.do(ELU, c.AskFloor(AGAINST))
    assert names(congress.state) == [OTHER, ELU]
    congress.do(ORGANISER, c.CallSubject("motion-1"))
    assert names(congress.state) == [ELU]
    congress.do(ORGANISER, c.CloseSitting(1))
    congress.do(ORGANISER, c.OpenSitting())
    assert names(congress.do(ORGANISER, c.CallSubject("motion-1"))) == []


def test_for_and_against_alternate_and_each_place_says_why(congress: Congress) -> None:
    """S35: points of order, presentations and answers before the debate."""
    hall(congress, SpeakingRule(precedence=(Precedence.ALTERNATING,)))
    more = []
    for n in range(4):
        congress.do(ORGANISER, c.InvitePerson(f"Élue {n}", Role.ELU))
        more.append(list(congress.state.people)[-1])
    asked = [(ELU, FOR), (OTHER, FOR), (THIRD, AGAINST), (more[0], ANSWER), (more[1], PRESENTATION), (more[2], ORDER)]
    for person, purpose in asked:
        congress.do(person, c.AskFloor(purpose))
    assert names(congress.state) == [more[2], more[1], more[0], ELU, THIRD, OTHER]
    assert reasons(congress.state) == [
        "Rappel au règlement : il passe avant tout.",
        "Présentation : avant le débat.",
        "Réponse : avant la suite du débat.",
        "Dans l’ordre des demandes.",
        "Alternance : contre, après un orateur pour.",
        "Dans l’ordre des demandes.",
    ]
    congress.do(ORGANISER, c.GiveFloor(1))
    congress.do(more[3], c.AskFloor(AGAINST))
    assert names(congress.state)[3:] == [THIRD, OTHER, more[3]]


def test_who_spoke_less_often_comes_first(congress: Congress) -> None:
    """S35"""
    hall(congress, SpeakingRule(precedence=(Precedence.UNHEARD,)))
    congress.do(ELU, c.AskFloor(FOR))
    congress.do(ORGANISER, c.GiveFloor(1))
    congress.do(ELU, c.AskFloor(FOR))
    congress.do(OTHER, c.AskFloor(FOR))
    assert names(congress.state) == [OTHER, ELU]
    assert reasons(congress.state)[0] == "N’a pas encore pris la parole à cette séance."


def test_villages_are_heard_as_towns_are(congress: Congress) -> None:
    """S35: by the registered population; what is not known is a class of its own."""
    hall(congress, SpeakingRule(precedence=(Precedence.SIZE,), sizes=(1000,)))
    populations = ((ELU, 90_000), (OTHER, 50_000), (THIRD, 300))
    congress.do(ORGANISER, c.RegisterElectors(tuple(Elector(person, 1, n) for person, n in populations)))
    for person in (ELU, OTHER, THIRD):
        congress.do(person, c.AskFloor(FOR))
    assert names(congress.state) == [ELU, THIRD, OTHER]
    assert reasons(congress.state)[1] == "Les collectivités de cette sorte et de cette taille ont été moins entendues."


def test_the_chair_moves_with_a_reason_and_closes_the_list(congress: Congress) -> None:
    """S36"""
    hall(congress, FREE, chair=OTHER)
    for person in (ELU, OTHER, THIRD):
        congress.do(person, c.AskFloor(FOR))
    assert congress.refused(ELU, c.MoveTurn(3, "Elle part", 1)) == "role.not_allowed"
    assert congress.refused(OTHER, c.MoveTurn(3, " ", 1)) == "reason.missing"
    assert congress.refused(OTHER, c.MoveTurn(3, "Elle part", 3)) == "speakers.before"
    congress.do(OTHER, c.MoveTurn(3, "Elle part", 1))
    congress.do(OTHER, c.MoveTurn(1, "À sa demande"))
    assert names(congress.state) == [THIRD, OTHER, ELU]
    assert reasons(congress.state)[::2] == [
        "Placé par la présidence : Elle part",
        "Placé par la présidence : À sa demande",
    ]
    congress.do(OTHER, c.CloseSpeakers("motion-1"))
    assert congress.refused(OTHER, c.CloseSpeakers("motion-1")) == "speakers.unchanged"
    assert congress.refused(OTHER, c.CloseSpeakers("motion-2")) == "speakers.subject"
    congress.do(OTHER, c.GiveFloor(3))
    assert congress.refused(THIRD, c.AskFloor(FOR)) == "speakers.closed"
    congress.do(THIRD, c.AskFloor(ORDER))
    congress.do(OTHER, c.ReopenSpeakers("motion-1"))
    congress.do(THIRD, c.WithdrawTurn(4))
    congress.do(THIRD, c.AskFloor(FOR))
    assert findings(congress.record) == []


def test_giving_the_floor_ends_the_turn_before_and_time_is_counted(congress: Congress) -> None:
    """S37, S38"""
    hall(congress, FREE, chair=OTHER)
    congress.do(ELU, c.AskFloor(FOR))
    congress.do(THIRD, c.AskFloor(FOR))
    assert congress.refused(ELU, c.GiveFloor(1)) == "role.not_allowed"
    congress.do(OTHER, c.GiveFloor(1))
    congress.seconds += 40
    congress.do(OTHER, c.GiveFloor(2))
    state = congress.state
    assert speakers.spoken(state.turns[1], state.turns[2].began) == 41
    assert state.speaking_turn == state.turns[2]
    assert congress.refused(ELU, c.EndTurn(2)) == "speakers.stranger"
    assert congress.refused(THIRD, c.EndTurn(1)) == "speakers.not_speaking"
    congress.do(THIRD, c.EndTurn(2))
    assert congress.state.speaking_turn is None
    congress.do(ELU, c.AskFloor(FOR))
    congress.do(OTHER, c.GiveFloor(3))
    congress.do(OTHER, c.SuspendSitting(1, "Pause"))
    assert congress.state.speaking_turn is None
    congress.do(ELU, c.AskFloor(FOR))
    assert congress.refused(OTHER, c.GiveFloor(4)) == "sitting.suspended"
    congress.do(OTHER, c.ResumeSitting(1))
    congress.do(OTHER, c.GiveFloor(4))
    state = congress.do(OTHER, c.CloseSitting(1))
    assert state.speaking_turn is None
    assert all(turn.ended for turn in state.turns.values())
    assert findings(congress.record) == []


def test_the_time_given_is_the_least_that_the_rule_leaves(congress: Congress) -> None:
    """S37: of the turn, the person, the college and the item; the chair may give a time of its own."""
    hall(congress, SpeakingRule(turn=60, presentation=90, person=100, group=80, item=1000))
    congress.do(ORGANISER, c.SetCollege("Villages", (ELU, OTHER)))
    congress.do(ELU, c.AskFloor(PRESENTATION))
    congress.do(OTHER, c.AskFloor(FOR))
    congress.do(THIRD, c.AskFloor(PRESENTATION))
    assert [speakers.allowed(congress.state, congress.state.turns[n], congress.now) for n in (1, 2, 3)] == [80, 60, 90]
    congress.do(ORGANISER, c.GiveFloor(1))
    congress.seconds += 49
    assert congress.do(ORGANISER, c.GiveFloor(2)).turns[2].allowed == 30
    congress.seconds += 30
    congress.do(ELU, c.AskFloor(FOR))
    assert congress.refused(ORGANISER, c.GiveFloor(4)) == "speakers.exhausted"
    assert congress.refused(ORGANISER, c.GiveFloor(4, -1)) == "speakers.seconds"
    assert congress.do(ORGANISER, c.GiveFloor(4, 20)).turns[4].allowed == 20
    assert speakers.ends(congress.state.turns[4]) == moment(congress.seconds + 19)
    assert findings(congress.record) == []


def test_organisers_set_the_rule(congress: Congress) -> None:
    """S39"""
    assert congress.refused(ELU, c.SetSpeakingRule(FREE)) == "role.not_allowed"
    for wrong, code in (
        (replace(FREE, turn=-1), "speakers.seconds"),
        (replace(FREE, item=86_401), "speakers.seconds"),
        (replace(FREE, precedence=(Precedence.SIZE, Precedence.SIZE)), "speakers.precedence"),
        (replace(FREE, sizes=(2, 1)), "speakers.sizes"),
        (replace(FREE, sizes=(0,)), "speakers.sizes"),
    ):
        assert congress.refused(ORGANISER, c.SetSpeakingRule(wrong)) == code
    congress.do(ORGANISER, c.SetSpeakingRule(FREE))
    assert congress.refused(ORGANISER, c.SetSpeakingRule(FREE)) == "speakers.unchanged"


def changed(congress: Congress, kind: type[e.Event], **fields: object) -> list[e.Recorded]:
    """The record with fields of the last event of that kind changed."""
    last = max(r.index for r in congress.record if isinstance(r.event, kind))
    return [
        replace(r, event=replace(r.event, **fields)) if r.index == last else r  # type: ignore[type-var]
        for r in congress.record
    ]


def test_a_forged_list_is_found(congress: Congress) -> None:
    """S41"""
    hall(congress, FREE)
    congress.do(ELU, c.AskFloor(FOR))
    congress.do(ORGANISER, c.AskFloor(AGAINST, OTHER))
    congress.do(ORGANISER, c.MoveTurn(2, "Elle part", 1))
    congress.do(ORGANISER, c.GiveFloor(2))
    congress.do(ORGANISER, c.EndTurn(2))
    assert findings(congress.record) == []
    assert "speakers.refused" in findings(changed(congress, e.SpeakerAsked, person=SCRIBE))
    assert "speakers.refused" in findings(changed(congress, e.SpeakerMoved, reason=""))
    assert "speakers.refused" in findings(changed(congress, e.SpeakerCalled, seconds=-1))
    assert "speakers.refused" in findings(changed(congress, e.SpeakerCalled, person=ELU))
    assert "speakers.refused" in findings(changed(congress, e.SpeakerEnded, person=ELU))
    stolen = [replace(r, actor=ELU) if r.kind == e.SpeakerCalled.kind else r for r in congress.record]
    assert "speakers.refused" in findings(stolen)


PEOPLE = tuple("abcdef")
CLASSES = {"a": "village", "b": "village", "c": "town", "d": "town", "e": "", "f": "village"}


@st.composite
def lists(draw: st.DrawFn) -> tuple[list[SpeakingTurn], list[SpeakingTurn]]:
    """Waiting turns, at most one for each person, and some turns that have begun."""
    purposes = st.sampled_from(Purpose)
    waiting = [
        SpeakingTurn(n, 1, person, draw(purposes), "motion-1", moment(draw(st.integers(0, 3))), person)
        for n, person in enumerate(draw(st.lists(st.sampled_from(PEOPLE), unique=True)), 1)
    ]
    for n, turn in enumerate(waiting):
        if draw(st.integers(0, 4)) == 0:
            before = draw(st.sampled_from([0, *(x.number for x in waiting if x != turn), 99]))
            waiting[n] = replace(turn, moved=100 + draw(st.integers(0, 9)), before=before, reason="Ordre")
    given_turns = [
        SpeakingTurn(50 + n, 1, draw(st.sampled_from(PEOPLE)), draw(purposes), "motion-1", "", "", began=moment(10 + n))
        for n in range(draw(st.integers(0, 4)))
    ]
    return waiting, given_turns


rules = st.permutations(list(Precedence)).flatmap(
    lambda order: st.integers(0, 3).map(lambda n: SpeakingRule(precedence=tuple(order[:n])))
)


@given(rules, lists(), st.randoms())
def test_everybody_who_waits_has_one_place_with_a_reason(
    rule: SpeakingRule, turns: tuple[list[SpeakingTurn], list[SpeakingTurn]], chance: Random
) -> None:
    """S35, S36: nobody is lost or doubled, and the order does not depend on that in which the turns are given."""
    waiting, given_turns = turns
    places = speakers.ordered(rule, waiting, given_turns, CLASSES)
    assert sorted(place.turn.number for place in places) == sorted(turn.number for turn in waiting)
    assert all(place.why and str(place.why[0]) for place in places)
    chance.shuffle(waiting)
    chance.shuffle(given_turns)
    assert speakers.ordered(rule, waiting, given_turns, CLASSES) == places


def _sides(places: list[speakers.SpeakerPlace]) -> list[Purpose]:
    return [place.turn.purpose for place in places if place.turn.purpose in (FOR, AGAINST)]


@given(lists())
def test_one_side_never_speaks_twice_while_the_other_waits(
    turns: tuple[list[SpeakingTurn], list[SpeakingTurn]],
) -> None:
    """S35"""
    waiting = [replace(turn, moved=-1, before=0) for turn in turns[0]]
    sides = _sides(speakers.ordered(SpeakingRule(precedence=(Precedence.ALTERNATING,)), waiting, turns[1], CLASSES))
    for n in range(1, len(sides)):
        assert sides[n] != sides[n - 1] or set(sides[n:]) == {sides[n]}


@given(lists())
def test_whoever_waits_longer_is_not_passed_by_somebody_like_them(
    turns: tuple[list[SpeakingTurn], list[SpeakingTurn]],
) -> None:
    """S35: between two of one side who spoke equally often, the order of asking decides."""
    waiting = [replace(turn, moved=-1, before=0) for turn in turns[0]]
    rule = SpeakingRule(precedence=(Precedence.ALTERNATING, Precedence.UNHEARD))
    places = [place.turn for place in speakers.ordered(rule, waiting, turns[1], CLASSES)]
    spoke: Mapping[str, int] = {p: sum(x.person == p for x in turns[1]) for p in PEOPLE}
    for n, turn in enumerate(places):
        for later in places[n + 1 :]:
            if turn.purpose == later.purpose and spoke[turn.person] == spoke[later.person]:
                assert (turn.asked, turn.number) < (later.asked, later.number)


@pytest.mark.parametrize(
    ("code", "population", "class_"),
    [("26113", 400, "commune:0"), ("200040459", 9000, "groupement:1"), ("69", 0, "departement:-1"), ("", 25000, ":2")],
)
def test_kind_and_size_as_far_as_the_record_knows(congress: Congress, code: str, population: int, class_: str) -> None:
    """S35"""
    person = replace(congress.state.people[ELU], code=code)
    assert speakers.class_of(person, {ELU: Elector(ELU, 0, population)}, SpeakingRule()) == class_


def test_what_the_list_says_of_a_collectivity_counts(congress: Congress) -> None:
    """S35, P20: its kind, and its population where the electoral list has none."""
    region = Territory(TerritoryKind.REGION, "R53", "Bretagne", 3_400_000, 2026, "", "", "R53", "Bretagne")
    village = Territory(TerritoryKind.VILLAGE, "25494", "Rochejean", 754, 2026)
    elu = congress.state.people[ELU]
    found = [replace(elu, code=place.code, territory=place) for place in (region, village)]
    assert [speakers.class_of(x, {}, SpeakingRule()) for x in found] == ["region:2", "commune:0"]
    assert speakers.class_of(found[1], {ELU: Elector(ELU, 0, 4_000)}, SpeakingRule()) == "commune:1"
