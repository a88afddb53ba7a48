"""Polls, ballots and what follows from them (V1–V15)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from deliberation import amendments, discussion, electorate, ids, lifecycle, motions, proxies, tallies
from deliberation import commands as c
from deliberation import events as e
from deliberation.congress import SHORT, refuse_phase, refuse_rule, too_long
from deliberation.errors import Refused
from deliberation.merge import Collision
from deliberation.plain import one_line
from deliberation.rules import Decision, Folds, Rules
from deliberation.state import Amendment, Motion, Poll, State
from deliberation.vocabulary import Outcome, Phase, PollRule, Tally


def count(poll: Poll) -> Tally:
    """The tally of the ballots that the poll holds now, by its rule."""
    return tallies.result(poll.rule, tallies.by_roll(poll))


def open_poll(state: State, request: c.Request, command: c.OpenPoll, now: str) -> Decision:
    refused = refuse_phase(state, now, Phase.VOTE) or too_long(command.question, "question", SHORT)
    if refused:
        return refused
    called = _called(state, command, now)
    if isinstance(called, Refused):
        return called
    rule, college = called
    for poll in state.polls.values():
        if poll.is_open and poll.subject == command.subject:
            return Refused("poll.already_open", "Le scrutin {number} est déjà ouvert.", "", {"number": poll.number})
    question = _question(state, command.subject)
    if isinstance(question, Refused):
        return question
    return _opened(state, command, one_line(command.question) or question, rule, college)


def _opened(state: State, command: c.OpenPoll, question: str, rule: PollRule, college: int) -> Decision:
    """The opening with its list and its weights, fixed now."""
    entitled = electorate.entitled(state, college)
    if not entitled:
        return Refused("poll.no_electorate", "Aucun élu n’est inscrit : personne ne pourrait voter.")
    weights = electorate.weights(state, rule, entitled)
    if isinstance(weights, Refused):
        return weights
    number = len(state.polls) + 1
    same, again = discussion.identical_to(state, command.subject), command.second_call_of
    return (e.PollOpened(number, command.subject, question, rule, entitled, weights, college, again, same),)


def _called(state: State, command: c.OpenPoll, now: str) -> tuple[PollRule, int] | Refused:
    """The rule and the college of a poll: those of the command or of the congress, or those of the first call."""
    if command.second_call_of:
        first = state.polls.get(command.second_call_of)
        refused = not_found() if first is None else _refuse_second_call(state, first, command.subject, now)
        if refused:
            return refused
        assert first is not None
        return without_quorum(first.rule), first.college
    assert state.settings is not None
    rule = command.rule or state.settings.rule
    if command.college and command.college not in state.colleges:
        return electorate.unknown_college()
    return refuse_rule(rule) or (with_chair(state, rule), command.college)


def without_quorum(rule: PollRule) -> PollRule:
    """The rule of a second call."""
    return replace(rule, quorum_n=0, quorum_d=1)


def may_be_called_again(state: State, poll: Poll) -> bool:
    """Whether it failed its quorum under a rule with a second call, and nothing was asked on its subject since."""
    last = max(x.number for x in state.polls.values() if x.subject == poll.subject)
    return poll.tally is not None and not poll.tally.quorum_met and poll.rule.second_call and last == poll.number


def _refuse_second_call(state: State, first: Poll, subject: str, now: str) -> Refused | None:
    if first.subject != subject or not may_be_called_again(state, first):
        return Refused(
            "poll.no_second_call",
            "Une seconde convocation suit un scrutin clos sans quorum, sur le même objet et si sa règle la prévoit.",
            "second_call_of",
        )
    opens = second_call_opens(first)
    if now < opens:
        return Refused(
            "poll.second_call_early", "La seconde convocation est possible à partir du {at}.", "", {"at": opens}
        )
    return None


def is_second_call(state: State, event: e.PollOpened, at: ids.Instant) -> bool:
    """Whether an opening that says to be the second call of another poll is one."""
    first = state.polls.get(event.second_call_of)
    if first is None or _refuse_second_call(state, first, event.subject, at):
        return False
    return event.rule == without_quorum(first.rule) and event.college == first.college


def second_call_opens(first: Poll) -> ids.Instant:
    """When the second call may be opened at the earliest."""
    moment = datetime.fromisoformat(first.closed[:-1]) + timedelta(hours=first.rule.second_call_hours)
    return moment.isoformat(timespec="milliseconds") + "Z"


def with_chair(state: State, rule: PollRule) -> PollRule:
    """Where a tie falls to a chair that the rule does not name, it is whoever presides now (S10)."""
    return replace(rule, chair=state.chair) if rule.tie == "chair" and not rule.chair else rule


def _question(state: State, subject: str) -> str | Refused:
    """The question put on that subject, or why it cannot be put now."""
    try:
        kind, number = ids.split(subject)
    except ValueError:
        kind, number = "", 0
    if kind == ids.AMENDMENT and number in state.amendments:
        return _question_on_amendment(state, state.amendments[number])
    if kind == ids.MOTION and number in state.motions:
        return _question_on_motion(state, state.motions[number])
    return Refused("poll.no_subject", "On vote sur un amendement ou sur une motion.", "subject")


def _question_on_amendment(state: State, amendment: Amendment) -> str | Refused:
    found = lifecycle.found(state, amendment.number, c.OpenPoll)
    if isinstance(found, Refused):
        return found
    if state.motions[amendment.motion].status != "frozen":
        return Refused("motion.not_frozen", "Ce texte n’est pas gelé.")
    collisions = amendments.collisions_with(state, amendment, amendments.standing(state, amendment.motion))
    if collisions:
        return _refuse_collision(state, amendment, collisions[0])
    return f"Adoptez-vous l’amendement n° {amendment.number} ?"


def _refuse_collision(state: State, amendment: Amendment, found: Collision) -> Refused:
    other = found.second if found.first == amendment.number else found.first
    params: dict[str, str | int] = {"other": other, "words": found.words.strip().rstrip(".")[:200]}
    if state.amendments[other].outcome is None:
        return Refused(
            "amendment.collides",
            "L’amendement n° {other}, en cours de vote, change les mêmes mots : « {words} ». Attendez son résultat.",
            params=params,
        )
    return Refused(
        "amendment.collides",
        "L’amendement n° {other}, adopté, change déjà les mêmes mots : « {words} ». "
        "Celui-ci ne peut plus être voté : fixez son sort (tombé, satisfait ou sans objet).",
        params=params,
    )


def _question_on_motion(state: State, motion: Motion) -> str | Refused:
    if motion.status != "frozen":
        return Refused("motion.not_frozen", "Ce texte n’est pas gelé.")
    pending = [a.number for a in state.amendments.values() if a.motion == motion.number and a.outcome is None]
    if pending:
        return Refused(
            "motion.amendments_pending",
            "Des amendements attendent encore leur sort : {numbers}.",
            params={"numbers": ", ".join(map(str, pending))},
        )
    return "Adoptez-vous l’ensemble de la motion ?"


def cast(state: State, request: c.Request, command: c.CastBallot, now: str) -> Decision:
    poll = state.polls.get(command.poll)
    if poll is None:
        return not_found()
    if not poll.is_open:
        return Refused("poll.closed", "Ce scrutin est clos : votre vote n’a pas été compté.")
    voter = command.voter or request.actor
    if refused := refuse_voter(state, poll, request.actor, voter) or refuse_phase(state, now, Phase.VOTE):
        return refused
    return (e.BallotCast(poll.number, voter, command.choice),)


def refuse_voter(state: State, poll: Poll, actor: str, voter: str) -> Refused | None:
    """Why the actor may not vote for that voter, themselves or another, in this poll; or None."""
    if actor not in poll.electorate:
        return Refused("ballot.not_entitled", "Vous n’étiez pas inscrit à l’ouverture de ce scrutin.")
    if voter == actor:
        return None
    if voter not in poll.electorate:
        return Refused(
            "ballot.giver_not_entitled", "Cette personne n’était pas inscrite à l’ouverture de ce scrutin.", "voter"
        )
    return proxies.refuse_vote(state, poll, actor, voter)


def close(state: State, request: c.Request, command: c.ClosePoll, now: str) -> Decision:
    poll = state.polls.get(command.poll)
    if poll is None:
        return not_found()
    if not poll.is_open:
        return Refused("poll.already_closed", "Ce scrutin est déjà clos.")
    tally = count(poll)
    return (e.PollClosed(poll.number, tally), *_consequences(state, poll, tally))


def _consequences(state: State, poll: Poll, tally: Tally) -> tuple[e.Event, ...]:
    """What the result changes; nothing without a quorum, so that a second call can be made."""
    if not tally.quorum_met:
        return ()
    kind, number = ids.split(poll.subject)
    if kind == ids.MOTION:
        text = state.motions[number].text
        assert text is not None
        return (e.MotionDecided(number, tally.carried, poll.number, text.version),)
    outcome = Outcome.ADOPTED if tally.carried else Outcome.REJECTED
    why, numbers = result_sentence(poll.number, tally), amendments.voted(poll)
    settled = tuple(e.AmendmentSettled(n, outcome, why, poll=poll.number) for n in numbers)
    if not tally.carried:
        return settled
    motion = state.motions[state.amendments[number].motion]
    adopted = (*amendments.adopted(state, motion.number), *numbers)
    text_ = motions.consolidate(state, motion, adopted)
    assert isinstance(text_, e.TextFrozen), "a poll never opens on an amendment that collides"
    return *settled, text_


def result_sentence(poll: int, tally: Tally) -> str:
    """The public reason of an outcome by vote."""
    abstentions = f"{tally.abstain} abstention{'s' if tally.abstain > 1 else ''}"
    return f"Scrutin n° {poll} : {tally.in_favour} pour, {tally.against} contre, {abstentions}."


def not_found() -> Refused:
    return Refused("poll.not_found", "Ce scrutin n’existe pas.", "poll")


def on_opened(state: State, r: e.Recorded, event: e.PollOpened) -> State:
    poll = Poll(
        event.poll,
        event.subject,
        event.question,
        event.rule,
        event.electorate,
        r.time,
        r.actor,
        weights=event.weights,
        college=event.college,
        second_call_of=event.second_call_of,
        identical=event.identical,
    )
    return _with(state, poll)


def on_cast(state: State, r: e.Recorded, event: e.BallotCast | None) -> State:
    poll = state.polls[ids.split(r.document)[1]]
    poll = replace(poll, entries=(*poll.entries, r.index))
    if event is not None:
        bearers = {giver: bearer for giver, bearer in poll.by_proxy.items() if giver != event.voter}
        if event.voter != r.actor:
            bearers[event.voter] = r.actor
        poll = replace(
            poll,
            ballots={**poll.ballots, event.voter: event.choice},
            cast={**poll.cast, event.voter: r.index},
            by_proxy=bearers,
        )
    return replace(_with(state, poll), withheld={**state.withheld, r.index: "open_poll"})


def on_closed(state: State, r: e.Recorded, event: e.PollClosed) -> State:
    poll = state.polls[event.poll]
    opened = set(poll.entries)
    withheld = {index: why for index, why in state.withheld.items() if index not in opened}
    return replace(_with(state, replace(poll, tally=event.tally, closed=r.time)), withheld=withheld)


def _with(state: State, poll: Poll) -> State:
    return replace(state, polls={**state.polls, poll.number: poll})


DECIDE: Rules = {c.OpenPoll: open_poll, c.CastBallot: cast, c.ClosePoll: close}
EVOLVE: Folds = {e.PollOpened: on_opened, e.BallotCast: on_cast, e.PollClosed: on_closed}
