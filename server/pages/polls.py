"""Polls: the voting screen, the result that anybody can recount, the list."""

from __future__ import annotations

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation import commands as c
from deliberation import ids, tallies
from deliberation.congress import refuse_phase
from deliberation.errors import Refused
from deliberation.events import BallotCast
from deliberation.state import Poll, State
from deliberation.vocabulary import Choice, Phase, Tally
from server.pages import entries, forms, labels, naming
from server.pages.amending import amendment_view
from server.pages.hemicycle import HEIGHT, WIDTH, seats
from server.pages.rendering import confirmed, render, status_of, submit
from server.pages.rules import rule_sentence, tally_sentence
from server.pages.visit import Visit, arrive, number
from server.translations import Words


async def polls(request: Request) -> Response:
    visit = await arrive(request)
    listed = [poll_view(visit.state, visit.words, poll) for poll in reversed(list(visit.state.polls.values()))]
    opened = [view for view in listed if view["poll"].is_open]
    closed = [view for view in listed if not view["poll"].is_open]
    return render(visit, "polls.html", {"opened": opened, "closed": closed})


async def poll(request: Request) -> Response:
    visit = await arrive(request)
    return await _page(visit, _found(visit), forms.Form())


async def vote(request: Request) -> Response:
    visit = await arrive(request)
    found = _found(visit)
    form = await forms.read(request)
    command = form.command(c.CastBallot, poll=found.number, choice=form.get("choix"))
    outcome = await submit(visit, form, command)
    if not isinstance(outcome, Refused) and outcome.repeated and isinstance(command, c.CastBallot):
        outcome = await _again_if_changed(visit, command, outcome)
    if isinstance(outcome, Refused):
        return await _page(visit, found, form.answered(outcome), status_of(outcome))
    return confirmed(outcome, visit.url(f"scrutins/{found.number}"))


async def _again_if_changed(visit: Visit, command: c.CastBallot, receipt: Any) -> Any:
    """A page kept by the browser may send an old choice again after another one: the person means it now."""
    state = await visit.services.intake.state(visit.slug)
    if state.polls[command.poll].ballots.get(visit.actor) is command.choice:
        return receipt
    return await submit(visit, forms.Form(), command)


async def _page(visit: Visit, found: Poll, form: forms.Form, status: int = 200) -> Response:
    context = {
        **poll_view(visit.state, visit.words, found),
        "form": form,
        "amendment": _amendment(visit, found),
        "entitled": visit.actor in found.electorate,
        "mine": found.ballots.get(visit.actor),
        "closed_phase": refuse_phase(visit.state, visit.now, Phase.VOTE),
        **await _record(visit, found),
    }
    return render(visit, "poll.html", context, status, keep=not found.is_open)


def _amendment(visit: Visit, found: Poll) -> dict[str, Any] | None:
    """The words that the vote is on."""
    kind, number_ = naming.split(found.subject)
    if kind != ids.AMENDMENT:
        return None
    return amendment_view(visit.state, visit.words, visit.state.amendments[number_])


async def _record(visit: Visit, found: Poll) -> dict[str, Any]:
    """The acts of the poll, and for each voter the entry of the ballot that counts."""
    lines = await entries.about(visit, f"scrutin-{found.number}", limit=100_000)
    ballots = {line.actor: line.index for line in lines if line.kind == BallotCast.kind}
    return {"record": [line for line in lines if line.kind != BallotCast.kind], "ballot_entries": ballots}


def _found(visit: Visit) -> Poll:
    found = visit.state.polls.get(number(visit.request))
    if found is None:
        raise HTTPException(404)
    return found


def poll_view(state: State, words: Words, poll: Poll) -> dict[str, Any]:
    """What the public sees of a poll: partial results stay hidden until it closes."""
    view: dict[str, Any] = {
        "poll": poll,
        "subject": naming.subject_title(state, words, poll.subject),
        "subject_path": naming.path(state, poll.subject),
        "voted": len(poll.ballots),
        "entitled_count": len(poll.electorate),
        "rule": rule_sentence(state, words, poll.rule),
    }
    if poll.tally is not None:
        view |= _result(state, words, poll, poll.tally)
    return view


def _result(state: State, words: Words, poll: Poll, tally: Tally) -> dict[str, Any]:
    counts = tallies.by_roll(poll)
    rows = [_roll(state, words, person, poll.ballots.get(person)) for person in poll.electorate]
    order = {"pour": 0, "abstention": 1, "absent": 2, "contre": 3}
    marks = sorted(((row["mark"], row["name"]) for row in rows), key=lambda mark: order[mark[0]])
    return {
        "roll": sorted(rows, key=lambda row: (order[row["mark"]], row["name"])),
        "seats": seats(marks),
        "width": WIDTH,
        "height": HEIGHT,
        "tally": tally,
        "sentence": tally_sentence(words, poll.rule, tally, counts.attending, counts.members),
        "absent": len(poll.electorate) - len(poll.ballots),
    }


def _roll(state: State, words: Words, person: str, choice: Choice | None) -> dict[str, Any]:
    said = words(labels.CHOICES[choice]) if choice else words("N’a pas voté")
    known = state.people.get(person)
    collectivity = known.collectivity if known else ""
    name = naming.name_of(state, words, person)
    mark = choice.value if choice else "absent"
    return {"person": person, "name": name, "collectivity": collectivity, "mark": mark, "said": said}


routes = [
    Route("/c/{slug}/scrutins", polls, name="polls"),
    Route("/c/{slug}/scrutins/{n:int}", poll, methods=["GET"], name="poll"),
    Route("/c/{slug}/scrutins/{n:int}", vote, methods=["POST"], name="vote"),
]
