"""Polls, ballots and what follows from them (V1–V9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from deliberation import amendments, ids, motions, people
from deliberation import commands as c
from deliberation import events as e
from deliberation.congress import SHORT, refuse_phase, refuse_rule, too_long
from deliberation.errors import Refused
from deliberation.merge import Collision
from deliberation.plain import one_line
from deliberation.rules import Decision, Folds, Rules
from deliberation.state import Amendment, Motion, Poll, State
from deliberation.vocabulary import Choice, Outcome, Phase, PollRule, Tally


def count(rule: PollRule, ballots: Mapping[str, Choice], entitled: int) -> Tally:
    """The tally of these ballots by that rule (CGCT L2121-17, L2121-20 are presets of the rule)."""
    choices = list(ballots.values())
    in_favour, against = choices.count(Choice.FOR), choices.count(Choice.AGAINST)
    base = {"exprimes": in_favour + against, "presents": len(choices), "inscrits": entitled}[rule.base]
    share, left = divmod(base * rule.majority_n, rule.majority_d)
    needed = share + 1 if rule.strict or left else share
    quorum_needed = entitled * rule.quorum_n // rule.quorum_d + 1 if rule.quorum_n else 0
    quorum_met = len(choices) >= quorum_needed
    carried = in_favour >= max(needed, 1) or _chair_decides(rule, ballots, in_favour, against)
    return Tally(
        in_favour=in_favour,
        against=against,
        abstain=choices.count(Choice.ABSTAIN),
        entitled=entitled,
        base=base,
        needed=needed,
        quorum_needed=quorum_needed,
        quorum_met=quorum_met,
        carried=carried and quorum_met,
    )


def _chair_decides(rule: PollRule, ballots: Mapping[str, Choice], in_favour: int, against: int) -> bool:
    """A tie falls to the chair's own vote where the rule says so."""
    simple = rule.base == "exprimes" and rule.majority_n * 2 == rule.majority_d
    tied = in_favour == against > 0
    return rule.tie == "chair" and simple and tied and ballots.get(rule.chair) is Choice.FOR


def open_poll(state: State, request: c.Request, command: c.OpenPoll, now: str) -> Decision:
    assert state.settings is not None
    rule = command.rule or state.settings.rule
    refused = refuse_phase(state, now, Phase.VOTE) or refuse_rule(rule) or too_long(command.question, "question", SHORT)
    if refused:
        return refused
    for poll in state.polls.values():
        if poll.is_open and poll.subject == command.subject:
            return Refused("poll.already_open", "Le scrutin {number} est déjà ouvert.", "", {"number": poll.number})
    question = _question(state, command.subject)
    if isinstance(question, Refused):
        return question
    electorate = people.electorate(state.people.values())
    if not electorate:
        return Refused("poll.no_electorate", "Aucun élu n’est inscrit : personne ne pourrait voter.")
    number = len(state.polls) + 1
    return (e.PollOpened(number, command.subject, one_line(command.question) or question, rule, electorate),)


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
    if amendment.status not in motions.OPEN_STATUSES:
        return Refused("amendment.settled", "Le sort de cet amendement est déjà fixé.")
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
    if request.actor not in poll.electorate:
        return Refused("ballot.not_entitled", "Vous n’étiez pas inscrit à l’ouverture de ce scrutin.")
    if refused := refuse_phase(state, now, Phase.VOTE):
        return refused
    return (e.BallotCast(poll.number, request.actor, command.choice),)


def close(state: State, request: c.Request, command: c.ClosePoll, now: str) -> Decision:
    poll = state.polls.get(command.poll)
    if poll is None:
        return not_found()
    if not poll.is_open:
        return Refused("poll.already_closed", "Ce scrutin est déjà clos.")
    tally = count(poll.rule, poll.ballots, len(poll.electorate))
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
    settled = e.AmendmentSettled(number, outcome, result_sentence(poll.number, tally), poll=poll.number)
    if not tally.carried:
        return (settled,)
    amendment = state.amendments[number]
    motion = state.motions[amendment.motion]
    adopted = (*amendments.adopted(state, motion.number), number)
    text_ = motions.consolidate(state, motion, adopted)
    assert isinstance(text_, e.TextFrozen), "a poll never opens on an amendment that collides"
    return settled, text_


def result_sentence(poll: int, tally: Tally) -> str:
    """The public reason of an outcome by vote."""
    abstentions = f"{tally.abstain} abstention{'s' if tally.abstain > 1 else ''}"
    return f"Scrutin n° {poll} : {tally.in_favour} pour, {tally.against} contre, {abstentions}."


def not_found() -> Refused:
    return Refused("poll.not_found", "Ce scrutin n’existe pas.", "poll")


def on_opened(state: State, r: e.Recorded, event: e.PollOpened) -> State:
    poll = Poll(event.poll, event.subject, event.question, event.rule, event.electorate, r.time, r.actor)
    return _with(state, poll)


def on_cast(state: State, r: e.Recorded, event: e.BallotCast | None) -> State:
    poll = state.polls[ids.split(r.document)[1]]
    poll = replace(poll, entries=(*poll.entries, r.index))
    if event is not None:
        poll = replace(poll, ballots={**poll.ballots, event.voter: event.choice})
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
