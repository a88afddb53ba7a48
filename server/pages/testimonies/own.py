"""An author's own testimony, by account or by the secret link: reread, signed otherwise, corrected, withdrawn."""

from __future__ import annotations

from dataclasses import dataclass, replace

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation import revising
from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import State, Testimony
from deliberation.kernel.territory import Naming
from deliberation.kernel.vocabulary import Phase
from deliberation.visibility.published import PUBLIC
from exports import labels, naming
from exports.translations import N_
from server.pages.record import entries
from server.pages.shell import forms
from server.pages.shell.places import TypedPlace, read_place
from server.pages.shell.rendering import confirmed, render, status_of, submit
from server.pages.shell.visit import Visit, arrive, number

UNCONFIRMED = Refused("testimony.unconfirmed", N_("Cochez la case : ce qui est retiré ne revient pas."), "sur")
ACTS = ("nom", "correction", "retrait")
"""The forms of the page; which one was sent is in its field `acte`."""


@dataclass(frozen=True)
class OwnTestimony:
    """A testimony before its author. `link` is its secret address, "" where the author is an élu with an account."""

    visit: Visit
    state: State
    testimony: Testimony
    key: str
    link: str

    @property
    def path(self) -> str:
        """The address of this page."""
        return f"temoignages/{self.testimony.number}/auteur" + (f"/{self.key}" if self.key else "")


async def _arrive(request: Request) -> OwnTestimony:
    """404 for whoever is not the author: the address of a testimony tells nothing of who may revise it."""
    visit = await arrive(request)
    key = str(request.path_params.get("key", ""))
    state: State | None = await visit.services.write_queue.state(visit.slug)
    found = state.testimonies.get(number(request)) if state else None
    if state is None or found is None or not _is_author(visit, found, key):
        raise HTTPException(404)
    admission = visit.services.admission
    signed = revising.speaks_as_elu(state, found)
    link = "" if signed else f"temoignages/{found.number}/auteur/{admission.author_key(state, found.number)}"
    visit = replace(visit, actor=ids.VISITOR) if key else visit
    return OwnTestimony(visit, state, PUBLIC.published(found), key, link)


def _is_author(visit: Visit, found: Testimony, key: str) -> bool:
    if key:
        return bool(visit.services.admission.has_author_key(visit.state, found.number, key))
    return visit.actor != ids.VISITOR and visit.actor == found.author


async def page(request: Request) -> Response:
    return await _page(await _arrive(request), {})


async def _page(own: OwnTestimony, sent: dict[str, forms.Form], status: int = 200) -> Response:
    visit, found = own.visit, own.testimony
    said = found.speaker
    context = {
        "t": found,
        "title": naming.testimony_title(visit.words, found),
        "said": naming.said_by(own.state, visit.words, found),
        "signed": revising.naming_of(said).value,
        "namings": [(each.value, visit.words(label)) for each, label in _namings(own).items()],
        "refused": revising.refuse(own.state, visit.actor, found.number, visit.now),
        "closes": _closes(own.state),
        "may_sign": bool(own.link),
        "link": own.link,
        "path": own.path,
        "forms": {act: sent.get(act, forms.Form()) for act in ACTS},
        "record": await entries.about(visit, f"temoignage-{found.number}"),
    }
    return render(visit, "testimony_own.html", context, status, keep=False)


def _namings(own: OwnTestimony) -> dict[Naming, str]:
    return labels.NAMINGS if own.testimony.author == ids.VISITOR else labels.NAMINGS_OF_OTHERS


def _closes(state: State) -> str:
    window = state.phases.get(Phase.RESTITUTION)
    return window.closes or "" if window else ""


async def revise(request: Request) -> Response:
    own = await _arrive(request)
    form = await forms.read(request)
    act = form.get("acte")
    if act not in ACTS:
        refused = Refused("form.malformed", forms.MALFORMED, "acte")
        return await _page(own, {ACTS[0]: form.answered(refused)}, status_of(refused))
    outcome = await submit(own.visit, form, await _command(own, form, act))
    if isinstance(outcome, Refused):
        return await _page(own, {act: form.answered(outcome)}, status_of(outcome))
    return confirmed(outcome, own.visit.url(own.path))


async def _command(own: OwnTestimony, form: forms.Form, act: str) -> c.Command | Refused:
    n = own.testimony.number
    if act == "nom":
        return await _naming(own, form)
    if act == "correction":
        fields = {name: form.get(name) for name in ("title", "text", "video", "theme")}
        return form.command(c.CorrectTestimony, testimony=n, **fields)
    if form.get("sur") != "oui":
        return UNCONFIRMED
    return form.command(c.WithdrawTestimony, testimony=n, reason=form.get("reason"))


async def _naming(own: OwnTestimony, form: forms.Form) -> c.Command | Refused:
    said = own.testimony.speaker
    known = TypedPlace(said.collectivity, said.code) if said.collectivity else None
    place = await read_place(own.visit.services, form, "speaker_collectivity", known)
    if isinstance(place, Refused):
        return place
    speaker = {
        "name": form.get("speaker_name"),
        "mandate": form.get("speaker_mandate"),
        "collectivity": place.name,
        "code": place.code,
    }
    return form.command(c.ChangeNaming, testimony=own.testimony.number, naming=form.get("naming"), speaker=speaker)


routes = [
    Route("/c/{slug}/temoignages/{n:int}/auteur", page, methods=["GET"], name="own_testimony"),
    Route("/c/{slug}/temoignages/{n:int}/auteur", revise, methods=["POST"], name="revise_testimony"),
    Route("/c/{slug}/temoignages/{n:int}/auteur/{key}", page, methods=["GET"], name="own_testimony_by_link"),
    Route("/c/{slug}/temoignages/{n:int}/auteur/{key}", revise, methods=["POST"], name="revise_testimony_by_link"),
]
