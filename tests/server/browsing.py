"""A browser without JavaScript: pages are read, forms are found by the words on their buttons, filled and sent."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal

from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.state import State
from deliberation.kernel.vocabulary import Phase, Role
from server.app import create_app
from server.settings import ServerSettings

ORIGIN = "http://localhost:8000"
OPENED = "2020-01-01T00:00:00.000Z"


@dataclass
class Form:
    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)
    choices: set[str] = field(default_factory=set)


class _Reader(HTMLParser):
    """Collects the forms of a page; the value of a select is its selected option, or its first."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._in: Form | None = None
        self._name = ""
        self._into = ""
        self._first = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._in = Form(given.get("action", ""), given.get("method", "get"))
            self.forms.append(self._in)
        elif self._in is None:
            return
        elif tag == "input":
            self._input(self._in, given)
        elif tag in ("textarea", "select"):
            self._name, self._into, self._first = given["name"], tag, True
            self._in.fields[self._name] = ""
        elif tag == "option" and (self._first or "selected" in given):
            self._in.fields[self._name], self._first = given.get("value", ""), False
        elif tag == "button":
            self._in.buttons.append((given.get("name", ""), given.get("value", ""), ""))
            self._into = "button"

    def _input(self, form: Form, given: dict[str, str]) -> None:
        checked = given.get("type") not in ("checkbox", "radio") or "checked" in given
        if given.get("type") in ("radio", "checkbox"):
            form.choices.add(given.get("name", ""))
        if checked and given.get("name"):
            form.fields[given["name"]] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._in and self._into == "textarea":
            self._in.fields[self._name] += data
        elif self._in and self._into == "button":
            name, value, text = self._in.buttons[-1]
            self._in.buttons[-1] = (name, value, text + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._in:
            self._in.fields[self._name] = self._in.fields[self._name].removeprefix("\n")
        if tag in ("textarea", "select", "button"):
            self._into = ""
        if tag == "form":
            self._in = None


@dataclass
class Visitor:
    """A browser: its cookies, and its current page (with plain spaces) with address and status."""

    site: Site
    cookies: dict[str, str] = field(default_factory=dict)
    page: str = ""
    address: str = ""
    status: int = 0

    def go(self, address: str) -> str:
        return self._show(self.site.request("GET", address, self.cookies))

    def send(self, button: str, files: Any = None, without: str = "", **fields: str) -> str:
        """Presses the first button with that text, with these fields filled in and without the field `without`; returns
        the page that follows.
        """
        form, (name, value, _) = self._pressed(button, fields)
        data = {**form.fields, **fields, **({name: value} if name else {})}
        data.pop(without, None)
        return self._show(self.site.request("POST", form.action or self.address, self.cookies, data=data, files=files))

    def send_as(self, voter: str, button: str, **fields: str) -> str:
        """The same in the form that votes for that person, or for oneself if `voter` is ""."""
        form, _ = self._pressed(button, fields, voter)
        data = {**form.fields, **fields}
        return self._show(self.site.request("POST", form.action, self.cookies, data=data))

    def _pressed(
        self, button: str, fields: dict[str, str], voter: str | None = None
    ) -> tuple[Form, tuple[str, str, str]]:
        reader = _Reader()
        reader.feed(self.page)
        for form in reader.forms:
            if voter is not None and form.fields.get("voter") != voter:
                continue
            for found in form.buttons:
                if button in " ".join(found[2].split()) and set(fields) <= {*form.fields, *form.choices}:
                    return form, found
        raise AssertionError(f"no button “{button}” on {self.address}:\n{self.page}")

    def _show(self, answer: httpx.Response) -> str:
        self.page = answer.text.replace("\u00a0", " ").replace("\u202f", " ")
        self.status = answer.status_code
        parts = urlsplit(str(answer.url))
        self.address = parts.path + (f"?{parts.query}" if parts.query else "")
        return self.page


@dataclass
class Site:
    """The server's application in this process, on an event loop in a separate thread."""

    app: Any
    portal: BlockingPortal

    def request(
        self, method: str, address: str, cookies: dict[str, str], follow: bool = True, **more: Any
    ) -> httpx.Response:
        """Sends a request and follows redirections; cookies that the answers set are added to `cookies`."""

        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url=ORIGIN, cookies=cookies) as client:
                answer = await client.request(method, address, follow_redirects=follow, **more)
                cookies.clear()
                cookies.update({cookie.name: cookie.value or "" for cookie in client.cookies.jar})
                return answer

        return self.portal.call(ask)

    def visitor(self) -> Visitor:
        return Visitor(self)

    def do(self, command: c.Command, actor: str = ids.CONGRESS, slug: str = "essai") -> Any:
        services = self.app.state.services
        return self.portal.call(services.write_queue.submit, c.Request(secrets.token_hex(8), slug, actor, command))

    def state(self, slug: str = "essai") -> State:
        state: State = self.portal.call(self.app.state.services.write_queue.state, slug)
        return state

    def bring_in(self, organiser: Visitor, text: str | bytes, taken_up_by: str) -> None:
        """Creates the first motion: an organiser imports a proposed text, an élu takes it up."""
        data = text.encode() if isinstance(text, str) else text
        organiser.go("/organisation/essai/import")
        organiser.send("Importer", source="Le bureau", files={"file": ("motion.md", data, "text/markdown")})
        assert "1 document importé" in organiser.page, organiser.page
        self.do(c.TakeUpMotion(1), taken_up_by)

    def member(self, role: Role, name: str) -> Visitor:
        """Invites somebody and signs them in, as they would do it without JavaScript; returns their browser."""
        person = self.do(c.InvitePerson(name, role)).document.removeprefix("personne-")
        services = self.app.state.services
        link = services.link(services.identity.make_link("essai", person))
        visitor = self.visitor()
        visitor.go("/connexion")
        visitor.send("Me connecter", lien=link)
        assert visitor.address == "/c/essai/", visitor.page
        return visitor


@contextmanager
def site(folder: Path) -> Iterator[Site]:
    """A congress `essai` with every phase open."""
    app = create_app(ServerSettings(data=folder, origin=ORIGIN))
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(app.router.lifespan_context(app)):
        found = Site(app, portal)
        found.do(c.CreateCongress("essai", "Congrès d’essai", "localhost:8000/c/essai/registre", fictional=True))
        for phase in Phase:
            found.do(c.SetPhase(phase, OPENED))
        yield found
