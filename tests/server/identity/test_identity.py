"""Sign-in links, sessions and access tokens: whom they identify, and for how long (P4, P5)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.cookies import SimpleCookie

import httpx
import pytest
from starlette.responses import Response

from deliberation.kernel import commands as c
from deliberation.kernel.vocabulary import Role
from server.identity.identity import Identity
from server.store.clock import ScriptedClock
from server.store.database import Database
from tests.server import sites
from tests.server.sites import ELU, ORGANISER, REVOKED, SECOND, SLUG, Site
from tests.waiting import until

NOW = "2026-01-01T00:00:00.000Z"
OTHER_SLUG = "ailleurs"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with sites.opened(tmp_path_factory.mktemp("data")) as opened:
        sites.found(opened)
        sites.found(opened, OTHER_SLUG)
        yield opened


@pytest.fixture
def clock() -> ScriptedClock:
    return ScriptedClock(NOW)


@pytest.fixture
def identity(database_url: str, clock: ScriptedClock) -> Iterator[Identity]:
    database = Database(database_url)
    database.create_tables()
    yield Identity(database, clock, secure_cookies=True)
    database.close()


def link(site: Site, person: str = ELU, slug: str = SLUG) -> str:
    return site.services.link(site.services.identity.make_link(slug, person))


def sign_in(site: Site, typed: str, **headers: str) -> httpx.Response:
    return site.post("/connexion", {"lien": typed}, "", **headers)


def session_of(answer: httpx.Response) -> str:
    return SimpleCookie(answer.headers["set-cookie"])["pleniere"].value


def name_shown(site: Site, session: str, slug: str = SLUG) -> str:
    page = site.ask("GET", f"/c/{slug}/", "", b"", cookie=f"pleniere={session}").text
    found = re.search(r'class="whoami"><a[^>]*>([^<]*)', page)
    return found.group(1) if found else ""


# Links


def test_a_link_signs_in_once(site: Site) -> None:
    typed = link(site)
    first, second = sign_in(site, typed), sign_in(site, typed)
    assert (first.status_code, first.headers["location"], first.headers["cache-control"]) == (
        303,
        f"/c/{SLUG}/",
        "no-store",
    )
    assert name_shown(site, session_of(first)) == "Ana"
    assert second.status_code == 422
    assert "set-cookie" not in second.headers
    assert "a déjà servi" in second.text


def test_looking_at_a_link_does_not_use_it(site: Site) -> None:
    """A mail scanner follows links; the token is in the fragment, and only a POST consumes it."""
    typed = link(site)
    token = typed.partition("#")[2]
    assert typed.startswith("http://localhost:8000/connexion#")
    for method in ("GET", "HEAD", "OPTIONS"):
        for path in ("/connexion", f"/connexion?lien={token}", f"/connexion?token={token}"):
            assert "set-cookie" not in site.ask(method, path).headers
    assert sign_in(site, typed).status_code == 303


@pytest.mark.parametrize("change", ["", "x", "#", "%00", "\u2028", "\ud7ff", "é" * 30, "a" * 5000, "' OR 1=1 --" * 3])
def test_a_tampered_link_signs_nobody_in(site: Site, change: str) -> None:
    token = link(site).partition("#")[2]
    tampered = token[:-1] + ("A" if token[-1] != "A" else "B")
    other = change + token[2 if token[0] == change else 1 :]  # a token may begin with that very letter
    for typed in (tampered, change, token + change if change.strip() else "", other):
        answer = sign_in(site, typed)
        assert answer.status_code == 422, typed
        assert "set-cookie" not in answer.headers
        assert token not in answer.text


def test_of_many_who_come_with_one_link_one_comes_in(identity: Identity) -> None:
    token = identity.make_link(SLUG, ELU)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(identity.consume, [token] * 24))
    assert [who for who in found if who] == [(SLUG, ELU)]


def test_a_link_a_session_and_a_token_end(identity: Identity, clock: ScriptedClock) -> None:
    late, used = identity.make_link(SLUG, ELU), identity.make_link(SLUG, ELU)
    assert identity.consume(used) == (SLUG, ELU)
    session, token = identity.open_session(None, SLUG, ELU), identity.make_token(SLUG, ELU)
    clock.set("2026-01-04T00:00:00.001Z")
    assert identity.consume(late) is None
    assert (identity.memberships(session), identity.token_owner(token)) == ({SLUG: ELU}, (SLUG, ELU))
    clock.set("2026-02-01T00:00:00.000Z")
    assert (identity.memberships(session), identity.token_owner(token)) == ({}, (SLUG, ELU))
    clock.set("2026-05-01T00:00:00.000Z")
    assert identity.token_owner(token) is None


def test_an_expired_link_is_gone_even_if_the_clock_steps_back(identity: Identity, clock: ScriptedClock) -> None:
    late = identity.make_link(SLUG, ELU)
    clock.set("2027-01-01T00:00:00.000Z")
    assert identity.consume(late) is None
    clock.set(NOW)
    assert identity.consume(late) is None


# Sessions


def test_the_cookie_is_for_this_site_and_not_for_scripts(site: Site) -> None:
    morsel = SimpleCookie(sign_in(site, link(site)).headers["set-cookie"])["pleniere"]
    assert (morsel["httponly"], morsel["samesite"].lower(), morsel["path"], morsel["domain"]) == (True, "lax", "/", "")
    assert int(morsel["max-age"]) == 30 * 24 * 3600
    over_tls, answer = Identity(site.services.store.database, ScriptedClock(NOW), secure_cookies=True), Response()
    over_tls.set_cookie(answer, "x")
    assert "; secure" in answer.headers["set-cookie"].lower()


def test_a_planted_session_stays_outside(site: Site) -> None:
    """Somebody gives a browser the cookie of a session that they know, before its owner signs in."""
    planted = session_of(sign_in(site, link(site, SECOND, OTHER_SLUG)))
    for cookie in (planted, "invented-by-somebody", ""):
        given = session_of(sign_in(site, link(site), cookie=f"pleniere={cookie}"))
        assert given not in (planted, cookie)
        assert name_shown(site, given) == "Ana"
        assert name_shown(site, cookie) == ""


def test_one_browser_may_be_somebody_in_several_congresses(site: Site) -> None:
    first = session_of(sign_in(site, link(site)))
    both = session_of(sign_in(site, link(site, SECOND, OTHER_SLUG), cookie=f"pleniere={first}"))
    assert (name_shown(site, both), name_shown(site, both, OTHER_SLUG)) == ("Ana", "Bo")
    changed = session_of(sign_in(site, link(site, SECOND), cookie=f"pleniere={both}"))
    assert (name_shown(site, changed), name_shown(site, changed, OTHER_SLUG)) == ("Bo", "Bo")


def test_signing_out_ends_the_session(site: Site) -> None:
    session = session_of(sign_in(site, link(site)))
    answer = site.post("/deconnexion", {"congres": SLUG}, "", cookie=f"pleniere={session}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/c/{SLUG}/")
    assert SimpleCookie(answer.headers["set-cookie"])["pleniere"]["max-age"] == "0"
    assert name_shown(site, session) == ""


@pytest.mark.parametrize("slug", ["//evil.example", "../x", "é", "a b", "\0", "x" * 99, ""])
def test_signing_out_leads_nowhere_else(site: Site, slug: str) -> None:
    answer = site.post("/deconnexion", {"congres": slug})
    assert answer.status_code == 303
    assert re.fullmatch(r"/|/c/[a-z0-9x-]+/", answer.headers["location"])


# Revocation


def wait_until_nobody(site: Site, session: str) -> None:
    until(lambda: not name_shown(site, session, OTHER_SLUG), lambda: "the session stands")


def test_revocation_ends_links_sessions_and_tokens(site: Site) -> None:
    identity = site.services.identity
    identity.make_link(OTHER_SLUG, ELU, "ana@courriel.example")
    session = session_of(sign_in(site, link(site, ELU, OTHER_SLUG)))
    token, unused = identity.make_token(OTHER_SLUG, ELU), link(site, ELU, OTHER_SLUG)
    here = session_of(sign_in(site, link(site, ELU)))
    site.do(ORGANISER, c.RevokePerson(ELU, "Départ"), OTHER_SLUG)
    wait_until_nobody(site, session)
    assert identity.token_owner(token) is None
    assert identity.email(OTHER_SLUG, ELU) == ""
    assert sign_in(site, unused).status_code == 422
    assert name_shown(site, here) == "Ana"  # another congress is another matter


def test_nobody_gets_a_link_to_a_revoked_access(site: Site) -> None:
    answer = site.post(f"/organisation/{SLUG}/personnes", {"acte": "lien", "person": REVOKED}, ORGANISER)
    assert answer.status_code == 404
    assert "/connexion#" not in answer.text


# What is kept


def test_what_signs_in_stands_nowhere_in_what_is_kept(site: Site) -> None:
    """Reading the database or the record signs nobody in: tables hold hashes only."""
    identity = site.services.identity
    unused, token = identity.make_link(SLUG, ELU), identity.make_token(SLUG, ELU)
    session = session_of(sign_in(site, link(site)))
    kept = b"".join(path.read_bytes() for path in site.data.rglob("*") if path.is_file())
    assert [secret for secret in (unused, token, session) if secret.encode() in kept] == []


def test_an_invitation_shows_its_link_once(site: Site) -> None:
    form = {"acte": "inviter", "person_name": "Gil", "role": Role.ELU.value, "commande": "inviter-gil"}
    answer = site.post(f"/organisation/{SLUG}/personnes", form, ORGANISER)
    (shown,) = set(re.findall(r"http://localhost:8000/connexion#[\w-]+", answer.text))
    assert answer.headers["cache-control"] == "no-store"
    assert "/connexion#" not in site.get(f"/organisation/{SLUG}/personnes", ORGANISER).text
    assert sign_in(site, shown).status_code == 303


@pytest.mark.parametrize(
    "email", ["gil", "a@b\nBcc: x@y.z", "a@b\0", "a b@c.fr", "@c.fr", "a@", "<a@b.fr>", "a@b.fr,c@d.fr"]
)
def test_an_address_that_no_mail_could_reach_is_refused(site: Site, email: str) -> None:
    """Before anybody is invited; a line end would write headers into the mail."""
    size = site.state.size
    form = {"acte": "inviter", "person_name": "Gil", "role": "elu", "email": email}
    answer = site.post(f"/organisation/{SLUG}/personnes", form, ORGANISER)
    assert (answer.status_code, 'id="erreur-email-inviter"' in answer.text) == (422, True)
    table = f'nom;courriel\n"Gil";"{email}"\n'.encode()
    by_table = {"acte": "tableau", "role": "elu"}
    assert site.upload(f"/organisation/{SLUG}/personnes", by_table, table, ORGANISER).status_code == 422
    assert site.state.size == size


def test_ending_an_access_leaves_the_way_to_give_another(identity: Identity) -> None:
    identity.make_link(SLUG, ELU, "ana@courriel.example")
    session, token = identity.open_session(None, SLUG, ELU), identity.make_token(SLUG, SECOND)
    assert identity.standing(SLUG, {ELU, SECOND, ORGANISER}) == {ELU, SECOND}
    identity.end_access(SLUG, ELU)
    assert identity.standing(SLUG, {ELU, SECOND}) == {SECOND}
    assert (identity.memberships(session), identity.email(SLUG, ELU)) == ({}, "ana@courriel.example")
    identity.revoke(SLUG, SECOND)
    assert (identity.token_owner(token), identity.email(SLUG, SECOND)) == (None, "")


def test_nobody_stands_by_what_has_expired(identity: Identity, clock: ScriptedClock) -> None:
    identity.open_session(None, SLUG, ELU)
    identity.make_token(SLUG, SECOND)
    clock.set("2026-02-15T00:00:00.000Z")
    assert identity.standing(SLUG, {ELU, SECOND}) == {SECOND}
    clock.set("2027-01-01T00:00:00.000Z")
    assert identity.standing(SLUG, {ELU, SECOND}) == set()


def test_a_token_is_good_for_its_congress_only(site: Site) -> None:
    token = site.services.identity.make_token(SLUG, SECOND)
    body = b'{"name":"testimony.submit","data":{"text":"Ici."}}'
    there = site.ask(
        "POST", f"/api/v1/c/{OTHER_SLUG}/commandes", "", body, authorization=f"Bearer {token}", cookie="pleniere=x"
    )
    here = site.ask("POST", f"/api/v1/c/{SLUG}/commandes", "", body, authorization=f"Bearer {token}")
    assert (there.status_code, here.status_code) == (401, 200)
    assert name_shown(site, token) == ""  # a token is no session
    assert site.ask("GET", f"/c/{SLUG}/?token={token}").text.count("whoami") == 0
