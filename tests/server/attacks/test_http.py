"""Malformed input from browsers and other clients: a clear page, never a failure, and nothing typed is lost."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

import httpx
import pytest
from starlette.routing import Route

from deliberation.kernel import commands as c
from deliberation.kernel.vocabulary import Choice, Phase
from server.routes import routes
from tests.server import sites
from tests.server.sites import ELU, ORGANISER, ORIGIN, REVOKED, SCRIBE, SECOND, SLUG, VISITOR, Site

HERE, DESK = f"/c/{SLUG}", f"/organisation/{SLUG}"
KEPT = "Des mots qu’il ne faut pas perdre, ligne 1\nligne 2 <b>&"
URLENCODED = "application/x-www-form-urlencoded"
HUGE = "9" * 40


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with sites.opened(tmp_path_factory.mktemp("data")) as opened:
        sites.found(opened)
        sites.fill(opened)
        yield opened


@dataclass(frozen=True)
class Sent:
    """A form of the interface as a person who may use it fills it in; `words` are the fields with free text."""

    path: str
    who: str
    values: dict[str, str] = field(default_factory=dict)
    words: tuple[str, ...] = ()

    @property
    def typed(self) -> dict[str, str]:
        return self.values | dict.fromkeys(self.words, KEPT)


FORMS = [
    Sent(f"{HERE}/temoignages", VISITOR, {"speaker_name": "Gil"}, ("text", "title")),
    Sent(f"{HERE}/temoignages/1/extraits", SCRIBE, {}, ("quote",)),
    Sent(f"{HERE}/cartes", SCRIBE, {}, ("title",)),
    Sent(f"{HERE}/motions", ELU, {}, ("title",)),
    Sent(f"{HERE}/amendements", ELU, {"motion": "1", "cible": "titre"}, ("text", "rationale")),
    Sent(f"{HERE}/amendements/2", ELU, {"acte": "retirer"}, ("reason",)),
    Sent(f"{HERE}/amendements/2", ELU, {"acte": "avis", "opinion": "sagesse"}, ("comment",)),
    Sent(f"{HERE}/scrutins/2", ELU, {"choix": "pour"}),
    Sent(f"{HERE}/pouvoirs", ELU, {"bearer": "p1"}),
    Sent(f"{HERE}/temoignages/2/auteur", SCRIBE, {"acte": "correction"}, ("title", "text")),
    Sent(f"{HERE}/motions/1/historique", ELU, {"etat": "1", "clause": "aucune"}),
    Sent(f"{HERE}/motions/1/remarques", ELU, {"acte": "commenter"}, ("text",)),
    Sent(f"{HERE}/motions/1/edition/passage", ELU, {"acte": "enregistrer", "clause": "nouveau"}, ("text",)),
    Sent(f"{HERE}/seance", ORGANISER, {"acte": "ordre", "amendment": "2", "before": "1"}, ("reason",)),
    Sent(f"{HERE}/seance/ordre", ORGANISER, {"acte": "ranger", "amendments": "1"}, ("reason",)),
    Sent("/organisation/nouveau", ORGANISER, {"slug": "un-autre", "preset": "simple"}, ("title", "description")),
    Sent(f"{DESK}/reglages", ORGANISER, {"visitors_may_testify": "oui"}, ("title", "description")),
    Sent(f"{DESK}/", ORGANISER, {"acte": "ecarter", "objet": "temoignage-2"}, ("reason",)),
    Sent(f"{DESK}/identite", ORGANISER, {"contact": "a@b.example"}, ("organisation", "legal")),
    Sent(f"{DESK}/phases", ORGANISER, {"acte": "dates", "opens-vote": "2026-01-01T10:00"}),
    Sent(
        f"{DESK}/personnes",
        ORGANISER,
        {"acte": "inviter", "role": "elu", "email": "gil@courriel.example"},
        ("person_name", "mandate"),
    ),
    Sent(f"{DESK}/huis-clos", ORGANISER, {"until": "2020-01-01T10:00"}, ("reason",)),
    Sent(f"{DESK}/motions/1/gel", ORGANISER),
    Sent(f"{DESK}/scrutins/2", ORGANISER, {"acte": "reprendre"}),
    Sent(f"{DESK}/scrutins/ouvrir", ORGANISER, {"subject": "amendement-2", "way": "public"}, ("question",)),
    Sent(f"{DESK}/scrutins/groupe", ORGANISER, {"way": "public"}, ("question",)),
    Sent(f"{DESK}/scrutins/division", ORGANISER, {"subject": "amendement-2"}),
    Sent(f"{DESK}/scrutins/election", ORGANISER, {"tie": "again"}, ("office",)),
    Sent(f"{DESK}/scrutins/ailleurs", ORGANISER, {}, ("url", "comment")),
    Sent(f"{DESK}/personnes", ORGANISER, {"acte": "retirer", "person": REVOKED}, ("reason",)),
    Sent(f"{DESK}/moderation", ORGANISER, {"acte": "set_aside", "testimony": "2"}, ("reason",)),
    Sent(f"{HERE}/seance", ORGANISER, {"acte": "fixer", "amendment": "2", "outcome": "tombe"}, ("reason",)),
    Sent(f"{HERE}/motions/1/reouverture", ORGANISER, {"a": "1"}, ("reason",)),
    Sent(f"{HERE}/motions/1/rapporteur", ORGANISER, {"person": ELU}),
    Sent(f"{DESK}/regles", ORGANISER, {"majority": "1/2>", "quorum": "0/1", "weights": "population"}, ("brackets",)),
    Sent(f"{DESK}/electeurs", ORGANISER, {"acte": "college"}, ("title", "members")),
    Sent(f"{DESK}/caviardages", ORGANISER, {"acte": "proposer", "target": "2"}, ("ground", "statement")),
    Sent(f"{HERE}/amendements/2/rectification", ELU, {}, ("text", "rationale")),
    Sent(f"{HERE}/amendements/2", ORGANISER, {"acte": "maintenir", "because_of": "1"}, ("reason",)),
    Sent(f"{HERE}/amendements/avis", ELU, {"amendment:2": "oui", "opinion": "sagesse"}, ("comment",)),
    Sent(f"{HERE}/scrutins/2/bulletins", ORGANISER, {"signer": ELU, "choix": "pour"}),
    Sent(f"{HERE}/amendements/papier", ORGANISER, {"author": ELU, "motion": "1"}, ("dispositif", "rationale")),
    Sent(f"{HERE}/seance/presence", ORGANISER, {"acte": "signer", "person": "p2"}),
    Sent(f"{HERE}/seance/parole", ORGANISER, {"acte": "placer", "turn": "1"}, ("reason",)),
    Sent(f"{HERE}/seance/ordre-du-jour", ORGANISER, {"acte": "fixer", "starts": "demain"}, ("title1",)),
    Sent(f"{HERE}/motions/1/reprise", ELU),
    Sent(f"{HERE}/motions/1/numeros", ORGANISER),
    Sent(f"{DESK}/horloge", ORGANISER, {"acte": "corriger", "avance": "2020-01-01T00:00:00.000Z"}, ("reason",)),
]
NAMES = [f"{form.path} {form.values.get('acte', '')}".strip() for form in FORMS]
each_form = pytest.mark.parametrize("form", FORMS, ids=NAMES)


def assert_kept(answer: httpx.Response, form: Sent) -> None:
    """Checks that the page that refuses a form still shows what was typed."""
    shown = unescape(answer.text)
    assert all(form.typed[name] in shown for name in form.words), answer.text


# What is sent


@each_form
def test_an_empty_form_is_refused_beside_its_fields(site: Site, form: Sent) -> None:
    answer = site.post(form.path, {}, form.who)
    assert answer.status_code in (404, 409, 422)
    assert sites.is_page(answer)
    assert "notice wrong" in answer.text


@each_form
@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"text=%ff", URLENCODED, 400),
        (b"text=%ed%a0%80", URLENCODED, 400),
        ("text=été".encode("latin-1"), URLENCODED, 400),
        (b"&".join(b"a%d=1" % i for i in range(1000)), URLENCODED, 400),
        (b"a=1", URLENCODED + "; charset=utf-16", 415),
        (b"{}", "application/json", 415),
        (b"x", "multipart/form-data", 400),
        (b"x", "multipart/form-data; boundary=B", 400),
        (b'--B\r\nContent-Disposition: form-data; name="text"\r\n\r\nx', "multipart/form-data; boundary=B", 400),
        (
            b'--B\r\nContent-Disposition: form-data; name="text"\r\n\r\n\xff\r\n--B--\r\n',
            "multipart/form-data; boundary=B",
            400,
        ),
        (b"--B\r\n" + b"A" * 20_000 + b": x\r\n\r\nx\r\n--B--\r\n", "multipart/form-data; boundary=B", 400),
        *(
            (b'--B\r\nContent-Disposition: form-data; name="title"\r\n\r\n' + said + b"\r\n--B--\r\n", kind, 415)
            for said, kind in (
                (b"\\ud800", "multipart/form-data; boundary=B; charset=unicode_escape"),
                (b"+2AA-", "multipart/form-data; charset=UTF-7; boundary=B"),
                (b"x", "multipart/form-data; boundary=B; charset=nothing-known"),
            )
        ),
    ],
)
def test_what_is_no_form_is_refused_with_a_page(site: Site, form: Sent, body: bytes, kind: str, status: int) -> None:
    answer = site.ask("POST", form.path, form.who, body, content_type=kind, origin=ORIGIN)
    assert answer.status_code == status
    assert sites.is_page(answer)


@each_form
def test_a_form_beyond_the_limit_is_refused(site: Site, form: Sent) -> None:
    uploads = form.path in (f"{DESK}/identite", f"{DESK}/personnes", f"{DESK}/import", f"{DESK}/scrutins/ailleurs")
    body = b"text=" + b"x" * (33_000_000 if uploads else 1_100_000)
    answer = site.ask("POST", form.path, form.who, body, content_type=URLENCODED, origin=ORIGIN)
    assert answer.status_code == 413
    assert sites.is_page(answer)
    lie = site.ask("POST", form.path, form.who, b"a=b", content_type=URLENCODED, content_length=HUGE)
    assert lie.status_code == 413


@each_form
def test_no_value_is_a_failure(site: Site, form: Sent) -> None:
    hostile = ("\0", "\u2028\ufeff", HUGE, "-1", "١", "²", "1e3", "{x}", "%s", "' OR 1=1 --", "p99", "motion-²")
    for name in (*form.values, *form.words, "commande"):
        for value in hostile if name in form.values else hostile[:1]:
            answer = site.post(form.path, form.typed | {name: value}, form.who)
            assert answer.status_code in (200, 303, 404, 409, 422), (name, value)


@each_form
def test_what_is_too_long_is_refused_and_kept(site: Site, form: Sent) -> None:
    for name in form.words:
        long = "mot " * 6_000
        answer = site.post(form.path, form.typed | {name: long}, form.who)
        assert answer.status_code in (409, 422), name
        assert long in unescape(answer.text), name


# Who sends it, and when


@each_form
@pytest.mark.parametrize("who", [VISITOR, ELU, ORGANISER, SCRIBE, REVOKED])
def test_the_wrong_person_is_refused_and_loses_nothing(site: Site, form: Sent, who: str) -> None:
    """P2: whoever may not, reads why, and finds again what was written."""
    size = site.state.size
    answer = site.post(form.path, form.typed | {"commande": "essai-du-role"}, who)
    if who == form.who or answer.status_code == 303:
        return
    assert answer.status_code in (401, 403, 404, 409, 422)
    assert site.state.size == size
    assert sites.is_page(answer)
    assert_kept(answer, form)


def test_only_elus_write_and_vote(site: Site) -> None:
    """P3: an organiser, a scribe, a visitor and somebody whose access was revoked cannot."""
    mine = [form for form in FORMS if form.path in (f"{HERE}/amendements", f"{HERE}/scrutins/2") and form.who == ELU]
    for form in mine:
        for who in (ORGANISER, SCRIBE, VISITOR, REVOKED):
            assert site.post(form.path, form.typed, who).status_code in (401, 403)


@pytest.fixture
def closed(site: Site) -> Iterator[None]:
    """Closes all phases; opens them again at the end."""
    for phase in Phase:
        site.do(ORGANISER, c.SetPhase(phase, "2020-01-01T00:00:00.000Z", "2020-02-01T00:00:00.000Z"))
    yield
    for phase in Phase:
        site.do(ORGANISER, c.SetPhase(phase, "2020-01-01T00:00:00.000Z"))


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize("form", [*FORMS[:5], FORMS[7]], ids=[*NAMES[:5], NAMES[7]])
def test_the_wrong_phase_is_said_with_its_date_and_loses_nothing(site: Site, form: Sent) -> None:
    """S2"""
    for lang, why in (("fr", "est close depuis le"), ("en", "1 February 2020")):
        cookie = "; ".join(filter(None, [site.cookie(form.who).get("cookie", ""), f"langue={lang}"]))
        answer = site.post(form.path, form.typed, VISITOR, cookie=cookie)
        assert answer.status_code == 409
        assert sites.is_page(answer, lang)
        assert why in unescape(answer.text).replace("\u00a0", " ")
        assert_kept(answer, form)


# Where it is sent


@pytest.mark.parametrize("slug", ["rien", "%00", "é", "a" * 300])
@each_form
def test_an_unknown_congress_is_a_404_that_loses_nothing(site: Site, form: Sent, slug: str) -> None:
    path = form.path.replace(SLUG, slug)
    if SLUG in form.path:
        answer = site.post(path, form.typed, VISITOR)
        assert answer.status_code in (404, 405), path
        assert sites.is_page(answer)


@each_form
@pytest.mark.parametrize("method", ["PUT", "OPTIONS", "TRACE"])
def test_another_method_is_refused_with_a_page(site: Site, form: Sent, method: str) -> None:
    answer = site.ask(method, form.path, form.who, b"", origin=ORIGIN)
    assert answer.status_code == 405
    assert answer.headers["allow"]
    assert sites.is_page(answer)


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://localhost:8000.evil.example"},
        {"origin": "http://localhost:81"},
        {"origin": "http://evil.example\\@localhost:8000"},
        {"origin": "http://["},
        {"origin": ""},
        {"sec_fetch_site": "cross-site", "origin": ORIGIN},
        {"sec_fetch_site": "same-site", "origin": ORIGIN},
    ],
)
def test_another_site_cannot_send_a_form(site: Site, headers: dict[str, str]) -> None:
    size = site.state.size
    for form in FORMS:
        for lang, said in (("fr", "vient d’un autre site"), ("en", "comes from another site")):
            cookie = "; ".join(filter(None, [site.cookie(form.who).get("cookie", ""), f"langue={lang}"]))
            answer = site.post(form.path, form.typed, VISITOR, **(headers | {"cookie": cookie}))
            assert answer.status_code == 403
            assert sites.is_page(answer, lang)
            assert said in answer.text
    assert site.state.size == size


# Twice


def test_a_hundred_double_clicks_count_once(site: Site) -> None:
    """R3"""
    form = {"text": "Cent clics, un témoignage.", "commande": "cent-clics"}
    body = str(httpx.QueryParams(form)).encode()
    headers = {"content-type": URLENCODED, "origin": ORIGIN} | site.cookie(ELU)
    answers = site.wait(site.together([("POST", f"{HERE}/temoignages", body, headers)] * 100))
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert sum(t.text == form["text"] for t in site.state.testimonies.values()) == 1


def test_a_hundred_hurried_votes_are_one_vote(site: Site) -> None:
    """V4: the last one counts, and nobody has two."""
    body = b"choix=pour&commande=cent-votes"
    headers = {"content-type": URLENCODED, "origin": ORIGIN} | site.cookie(SECOND)
    size = site.state.size
    answers = site.wait(site.together([("POST", f"{HERE}/scrutins/2", body, headers)] * 100))
    assert {answer.status_code for answer in answers} == {303}
    assert site.state.size == size + 1
    assert site.state.polls[2].ballots[SECOND] is Choice.FOR


@each_form
def test_the_same_form_twice_is_one_entry(site: Site, form: Sent) -> None:
    if form.path == "/organisation/nouveau":
        return
    values = form.typed | {"commande": f"deux-fois {form.path}"}
    site.post(form.path, values, form.who)
    size = site.state.size
    again = site.post(form.path, values, form.who)
    assert again.status_code in (200, 303, 409, 422)
    assert site.state.size == size


# When something breaks


def test_a_failure_is_a_page_that_keeps_what_was_written(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever breaks: the page has its headers, says that nothing is lost, and tells nothing of the inside."""

    async def broken(request: object) -> None:
        raise RuntimeError("inside information")

    monkeypatch.setattr(site.services.write_queue, "submit", broken)
    answer = site.post(f"{HERE}/temoignages", {"text": KEPT})
    assert answer.status_code == 500
    assert sites.is_page(answer)
    assert KEPT in unescape(answer.text)
    assert "inside information" not in answer.text
    assert "Traceback" not in answer.text


def test_nobody_waits_for_a_form_that_never_comes(site: Site) -> None:
    """A client that goes away in the middle of a form is no failure, and nothing is written."""

    async def gone() -> list[int]:
        sent: list[int] = []
        begun = {"type": "http.request", "body": b"text=Des", "more_body": True}
        messages: Iterator[dict[str, object]] = iter([begun, {"type": "http.disconnect"}])

        async def receive() -> dict[str, object]:
            return next(messages)

        async def send(message: dict[str, object]) -> None:
            if message["type"] == "http.response.start":
                sent.append(int(str(message["status"])))

        headers = [(b"host", b"localhost:8000"), (b"content-type", URLENCODED.encode())]
        scope = {
            "type": "http",
            "method": "POST",
            "path": f"{HERE}/temoignages",
            "query_string": b"",
            "headers": headers,
        }
        scope |= {"http_version": "1.1", "scheme": "http", "server": ("localhost", 8000), "root_path": ""}
        await asyncio.wait_for(site.app(scope, receive, send), 10)  # type: ignore[arg-type]
        return sent

    size = site.state.size
    assert all(status < 500 for status in site.wait(gone()))
    assert site.state.size == size


def test_every_address_that_takes_a_form_is_among_those_attacked() -> None:
    """A new one must come into this file."""
    taking = {x.path for x in routes() if isinstance(x, Route) and x.methods and "POST" in x.methods}
    number = re.compile(r"/\d+|/\{n:int\}")
    known = {number.sub("/n", form.path.replace(SLUG, "{slug}")) for form in FORMS}
    known |= {"/connexion", "/deconnexion", "/organisation/{slug}/import", "/api/v1/c/{slug}/commandes"}
    known |= {"/organisation/{slug}/scrutins/tour"}  # of an election, which this congress does not hold
    known |= {"/c/{slug}/temoignages/n/auteur/{key}"}  # the same form, by the secret link
    known |= {"/c/{slug}/sync/{document}/envoi"}  # frames of a shared text, attacked with the sockets
    assert {number.sub("/n", path) for path in taking} == known


def test_what_changed_in_between_loses_nothing(tmp_path: Path) -> None:
    """An amendment to a text that an organiser reopened meanwhile."""
    with sites.opened(tmp_path) as site:
        sites.found(site)
        sites.fill(site)
        site.do(ORGANISER, c.ClosePoll(2))
        site.do(ORGANISER, c.ReopenMotion(1, "Pour essayer."))
        form = next(form for form in FORMS if form.path == f"{HERE}/amendements")
        answer = site.post(form.path, form.typed, form.who)
        assert answer.status_code in (409, 422)
        assert_kept(answer, form)
