"""Files brought into the congress: testimonies, a motion, a map."""

from __future__ import annotations

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation.kernel.errors import Refused
from exports import naming
from exports.translations import N_
from server.imports.importing import KINDS, Imported, import_file
from server.pages.organisation.organisers_only import organiser
from server.pages.shell import forms
from server.pages.shell.rendering import render
from server.pages.shell.visit import Visit, again

KIND_LABELS = {
    "temoignages": N_("Des témoignages (CSV ou JSON)"),
    "motion": N_("Une motion (Markdown)"),
    "carte": N_("Une carte (Markdown, OPML, FreeMind)"),
}


async def importing(request: Request) -> Response:
    return _page(await organiser(request), forms.Form())


async def bring(request: Request) -> Response:
    visit = await organiser(request)
    form = await forms.read(request, forms.UPLOAD_LIMIT)
    data = form.files.get("file", b"")
    if not data:
        return _page(visit, form.answered(Refused("import.no_file", "Choisissez un fichier.", "file")), status=422)
    kind = form.get("kind") if form.get("kind") in KINDS else None
    name = form.names.get("file", "")
    done = await import_file(
        visit.services.write_queue,
        visit.slug,
        name,
        data,
        kind,
        actor=visit.actor,
        batch=form.commande,
        source=form.get("source"),
        load=visit.services.territories.readable,
    )
    fresh = await again(visit)
    if done.refused:
        field = "source" if done.refused.field == "source" else "file"
        return _page(fresh, form.answered(replace(done.refused, field=field)), done, 422)
    return _page(fresh, forms.Form(), done)


def _page(visit: Visit, form: forms.Form, done: Imported | None = None, status: int = 200) -> Response:
    kinds = [("", visit.words("Deviner d’après le fichier"))]
    context = {
        "form": form,
        "done": done,
        "made": [(naming.subject(visit.state, visit.words, d), naming.path(visit.state, d)) for d in _few(done)],
        "kinds": kinds + [(key, visit.words(KIND_LABELS[key])) for key in KINDS],
    }
    return render(visit, "organisation/import.html", context, status, keep=False)


def _few(done: Imported | None) -> tuple[str, ...]:
    return done.documents[:5] if done else ()


routes = [
    Route("/organisation/{slug}/import", importing, methods=["GET"], name="import"),
    Route("/organisation/{slug}/import", bring, methods=["POST"], name="import_file"),
]
