"""The voter's screen: whatever is open, one ballot for oneself and one for each proxy, nothing else in the way."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation.congress.congress import refuse_phase
from deliberation.kernel import commands as c
from deliberation.kernel.state import Poll, State
from deliberation.kernel.vocabulary import Choice, Phase
from deliberation.votes import proxies
from deliberation.votes.terms import open_polls, together
from deliberation.votes.ways import of as way_of
from exports import labels, naming
from exports.translations import Translator
from server.pages.shell import forms
from server.pages.shell.rendering import render
from server.pages.shell.visit import Visit, arrive
from server.pages.votes import ways
from server.pages.votes.put_to_vote import put_to_vote

LATEST = 5
"""Closed polls that the screen recalls."""
MARKS = ("pour", "contre", "abstention")


@dataclass(frozen=True)
class Ballot:
    """One ballot that a person may cast: `voter` is "" for their own, else who gave them a proxy.

    `answers` says what was cast by poll (never in a secret poll), `entry` where the record keeps it. `bearer` names
    who voted in the person's name; `away` says why nothing can be cast by proxy here.
    """

    voter: str = ""
    name: str = ""
    answers: Mapping[int, Choice] = field(default_factory=dict)
    entry: int | None = None
    bearer: str = ""
    away: str = ""


def desk(state: State, words: Translator, poll: Poll) -> dict[str, Any]:
    """What a ballot shows, the same for everybody: the polls answered together, what each is about, the answers."""
    polls = together(state, poll)
    first = polls[0]
    return {
        "poll": first,
        "kind": _kind(first),
        "command": (c.CastSheet if first.sheet else way_of(first).takes).name,
        "ballot": ways.ON_PAGES[first.way].ballot,
        "papers": papers(state, words, first),
        "items": [_item(state, words, each) for each in polls],
        **{
            name: value
            for name, value in ways.terms_view(state, words, first).items()
            if name in ("part", "way", "ground")
        },
    }


def _kind(poll: Poll) -> str:
    """Whether one poll is answered, several each for itself, or several by one answer."""
    if poll.sheet:
        return "block" if poll.block else "sheet"
    return "one"


def _item(state: State, words: Translator, poll: Poll) -> dict[str, Any]:
    return {
        "poll": poll,
        "subject": naming.subject_title(state, words, poll.subject),
        "path": naming.path(state, poll.subject),
        "words": put_to_vote(state, words, poll),
    }


def papers(state: State, words: Translator, poll: Poll) -> list[tuple[str, str, str]]:
    """The answers: value, words, mark. The values of a secret poll are as long as each other, so that the length of
    what is sent tells nobody on the way what it says.
    """
    if not way_of(poll).in_box:
        return [(choice.value, words(labels.CHOICES[choice]), choice.value) for choice in Choice]
    if poll.candidates:
        names = [naming.name_of(state, words, person) for person in poll.candidates]
        return [(f"{place:02}", name, "") for place, name in enumerate([*names, words("Blanc")])]
    said = (words(labels.CHOICES[Choice.FOR]), words(labels.CHOICES[Choice.AGAINST]), words("Blanc"))
    return [(f"{paper:02}", name, mark) for paper, (name, mark) in enumerate(zip(said, MARKS, strict=True))]


def ballots(state: State, words: Translator, poll: Poll, person: str) -> list[Ballot]:
    """Their own ballot, then one for each proxy; none for who is not on the list, or where hands are raised."""
    if person not in poll.electorate or way_of(poll).by_tellers:
        return []
    return [_own(state, words, poll, person), *_by_proxy(state, words, poll, person)]


def _own(state: State, words: Translator, poll: Poll, person: str) -> Ballot:
    bearer = poll.bearers.get(person)
    if bearer and way_of(poll).by_name:
        return Ballot(bearer=naming.name_of(state, words, bearer))
    return Ballot("", "", *_cast(state, poll, person), naming.name_of(state, words, bearer) if bearer else "")


def _by_proxy(state: State, words: Translator, poll: Poll, person: str) -> Iterator[Ballot]:
    for proxy in proxies.held_by(state, person):
        if proxy.giver not in poll.electorate:
            continue
        name = naming.name_of(state, words, proxy.giver)
        if poll.bearers.get(proxy.giver) == person:
            yield Ballot(proxy.giver, name, *_cast(state, poll, proxy.giver))
            continue
        refused = proxies.refuse_vote(state, poll, person, proxy.giver)
        away = words(refused.message, **refused.params) if refused else ""
        yield Ballot(proxy.giver, name, away=away)


def _cast(state: State, poll: Poll, voter: str) -> tuple[dict[int, Choice], int | None]:
    """What was cast for that voter in the polls answered together, and the entry that holds the first of it."""
    if way_of(poll).in_box:
        return {}, poll.signed.get(voter)
    polls = [each for each in together(state, poll) if voter in each.ballots]
    entry = min((each.cast[voter] for each in polls), default=None)
    return {each.number: each.ballots[voter] for each in polls}, entry


def mandates(state: State) -> str:
    """Changes whenever a proxy was given or revoked."""
    return f"{len(state.proxies)}-{sum(1 for x in state.proxies.values() if x.ended)}"


async def booth(request: Request) -> Response:
    visit = await arrive(request)
    state, words, person = visit.state, visit.words, visit.actor
    held = [{"id": x.giver, "name": naming.name_of(state, words, x.giver)} for x in proxies.held_by(state, person)]
    polls = sorted(open_polls(state), key=lambda poll: person not in poll.electorate)
    context = {
        "desks": [desk(state, words, poll) | {"ballots": ballots(state, words, poll, person)} for poll in polls],
        "held": json.dumps(held, ensure_ascii=False),
        "mandates": mandates(state),
        "now": visit.now,
        "form": forms.Form(),
        "closed_phase": refuse_phase(state, visit.now, Phase.VOTE),
        "recent": _recent(visit),
        "belenios": ways.BELENIOS,
    }
    return render(visit, "booth.html", context, keep=False)


def _recent(visit: Visit) -> list[dict[str, Any]]:
    """The last closed polls in which this person was on the list, with the ballot that counted for them."""
    polls = [p for p in visit.state.polls.values() if not p.is_open and visit.actor in p.electorate]
    latest = sorted(polls, key=lambda p: p.closed, reverse=True)[:LATEST]
    return [
        {
            "poll": poll,
            "choice": poll.ballots.get(visit.actor),
            "entry": {**poll.signed, **poll.cast}.get(visit.actor),
            "bearer": poll.bearers.get(visit.actor, ""),
        }
        for poll in latest
    ]


def live(slug: str, state: State, words: Translator) -> dict[str, Any]:
    """The fragment that tells every voter's screen what is open."""
    desks = [desk(state, words, poll) for poll in open_polls(state)]
    return {"desks": desks, "mandates": mandates(state), "now": "", "belenios": ways.BELENIOS}


routes = [Route("/c/{slug}/voter", booth, name="booth")]
