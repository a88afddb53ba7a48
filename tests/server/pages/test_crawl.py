"""Crawls the demonstration's pages in every role: no dead link, headings in order, unique names of drafts."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx
import pytest

from tests.server_process import Server
from tests.waiting import WITHIN

ROLES = ("", "elu", "organiser", "scribe")
ALIKE = 2
"""Pages looked at of those whose addresses differ by numbers and names alone."""
ALIKE_WHERE_VERSIONS_DIFFER = 24
"""Pages of passages and of comparisons: which of them a version knows differs from one to the next."""
MANY = re.compile(r"/passages/|/comparaison|/origines|\?version=")
APART = re.compile(r"/(?:langue|apparence|deconnexion|direct)(?:/|$)|\.zip$|/restitution/")
"""Addresses that change the visit, never end, or cost too much to ask for again and again."""
VARIABLE = re.compile(r"(?<=[/=:-])(?=[\w%-]*\d)[\w%-]+")
FREE = frozenset({"", "text", "search", "email", "url"})
START = (
    "/",
    "/connexion",
    "/c/demo/",
    "/organisation/demo/",
    "/organisation/nouveau",
    "/c/demo/voter",
    "/c/demo/ecran",
)


@dataclass
class Form:
    draft: str
    kept: bool
    free: bool = False


@dataclass
class Page(HTMLParser):
    """Collects the headings, forms and links of a page, without the content of `<template>` elements."""

    headings: list[tuple[int, str]] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    links: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._aside = 0
        self._in_heading = False
        self._in_form = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._aside += tag == "template"
        if self._aside:
            return
        if re.fullmatch("h[1-6]", tag):
            self.headings.append((int(tag[1]), ""))
            self._in_heading = True
        elif tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "form":
            self._in_form = given.get("method") == "post"
            if self._in_form:
                self.forms.append(Form(given.get("data-draft", ""), "data-no-draft" not in given))
        elif self._in_form and (tag == "textarea" or (tag == "input" and given.get("type", "") in FREE)):
            self.forms[-1].free = True

    def handle_data(self, data: str) -> None:
        if self._in_heading and not self._aside:
            level, said = self.headings[-1]
            self.headings[-1] = level, said + data

    def handle_endtag(self, tag: str) -> None:
        self._aside -= tag == "template"
        if re.fullmatch("h[1-6]", tag):
            self._in_heading = False
        if tag == "form":
            self._in_form = False


def wrong_headings(headings: list[tuple[int, str]]) -> list[str]:
    """The headings that skip a level, are empty, or are a second main heading."""
    wrong = [] if headings[:1] and headings[0][0] == 1 else ["the first heading is not the main one"]
    for (before, _), (level, said) in zip([(0, ""), *headings], headings, strict=False):
        if level > before + 1 or not said.strip() or (level == 1 and before):
            wrong.append(f"h{level} after h{before}: {' '.join(said.split())[:60]}")
    return wrong


def wrong_forms(forms: list[Form]) -> list[str]:
    """The forms whose drafts have no name, or the same name as another form's."""
    unnamed = ["a form with free text has no name"] * sum(x.free and x.kept and not x.draft for x in forms)
    return unnamed + [
        f"twice: {name}" for name, times in Counter(x.draft for x in forms if x.draft).items() if times > 1
    ]


@dataclass
class Walk:
    """A walk along the links of pages. `dead` maps the address of a missing or failing page to its status and the page
    with the link.
    """

    client: httpx.Client
    dead: dict[str, tuple[int, str]] = field(default_factory=dict)
    _kinds: Counter[str] = field(default_factory=Counter)

    def ask(self, address: str, before: str) -> httpx.Response | None:
        """The answer for an address; None if enough pages of its kind were seen already."""
        kind = VARIABLE.sub("N", address)
        self._kinds[kind] += 1
        if self._kinds[kind] > (ALIKE_WHERE_VERSIONS_DIFFER if MANY.search(address) else ALIKE):
            return None
        answer = self.client.get(address)  # files and the API as well: only pages are read further
        if before and (answer.status_code == 404 or answer.status_code >= 500):
            self.dead[address] = answer.status_code, before
        is_page = answer.status_code == 200 and answer.headers["content-type"].startswith("text/html")
        return answer if is_page else None


def walk(client: httpx.Client) -> Iterator[tuple[str, Page]]:
    """The pages that can be reached by links, a few of each kind. Raises AssertionError at the end if there are dead
    links.
    """
    going = Walk(client)
    waiting, seen = deque((address, "") for address in START), set(START)
    while waiting:
        address, before = waiting.popleft()
        answer = going.ask(address, before)
        if answer is None:
            continue
        page = Page()
        page.feed(answer.text)
        if "<h1" in answer.text:  # a fragment of a page has none
            yield address, page
        for link in page.links:
            target = urlsplit(urljoin(str(answer.url), link))
            found = target.path + (f"?{target.query}" if target.query else "")
            if target.netloc == client.base_url.netloc.decode() and found not in seen and not APART.search(target.path):
                seen.add(found)
                waiting.append((found, address))
    assert going.dead == {}


def test_what_is_wrong_is_found() -> None:
    assert wrong_headings([(1, "a"), (2, "b"), (3, "c"), (2, "d")]) == []
    assert wrong_headings([(1, "a"), (3, "b")]) == ["h3 after h1: b"]
    assert wrong_headings([(2, "a")]) == ["the first heading is not the main one", "h2 after h0: a"]
    assert wrong_headings([(1, "a"), (2, " ")]) == ["h2 after h1: "]
    assert wrong_forms([Form("a", True, True), Form("", False, True), Form("", True)]) == []
    assert wrong_forms([Form("a", True, True), Form("a", True), Form("", True, True)]) == [
        "a form with free text has no name",
        "twice: a",
    ]


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_no_link_is_dead_headings_are_in_order_and_drafts_have_names(server: Server, role: str) -> None:
    with httpx.Client(base_url=server.url, trust_env=False, timeout=WITHIN, follow_redirects=True) as client:
        if role:
            token = server.invite(role, f"Marche {role}").partition("#")[2]
            client.post("/connexion", data={"lien": token}, headers={"Origin": server.url})
        found = {address: wrong_headings(page.headings) + wrong_forms(page.forms) for address, page in walk(client)}
    assert len(found) > 30, "the walk gets about"
    assert {address: wrong for address, wrong in found.items() if wrong} == {}
