"""Redactions: one organiser proposes with a legal ground and a statement of reasons, another decides."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import Redaction
from deliberation.kernel.vocabulary import PassagePlace
from deliberation.text.masking import Passage
from exports import labels
from server.pages.organisation.organisers_only import desk, organiser
from server.pages.organisation.word_search import WordHits, find, words_at
from server.pages.shell import forms
from server.pages.shell.rendering import confirmed, render, status_of, submit
from server.pages.shell.visit import Visit

NO_WORDS = Refused("redaction.no_words", "Donnez les mots à chercher : un mot au moins.", "words")
NOWHERE = Refused("redaction.nowhere", "Ces mots ne se trouvent dans aucune écriture.", "words")
NO_DOCUMENT = Refused("redaction.no_document", "Choisissez au moins un texte où masquer ces mots.", "words")


async def redactions(request: Request) -> Response:
    visit = await organiser(request)
    asked = visit.request.query_params.get("cible", "")[:80]
    return await _page(visit, forms.Form({"target": asked} if asked else {}))


async def act(request: Request) -> Response:
    visit = await organiser(request)
    form = await forms.read(request)
    if form.get("acte") == "chercher":
        found = await _search(visit, form.get("words"))
        if isinstance(found, Refused):
            return await _page(visit, form.answered(found), status_of(found))
        return await _page(visit, form, found=found)
    command = await _masking(visit, form) if form.get("acte") == "masquer" else _command(form)
    outcome = await submit(visit, form, command)
    if isinstance(outcome, Refused):
        again = await _search(visit, form.get("words")) if form.get("acte") == "masquer" else None
        hits = again if isinstance(again, WordHits) else None
        return await _page(visit, form.answered(outcome), status_of(outcome), hits)
    return confirmed(outcome, desk(visit, "caviardages"))


def _command(form: forms.Form) -> c.Command | Refused:
    if form.get("acte") == "proposer":
        return form.command(
            c.ProposeRedaction,
            target=target(form.get("target")),
            ground=form.get("ground"),
            statement=form.get("statement"),
        )
    return form.command(
        c.DecideRedaction,
        redaction=form.integer("redaction") or 0,
        agree=form.get("acte") == "accepter",
        reason=form.get("reason"),
    )


async def _search(visit: Visit, words: str) -> WordHits | Refused:
    try:
        passage = Passage(words)
    except ValueError:
        return NO_WORDS
    return await asyncio.to_thread(lambda: find(visit.services.store.recorded(visit.slug), passage)) or NOWHERE


async def _masking(visit: Visit, form: forms.Form) -> c.Command | Refused:
    """Searches for the words again and names them by their place, so that the words themselves are not stored."""
    found = await _search(visit, form.get("words"))
    if isinstance(found, Refused):
        return found
    chosen = [x for x in found.documents if form.get(f"texte:{x.document}") == "oui"]
    if not chosen:
        return NO_DOCUMENT
    targets = sorted({index for each in chosen for index in each.entries})
    place = await _place_in(visit, form.get("words"), targets[0])
    return c.ProposeMasking(
        place,
        tuple(each.document for each in chosen),
        tuple(targets),
        form.get("ground"),
        form.get("statement"),
    )


async def _place_in(visit: Visit, words: str, index: int) -> PassagePlace:
    """Where the words are in an entry that contains them."""
    recorded = await asyncio.to_thread(lambda: list(visit.services.store.recorded(visit.slug, index, index + 1)))
    found = find(recorded, Passage(words))
    assert found is not None
    return found.place


def target(typed: str) -> str:
    """The document for what was typed: `12` is testimony 12, `p3` person 3; a document's name stays."""
    typed = typed.strip().lower()
    if typed.isascii() and typed.isdecimal():
        return ids.document(ids.TESTIMONY, typed)
    return f"{ids.PERSON}-{typed}" if typed[:1] == "p" and typed[1:].isdecimal() else typed


async def _page(visit: Visit, form: forms.Form, status: int = 200, found: WordHits | None = None) -> Response:
    known = sorted(visit.state.redactions.values(), key=lambda r: r.number, reverse=True)
    waiting = [r for r in known if r.status == "proposed"]
    context: dict[str, Any] = {
        "form": form,
        "waiting": waiting,
        "named": await asyncio.to_thread(named_words, visit, waiting),
        "decided": [r for r in known if r.status != "proposed"],
        "grounds": [(ground, visit.words(ground)) for ground in labels.GROUNDS],
        "found": found,
    }
    return render(visit, "organisation/redactions.html", context, status, keep=False)


def named_words(visit: Visit, waiting: list[Redaction]) -> dict[int, str]:
    """The words that await a decision, by redaction; only organisers read them here."""
    found = {}
    for each in waiting:
        if place := each.place:
            (recorded,) = visit.services.store.recorded(visit.slug, place.entry, place.entry + 1)
            found[each.number] = words_at(recorded, place)
    return found


routes = [
    Route("/organisation/{slug}/caviardages", redactions, methods=["GET"], name="redactions"),
    Route("/organisation/{slug}/caviardages", act, methods=["POST"], name="redaction_act"),
]
