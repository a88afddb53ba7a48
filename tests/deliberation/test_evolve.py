"""The fold of events, and arbitrary commands from any actor (S7, S8, P3, P4, T6, V4, A14)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deliberation.congress.people import MAY
from deliberation.decide import FROM_EDITORS, RULES
from deliberation.evolve import ERASABLE, FOLDS, UnreadableRecord, evolve, replay
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import State
from deliberation.kernel.vocabulary import (
    Aim,
    Choice,
    ClauseChange,
    ClauseKind,
    CongressIdentity,
    Draft,
    Hands,
    Node,
    NodeChange,
    Outcome,
    Phase,
    Purpose,
    Role,
    Span,
    Terms,
    Way,
)
from deliberation.motions.motions import OPEN_STATUSES
from deliberation.text import merge
from deliberation.votes.proxies import held_by
from tests.deliberation.congresses import (
    CONGRESS,
    CREATION,
    ELU,
    FOR,
    ORGANISER,
    OTHER,
    PEOPLE,
    SCRIBE,
    SECOND,
    THIRD,
    VISITOR,
    Congress,
    moment,
    opened,
    withheld,
)
from tests.deliberation.debates import Debate
from tests.deliberation.values import instances

ACTORS = st.sampled_from([ORGANISER, SECOND, ELU, OTHER, THIRD, SCRIBE, VISITOR, CONGRESS, "p7", "p99", ""])
NUMBERS = st.sampled_from([1, 2, 3, 1, 2, 1, 2, 4, 0, -1])
IDS = st.sampled_from(["c1", "c2", "c3", "a000000001", "", "x"])
WORDS = st.lists(
    st.sampled_from(["la", "fibre", "l’élu", "pour", "tous", "20\u00a0000", ".", "[^1]"]), min_size=1, max_size=6
)
ODD = st.sampled_from(["", " ", "\u200b", "a\x00\x1e\x1fb", "é\ud800", "{x}", "x" * 20_001])
TEXT = st.one_of(*[WORDS.map(" ".join)] * 4, ODD)
SUBJECTS = st.builds(
    "{}{}".format,
    st.sampled_from(["motion-", "amendement-", "amendement-", "scrutin-", "temoignage-", "extrait-", "personne-p", ""]),
    st.sampled_from(["1", "2", "1", "2", "3", "01", "0", "", "9" * 30]),
)
MOMENTS = st.sampled_from([None, moment(0), moment(0), moment(30), moment(9000), "demain"])
DRAFTS = st.none() | st.builds(Draft, st.sampled_from(ClauseKind), WORDS.map(" ".join))
CLAUSES = st.lists(st.builds(ClauseChange, st.sampled_from(["c1", "c2", "a000000001"]), st.none(), DRAFTS), max_size=3)
NODES = st.none() | st.builds(Node, IDS, st.sampled_from("ab"), st.just("Fibre"), st.just((1, 2)))
DRAWN = st.lists(st.builds(NodeChange, IDS, st.none(), NODES), max_size=2)
ORDERS = st.permutations(["c1", "c2", "c3", "a000000001"]).map(tuple)
NAMED: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(
        ["testimony", "map", "motion", "amendment", "poll", "redaction", "because_of", "lost_size", "sitting"], NUMBERS
    ),
    **dict.fromkeys(["start", "end"], st.sampled_from([0, 0, 0, 1, 8, 40, -1])),
    **dict.fromkeys(["subject", "target"], SUBJECTS),
    **dict.fromkeys(["opens", "closes"], MOMENTS),
    **dict.fromkeys(["title", "text", "reason", "rationale", "ground", "statement", "late_reason"], TEXT),
    "instruction": st.just("") | TEXT,
    "spans": st.lists(st.builds(Span, st.integers(-1, 30), TEXT, TEXT), max_size=2).map(tuple),
    "after": IDS,
    "parent": st.none() | st.none() | NUMBERS,
    "cosignatures": st.sampled_from([0, 0, 0, 1, -1, 2**40]),
    "quote": st.sampled_from(["La fibre", "fibre", "tous", "pour tous", "rien", ""]),
    "person_name": TEXT,
    "clause": IDS,
    "new_kind": st.sampled_from(["", *ClauseKind]),
    "person": st.sampled_from(["p1", "p3", "p7", "p9", ""]),
    "video": st.sampled_from(["", "https://video.example/1", "javascript:0"]),
    "medium": st.sampled_from(["text", "video", ""]),
    "opinion": st.sampled_from(["sagesse", "reserve", ""]),
    "update": st.just("AAA="),
    "clients": st.lists(st.integers(1, 3), max_size=2).map(tuple),
    "order": st.none() | ORDERS,
    "rule": st.none(),
    **dict.fromkeys(["college", "second_call_of"], st.sampled_from([0, 0, 0, 1, 2])),
    "proxy": NUMBERS,
    "voter": st.sampled_from(["", "", "p3", "p4", "p9"]),
    "bearer": st.sampled_from(["p3", "p4", "p5", "p1", "p9"]),
    **dict.fromkeys(["sheet", "election"], NUMBERS),
    "paper": st.sampled_from([0, 1, 2, 3, -1]),
    "papers": st.lists(st.sampled_from([0, 1, 2]), max_size=3).map(sorted).map(tuple),
    "part": st.sampled_from([0, 0, 1, 2]),
    "parts": st.sampled_from([((0,), (1,)), ((0,), (1, 2)), ((0, 1), (2,)), ()]),
    "asked_by": st.sampled_from(["p3", "p1", ""]),
    "subjects": st.lists(SUBJECTS, max_size=2).map(tuple),
    "candidates": st.sampled_from([("p3", "p4"), ("p3",), ("p4", "p5"), ("p1",), ()]),
    "withdrawn": st.sampled_from([(), ("p3",)]),
    "url": st.sampled_from(["https://vote.example/1", "javascript:0"]),
    "hands": st.builds(
        Hands, *[st.sampled_from([0, 1, 2])] * 3, st.sampled_from([2, 3]), st.sampled_from(["", "pour"])
    ),
    "terms": st.just(Terms()) | st.just(Terms(Way.HANDS)) | st.just(Terms(Way.SECRET, ground="reglement")),
    "members": st.lists(st.sampled_from(["p3", "p4", "p5", "p3", "p4", "p1"]), max_size=3).map(tuple),
    "chair": st.sampled_from(["p3", "p4", "p1", "p99", ""]),
    **dict.fromkeys(["after", "before"], st.none() | NUMBERS),
    "amendments": st.lists(NUMBERS, min_size=1, max_size=3).map(tuple),
    "entry": st.integers(20, 60),
}
"""What a command's field is likely to hold, so that many commands are accepted."""


def commands(tp: type[c.Command]) -> st.SearchStrategy[c.Command]:
    fields = dict(NAMED)
    if tp is c.ImportMotion:
        fields["order"] = ORDERS
    if tp in FROM_EDITORS:
        fields["title"] = WORDS.map(" ".join)
    if tp in (c.CreateCongress, c.ChangeCongress, c.OpenElection):
        fields.pop("rule")
    fields["changes"] = (DRAWN if tp is c.DrawMap else CLAUSES).map(tuple)
    return instances(tp, **fields)


def requests(tp: type[c.Command]) -> st.SearchStrategy[tuple[str, c.Command]]:
    """A strategy for requests with a command of that type, mostly by somebody whose role allows it."""
    roles = dict(enumerate((role for _, role in PEOPLE), 1))
    entitled = [f"p{n}" for n, role in roles.items() if role in MAY[tp]]
    actors = st.sampled_from(entitled) | st.sampled_from(entitled) | ACTORS if entitled else ACTORS
    return st.tuples(actors, commands(tp))


BALLOTS = st.tuples(
    st.sampled_from([ELU, OTHER, THIRD]),
    st.builds(c.CastBallot, NUMBERS, st.sampled_from(Choice), NAMED["voter"]),
)
OFTEN = [
    c.OpenPoll,
    c.ClosePoll,
    c.TableAmendment,
    c.ProposeRedaction,
    c.DecideRedaction,
    c.QuoteExcerpt,
    c.SettleAmendment,
]
REQUESTS = st.one_of(*map(requests, [*RULES, *OFTEN, *OFTEN]), BALLOTS, BALLOTS)


def busy() -> Congress:
    """A congress in the middle of a debate, with objects in many statuses."""
    congress = opened()
    congress.say("La fibre pour tous")
    congress.do(SCRIBE, c.QuoteExcerpt(1, "La fibre"))
    congress.do(SCRIBE, c.CreateMap("Réseaux"))
    congress.frozen("la fibre pour tous .", "l’élu pour tous .", "20\u00a0000 .")
    congress.table("la fibre optique pour tous .")
    congress.table("l’élu pour la fibre .", "c2")
    return congress


BUSY = busy()


def resumed() -> Congress:
    congress = Congress()
    congress.record, congress.states, congress.seconds = list(BUSY.record), list(BUSY.states), BUSY.seconds
    return congress


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(REQUESTS, min_size=20, max_size=50))
def test_whatever_is_asked_is_answered(asked: Sequence[tuple[str, c.Command]]) -> None:
    """S7, S8, P3, P4: no command raises; no organiser writes or votes; a visitor testifies; and it all replays."""
    congress = resumed()
    for actor, command in asked:
        before = congress.state
        decided = congress.ask(actor, command)
        assert congress.state is before
        if isinstance(decided, Refused):
            assert decided.code
            assert str(decided)
        else:
            check_entitled(congress.state, actor, command, decided)
            congress.keep(actor, decided)
            check_sound(congress.state)
    congress.verify()


ELSEWHERE = {
    event.kind
    for event in (
        e.ResultImported,
        e.BeleniosChecked,
        e.SlipEntered,
        e.SlipConfirmed,
        e.SlipRefused,
        e.AmendmentTranscribed,
        e.TranscriptionConfirmed,
        e.TranscriptionRefused,
    )
}
"""What no debate by chance does: a result stated by older records, the acts of the server, and those of the desk."""


def rare() -> Congress:
    """A congress with acts that are rare in random debates: a text taken up, drafted in camera, renumbered; a sitting
    in camera in which a speaker is moved.
    """
    congress = opened()
    congress.do(ORGANISER, c.IdentifyCongress(CongressIdentity(contact="contact@exemple.fr")))
    fibre = ClauseChange("c1", None, Draft(ClauseKind.DEMANDE, "la fibre ."))
    congress.do(ORGANISER, c.ImportMotion("Fibre", "AAA=", (3,), (fibre,), ("c1",), source="Bureau"))
    congress.do(ELU, c.TakeUpMotion(1))
    congress.do(ORGANISER, c.SecludeDrafting("2026-12-01T00:00:00.000Z", "Au calme"))
    congress.write(1, c2="l’élu .")
    congress.do(ORGANISER, c.PublishDrafting("Fini"))
    congress.do(ORGANISER, c.FreezeMotion(1))
    congress.table(aim=Aim.DELETE)
    congress.vote("amendement-1", Choice.FOR)
    congress.vote("motion-1", Choice.FOR)
    congress.do(ORGANISER, c.RenumberMotion(1))
    congress.do(ORGANISER, c.OpenSitting())
    congress.do(ORGANISER, c.MeetInCamera(1, "2026-12-01T00:00:00.000Z", "Au calme"))
    congress.do(ELU, c.AskFloor(Purpose.FOR))
    congress.do(ORGANISER, c.MoveTurn(1, "À sa demande"))
    congress.do(ORGANISER, c.PublishSitting("Fini"))
    congress.verify()
    return congress


def test_whole_debates_are_answered_and_replay() -> None:
    """S7, S8, P3, P4: 250 acts that might well be asked; between them, everything that can happen happens."""
    happened = {recorded.kind for recorded in rare().record}
    for seed in range(90):
        congress, debate = resumed(), Debate(seed)
        for _ in range(250):
            actor, command = debate.next(congress.state)
            decided = congress.ask(actor, command)
            if not isinstance(decided, Refused):
                check_entitled(congress.state, actor, command, decided)
                congress.keep(actor, decided)
                check_sound(congress.state)
        congress.verify()
        happened |= {recorded.kind for recorded in congress.record}
    assert happened == set(e.KINDS) - ELSEWHERE


def check_entitled(state: State, actor: str, command: c.Command, decided: tuple[e.Event, ...]) -> None:
    """P3, P4, V13, A57: checks that the decided events are such as this actor may cause."""
    assert decided
    person = dict(enumerate((role for _, role in PEOPLE), 1)).get(int(actor[1:] or 0) if actor[:1] == "p" else 0)
    on_paper = [event for event in decided if isinstance(event, e.AmendmentTabled) and event.author]
    assert all(state.transcriptions[command.transcription].author == event.author for event in on_paper)  # type: ignore[attr-defined]
    kinds = {type(event) for event in decided if event not in on_paper}
    if actor == VISITOR:
        assert kinds <= {e.TestimonySubmitted, e.TestimonyRevised, e.TestimonyRestated}
    if person in (Role.ORGANISER, Role.SCRIBE):
        assert not kinds & {e.AmendmentTabled, e.AmendmentWithdrawn, e.BallotCast, e.BallotSigned}
        assert not kinds & {e.AmendmentWorded, e.AmendmentRectified, e.AmendmentSigned}
        assert e.TextWritten not in kinds or type(command) is c.ImportMotion
    named = {actor, *(proxy.giver for proxy in held_by(state, actor))}
    assert all(event.voter in named for event in decided if isinstance(event, (e.BallotCast, e.BallotSigned)))


def check_sound(state: State) -> None:
    """T6, V4, A4, M4: checks what must hold in every state."""
    behind_doors = {index for index, why in state.withheld.items() if why == "huis_clos"}
    assert not behind_doors or state.seclusion
    assert dict(state.withheld) == withheld(state) | dict.fromkeys(behind_doors, "huis_clos")
    for motion in state.motions.values():
        for text in motion.frozen:
            assert text.hash == merge.text_hash(text.title, text.clauses)
            assert len({x.id for x in text.clauses}) == len(text.clauses)
            assert not any(mark in x.markdown + text.title for x in text.clauses for mark in "\x1e\x1f")
        if motion.status in ("adopted", "rejected"):
            assert not [a for a in state.amendments.values() if a.motion == motion.number and a.outcome is None]
    for amendment in state.amendments.values():
        assert (amendment.outcome is None) == (amendment.status in OPEN_STATUSES)
        adopted = amendment.outcome is Outcome.ADOPTED
        texts = state.motions[amendment.motion].frozen
        is_in_text = any(amendment.number in text.adopted for text in texts)
        parent = state.amendments.get(amendment.parent or 0)
        assert adopted == (amendment.number in parent.amended_by if parent else is_in_text)
        assert not is_in_text or parent is None or parent.outcome is Outcome.ADOPTED
        assert parent is None or parent.outcome is None or amendment.outcome is not None
    subjects = [(poll.subject, poll.part) for poll in state.polls.values() if poll.is_open]
    assert len(set(subjects)) == len(subjects)
    assert all(set(poll.ballots) <= set(poll.electorate) for poll in state.polls.values())


def test_every_event_has_a_fold() -> None:
    """S8"""
    assert set(FOLDS) == set(e.KINDS.values())
    assert set(e.KINDS) > ERASABLE


@pytest.mark.parametrize("kind", sorted(set(e.KINDS) - ERASABLE))
def test_an_act_without_its_payload_cannot_be_replayed(kind: str) -> None:
    """S8"""
    with pytest.raises(UnreadableRecord, match="no payload"):
        evolve(State(), e.Recorded(0, moment(0), "p1", kind, "x", None))


def test_an_entry_of_an_unknown_kind_cannot_be_replayed() -> None:
    """S8"""
    with pytest.raises(UnreadableRecord, match="unknown kind"):
        evolve(State(), e.Recorded(0, moment(0), "p1", "congress.destroyed", "x", None))


def test_a_replay_may_go_on_from_any_state() -> None:
    """S8"""
    for size in range(0, len(BUSY.record), 5):
        assert replay(BUSY.record[size:], BUSY.states[size]) == BUSY.state
    assert [state.size for state in BUSY.states] == list(range(len(BUSY.states)))


def test_without_its_withheld_payloads_a_record_replays_to_the_same_but_their_content() -> None:
    """S8, T6, V4: what the public archive holds while a poll is open and a testimony hidden."""
    congress = resumed()
    poll = congress.poll("amendement-1")
    congress.do(ELU, c.CastBallot(poll, FOR))
    congress.do(ORGANISER, c.HideTestimony(1, "À vérifier"))
    congress.do(VISITOR, c.SubmitTestimony(text="En attente"))
    congress.verify()
    public = replay([replace(r, event=None) if r.index in congress.state.withheld else r for r in congress.record])
    assert (public.testimonies[1].text, public.testimonies[2].text, public.excerpts[1].quote) == ("", "", "")
    assert (public.testimonies[1].status, public.polls[poll].ballots) == ("hidden", {})
    assert public.withheld == congress.state.withheld


def test_a_state_that_was_read_does_not_change() -> None:
    """S8: a page may hold it while the congress goes on."""
    congress = resumed()
    held = congress.state
    copied = replay(congress.record)
    congress.erase("temoignage-1")
    congress.vote("amendement-1", FOR)
    congress.do(ORGANISER, c.SetPhase(Phase.VOTE))
    assert held == copied


def test_a_congress_of_many_people_and_words_stays_quick() -> None:
    """S8: 2,000 ballots fold in a few seconds at most, copies included."""
    congress = Congress()
    congress.do(CONGRESS, CREATION)
    congress.do(CONGRESS, c.InvitePerson("Odile", Role.ORGANISER))
    for number in range(300):
        congress.do(CONGRESS, c.InvitePerson(f"Élu {number}", Role.ELU))
    congress.open()
    congress.do("p2", c.CreateMotion("Le numérique"))
    congress.write(1, "p2", c1="Demande la fibre.")
    congress.do(ORGANISER, c.FreezeMotion(1))
    congress.do("p2", c.TableAmendment(1, Aim.REWRITE, "c1", "Demande mieux."))
    poll = congress.poll("amendement-1")
    for number in range(300):
        congress.do(f"p{number + 2}", c.CastBallot(poll, FOR))
    state = congress.do(ORGANISER, c.ClosePoll(poll))
    assert state.amendments[1].outcome is Outcome.ADOPTED
    assert state.withheld == {}
