"""The sitting's pages: what is discussed, what comes next, what was decided; the whole order; the screen of the
hall.
"""

from __future__ import annotations

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation.amendments import lifecycle
from deliberation.kernel import ids
from deliberation.kernel.plain_text import number_in
from deliberation.kernel.state import Act, Amendment, Poll, Sitting, State
from deliberation.session.attendance import keeps_list, now_present
from exports import document_names, labels, naming, sittings
from exports.translations import Translator
from server.pages.amendments.amendment_changes import amendment_view, as_it_would_now_read
from server.pages.record import entries
from server.pages.session import agenda, attendance, chair_console, planning, speakers
from server.pages.shell import forms
from server.pages.shell.rendering import kept_copy, render
from server.pages.shell.visit import Visit, arrive, number
from server.pages.votes.polls import poll_view

LATEST = 4
ACTS = 8


async def sitting(request: Request) -> Response:
    return page(await arrive(request), forms.Form())


def page(visit: Visit, form: forms.Form, status: int = 200) -> Response:
    state, words = visit.state, visit.words
    conducts = chair_console.conducts(visit)
    context = {
        **sitting_view(state, words),
        **order_view(state, words),
        "form": form,
        "conducts": conducts,
        "may_take_chair": state.sitting is not None and visit.actor == state.sitting.deputy,
        **attendance.own_view(visit),
        **speakers.own_view(visit),
        **speakers.speakers_view(state, words),
        **planning.agenda_view(state, words, visit.now),
        "bar": chair_console.bar(visit, form) if conducts else None,
        "sittings": [state.sittings[n] for n in sorted(state.sittings, reverse=True)],
    }
    return render(visit, "sitting.html", context, status, keep=visit.actor not in state.people)


async def act(request: Request) -> Response:
    """An act of whoever conducts; a refusal shows the page with what was typed."""
    visit = await arrive(request)
    form = await forms.read(request)
    answer = await chair_console.perform(visit, form)
    return page(visit, form.answered(answer[0]), answer[1]) if isinstance(answer, tuple) else answer


async def bar(request: Request) -> Response:
    """The chair's console alone."""
    visit = await arrive(request)
    if not chair_console.conducts(visit):
        return Response(status_code=403)
    return render(
        visit, "fragments/chair.html", {"bar": chair_console.bar(visit, forms.Form()), "form": forms.Form()}, keep=False
    )


async def order(request: Request) -> Response:
    """One section of the order, by default the current one; all of it for printing."""
    visit = await arrive(request)
    if copy := kept_copy(visit):
        return copy
    query = request.query_params
    asked = query.get("page", "")
    at = number_in(asked, 5) or 0
    view = order_view(visit.state, visit.words, at, whole=query.get("tout") == "1")
    return render(visit, "order.html", {**view, **tally(visit.state)})


async def minutes(request: Request) -> Response:
    """What happened in a sitting, act by act, from the record."""
    visit = await arrive(request)
    if copy := kept_copy(visit):
        return copy
    found = visit.state.sittings.get(number(request))
    if found is None:
        raise HTTPException(404)
    lines = sittings.told(await entries.between(visit, found.first, sittings.end(visit.state, found)))
    listed = attendance.minutes_view(visit.state, visit.words, found, request.query_params.get("a", ""), visit.timezone)
    listed |= speakers.minutes_view(visit.state, visit.words, found, visit.now)
    listed |= planning.agenda_view(visit.state, visit.words, visit.now)
    listed |= {"agenda_items": [x for x in listed["agenda_items"] if _is_reached(found, x["p"].began)]}
    listed |= {"decided": sittings.decisions(visit.state, found)}
    listed |= {"document": document_names.minutes(found.number)}
    context = {"sitting": found, "lines": lines, "undone": sittings.undone(visit.state), **listed}
    return render(visit, "minutes.html", context)


def _is_reached(sitting: Sitting, began: str) -> bool:
    """Whether an item of the agenda began in that sitting."""
    return bool(began) and sitting.opened <= began and (not sitting.closed or began <= sitting.closed)


def sitting_view(state: State, words: Translator) -> dict[str, Any]:
    """What is under discussion, what comes next, the outcomes, and the acts of the chair, latest first."""
    kind, number = naming.split(state.floor)
    view: dict[str, Any] = {
        "floor": state.floor,
        "floor_kind": kind,
        "floor_title": naming.subject_title(state, words, state.floor) if state.floor else "",
        "floor_path": naming.path(state, state.floor) if state.floor else "",
        "sitting": state.sitting or state.sittings.get(len(state.sittings)),
        "present_count": len(now_present(state)) if keeps_list(state) else None,
        "amendment": None,
        "motion": None,
        "readings": (),
        "meets": (),
        "amended": [n for n, motion in state.motions.items() if motion.text and motion.text.adopted],
        "place": None,
        "beside": (),
        "together": _together(state, words),
        "vote": _vote(state, words),
        "next": agenda.following(state, words),
        "done": _done(state, words),
        **tally(state),
        "acts": [_act(state, words, act) for act in list(state.acts.values())[: -ACTS - 1 : -1]],
    }
    if kind == ids.AMENDMENT and number in state.amendments:
        view |= _called(state, words, state.amendments[number])
    view["result"] = view["vote"] is not None and _is_shown(state, view["vote"]["poll"])
    view["voted"] = voted(state, words, view["vote"]["poll"]) if view["vote"] else None
    if kind == ids.MOTION and number in state.motions:
        view["motion"] = state.motions[number]
    return view


def _called(state: State, words: Translator, amendment: Amendment) -> dict[str, Any]:
    """The amendment under discussion, how its passage would read, the joint discussion, identical amendments."""
    places = {x.amendment.number: x for debate in agenda.debates(state).values() for x in debate.places}
    place = places.get(amendment.number)
    readings, meets = as_it_would_now_read(state, amendment)
    return {
        "amendment": amendment_view(state, words, amendment),
        "readings": readings,
        "meets": meets,
        "place": agenda.line(state, words, place) if place else None,
        "beside": [n for n, x in places.items() if place and place.discussion and x.discussion == place.discussion],
    }


def _together(state: State, words: Translator) -> list[dict[str, Any]]:
    """The amendments of the joint discussion, in the order of their votes."""
    kind, number = naming.split(state.floor)
    found = lifecycle.discussion(state, number) if kind == ids.DISCUSSION else None
    if found is None:
        return []
    waiting = [x.amendment.number for debate in agenda.debates(state).values() for x in debate.places]
    order = [*(n for n in found.amendments if n not in waiting), *(n for n in waiting if n in found.amendments)]
    return [
        {**amendment_view(state, words, state.amendments[n]), "stage": lifecycle.stage(state, state.amendments[n])}
        for n in order
    ]


def tally(state: State) -> dict[str, Any]:
    """How many are pending, and how many have their outcome."""
    done = sum(a.outcome is not None for a in state.amendments.values())
    return {"waiting": len(state.amendments) - done, "done_count": done}


def order_view(state: State, words: Translator, at: int = 0, whole: bool = False) -> dict[str, Any]:
    """The order in sections, of which one is shown: number `at`, else the current one; `whole` shows all."""
    found = agenda.stretches(state, words)
    present = agenda.current(found)
    return {"stretches": found, "at": at if 0 < at <= len(found) else present, "present": present, "whole": whole}


def _vote(state: State, words: Translator) -> dict[str, Any] | None:
    """The open poll, else the last one since something was called in this sitting, so that its result stays visible
    until the chair moves on; else the last one on what is under discussion (S43).
    """
    polls = list(state.polls.values())
    concerned = [p for p in polls if p.is_open] or [p for p in polls if _is_latest(state, p)]
    concerned = concerned or [p for p in polls if state.floor and _is_on_floor(state, p)]
    return poll_view(state, words, max(concerned, key=lambda p: (p.closed, p.number))) if concerned else None


def _is_on_floor(state: State, poll: Poll) -> bool:
    return state.floor in (poll.subject, ids.document(ids.POLL, poll.number))


def _is_latest(state: State, poll: Poll) -> bool:
    """Whether nothing was called since that poll closed; of a sitting that is closed, an adopted motion stays."""
    if not poll.closed:
        return False
    sitting = state.sitting or state.sittings.get(len(state.sittings))
    if sitting is None:
        return not state.floor
    since = sitting.called or sitting.opened
    return since <= poll.closed and (not sitting.closed or (adopts(poll) and poll.closed <= sitting.closed))


def adopts(poll: Poll) -> bool:
    """Whether that poll adopted a motion as a whole."""
    carried = poll.tally is not None and poll.tally.quorum_met and poll.tally.carried
    return carried and not poll.part and naming.split(poll.subject)[0] == ids.MOTION


def _is_shown(state: State, poll: Poll) -> bool:
    """Whether the screen shows this poll rather than the amendment under discussion.

    It does if the poll is open, if it settled that amendment, if nothing was called since, or if the poll was the last
    act and decided nothing.
    """
    kind, number = naming.split(state.floor)
    amendment = state.amendments.get(number) if kind == ids.AMENDMENT else None
    if poll.is_open or amendment is None or amendment.poll == poll.number or (poll.tally and _is_latest(state, poll)):
        return True
    failed = poll.cancelled or (poll.tally is not None and not poll.tally.quorum_met)
    return bool(failed) and amendment.outcome is None and poll.number == len(state.polls)


def voted(state: State, words: Translator, poll: Poll) -> dict[str, Any] | None:
    """The amendment put to the vote, which is not always the one under discussion."""
    kind, number = naming.split(poll.subject)
    amendment = state.amendments.get(number) if kind == ids.AMENDMENT else None
    return amendment_view(state, words, amendment) if amendment else None


def _done(state: State, words: Translator) -> list[dict[str, Any]]:
    settled = [a for a in state.amendments.values() if a.outcome is not None]
    latest = sorted(settled, key=lambda a: (a.settled, a.number), reverse=True)[:LATEST]
    return [{"amendment": a, "aim": naming.amendment_aim(state, words, a)} for a in latest]


def _act(state: State, words: Translator, act: Act) -> dict[str, Any]:
    """An act of the chair in words, with its reversal if there was one."""
    subject = naming.subject(state, words, ids.document(ids.DISCUSSION, act.number)) if act.number else ""
    listed = ", ".join(words("n° {n}", n=n) for n in act.amendments)
    return {
        "act": act,
        "name": words(labels.CHAIR_ACTS[act.kind]),
        "about": f"{subject} ({listed})" if subject else listed,
        "reversal": state.acts.get(act.reverted),
    }


routes = [
    Route("/c/{slug}/seance", sitting, methods=["GET"], name="sitting"),
    Route("/c/{slug}/seance", act, methods=["POST"], name="sitting_act"),
    Route("/c/{slug}/seance/conduite", bar, name="sitting_bar"),
    Route("/c/{slug}/seance/deroule", order, name="sitting_order"),
    Route("/c/{slug}/seance/{n:int}", minutes, name="sitting_minutes"),
]
