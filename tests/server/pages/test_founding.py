"""An empty server: a link from the terminal allows creating one congress in the browser, once (P7)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path

import httpx
import pytest

from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.vocabulary import PollRule, Role
from server.command_line.serving import founding_link
from server.pages.organisation.creating import address_of
from server.settings import ServerSettings
from tests.server import sites
from tests.server.sites import ELU, ORGANISER, SLUG, Site

FORM = {"title": "Congrès de l’été", "person_name": "Ida Morel", "preset": "cgct", "cosignatures": "0", "commande": "a"}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with sites.opened(tmp_path) as opened:
        yield opened


def come(site: Site, token: str = "") -> str:
    """Opens a founding link; returns the cookie of the browser."""
    answer = site.post("/connexion", {"lien": token or site.services.identity.make_founding_link()})
    assert (answer.status_code, answer.headers["location"]) == (303, "/organisation/nouveau"), answer.text
    return cookie_of(answer)


def cookie_of(answer: httpx.Response) -> str:
    return f"pleniere={SimpleCookie(answer.headers['set-cookie'])['pleniere'].value}"


def create(site: Site, cookie: str, **more: str) -> httpx.Response:
    return site.post("/organisation/nouveau", FORM | more, cookie=cookie)


def congresses(site: Site) -> list[str]:
    return sorted(site.services.store.congresses())


def test_the_link_makes_the_first_congress_and_its_organiser(site: Site) -> None:
    """P7"""
    cookie = come(site)
    assert "Créer le premier congrès" in site.get("/", cookie=cookie).text
    answer = create(site, cookie)
    assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (
        303,
        "/organisation/congres-de-l-ete/reglages",
    )
    state = site.wait(site.services.write_queue.state("congres-de-l-ete"))
    assert state is not None
    assert [(p.name, p.role) for p in state.people.values()] == [("Ida Morel", Role.ORGANISER)]
    assert state.settings is not None
    assert state.settings.rule == PollRule(quorum_n=1, quorum_d=2, tie="chair", second_call_hours=72)
    assert site.get(answer.headers["location"], cookie=cookie_of(answer)).status_code == 200


def test_after_use_the_link_and_its_session_are_dead(site: Site) -> None:
    """P7"""
    token = site.services.identity.make_founding_link()
    cookie = come(site, token)
    assert site.post("/connexion", {"lien": token}).status_code == 422
    entered = cookie_of(create(site, cookie))
    assert create(site, cookie, slug="deuxieme", commande="b").status_code == 401
    assert site.get("/organisation/nouveau", cookie=cookie).status_code == 401
    second = create(site, entered, slug="deuxieme", title="Deuxième", commande="c", person_name="Autre")
    assert second.status_code == 303, "now an organiser like any other"
    founded = site.wait(site.services.write_queue.state("deuxieme"))
    assert founded is not None
    assert [p.name for p in founded.people.values()] == ["Ida Morel"], "an organiser makes congresses in their own name"


def test_of_many_requests_at_once_one_makes_a_congress(site: Site) -> None:
    """P7"""
    cookie = come(site)
    kind = {"content-type": "application/x-www-form-urlencoded", "origin": sites.ORIGIN, "cookie": cookie}
    bodies = [str(httpx.QueryParams(FORM | {"slug": f"c{i}", "commande": f"x{i}"})).encode() for i in range(6)]
    answers = site.wait(site.together([("POST", "/organisation/nouveau", body, kind) for body in bodies]))
    assert sorted(a.status_code for a in answers) == [303, 401, 401, 401, 401, 401]
    assert len(congresses(site)) == 1


def test_a_refused_form_keeps_the_right_and_the_words(site: Site) -> None:
    """P7"""
    cookie = come(site)
    nameless = create(site, cookie, person_name=" ", description="Deux jours à Brest.")
    assert nameless.status_code == 422
    assert "Deux jours à Brest." in nameless.text
    bad = create(site, cookie, title=" ", slug="ete")
    assert bad.status_code == 422
    assert congresses(site) == []
    assert create(site, cookie_of(bad)).status_code == 303


def test_it_opens_nothing_else(site: Site) -> None:
    """P7: no congress, no person, no page of organisers."""
    token = site.services.identity.make_founding_link()
    cookie = come(site, token)
    sites.found(site)
    for path in ("/organisation/nouveau", f"/organisation/{SLUG}/", f"/organisation/{SLUG}/personnes"):
        assert site.get(path, cookie=cookie).status_code == 401, path
    assert create(site, cookie).status_code == 401, "there is a congress now"
    late = site.services.identity.make_founding_link()
    assert create(site, come(site, late)).status_code == 401
    assert congresses(site) == [SLUG]


def test_a_new_link_ends_the_one_before(site: Site) -> None:
    """P7"""
    identity = site.services.identity
    first = identity.make_founding_link()
    cookie = come(site, first)
    second = identity.make_founding_link()
    assert create(site, cookie).status_code == 401
    assert create(site, come(site, second)).status_code == 303


def test_the_server_gives_a_link_while_it_has_no_congress(tmp_path: Path) -> None:
    """P7"""
    settings = ServerSettings(data=tmp_path)
    link = asyncio.run(founding_link(settings))
    assert link.startswith("http://localhost:8000/connexion#")
    with sites.opened(tmp_path) as site:
        come(site, link)
        sites.found(site)
    assert asyncio.run(founding_link(settings)) == ""


def test_a_congress_follows_an_earlier_one(site: Site) -> None:
    """P7: its rule, its settings, and a motion that awaits an élu, without the citations of another record."""
    sites.found(site)
    sites.fill(site)
    rule = PollRule(majority_n=2, majority_d=3, strict=False, chair=ELU)
    site.do(ORGANISER, c.ChangeCongress("Essai", "Deux jours.", "", False, rule, cosignatures=3))
    page = site.get(f"/organisation/nouveau?apres={SLUG}", ORGANISER).text
    assert "Deux jours." in page
    form = FORM | {"apres": SLUG, "preset": "comme-avant", "cosignatures": "3", "motion": "1", "slug": "an-deux"}
    assert site.post("/organisation/nouveau", form, ORGANISER).status_code == 303
    state = site.wait(site.services.write_queue.state("an-deux"))
    assert state is not None
    assert state.settings is not None
    assert (state.settings.rule, state.settings.cosignatures) == (PollRule(majority_n=2, majority_d=3, strict=False), 3)
    motion = state.motions[1]
    assert (motion.is_proposed, motion.source) == (True, "Essai")
    before, after = site.state.motions[1].text, [x.markdown for x in motion.draft.values()]
    assert before is not None
    assert len(after) == len(before.clauses)
    assert not any("[^" in words for words in after)
    assert site.wait(site.services.write_queue.state("nulle-part")) is None


@pytest.mark.parametrize(
    ("title", "address"),
    [("Congrès de l’été", "congres-de-l-ete"), ("  Œuvres & C°", "oeuvres-c"), ("「」", ""), ("A" * 80, "a" * 60)],
)
def test_an_address_follows_the_title(title: str, address: str) -> None:
    """P7"""
    assert address_of(title) == address
    assert not address or ids.SLUG.fullmatch(address)
