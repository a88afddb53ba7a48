"""The page of settings: phases on one timeline, presentation, identity, voting rule, drafting in camera."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation.congress.phases import following
from deliberation.kernel import commands as c
from deliberation.kernel.errors import Refused
from deliberation.kernel.vocabulary import Phase
from exports import labels
from exports.voting_rules import rule_sentence
from server.pages.organisation.organisers_only import desk, organiser
from server.pages.organisation.timeline import rows
from server.pages.shell import forms
from server.pages.shell.rendering import confirmed, render, status_of, submit
from server.pages.shell.visit import Visit


async def settings(request: Request) -> Response:
    return page(await organiser(request), forms.Form())


async def change(request: Request) -> Response:
    visit = await organiser(request)
    form = await forms.read(request)
    outcome = await submit(visit, form, _change(visit, form))
    if isinstance(outcome, Refused):
        return page(visit, form.answered(outcome), status_of(outcome))
    return confirmed(outcome, f"{desk(visit, 'reglages')}#presentation")


def _change(visit: Visit, form: forms.Form) -> c.ChangeCongress | Refused:
    return form.command(
        c.ChangeCongress,
        title=form.get("title"),
        description=form.get("description"),
        place=form.get("place"),
        visitors_may_testify=form.get("visitors_may_testify") == "oui",
        rule=forms.plain(visit.settings.rule),
        cosignatures=forms.whole_number(form, "cosignatures", visit.settings.cosignatures),
        presence_asked=form.get("presence_asked") == "oui",
    )


def page(visit: Visit, form: forms.Form, status: int = 200) -> Response:
    """The settings, with the answer to one of their forms."""
    follows = following(visit.state, visit.now)
    context: dict[str, Any] = {
        "form": form,
        "of": lambda part: form if _part(form) == part else forms.Form(),
        "part": _part(form),
        "rows": rows(visit),
        "follows": follows,
        "all_open": all(row.station.status == "open" for row in rows(visit)),
        "subjects": [f"phase-{phase.value}" for phase in Phase],
        "zone": visit.timezone,
        "seclusion": visit.state.seclusion,
        "identity": visit.settings.identity,
        "levels": [(key, visit.words(label)) for key, label in labels.CONFORMITY.items()],
        "rule": rule_sentence(visit.state, visit.words, visit.settings.rule),
    }
    return render(visit, "organisation/settings.html", context, status, keep=False)


def _part(form: forms.Form) -> str:
    """The part of the page that this form stands in."""
    if "acte" in form.values:
        return "etapes"
    if "organisation" in form.values:
        return "identite"
    return "presentation" if "title" in form.values else "huis-clos"


routes = [
    Route("/organisation/{slug}/reglages", settings, methods=["GET"], name="settings"),
    Route("/organisation/{slug}/reglages", change, methods=["POST"], name="congress_change"),
]
