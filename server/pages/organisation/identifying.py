"""The identity of the congress as organisers set it: names, statements, colour, logo."""

from __future__ import annotations

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation.kernel import codec
from deliberation.kernel import commands as c
from deliberation.kernel.errors import Refused
from server.imports import logos
from server.pages.organisation import configuration
from server.pages.organisation.organisers_only import desk, organiser
from server.pages.shell import forms
from server.pages.shell.rendering import confirmed, status_of, submit
from server.pages.shell.visit import Visit

WORDS = ("organisation", "contact", "legal", "privacy", "accessibility", "conformity")


async def identify(request: Request) -> Response:
    visit = await organiser(request)
    form = await forms.read(request, forms.UPLOAD_LIMIT)
    outcome = await submit(visit, form, _command(visit, form))
    if isinstance(outcome, Refused):
        return configuration.page(visit, form.answered(outcome), status_of(outcome))
    return confirmed(outcome, f"{desk(visit, 'reglages')}#identite")


def _command(visit: Visit, form: forms.Form) -> c.IdentifyCongress | Refused:
    """What the form lacks stays as it is; the logo stays unless another is sent, or it is taken away."""
    present = visit.settings.identity
    given = {name: form.get(name, getattr(present, name)) for name in WORDS}
    colour = form.get("colour", present.colour) if form.get("own_colour", "oui") == "oui" else ""
    logo: str | Refused = "" if form.get("no_logo") == "oui" else present.logo
    if sent := form.files.get("logo"):
        logo = logos.read(sent)
    if isinstance(logo, Refused):
        return logo
    return form.command(c.IdentifyCongress, identity=codec.encode(replace(present, **given, colour=colour, logo=logo)))


routes = [Route("/organisation/{slug}/identite", identify, methods=["POST"], name="identify")]
