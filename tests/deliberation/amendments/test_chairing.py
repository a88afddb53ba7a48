"""Conducting a sitting, and reverting every act of the chair (S11–S17)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deliberation.amendments import chairing, lifecycle, order
from deliberation.amendments import discussion as discussions
from deliberation.amendments.proposals import proposals
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import State
from deliberation.kernel.vocabulary import Aim, Outcome
from tests.deliberation.congresses import AGAINST, ELU, FOR, ORGANISER, OTHER, Congress, opened
from tests.deliberation.debates import Debate


def debated() -> Congress:
    """A congress with six amendments to two clauses; the first is adopted, and deletes the words that the second would
    change.
    """
    congress = opened()
    congress.frozen("Demande la fibre avant 2028.", "Demande du débit.")
    congress.table("Demande la fibre avant 2027.")
    congress.table("Demande la fibre avant 2030.")
    congress.table("Demande la fibre et le câble avant 2028.")
    congress.table("Demande la fibre et le câble avant 2028.")
    congress.table("", "c2", Aim.DELETE)
    congress.table("Demande du débit partout.", "c2")
    congress.vote("amendement-1", FOR)
    return congress


@pytest.fixture
def hall() -> Congress:
    """The same congress in a sitting over which the élu presides."""
    congress = debated()
    congress.do(ORGANISER, c.OpenSitting(ELU))
    return congress


def observed(state: State) -> object:
    """Everything that people see of a debate, except the history of acts."""
    agendas = [order.agenda(state, n) for n in state.motions]
    stages = [lifecycle.stage(state, a) for a in state.amendments.values()]
    return replace(state, size=0, acts={}), agendas, stages, [proposals(state, n) for n in state.motions]


def acts_on(state: State, number: int, other: int) -> list[c.Command]:
    """A command for each act of the chair that can be reverted."""
    settled = [c.SettleAmendment(number, outcome, "Voilà", 1) for outcome in sorted(lifecycle.WITHOUT_VOTE)]
    return [
        *settled,
        c.AdmitAmendment(number),
        c.ReserveAmendment(number, "Plus tard", other),
        c.ReserveAmendment(number, "Plus tard"),
        c.KeepAmendment(number, 1, "À rectifier"),
        c.ChangeOrder(number, "Son auteur part", other),
        c.ChangeOrder(number, "Son auteur part"),
        c.JoinDiscussion((number, other), "Même objet"),
        c.ArrangeOrder((other, number), "Par sujet"),
        c.DeclareIdentical((number, other)),
    ]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 40))
def test_what_is_reverted_was_never_seen(seed: int, acts: int) -> None:
    """S14: whatever the debate, an act and its reversal leave what people see as it was; both are in the record."""
    congress, debate = debated(), Debate(seed)
    for _ in range(acts):
        actor, command = debate.next(congress.state)
        decided = congress.ask(actor, command)
        if not isinstance(decided, Refused):
            congress.keep(actor, decided)
    for command in acts_on(congress.state, *debate.rng.sample(sorted(congress.state.amendments), 2)):
        before, decided = congress.state, congress.ask(ORGANISER, command)
        if isinstance(decided, Refused):
            continue
        entry = congress.keep(ORGANISER, decided).size - len(decided)
        undoing = congress.ask(ORGANISER, c.RevertAct(entry, "Erreur"))
        if isinstance(undoing, Refused):  # a motion that is put to the vote, or drafted again, meanwhile
            assert undoing.code in {"motion.not_frozen", "motion.vote_open", "act.superseded", "amendment.vote_open"}
            continue
        after = congress.keep(ORGANISER, undoing)
        assert observed(after) == observed(before)
        assert after.acts[entry].reverted == after.size - 1
        assert congress.refused(ORGANISER, c.RevertAct(entry, "Encore")) == "act.reverted"
    congress.verify()


def test_every_act_outside_the_table_is_refused(hall: Congress) -> None:
    """S11: at every stage, exactly what the table allows."""
    hall.do(ELU, c.ReserveAmendment(3, "Plus tard"))
    hall.do(ELU, c.CallSubject("amendement-5"))
    hall.do(ELU, c.AdmitAmendment(4))
    hall.do(ELU, c.SettleAmendment(6, Outcome.MOOT, "Voilà"))
    stages = {n: lifecycle.stage(hall.state, a) for n, a in hall.state.amendments.items()}
    assert stages == {1: "adopte", 2: "tabled", 3: "reserved", 4: "admitted", 5: "called", 6: "sans_objet"}
    for number, stage in stages.items():
        acts: list[c.Command] = [
            c.AdmitAmendment(number),
            c.ReserveAmendment(number, "Plus tard"),
            c.OpenPoll(f"amendement-{number}"),
            c.SettleAmendment(number, Outcome.MOOT, "Voilà"),
            c.WithdrawAmendment(number),
        ]
        for act in acts:
            answer = hall.ask(ELU, act)
            collides = isinstance(answer, Refused) and answer.code == "amendment.collides"
            assert (not isinstance(answer, Refused) or collides) is (type(act) in lifecycle.LIFE[stage]), (stage, act)
        assert set(lifecycle.allowed(hall.state, ELU, hall.state.amendments[number])) == set(lifecycle.LIFE[stage])
        assert set(lifecycle.allowed(hall.state, OTHER, hall.state.amendments[number])) == set()


def test_while_it_is_voted_nothing_moves_it_nor_its_twin(hall: Congress) -> None:
    """S11, S17, A4"""
    hall.do(ELU, c.OpenPoll("amendement-3"))
    for number in (3, 4):
        assert lifecycle.stage(hall.state, hall.state.amendments[number]) == "voting"
        assert hall.refused(ELU, c.WithdrawAmendment(number)) == "amendment.vote_open"
        assert hall.refused(ELU, c.OpenPoll(f"amendement-{number}")) in {"poll.already_open", "amendment.vote_open"}


@pytest.mark.parametrize(("choice", "status"), [(FOR, "adopte"), (AGAINST, "rejete")])
def test_identical_amendments_are_voted_once(hall: Congress, choice: object, status: str) -> None:
    """S17: one poll settles all of them, and the words come in once."""
    poll = hall.poll("amendement-4")
    assert hall.state.polls[poll].identical == (3,)
    hall.do(OTHER, c.CastBallot(poll, choice))  # type: ignore[arg-type]
    state = hall.do(ELU, c.ClosePoll(poll))
    assert [state.amendments[n].status for n in (3, 4)] == [status, status]
    assert [state.amendments[n].poll for n in (3, 4)] == [poll, poll]
    text = state.motions[1].text
    assert text is not None
    assert text.clauses[0].markdown.count("le câble") == (status == "adopte")


def test_the_same_words_are_put_to_one_vote_at_a_time(congress: Congress) -> None:
    """S17: what is tabled meanwhile waits, and neither vote settles what the other one has settled."""
    congress.frozen("Demande la fibre avant 2028.")
    for _ in range(2):
        congress.table("Demande la fibre avant 2027.")
    first = congress.poll("amendement-1")
    congress.table("Demande la fibre avant 2027.")
    assert congress.refused(ORGANISER, c.OpenPoll("amendement-3")) == "poll.identical_open"
    congress.do(OTHER, c.CastBallot(first, FOR))
    congress.do(ORGANISER, c.ClosePoll(first))
    second = congress.poll("amendement-3")
    assert congress.state.polls[second].identical == ()
    state = congress.do(ORGANISER, c.ClosePoll(second))
    assert [state.amendments[n].status for n in (1, 2, 3)] == ["adopte", "adopte", "rejete"]


def test_identical_insertions_come_in_once(congress: Congress) -> None:
    """S17, A11"""
    congress.frozen()
    for text in ("Demande du câble.", "Demande du  câble.", "Demande du câble."):
        congress.table(text, "c1", Aim.INSERT, "demande")
    assert congress.vote("amendement-1", FOR).polls[1].identical == (2, 3)
    text_ = congress.state.motions[1].text
    assert text_ is not None
    assert text_.adopted == (1, 2, 3)
    assert sum("câble" in clause.markdown for clause in text_.clauses) <= 2


def test_what_is_reserved_comes_back_at_its_moment(hall: Congress) -> None:
    """S12"""

    def called() -> list[int]:
        return [a.number for a in order.call_order(hall.state, 1)]

    assert called() == [3, 4, 2, 5, 6]
    hall.do(ELU, c.ReserveAmendment(2, "Le rapporteur est absent"))
    hall.do(ELU, c.ReserveAmendment(3, "Le chiffrage manque", after=5))
    assert called() == [4, 5, 3, 6, 2]
    assert hall.refused(ELU, c.ReserveAmendment(5, "Non", after=3)) == "reserve.circle"
    assert hall.refused(ELU, c.ReserveAmendment(4, " ")) == "reason.missing"
    assert hall.refused(ELU, c.ReserveAmendment(4, "Non", after=4)) == "amendment.not_found"
    assert hall.refused(ELU, c.ReserveAmendment(4, "Non", after=1)) == "amendment.settled"
    hall.do(ELU, c.SettleAmendment(5, Outcome.INADMISSIBLE, "Hors sujet"))
    assert called() == [3, 4, 6, 2]
    assert "son moment est venu" in str(order.agenda(hall.state, 1)[0].why[0])
    hall.do(ELU, c.CallSubject("amendement-3"))
    assert hall.state.amendments[3].status == "tabled"
    assert lifecycle.stage(hall.state, hall.state.amendments[3]) == "called"


def test_the_chair_changes_the_order_with_a_reason(hall: Congress) -> None:
    """S15"""
    assert hall.refused(ELU, c.ChangeOrder(6, "", 2)) == "reason.missing"
    assert hall.refused(ELU, c.ChangeOrder(6, "Non", 1)) == "amendment.settled"
    assert hall.refused(ELU, c.ChangeOrder(1, "Non", 2)) == "amendment.settled"
    hall.do(ELU, c.ChangeOrder(6, "Son auteur part à midi", 2))
    hall.do(ELU, c.ChangeOrder(3, "Après les autres"))
    agenda = order.agenda(hall.state, 1)
    assert [place.amendment.number for place in agenda] == [4, 6, 2, 5, 3]
    assert "Son auteur part à midi" in str(agenda[1].why[0])


def test_competing_amendments_are_proposed_and_joined(hall: Congress) -> None:
    """S16: those that change the same words; a deletion of the whole clause joins nobody."""
    assert discussions.proposals(hall.state, 1) == ()
    rivals = hall.table("Demande du réseau.", "c2"), hall.table("Demande du câble.", "c2")
    assert discussions.proposals(hall.state, 1) == (rivals,)
    assert hall.refused(ELU, c.JoinDiscussion((5,))) == "discussion.too_few"
    assert hall.refused(ELU, c.JoinDiscussion((1, 5))) == "amendment.settled"
    assert hall.refused(ELU, c.JoinDiscussion((5, 99))) == "amendment.not_found"
    hall.do(ELU, c.JoinDiscussion((6, 2)))
    joined = entry(hall, e.DiscussionJoined)
    assert hall.refused(ELU, c.JoinDiscussion((5, 6))) == "discussion.joined"
    assert [p.amendment.number for p in order.agenda(hall.state, 1)] == [3, 4, 2, 6, 5, *rivals]
    hall.do(ELU, c.JoinDiscussion(rivals))
    assert discussions.proposals(hall.state, 1) == ()
    hall.do(ELU, c.CallSubject("discussion-1"))
    assert hall.do(ELU, c.CallSubject("amendement-6")).floor == "amendement-6"
    state = hall.do(ELU, c.CallSubject("discussion-1"))
    assert [n for n, a in state.amendments.items() if lifecycle.stage(state, a) == "called"] == [2, 6]
    state = hall.do(ELU, c.RevertAct(joined, "Pas le même objet"))
    assert state.floor == ""
    assert hall.refused(ELU, c.CallSubject("discussion-1")) == "session.no_subject"


def test_rewritings_of_a_whole_clause_compete_with_each_other_only(congress: Congress) -> None:
    """S16: nor does its deletion compete with any; identical ones are voted once (S17)."""
    congress.frozen("Demande la fibre avant la fin de 2028.")
    deletions = [congress.table("", "c1", Aim.DELETE) for _ in range(2)]
    whole = congress.table("Veut du débit pour toutes les écoles !"), congress.table("Rappelle les promesses de 2019.")
    changes = (
        congress.table("Demande le câble avant la fin de 2028."),
        congress.table("Demande le satellite avant 2028."),
    )
    assert discussions.competing(congress.state, 1) == (whole, changes)
    assert discussions.identical(congress.state.amendments.values())[deletions[0]] == tuple(deletions)


def test_nothing_falls_by_itself(hall: Congress) -> None:
    """S13"""
    (proposal,) = proposals(hall.state, 1)
    assert (proposal.amendment, proposal.outcome, proposal.because_of) == (2, Outcome.FALLEN, 1)
    assert "2028" in proposal.words
    assert hall.state.amendments[2].outcome is None
    assert hall.refused(ELU, c.KeepAmendment(2, 3, "Non")) == "amendment.needs_cause"
    assert hall.refused(ELU, c.KeepAmendment(2, 1, "")) == "reason.missing"
    hall.do(ELU, c.KeepAmendment(2, 1, "Son auteur le rectifie"))
    assert proposals(hall.state, 1) == ()
    assert hall.refused(ELU, c.KeepAmendment(2, 1, "Encore")) == "amendment.kept"


def test_outcomes_are_proposed_for_what_is_done_already(congress: Congress) -> None:
    """S13: satisfied by the same change, without an object where the passage is gone."""
    congress.frozen("Demande la fibre avant 2028.", "Demande du débit.")
    congress.table("Demande la fibre et le câble avant 2027.")
    congress.table("Demande la fibre avant 2027.")
    congress.table("Demande du débit partout.", "c2")
    congress.table("", "c2", Aim.DELETE)
    congress.vote("amendement-1", FOR)
    congress.vote("amendement-4", FOR)
    found = {p.amendment: (p.outcome, p.because_of) for p in proposals(congress.state, 1)}
    assert found == {2: (Outcome.SATISFIED, 1), 3: (Outcome.MOOT, 4)}


def test_what_followed_from_an_act_is_taken_back_with_it(hall: Congress) -> None:
    """S14"""
    hall.do(ELU, c.SettleAmendment(5, Outcome.INADMISSIBLE, "Hors sujet"))
    first = hall.state.size - 1
    hall.do(ELU, c.SettleAmendment(6, Outcome.MOOT, "Il dépendait du n° 5", 5))
    hall.do(ELU, c.SettleAmendment(2, Outcome.MOOT, "Il dépendait du n° 6", 6))
    assert hall.refused(OTHER, c.RevertAct(first, "Non")) == "role.not_allowed"
    assert hall.refused(ELU, c.RevertAct(first, " ")) == "reason.missing"
    state = hall.do(ELU, c.RevertAct(first, "Le règlement le permet"))
    assert [state.amendments[n].status for n in (5, 6, 2)] == ["tabled", "tabled", "tabled"]
    assert state.acts[state.size - 1].amendments == (2, 5, 6)


def test_votes_and_withdrawals_are_never_reverted(hall: Congress) -> None:
    """S14"""
    hall.do(ELU, c.AdmitAmendment(6))
    admitted = hall.state.size - 1
    hall.vote("amendement-6", AGAINST)
    assert hall.refused(ELU, c.RevertAct(admitted, "Non")) == "act.superseded"
    hall.do(ELU, c.WithdrawAmendment(5))
    for recorded in hall.record:
        if recorded.kind in (e.AmendmentWithdrawn.kind, e.PollClosed.kind) or (
            isinstance(recorded.event, e.AmendmentSettled) and recorded.event.poll
        ):
            assert hall.refused(ELU, c.RevertAct(recorded.index, "Non")) == "act.not_found"


def test_a_closed_sitting_makes_its_acts_final(hall: Congress) -> None:
    """S14, S9"""
    hall.do(ELU, c.SettleAmendment(5, Outcome.INADMISSIBLE, "Hors sujet"))
    act = hall.state.acts[hall.state.size - 1]
    hall.do(ORGANISER, c.CloseSitting(1))
    hall.do(ORGANISER, c.OpenSitting(ELU))
    assert hall.refused(ELU, c.RevertAct(act.entry, "Erreur")) == "act.final"
    assert chairing.refuse_reverting(hall.state, act) is not None


def entry(congress: Congress, kind: type[e.Event]) -> int:
    """The index of the entry of the last event of that kind."""
    return next(r.index for r in reversed(congress.record) if r.kind == kind.kind)
