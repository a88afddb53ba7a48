"""Who takes part, and what each person said, wrote, tabled and voted."""

from __future__ import annotations

import re
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation.kernel import ids
from deliberation.kernel.state import Person, Poll, Sitting, SpeakingTurn, State
from deliberation.kernel.vocabulary import Role
from deliberation.votes.ways import of as way_of
from exports import naming, sittings
from server.pages.record import entries
from server.pages.shell.rendering import render
from server.pages.shell.visit import Visit, arrive
from server.pages.today.congress import brief

PSEUDONYM = re.compile(r"p[1-9][0-9]{0,8}")


async def people(request: Request) -> Response:
    visit = await arrive(request)
    groups = [(role, _of_role(visit, role)) for role in Role]
    return render(visit, "people.html", {"groups": [(role, found) for role, found in groups if found]})


def _of_role(visit: Visit, role: Role) -> list[Person]:
    found = [p for p in visit.state.people.values() if p.role is role]
    return sorted(found, key=lambda p: (p.revoked, naming.name_of(visit.state, visit.words, p.id).casefold()))


async def person(request: Request) -> Response:
    visit = await arrive(request)
    id_ = str(request.path_params["p"])
    found = visit.state.people.get(id_) if PSEUDONYM.fullmatch(id_) else None
    if found is None:
        raise HTTPException(404)
    record = await entries.about(visit, ids.document(ids.PERSON, found.id))
    return render(visit, "person.html", {"p": found, "record": record, **_done(visit, found)})


def _done(visit: Visit, found: Person) -> dict[str, Any]:
    """Everything public that this person contributed."""
    state = visit.state
    said = [t for t in state.testimonies.values() if t.author == found.id and t.status == "published"]
    return {
        "testimonies": [brief(state, visit.words, t) for t in said],
        "clauses": _written(visit, found),
        "amendments": [
            {"a": a, "aim": naming.amendment_aim(state, visit.words, a)}
            for a in state.amendments.values()
            if a.author == found.id
        ],
        "signed": [
            {"a": a, "aim": naming.amendment_aim(state, visit.words, a)}
            for a in state.amendments.values()
            if found.id in a.signatures
        ],
        "spoken": [
            (sitting, times[0])
            for sitting in state.sittings.values()
            if (times := sittings.by_person(_speeches(state, sitting, found), visit.now))
        ],
        "votes": _votes(state, found),
    }


def _speeches(state: State, sitting: Sitting, found: Person) -> list[SpeakingTurn]:
    return [turn for turn in sittings.speeches(state, sitting) if turn.person == found.id]


def _written(visit: Visit, found: Person) -> list[dict[str, Any]]:
    return [
        {"motion": motion, "clause": clause, "text": motion.draft[clause].markdown}
        for motion in visit.state.motions.values()
        for clause, writers in motion.writers.items()
        if found.id in writers and clause in motion.draft
    ]


def _is_roll_call(poll: Poll) -> bool:
    """Whether it is public who voted what: only in a roll-call that was not cancelled."""
    return poll.tally is not None and way_of(poll).by_name and not poll.cancelled


def _votes(state: State, found: Person) -> list[dict[str, Any]]:
    closed = [poll for poll in state.polls.values() if _is_roll_call(poll) and found.id in poll.electorate]
    return [{"poll": poll, "choice": poll.ballots.get(found.id)} for poll in closed]


routes = [
    Route("/c/{slug}/personnes", people, name="people"),
    Route("/c/{slug}/personnes/{p}", person, name="person"),
]
