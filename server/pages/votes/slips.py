"""The desk's page for signed slips in a roll call: one person enters a slip, another confirms or refuses it."""

from __future__ import annotations

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation.kernel import commands as c
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import Poll, Slip
from deliberation.kernel.vocabulary import Choice
from deliberation.votes import proxies, slips
from deliberation.votes.ways import of as way_of
from exports import labels, naming
from server.imports.source import key
from server.pages.organisation.organisers_only import entitled
from server.pages.shell import forms
from server.pages.shell.rendering import confirmed, render, status_of, submit
from server.pages.shell.visit import Visit, number

FOR = "/"
"""Between the signer and whose vote it is, in the value of a form's choice."""


async def show(request: Request) -> Response:
    visit = await entitled(request, c.EnterSlip)
    return _page(visit, _found(visit), forms.Form())


async def act(request: Request) -> Response:
    visit = await entitled(request, c.EnterSlip)
    found = _found(visit)
    form = await forms.read(request)
    outcome = await submit(visit, form, _command(found, form))
    if isinstance(outcome, Refused):
        return _page(visit, found, form.answered(outcome), status_of(outcome))
    return confirmed(outcome, visit.url(f"scrutins/{found.number}/bulletins"))


def _command(found: Poll, form: forms.Form) -> c.Command | Refused:
    acte, slip = form.get("acte"), form.integer("slip") or 0
    if acte == "confirmer":
        return form.command(c.ConfirmSlip, slip=slip)
    if acte == "refuser":
        return form.command(c.RefuseSlip, slip=slip, reason=form.get("reason"))
    if not form.get("choix"):
        return Refused("ballot.no_choice", "Dites ce que porte le bulletin.", "choix")
    signer, _, voter = form.get("signer").partition(FOR)
    return form.command(c.EnterSlip, poll=found.number, signer=signer, voter=voter, choice=form.get("choix"))


def _found(visit: Visit) -> Poll:
    found = visit.state.polls.get(number(visit.request))
    if found is None or not way_of(found).by_name:
        raise HTTPException(404)
    return found


def _page(visit: Visit, found: Poll, form: forms.Form, status: int = 200) -> Response:
    entered = [_line(visit, slip) for slip in slips.of_poll(visit.state, found.number)]
    context = {
        "form": form,
        "poll": found,
        "waiting": [x for x in entered if x["slip"].status == slips.WAITING],
        "settled": [x for x in reversed(entered) if x["slip"].status != slips.WAITING],
        "signers": [("", visit.words("Choisir une personne")), *_signers(visit, found)],
        "choices": [(choice.value, visit.words(labels.CHOICES[choice])) for choice in Choice],
    }
    return render(visit, "slips.html", context, status, keep=False)


def _line(visit: Visit, slip: Slip) -> dict[str, Any]:
    state, words = visit.state, visit.words
    names = {
        field: naming.name_of(state, words, person) if person else ""
        for field, person in (
            ("signer", slip.signer),
            ("giver", slip.voter if slip.voter != slip.signer else ""),
            ("entered_by", slip.entered_by),
            ("settled_by", slip.settled_by),
        )
    }
    choice = words(labels.CHOICES[slip.choice]) if slip.choice else ""
    return {"slip": slip, "choice": choice, "own": slip.entered_by == visit.actor, **names}


def _signers(visit: Visit, found: Poll) -> list[tuple[str, str]]:
    """Each élu of the electorate, for themselves, then for each who gave them a proxy."""
    state, words = visit.state, visit.words
    listed = sorted(((naming.name_of(state, words, p), p) for p in found.electorate), key=lambda x: key(x[0]))
    choices: list[tuple[str, str]] = []
    for name, person in listed:
        choices.append((person, name))
        for held in () if proxies.gave_own(state, person) else proxies.held_by(state, person):
            giver = naming.name_of(state, words, held.giver)
            choices.append((f"{person}{FOR}{held.giver}", words("{name}, au nom de {giver}", name=name, giver=giver)))
    return choices


routes = [
    Route("/c/{slug}/scrutins/{n:int}/bulletins", show, methods=["GET"], name="slips"),
    Route("/c/{slug}/scrutins/{n:int}/bulletins", act, methods=["POST"], name="slips_act"),
]
