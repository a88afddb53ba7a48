"""Amendments on paper: the desk transcribes their dispositif; their author, or a second person, confirms."""

from __future__ import annotations

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation.amendments import amendments, transcribed
from deliberation.congress.people import electorate
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import Transcription
from exports import naming
from server.imports.source import key
from server.pages.amendments.tabling import seen
from server.pages.shell import forms
from server.pages.shell.rendering import confirmed, render, status_of, submit
from server.pages.shell.visit import Visit, arrive

ADDRESS = "amendements/papier"


async def show(request: Request) -> Response:
    """What waits and what became of the others, for everybody; the acts, for whoever may do them."""
    visit = await arrive(request)
    if not (visit.may(c.TranscribeAmendment) or visit.state.transcriptions):
        raise HTTPException(404)
    return _page(visit, forms.Form())


async def act(request: Request) -> Response:
    visit = await arrive(request)
    form = await forms.read(request)
    outcome = await submit(visit, form, _command(form))
    if isinstance(outcome, Refused):
        return _page(visit, form.answered(outcome), status_of(outcome))
    tabled = [document for _, _, document in outcome.entries if document.startswith(f"{ids.AMENDMENT}-")]
    return confirmed(outcome, visit.url(f"amendements/{ids.split(tabled[0])[1]}" if tabled else ADDRESS))


def _command(form: forms.Form) -> c.Command | Refused:
    acte, number = form.get("acte"), form.integer("transcription") or 0
    if acte == "confirmer":
        return form.command(c.ConfirmTranscription, transcription=number)
    if acte == "refuser":
        return form.command(c.RefuseTranscription, transcription=number, reason=form.get("reason"))
    return form.command(
        c.TranscribeAmendment,
        motion=form.integer("motion") or 0,
        author=form.get("author"),
        sentence=form.get("dispositif"),
        rationale=form.get("rationale"),
        late_reason=form.get("late_reason"),
    )


def _page(visit: Visit, form: forms.Form, status: int = 200) -> Response:
    found = list(visit.state.transcriptions.values())
    frozen = [m for m in visit.state.motions.values() if m.status == "frozen"]
    authors = [(naming.name_of(visit.state, visit.words, p), p) for p in electorate(visit.state.people.values())]
    context = {
        "form": form,
        "waiting": [_line(visit, x) for x in found if x.status == transcribed.WAITING],
        "settled": [_line(visit, x) for x in reversed(found) if x.status != transcribed.WAITING],
        "motions": [(str(m.number), m.title) for m in frozen],
        "authors": [
            ("", visit.words("Choisir une personne")),
            *((p, name) for name, p in sorted(authors, key=lambda x: key(x[0]))),
        ],
    }
    return render(visit, "paper.html", context, status, keep=False)


def _line(visit: Visit, found: Transcription) -> dict[str, Any]:
    """A transcription, how it reads now, and what this visitor may do about it."""
    state, words = visit.state, visit.words
    waits = found.status == transcribed.WAITING
    reading = transcribed.read(state, state, found.number) if waits else None
    answers = visit.may(c.ConfirmTranscription) and (found.author == visit.actor or visit.may(c.TranscribeAmendment))
    confirms = answers and transcribed.refuse_confirming(state, found, visit.actor) is None
    names = {
        field: naming.name_of(state, words, person) if person else ""
        for field, person in (
            ("author", found.author),
            ("transcribed_by", found.transcribed_by),
            ("settled_by", found.settled_by),
        )
    }
    return {
        "of": found,
        **names,
        "unreadable": reading if isinstance(reading, Refused) else None,
        "reads": _reads(visit, reading) if isinstance(reading, e.AmendmentTabled) else None,
        "answers": answers and waits,
        "confirms": confirms and waits and not isinstance(reading, Refused),
    }


def _reads(visit: Visit, tabled: e.AmendmentTabled) -> dict[str, Any]:
    recorded = e.Recorded(visit.state.size, visit.now, tabled.author, tabled.kind, tabled.document, tabled)
    return seen(visit, amendments.on_tabled(visit.state, recorded, tabled), tabled.amendment)


routes = [
    Route(f"/c/{{slug}}/{ADDRESS}", show, methods=["GET"], name="paper_amendments"),
    Route(f"/c/{{slug}}/{ADDRESS}", act, methods=["POST"], name="paper_amendments_act"),
]
