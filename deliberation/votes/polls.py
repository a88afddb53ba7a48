"""Opening and closing a poll, and what follows from its result (V2, V5–V9, V15, W4, W6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from deliberation.amendments import amendments, discussion, lifecycle
from deliberation.congress.congress import SHORT, refuse_phase, refuse_rule, too_long
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.plain_text import one_line
from deliberation.kernel.rules import Decision, Evolve, Folds, Rules, in_turn
from deliberation.kernel.state import Amendment, Motion, Poll, State
from deliberation.kernel.vocabulary import COUNTING, Phase, PollRule, Tally, Terms
from deliberation.motions import division
from deliberation.session import attendance
from deliberation.text.merge import Collision
from deliberation.votes import ballots, elections, electorate, outcomes, secret, tallies, terms, ways
from deliberation.votes.terms import not_found


def tally_of(poll: Poll) -> Tally | Refused:
    """The tally of a poll, whatever its way of voting; Refused while there is none."""
    counts = ways.of(poll).count(poll)
    return counts if isinstance(counts, Refused) else tallies.result(poll.rule, counts)


def open_poll(state: State, request: c.Request, command: c.OpenPoll, now: str) -> Decision:
    refused = refuse_phase(state, now, Phase.VOTE) or too_long(command.question, "question", SHORT)
    if refused:
        return refused
    called = _called(state, command, now)
    if isinstance(called, Refused):
        return called
    rule, college = called
    for poll in state.polls.values():
        if poll.is_open and poll.subject == command.subject and poll.part == command.part:
            return Refused("poll.already_open", "Le scrutin {number} est déjà ouvert.", "", {"number": poll.number})
    if refused := _refuse_subject(state, command.subject) or division.refuse_part(state, command.subject, command.part):
        return refused
    return _opened(state, command, rule, college, now)


def _opened(state: State, command: c.OpenPoll, rule: PollRule, college: int, now: str) -> Decision:
    """The opening event, with the list of voters and their weights as they are now."""
    entitled = electorate.entitled(state, college)
    if not entitled:
        return Refused("poll.no_electorate", "Aucun élu n’est inscrit : personne ne pourrait voter.")
    weights = electorate.weights(state, rule, entitled)
    if isinstance(weights, Refused):
        return weights
    same = () if command.part else discussion.identical_to(state, command.subject)
    refused = (
        _refuse_twice(state, same)
        or terms.refuse_terms(state, command.terms, entitled, now)
        or refuse_weighing(command.terms, weights)
        or attendance.refuse_stated(state, rule, entitled, command.attending)
    )
    if refused:
        return refused
    opened = e.PollOpened(
        len(state.polls) + 1,
        command.subject,
        one_line(command.question),
        rule,
        entitled,
        weights,
        college,
        command.second_call_of,
        identical=same,
        terms=ways.WAYS[command.terms.way].announced(command.terms),
        part=command.part,
        present=attendance.at_opening(state, entitled),
        stated=command.attending,
        counting=COUNTING,
    )
    return (opened,)


def _refuse_twice(state: State, identical: tuple[int, ...]) -> Refused | None:
    """The refusal of a second poll while one is open on an identical amendment, because both would settle all of them
    (S17); None otherwise.
    """
    for number in identical:
        if open_poll := lifecycle.open_poll(state, number):
            return Refused(
                "poll.identical_open",
                "L’amendement n° {amendment}, identique, est mis aux voix : attendez la clôture du scrutin {number}.",
                params={"amendment": number, "number": open_poll.number},
            )
    return None


def refuse_weighing(terms: Terms, weights: Mapping[str, int]) -> Refused | None:
    """Why votes cannot be weighted in that way of voting (W4); None if they can or none is."""
    return ways.WAYS[terms.way].no_weights if weights else None


def _called(state: State, command: c.OpenPoll, now: str) -> tuple[PollRule, int] | Refused:
    """The rule and the college of a new poll: for a second call those of the first poll, otherwise those of the command
    or of the congress.
    """
    if command.second_call_of:
        first = state.polls.get(command.second_call_of)
        refused = (
            not_found() if first is None else _refuse_second_call(state, first, command.subject, command.part, now)
        )
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
    """The same rule without a quorum, as a second call uses it."""
    return replace(rule, quorum_n=0, quorum_d=1)


def may_be_called_again(state: State, poll: Poll) -> bool:
    """Whether the poll failed its quorum under a rule with a second call, and no poll was opened on its subject
    since.
    """
    last = max(x.number for x in state.polls.values() if (x.subject, x.part) == (poll.subject, poll.part))
    return poll.tally is not None and not poll.tally.quorum_met and poll.rule.second_call and last == poll.number


def _refuse_second_call(state: State, first: Poll, subject: str, part: int, now: str) -> Refused | None:
    if (first.subject, first.part) != (subject, part) or not may_be_called_again(state, first):
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
    """Whether an opening that claims to be the second call of another poll is valid as one."""
    first = state.polls.get(event.second_call_of)
    if first is None or _refuse_second_call(state, first, event.subject, event.part, at):
        return False
    return event.rule == without_quorum(first.rule) and event.college == first.college


def second_call_opens(first: Poll) -> ids.Instant:
    """The earliest instant of the second call."""
    moment = datetime.fromisoformat(first.closed[:-1]) + timedelta(hours=first.rule.second_call_hours)
    return moment.isoformat(timespec="milliseconds") + "Z"


def with_chair(state: State, rule: PollRule) -> PollRule:
    """The rule with the person presiding now as its chair, if the chair breaks ties and the rule names none (S10)."""
    return replace(rule, chair=state.chair) if rule.tie == "chair" and not rule.chair else rule


def _refuse_subject(state: State, subject: str) -> Refused | None:
    """Why no poll can be opened on that subject now; None if one can."""
    try:
        kind, number = ids.split(subject)
    except ValueError:
        kind, number = "", 0
    if kind == ids.AMENDMENT and number in state.amendments:
        return _refuse_amendment(state, state.amendments[number])
    if kind == ids.MOTION and number in state.motions:
        return _refuse_motion(state, state.motions[number])
    return Refused("poll.no_subject", "On vote sur un amendement ou sur une motion.", "subject")


def _refuse_amendment(state: State, amendment: Amendment) -> Refused | None:
    found = lifecycle.found(state, amendment.number, c.OpenPoll)
    if isinstance(found, Refused):
        return found
    if state.motions[amendment.motion].status != "frozen":
        return Refused("motion.not_frozen", "Ce texte n’est pas gelé.")
    if refused := amendments.refuse_unready(state, amendment):
        return refused
    standing = amendments.standing(state, amendment.motion)
    same = discussion.identical_to(state, ids.document(ids.AMENDMENT, amendment.number))
    for each in (amendment, *(state.amendments[n] for n in same)):
        if collisions := amendments.collisions_with(state, each, standing):
            return _refuse_collision(state, each, collisions[0])
    return None


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


def _refuse_motion(state: State, motion: Motion) -> Refused | None:
    if motion.status != "frozen":
        return Refused("motion.not_frozen", "Ce texte n’est pas gelé.")
    pending = [a.number for a in state.amendments.values() if a.motion == motion.number and a.outcome is None]
    if pending:
        return Refused(
            "motion.amendments_pending",
            "Des amendements attendent encore leur sort : {numbers}.",
            params={"numbers": ", ".join(map(str, pending))},
        )
    return None


def close(evolve: Evolve, state: State, request: c.Request, command: c.ClosePoll, now: str) -> Decision:
    """Closes a poll, together with all other polls of its sheet, one by one (W18)."""
    poll = state.polls.get(command.poll)
    if poll is None:
        return not_found()
    steps = [partial(_close_one, number=each.number, request=request, now=now) for each in terms.together(state, poll)]
    return in_turn(evolve, state, request, now, steps)


def _close_one(state: State, number: int, request: c.Request, now: str) -> Decision:
    poll = state.polls[number]
    if refused := terms.refuse_closing(poll, request.actor, now):
        return refused
    if ways.of(poll).in_box:
        return Refused("poll.box", "Seul le serveur qui garde l’urne de ce scrutin peut le clore.")
    found = tally_of(poll)
    return found if isinstance(found, Refused) else proclaimed(state, poll, found)


def close_secret(state: State, request: c.Request, command: c.CountBox, now: str) -> Decision:
    """Closes a secret poll with the papers of its box, which the server provides."""
    poll = state.polls.get(command.poll)
    if poll is None:
        return not_found()
    if not ways.of(poll).in_box:
        return ballots.not_secret()
    if refused := terms.refuse_closing(poll, request.actor, now):
        return refused
    if secret.has_too_few(poll):
        return (e.PollCancelled(poll.number, secret.TOO_FEW),)
    if refused := secret.refuse_box(poll, command.papers):
        return refused
    counted = replace(poll, papers=command.papers)
    opened = e.BoxOpened(poll.number, command.papers)
    if poll.candidates:
        return opened, *proclaimed(state, counted, *elections.tally_of(state, counted))
    tally = tallies.result(poll.rule, tallies.by_box(counted))
    return opened, *proclaimed(state, counted, tally)


def proclaimed(state: State, poll: Poll, tally: Tally, votes: tuple[int, ...] = ()) -> tuple[e.Event, ...]:
    """The closing of a poll with that result, and its consequences."""
    return e.PollClosed(poll.number, tally, votes), *outcomes.consequences(state, poll, tally)


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
        terms=event.terms,
        closes=event.terms.closes,
        part=event.part,
        sheet=event.sheet,
        block=event.block,
        candidates=event.candidates,
        seats=event.seats,
        present=event.present,
        stated=event.stated,
        counting=event.counting,
    )
    state = _with(state, poll)
    return elections.on_round(state, poll) if poll.candidates else state


def on_box(state: State, r: e.Recorded, event: e.BoxOpened) -> State:
    return _with(state, replace(state.polls[event.poll], papers=event.papers))


def on_closed(state: State, r: e.Recorded, event: e.PollClosed) -> State:
    poll = state.polls[event.poll]
    closed = replace(poll, tally=event.tally, closed=r.time, votes=event.votes)
    state = _with(terms.published(state, poll), closed)
    if not poll.part or not event.tally.quorum_met:
        return state
    return division.after_vote(state, poll.subject, poll.part, event.tally.carried)


def _with(state: State, poll: Poll) -> State:
    return replace(state, polls={**state.polls, poll.number: poll})


def rules(evolve: Evolve) -> Rules:
    """The rules of opening and closing; `evolve` is the fold by which the polls of a sheet are closed one after the
    other.
    """
    return {c.OpenPoll: open_poll, c.ClosePoll: partial(close, evolve), c.CountBox: close_secret}


EVOLVE: Folds = {e.PollOpened: on_opened, e.BoxOpened: on_box, e.PollClosed: on_closed}
