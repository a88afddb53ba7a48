"""How a poll is conducted: terms, closing time, pauses and cancellation (W1–W3, W5)."""

from __future__ import annotations

from dataclasses import replace

from deliberation.congress.congress import is_instant, refuse_reason
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.errors import Refused
from deliberation.kernel.ids import CONGRESS
from deliberation.kernel.instants import moved
from deliberation.kernel.rules import Decision, Folds, Rules
from deliberation.kernel.state import Poll, State
from deliberation.kernel.vocabulary import Terms
from deliberation.votes.ways import WAYS

MOST_TELLERS = 10


def refuse_terms(state: State, terms: Terms, electorate: tuple[str, ...], now: str) -> Refused | None:
    """Why a poll cannot be held on these terms; None if it can (W3, W5, W7)."""
    return _refuse_clock(terms, now) or _refuse_ground(terms, electorate) or _refuse_tellers(state, terms)


def _refuse_clock(terms: Terms, now: str) -> Refused | None:
    if not terms.closes:
        return None
    if not is_instant(terms.closes):
        return Refused("time.malformed", "Cette date n’est pas lisible.", "closes")
    if no_clock := WAYS[terms.way].no_clock:
        return no_clock
    if terms.closes <= now:
        return Refused("poll.clock_past", "L’heure de clôture doit être à venir.", "closes")
    return None


def _refuse_ground(terms: Terms, electorate: tuple[str, ...]) -> Refused | None:
    way = WAYS[terms.way]
    if "ground" not in way.fields and (terms.ground or terms.requested or terms.present or terms.least):
        return Refused("poll.ground", "Seul un scrutin secret a ce motif.", "ground")
    return way.refuse_terms(terms, electorate)


def _refuse_tellers(state: State, terms: Terms) -> Refused | None:
    known = [state.people.get(teller) for teller in terms.tellers]
    sound = len(set(terms.tellers)) == len(known) <= MOST_TELLERS and all(p and not p.revoked for p in known)
    if not sound or (known and "tellers" not in WAYS[terms.way].fields):
        return Refused("poll.tellers", "Les scrutateurs sont des personnes du congrès, à main levée.", "tellers")
    return None


def refuse_vote(poll: Poll, now: str) -> Refused | None:
    """Why no vote is accepted at `now`: the poll is closed or paused, or its closing time has passed even if the
    closing is not recorded yet (W2, W3). None if votes are accepted.
    """
    if not poll.is_open:
        return Refused("poll.closed", "Ce scrutin est clos : votre vote n’a pas été compté.")
    if poll.paused:
        return Refused("poll.paused", "Le scrutin est suspendu : votre vote n’est pas enregistré. Attendez la reprise.")
    if poll.closes and now >= poll.closes:
        at = {"at": poll.closes}
        return Refused("poll.over", "Ce scrutin était clos le {at} : votre vote n’a pas été compté.", params=at)
    return None


def refuse_closing(poll: Poll, actor: str, now: str) -> Refused | None:
    """Why the actor cannot close the poll now; None if they can. The server closes it at its closing time, never
    before.
    """
    if not poll.is_open:
        return Refused("poll.already_closed", "Ce scrutin est déjà clos.")
    if actor == CONGRESS and (poll.paused or not poll.closes or now < poll.closes):
        return Refused("poll.not_due", "L’heure de clôture n’est pas venue.")
    return None


def pause(state: State, request: c.Request, command: c.PausePoll, now: str) -> Decision:
    poll = _open(state, command.poll)
    if isinstance(poll, Refused):
        return poll
    if refused := refuse_vote(poll, now) or refuse_reason(command.reason):
        return refused
    return tuple(e.PollPaused(each.number, command.reason.strip()) for each in together(state, poll))


def resume(state: State, request: c.Request, command: c.ResumePoll, now: str) -> Decision:
    poll = _open(state, command.poll)
    if isinstance(poll, Refused):
        return poll
    if not poll.paused:
        return Refused("poll.not_paused", "Ce scrutin n’est pas suspendu.")
    return tuple(e.PollResumed(each.number, after_pause(each, now)) for each in together(state, poll))


def after_pause(poll: Poll, now: str) -> str:
    """The closing time of a paused poll if it is resumed at `now`."""
    return moved(poll.closes, poll.paused, now) if poll.closes else ""


def cancel(state: State, request: c.Request, command: c.CancelPoll, now: str) -> Decision:
    poll = _open(state, command.poll)
    if isinstance(poll, Refused):
        return poll
    if refused := refuse_reason(command.reason):
        return refused
    return tuple(e.PollCancelled(each.number, command.reason.strip()) for each in together(state, poll))


def together(state: State, poll: Poll) -> tuple[Poll, ...]:
    """The polls conducted together: those of its sheet, or itself alone."""
    return tuple(x for x in state.polls.values() if x.sheet == poll.sheet) if poll.sheet else (poll,)


def open_polls(state: State) -> list[Poll]:
    """The open polls, the latest first; one for each sheet."""
    found = (poll for poll in state.polls.values() if poll.is_open and poll.sheet in (0, poll.number))
    return sorted(found, key=lambda poll: poll.number, reverse=True)


def _open(state: State, number: int) -> Poll | Refused:
    poll = state.polls.get(number)
    if poll is None:
        return not_found()
    return poll if poll.is_open else Refused("poll.already_closed", "Ce scrutin est déjà clos.")


def not_found() -> Refused:
    """The refusal of a poll that does not exist."""
    return Refused("poll.not_found", "Ce scrutin n’existe pas.", "poll")


def on_paused(state: State, r: e.Recorded, event: e.PollPaused) -> State:
    return _with(state, replace(state.polls[event.poll], paused=r.time, pause_reason=event.reason))


def on_resumed(state: State, r: e.Recorded, event: e.PollResumed) -> State:
    return _with(state, replace(state.polls[event.poll], paused="", pause_reason="", closes=event.closes))


def on_cancelled(state: State, r: e.Recorded, event: e.PollCancelled) -> State:
    poll = replace(state.polls[event.poll], cancelled=event.reason, closed=r.time)
    return _with(published(state, poll), poll)


def published(state: State, poll: Poll) -> State:
    """The state in which the votes given in that poll are no longer withheld."""
    own = {*poll.entries, *poll.counted}
    return replace(state, withheld={index: why for index, why in state.withheld.items() if index not in own})


def _with(state: State, poll: Poll) -> State:
    return replace(state, polls={**state.polls, poll.number: poll})


DECIDE: Rules = {c.PausePoll: pause, c.ResumePoll: resume, c.CancelPoll: cancel}
EVOLVE: Folds = {e.PollPaused: on_paused, e.PollResumed: on_resumed, e.PollCancelled: on_cancelled}
