"""Proxies: giving and revoking them, and the public list."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation.congress.people import electorate
from deliberation.kernel import commands as c
from deliberation.kernel.errors import Refused
from deliberation.votes import proxies as mandates
from exports import naming
from server.pages.shell import forms
from server.pages.shell.rendering import confirmed, render, status_of, submit
from server.pages.shell.visit import Visit, arrive


async def proxies(request: Request) -> Response:
    return _page(await arrive(request), forms.Form())


async def act(request: Request) -> Response:
    visit = await arrive(request)
    form = await forms.read(request)
    command: c.Command | Refused
    if form.get("acte") == "revoquer":
        command = form.command(c.RevokeProxy, proxy=form.integer("proxy") or 0)
    else:
        command = form.command(c.GiveProxy, bearer=form.get("bearer"))
    outcome = await submit(visit, form, command)
    if isinstance(outcome, Refused):
        return _page(visit, form.answered(outcome), status_of(outcome))
    return confirmed(outcome, visit.url("pouvoirs"))


def _page(visit: Visit, form: forms.Form, status: int = 200) -> Response:
    state, words = visit.state, visit.words
    gives = visit.may(c.GiveProxy)
    context: dict[str, Any] = {
        "form": form,
        "gives": gives,
        "limit": visit.settings.rule.proxies,
        "given": mandates.given_by(state, visit.actor),
        "held": mandates.held_by(state, visit.actor),
        "bearers": [("", words("Choisir une personne")), *_bearers(visit)] if gives else [],
        "standing": sorted(mandates.standing(state), key=lambda x: naming.name_of(state, words, x.giver)),
        "ended": sorted((x for x in state.proxies.values() if x.ended), key=lambda x: x.ended, reverse=True),
    }
    return render(visit, "proxies.html", context, status, keep=not gives)


def _bearers(visit: Visit) -> list[tuple[str, str]]:
    """The élus who may still receive a proxy and did not give theirs away, by name."""
    state, words, limit = visit.state, visit.words, visit.settings.rule.proxies
    borne: dict[str, int] = {}
    for proxy in mandates.standing(state):
        borne[proxy.bearer] = borne.get(proxy.bearer, 0) + 1
    given = frozenset(proxy.giver for proxy in mandates.standing(state))
    everybody = (p for p in electorate(state.people.values()) if p != visit.actor and p not in given)
    free = [p for p in everybody if borne.get(p, 0) < limit]
    named = [(p, naming.name_of(state, words, p), state.people[p].collectivity) for p in free]
    return [(p, f"{name} — {place}" if place else name) for p, name, place in sorted(named, key=lambda x: x[1])]


routes = [
    Route("/c/{slug}/pouvoirs", proxies, methods=["GET"], name="proxies"),
    Route("/c/{slug}/pouvoirs", act, methods=["POST"], name="proxy_act"),
]
