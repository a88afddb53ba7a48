"""One request of a page: the visitor, the congress, the language, and the state that the visitor may see."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request

from deliberation import offers
from deliberation.congress.people import may, role_of
from deliberation.kernel import ids
from deliberation.kernel.commands import Command
from deliberation.kernel.errors import Refused
from deliberation.kernel.events import Recorded
from deliberation.kernel.state import Person, Settings, State
from deliberation.visibility.views import view_of
from exports import moments
from exports.translations import Translator, words_for
from server.pages.shell import local_times
from server.pages.shell.checkpoint_footer import Signed, last_checkpoint
from server.pages.shell.confirmed_entries import confirmed_entries
from server.web.languages import language_of

THEME_COOKIE = "apparence"
THEMES = {"clair": "light", "sombre": "dark"}


@dataclass(frozen=True)
class Visit:
    """`actor` is a person of the congress or `visiteur`; `state` is what they may see of it, empty on pages that belong
    to no congress. `refuses` says why the rules, which know the whole state, would refuse a command of theirs now.
    `confirmed` are the entries that the page confirms after an act.
    """

    request: Request
    services: Any
    slug: str
    state: State
    actor: str
    words: Translator
    now: ids.Instant
    checkpoint: Signed | None = None
    refuses: Callable[[Command], Refused | None] = lambda command: None
    confirmed: tuple[Recorded, ...] = ()

    @property
    def settings(self) -> Settings:
        assert self.state.settings is not None
        return self.state.settings

    @property
    def person(self) -> Person | None:
        return self.state.people.get(self.actor)

    @property
    def takes_part(self) -> bool:
        """Whether the visitor is of the congress: somebody whose access was withdrawn reads what the public reads."""
        return self.person is not None and not self.person.revoked

    @property
    def role(self) -> str:
        return role_of(self.state, self.actor)

    @property
    def timezone(self) -> str:
        return self.state.settings.timezone if self.state.settings else "Europe/Paris"

    def may(self, command: type[Command]) -> bool:
        return may(self.state, self.actor, command)

    def url(self, path: str = "") -> str:
        """The address of a page of this congress; "" is its home."""
        return f"/c/{self.slug}/{path}"

    def moment(self, instant: ids.Instant) -> str:
        return moments.moment(instant, self.timezone, self.words.lang)


async def arrive(request: Request) -> Visit:
    """The visit of a congress's page; 404 if there is no such congress."""
    return await arrive_at(request, str(request.path_params["slug"]))


async def arrive_at(request: Request, slug: str) -> Visit:
    """The visit of a page that shows this congress; 404 if there is none of that name."""
    services = request.app.state.services
    state = await services.write_queue.state(slug) if ids.SLUG.fullmatch(slug) else None
    if state is None or state.settings is None:
        raise HTTPException(404)
    actor, at = await _person(services, request, slug) or ids.VISITOR, now()
    checkpoint = await last_checkpoint(services, slug, state.size)
    refuses = partial(_refusal, state, actor, at)
    confirmed = await confirmed_entries(services.store, request, slug, state.size)
    view = view_of(state, actor)
    return Visit(request, services, slug, view, actor, language(request), at, checkpoint, refuses, confirmed)


def _refusal(state: State, actor: str, at: ids.Instant, command: Command) -> Refused | None:
    return offers.refusal(state, actor, command, at)


async def again(visit: Visit) -> Visit:
    """The same visit with the congress's new state, after an act."""
    state = await visit.services.write_queue.state(visit.slug)
    refuses = partial(_refusal, state, visit.actor, visit.now)
    return replace(visit, state=view_of(state, visit.actor), refuses=refuses)


def known(request: Request, slug: str) -> Visit:
    """The visit of a visitor to a congress that this process has in memory, without the database; else a stray one."""
    services = _services(request)
    state = services.write_queue.peek(slug) if services is not None and slug else None
    if state is None or state.settings is None:
        return stray(request)
    return Visit(request, services, slug, view_of(state, ids.VISITOR), ids.VISITOR, language(request), now())


def stray(request: Request) -> Visit:
    """The visit of a page that belongs to no congress."""
    return Visit(request, _services(request), "", State(), ids.VISITOR, language(request), now())


def _services(request: Request) -> Any:
    """The services of the application; None for a request that is refused before it reaches the application."""
    app = request.scope.get("app")
    return getattr(app.state, "services", None) if app is not None else None


def now() -> ids.Instant:
    return local_times.text(datetime.now(UTC))


def language(request: Request) -> Translator:
    return words_for(language_of(request))


def theme(request: Request) -> str:
    """`light`, `dark`, or "" to follow the device."""
    return THEMES.get(request.cookies.get(THEME_COOKIE, ""), "")


async def _person(services: Any, request: Request, slug: str) -> str | None:
    found = services.identity.person(request, slug)
    person: str | None = await found if inspect.isawaitable(found) else found
    return person


def number(request: Request, name: str = "n") -> int:
    """The number in the address; 404 if it is out of range."""
    value = int(request.path_params[name])
    if not 0 <= value < 10**9:
        raise HTTPException(404)
    return value
