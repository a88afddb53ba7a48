"""Inviting one or two thousand people, repeatedly and also on paper, and seeing who has come (P8)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import httpx
import pytest

from deliberation.congress.people import known_as
from deliberation.kernel import commands as c
from deliberation.kernel.vocabulary import Role
from server.identity.identity import Identity
from server.identity.invitations import LENGTH, grouped, new_code, typed_code
from server.imports import people
from server.pages.organisation.inviting import PAPER_LIFE
from server.store.clock import ScriptedClock
from server.store.database import Database
from tests.server import sites
from tests.server.sites import ELU, ORGANISER, REVOKED, SECOND, SLUG, Site

PEOPLE = f"/organisation/{SLUG}/personnes"
LINK = re.compile(r"http://localhost:8000/connexion#([\w-]+)")
CODE = re.compile(r'class="slip-code">([\w-]+)')
NOW = "2026-01-01T00:00:00.000Z"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with sites.opened(tmp_path) as opened:
        sites.found(opened)
        yield opened


def table(site: Site, rows: str, role: str = "elu") -> httpx.Response:
    form = {"acte": "tableau", "role": role, "commande": "t" * 16}
    return site.upload(PEOPLE, form, f"nom;courriel;collectivité\n{rows}".encode(), ORGANISER)


def links(answer: httpx.Response) -> list[str]:
    return list(dict.fromkeys(LINK.findall(answer.text)))


def names(site: Site) -> list[str]:
    return [p.name for p in site.state.people.values()]


def several(site: Site, act: str, **search: str) -> httpx.Response:
    return site.post(PEOPLE, {"acte": act, **search}, ORGANISER)


def come(site: Site, typed: str) -> httpx.Response:
    return site.post("/connexion", {"lien": typed})


def test_the_same_table_again_makes_no_second_person(site: Site) -> None:
    """P8"""
    rows = "Éva Dupont;eva@a.example;Bourg\nYves Durand;;Bourg\n"
    first = links(table(site, rows))
    before = names(site)
    again = links(table(site, "eva  DUPONT;eva@a.example;Bourg\nYves Durand;;\nLéa Roy;;Bourg\n"))
    assert (len(first), len(again)) == (2, 3)
    assert names(site) == [*before, "Léa Roy"]
    assert [come(site, link).status_code for link in first] == [422, 422], "the links before are dead"
    assert [come(site, link).status_code for link in again] == [303, 303, 303]


def test_whoever_may_be_somebody_else_is_not_given_anothers_place(site: Site) -> None:
    """P8: a link never goes to another address than the person's."""
    table(site, "Paul Roy;paul@a.example;Bourg\n")
    answer = table(site, "Paul Roy;autre@b.example;Bourg\n")
    assert (answer.status_code, links(answer)) == (422, [])
    assert "avec une autre adresse de courriel" in answer.text
    assert len(links(table(site, "Paul Roy;autre@b.example;Bois\n"))) == 1
    assert names(site).count("Paul Roy") == 2


def test_who_is_meant(site: Site) -> None:
    """P8"""
    state = site.state

    def found(name: str, role: Role = Role.ELU, place: str = "") -> str:
        known = known_as(state, c.InvitePerson(name, role, collectivity=place))
        return known.id if known else ""

    assert [found("ANA"), found("Ána", place="bourg"), found("Ana", place="Bois"), found("Ana", Role.SCRIBE)] == [
        ELU,
        ELU,
        "",
        "",
    ]
    assert found("Flo") == "", f"the access of {REVOKED} was withdrawn"
    site.do(ORGANISER, c.InvitePerson("Ana", Role.ELU, "", "Bourg"))
    assert len(site.state.people) == len(state.people) + 1, "an invitation that does not ask is as before"


def test_slips_for_everybody_who_has_not_come(site: Site) -> None:
    page = several(site, "billets", etat="attendues", role="elu")
    codes = CODE.findall(page.text)
    assert (page.status_code, len(codes), page.text.count("<svg")) == (200, 2, page.text.count("<svg"))
    assert page.headers["cache-control"] == "no-store"
    assert page.text.count('class="qr"') == 2
    assert come(site, f" {codes[0].lower().replace('-', ' ')} ").status_code == 303
    rest = several(site, "feuilles", etat="attendues", role="elu")
    (left,) = CODE.findall(rest.text)
    assert 'class="slips alone"' in rest.text
    assert come(site, codes[1]).status_code == 422, "a new slip replaces the one before"
    assert come(site, left).status_code == 303
    assert several(site, "billets", etat="attendues", role="elu").status_code == 422


def test_who_has_come_is_seen(site: Site) -> None:
    page = site.get(f"{PEOPLE}?q=bourg&role=elu", ORGANISER).text
    assert (page.count(">Venue<"), page.count(">Sans lien valable<")) == (0, 3), "the choice of the list among them"
    (link,) = links(site.post(PEOPLE, {"acte": "lien", "person": ELU}, ORGANISER))
    waiting = site.get(f"{PEOPLE}?role=elu", ORGANISER).text
    assert (waiting.count(">Attendue<"), waiting.count(">Sans lien valable<")) == (1, 2)
    come(site, link)
    came = site.get(f"{PEOPLE}?etat=venues&role=elu", ORGANISER).text
    assert ("Ana" in came, f"personnes/{SECOND}" in came) == (True, False)
    assert f"personnes/{ELU}" not in site.get(f"{PEOPLE}?etat=attendues&role=elu", ORGANISER).text


def test_two_thousand_people_are_invited_by_one_table(site: Site) -> None:
    answer = table(site, "".join(f"Maire {n};;Commune {n}\n" for n in range(2_000)))
    assert answer.status_code == 200
    assert len(links(answer)) == 2_000
    assert len(unescape(site.get(PEOPLE, ORGANISER).text)) < 400_000, "a page at a time"
    assert len(CODE.findall(several(site, "billets", q="Commune").text)) == 2_000


def test_the_list_invites_again_in_the_next_congress(site: Site) -> None:
    """P8: whoever declines is left out of the table; nobody but organisers gets it."""
    table(site, "Éva Dupont;eva@a.example;Bourg\n")
    got = site.get(f"{PEOPLE}.csv?role=elu", ORGANISER)
    assert (got.status_code, got.headers["cache-control"]) == (200, "no-store")
    read = people.read(got.content)
    assert isinstance(read, tuple)
    assert [(x.name, x.collectivity) for x in read] == [("Ana", "Bourg"), ("Bo", "Bourg"), ("Éva Dupont", "Bourg")]
    assert "eva@a.example" not in got.text
    assert [site.get(f"{PEOPLE}.csv", who).status_code for who in ("", ELU)] == [401, 403]
    sites.found(site, "an-deux")
    accepting = "\n".join(got.text.splitlines()[:1] + got.text.splitlines()[3:]).encode()
    form = {"acte": "tableau", "role": "elu", "commande": "z" * 16}
    cookie = site.cookie(ORGANISER, "an-deux")["cookie"]
    sent = httpx.Request("POST", sites.ORIGIN, data=form, files={"file": ("f.csv", accepting)})
    kind = {"content-type": sent.headers["content-type"], "cookie": cookie}
    assert site.ask("POST", "/organisation/an-deux/personnes", "", sent.read(), **kind).status_code == 200
    state = site.wait(site.services.write_queue.state("an-deux"))
    assert state is not None
    assert [p.name for p in state.people.values()][-2:] == ["Flo", "Éva Dupont"]


def test_nobody_else_invites(site: Site) -> None:
    for who in ("", ELU):
        for act in ("billets", "liens", "courriels"):
            answer = site.post(PEOPLE, {"acte": act}, who)
            assert (answer.status_code, links(answer), CODE.findall(answer.text)) == (403 if who else 401, [], [])


def test_a_code_is_read_as_it_is_printed() -> None:
    code = new_code()
    assert len(code) == LENGTH
    assert typed_code(grouped(code)) == code
    assert typed_code(f"  {grouped(code).lower().replace('-', ' ')}\n") == code
    assert typed_code("OI" + "L" * (LENGTH - 2)) == "0" + "1" * (LENGTH - 1)
    assert [typed_code(x) for x in ("", code[1:], code + "A", "U" * LENGTH, "é" * LENGTH)] == [""] * 5


def test_a_printed_code_lasts_longer_than_a_link(database_url: str) -> None:
    database, clock = Database(database_url), ScriptedClock(NOW)
    database.create_tables()
    identity = Identity(database, clock, secure_cookies=True)
    code = identity.make_codes(SLUG, [ELU], PAPER_LIFE, {ELU: "ana@a.example"})[ELU]
    link = identity.make_link(SLUG, SECOND)
    clock.set("2026-01-29T00:00:00.000Z")
    known = identity.invited(SLUG)
    assert (known[ELU].expires, known[ELU].email, known[ELU].came) == (
        "2026-01-31T00:00:00.000Z",
        "ana@a.example",
        False,
    )
    assert (identity.consume(link), identity.consume(code), identity.consume(code)) == (None, (SLUG, ELU), None)
    assert (identity.invited(SLUG)[ELU].came, identity.invited(SLUG)[SECOND].made) == (True, NOW)
    database.close()
