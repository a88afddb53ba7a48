"""Motions: the list, the text as a document with its notes and versions, the page where élus write it together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation.amendments.accounts import is_adoption
from deliberation.congress.congress import refuse_phase
from deliberation.congress.people import electorate
from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.plain_text import number_in
from deliberation.kernel.state import Motion
from deliberation.kernel.vocabulary import Phase
from deliberation.motions import seclusion
from deliberation.motions.motions import draft_clauses, refuse_writing
from deliberation.offers import refusal
from deliberation.thread.thread import Footing
from exports import adoptions, concordances, document_names, naming
from exports.document_names import DocumentLink
from exports.motion_text import proposal
from exports.office import tracking
from server.pages.motions.motion_text import standing_numbers, text_view, version_asked
from server.pages.motions.remarks import may_remark
from server.pages.record import entries
from server.pages.shell import forms, offline
from server.pages.shell.assets import build
from server.pages.shell.rendering import confirmed, kept_copy, render, status_of, submit
from server.pages.shell.thread_lines import threads
from server.pages.shell.visit import Visit, arrive, number

LATEST_ADOPTIONS = 12
"""How many adoptions the page of a motion accounts for, unless all are asked for."""


async def motions(request: Request) -> Response:
    visit = await arrive(request)
    return _list(visit, forms.Form())


def _list(visit: Visit, form: forms.Form, status: int = 200) -> Response:
    may_create = visit.may(c.CreateMotion) and refuse_phase(visit.state, visit.now, Phase.DRAFTING) is None
    counts = {n: sum(a.motion == n for a in visit.state.amendments.values()) for n in visit.state.motions}
    context = {"motions": list(visit.state.motions.values()), "counts": counts, "form": form, "may_create": may_create}
    return render(visit, "motions.html", context, status, keep=not may_create)


async def create(request: Request) -> Response:
    visit = await arrive(request)
    form = await forms.read(request)
    outcome = await submit(visit, form, form.command(c.CreateMotion, title=form.get("title")))
    if isinstance(outcome, Refused):
        return _list(visit, form.answered(outcome), status_of(outcome))
    return confirmed(outcome, visit.url(f"motions/{ids.split(outcome.document)[1]}"))


async def motion(request: Request) -> Response:
    visit = await arrive(request)
    found = _found(visit)
    if _version(visit, found) and (copy := kept_copy(visit)):
        return copy
    return await _page(visit, found, forms.Form())


async def take_up(request: Request) -> Response:
    return await _act(request, c.TakeUpMotion)


async def renumber(request: Request) -> Response:
    return await _act(request, c.RenumberMotion, "#concordance")


async def name_rapporteur(request: Request) -> Response:
    return await _act(request, c.NameRapporteur, "#conduire-texte", ("person",))


async def reopen(request: Request) -> Response:
    return await _act(request, c.ReopenMotion, "#conduire-texte", ("reason",))


MotionAct = type[c.TakeUpMotion | c.RenumberMotion | c.NameRapporteur | c.ReopenMotion]


async def _act(request: Request, act: MotionAct, anchor: str = "", names: tuple[str, ...] = ()) -> Response:
    """Sends an act on the motion as a whole, with these fields of the form; a refusal shows the motion with it."""
    visit = await arrive(request)
    found = _found(visit)
    form = await forms.read(request)
    typed = {name: form.values.get(name) for name in names}  # one that is missing is refused
    outcome = await submit(visit, form, form.command(act, motion=found.number, **typed))
    if isinstance(outcome, Refused):
        return await _page(visit, found, form.answered(outcome), status_of(outcome))
    return confirmed(outcome, visit.url(f"motions/{found.number}{anchor}"))


def may_renumber(visit: Visit, found: Motion) -> bool:
    return refusal(visit.state, visit.actor, c.RenumberMotion(found.number), visit.now) is None


async def _page(visit: Visit, found: Motion, form: forms.Form, status: int = 200) -> Response:
    version = _version(visit, found)
    view = text_view(visit.state, visit.words, found, version)
    context = {
        "motion": found,
        "text": view,
        "veiled": _veiled(visit, found),
        "latest": len(found.frozen),
        "record": await entries.about(visit, f"motion-{found.number}", limit=60),
        "may_write": refuse_writing(visit.state, visit.actor, found.number, visit.now) is None,
        "may_amend": visit.may(c.TableAmendment) and found.status == "frozen",
        "counts": _counts(visit, found),
        "footing": footing(visit, found),
        **_adoptions(visit, found),
        "proposal": proposal(visit.state, visit.words, found) if found.source else "",
        "concordance": concordances.concordance(visit.state, visit.words, found) if view.frozen else (),
        "may_renumber": may_renumber(visit, found),
        "elus": _elus(visit) if visit.may(c.NameRapporteur) else [],
        "may_take_up": visit.may(c.TakeUpMotion) and found.is_proposed,
        "documents": document_names.of_motion(visit.state, visit.words, found),
        "tracked": _tracked(visit, found),
        "form": form,
    }
    return render(visit, "motion.html", context, status)


def _elus(visit: Visit) -> list[tuple[str, str]]:
    """Those who can be named rapporteur, and nobody."""
    known = electorate(visit.state.people.values())
    named = sorted((naming.name_of(visit.state, visit.words, person), person) for person in known)
    return [("", visit.words("Personne")), *((person, name) for name, person in named)]


def _adoptions(visit: Visit, found: Motion) -> dict[str, Any]:
    """What the latest adoptions changed, or all of them when they are asked for, and how many are left out."""
    count = sum(is_adoption(text) for text in found.frozen)
    shown = count if visit.request.query_params.get("adoptions") == "toutes" else min(count, LATEST_ADOPTIONS)
    rows = adoptions.table(visit.state, visit.words, found, shown) if shown else ()
    return {"adoptions": rows, "adopted_before": count - shown}


def _version(visit: Visit, found: Motion) -> int:
    """The version in the address, else the current text: the draft while it is written."""
    asked = visit.request.query_params.get("version", "")
    standard = 0 if found.status == "drafting" else len(found.frozen)
    return standard if number_in(asked, 4) is None else version_asked(found, asked, standard)


@dataclass(frozen=True)
class FootingView:
    """How many clauses cite testimonies, with the labels of those that cite none."""

    footing: Footing
    bare: tuple[tuple[str, str], ...]

    @property
    def clauses(self) -> int:
        return len(self.footing.resting) + len(self.footing.bare)

    @property
    def published(self) -> int:
        return len(self.footing.reached) + len(self.footing.missing)


def footing(visit: Visit, found: Motion) -> FootingView:
    clauses = draft_clauses(found) if found.status == "drafting" or found.text is None else found.text.clauses
    known = threads(visit.slug, visit.state).footing(found.number)
    labels = {clause.id: naming.clause_label(visit.words, clause) for clause in clauses}
    return FootingView(known, tuple((id_, labels.get(id_, "")) for id_ in known.bare))


def _tracked(visit: Visit, found: Motion) -> tuple[DocumentLink, ...]:
    """The documents with the amendments as tracked changes, if there are any to mark."""
    if not tracking.marked(visit.state, found):
        return ()
    return document_names.with_amendments(visit.state, visit.words, found)


def _counts(visit: Visit, found: Motion) -> dict[str, int]:
    about = [a for a in visit.state.amendments.values() if a.motion == found.number]
    return {"all": len(about), "open": sum(a.outcome is None for a in about)}


async def edit(request: Request) -> Response:
    """The shared editor. What is frozen is only read in it, under the numbers of the debate, which stand still."""
    visit = await arrive(request)
    found = _found(visit)
    is_draft = found.status == "drafting"
    context = {
        "motion": found,
        "document": f"motion-{found.number}",
        "by_forms": "formulaires" in visit.request.query_params,
        "is_draft": is_draft,
        "numbers": standing_numbers(found),
        "text": text_view(visit.state, visit.words, found, 0 if is_draft else len(found.frozen)),
        "veiled": _veiled(visit, found),
        "refused_writing": refuse_writing(visit.state, visit.actor, found.number, visit.now),
        "may_remark": may_remark(visit, found),
        "proposal": proposal(visit.state, visit.words, found) if found.source else "",
        "build": build(*offline.ISLANDS),
    }
    return render(visit, "motion_edit.html", context, keep=False)


def _veiled(visit: Visit, motion: Motion) -> Refused | None:
    """Why the visitor may not read the draft now (H2), or None."""
    closed = not visit.takes_part and seclusion.is_veiled(visit.state, ids.document(ids.MOTION, motion.number))
    return seclusion.refuse_reading(visit.state) if closed else None


def _found(visit: Visit) -> Motion:
    found = visit.state.motions.get(number(visit.request))
    if found is None:
        raise HTTPException(404)
    return found


routes = [
    Route("/c/{slug}/motions", motions, methods=["GET"], name="motions"),
    Route("/c/{slug}/motions", create, methods=["POST"], name="motion_create"),
    Route("/c/{slug}/motions/{n:int}", motion, name="motion"),
    Route("/c/{slug}/motions/{n:int}/reprise", take_up, methods=["POST"], name="motion_take_up"),
    Route("/c/{slug}/motions/{n:int}/numeros", renumber, methods=["POST"], name="motion_renumber"),
    Route("/c/{slug}/motions/{n:int}/rapporteur", name_rapporteur, methods=["POST"], name="motion_rapporteur"),
    Route("/c/{slug}/motions/{n:int}/reouverture", reopen, methods=["POST"], name="motion_reopen"),
    Route("/c/{slug}/motions/{n:int}/edition", edit, name="motion_edit"),
]
