"""Freezing a text, in two steps: a page that says what it does and what is under way, then the act."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import Motion, Remark
from deliberation.motions import remarks
from exports import naming
from exports.motion_text import proposal
from server.pages.organisation.organisers_only import organiser
from server.pages.shell import forms
from server.pages.shell.rendering import confirmed, render, status_of, submit
from server.pages.shell.visit import Visit, number


async def ask(request: Request) -> Response:
    visit = await organiser(request)
    found = _found(visit)
    if found.status != "drafting":
        return RedirectResponse(visit.url(f"motions/{found.number}"), 303)
    return await _page(visit, found, forms.Form())


async def freeze(request: Request) -> Response:
    visit = await organiser(request)
    found = _found(visit)
    form = await forms.read(request)
    outcome = await submit(visit, form, form.command(c.FreezeMotion, motion=found.number))
    if isinstance(outcome, Refused):
        return await _page(visit, found, form.answered(outcome), status_of(outcome))
    return confirmed(outcome, visit.url(f"motions/{found.number}#conduire-texte"))


def _found(visit: Visit) -> Motion:
    found = visit.state.motions.get(number(visit.request))
    if found is None:
        raise HTTPException(404)
    return found


async def _page(visit: Visit, motion: Motion, form: forms.Form, status: int = 200) -> Response:
    writing, reading = await _writers(visit, ids.document(ids.MOTION, motion.number))
    opened = _open_threads(visit, motion)
    context = {
        "motion": motion,
        "form": form,
        "version": len(motion.frozen) + 1,
        "proposal": proposal(visit.state, visit.words, motion) if motion.source else "",
        "empty": not writing and not any(draft.markdown.strip() for draft in motion.draft.values()),
        "writing": writing,
        "reading": reading,
        "suggestions": [_line(visit, motion, each) for each in opened if each.is_suggestion],
        "comments": [_line(visit, motion, each) for each in opened if not each.is_suggestion],
    }
    return render(visit, "organisation/freezing.html", context, status, keep=False)


async def _writers(visit: Visit, document: str) -> tuple[list[str], list[str]]:
    """The names of those whose last words are still being recorded, and of the others who have it open and may
    write.
    """
    owners = await asyncio.to_thread(visit.services.store.journal_owners, visit.slug, document)
    writing = sorted(set(owners.values()) - {ids.CONGRESS}, key=lambda person: (len(person), person))
    at_hand = [person for person in visit.services.hub.writers(visit.slug, document) if person not in writing]
    return _names(visit, writing), _names(visit, at_hand)


def _names(visit: Visit, people: list[str]) -> list[str]:
    return [naming.name_of(visit.state, visit.words, person) for person in people]


def _open_threads(visit: Visit, motion: Motion) -> list[Remark]:
    of_motion = (each for each in visit.state.remarks.values() if each.motion == motion.number)
    return [each for each in of_motion if not each.reply_to and each.status == remarks.OPEN]


def _line(visit: Visit, motion: Motion, remark: Remark) -> dict[str, Any]:
    return {
        "remark": remark,
        "name": naming.name_of(visit.state, visit.words, remark.author),
        "words": remark.proposal if remark.is_suggestion else remark.text,
        "path": f"motions/{motion.number}/remarques#remarque-{remark.number}",
    }


routes = [
    Route("/organisation/{slug}/motions/{n:int}/gel", ask, methods=["GET"], name="freezing"),
    Route("/organisation/{slug}/motions/{n:int}/gel", freeze, methods=["POST"], name="freeze"),
]
