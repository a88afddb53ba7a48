"""Attacks by programs: hostile JSON, stolen tokens, forbidden commands, many at once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.core.result import Ok

from deliberation.kernel import commands as c
from deliberation.kernel.vocabulary import Choice
from server.api.openapi import description
from server.identity.identity import Identity
from server.store.clock import ScriptedClock
from tests.server import sites
from tests.server.sites import ELU, ORGANISER, ORIGIN, REVOKED, SCRIBE, SECOND, SLUG, Site

API = f"/api/v1/c/{SLUG}"
COMMANDS = f"{API}/commandes"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with sites.opened(tmp_path_factory.mktemp("data")) as opened:
        sites.found(opened)
        sites.fill(opened)
        sites.found(opened, "ailleurs")
        yield opened


@pytest.fixture(scope="module")
def tokens(site: Site) -> dict[str, str]:
    return {person: site.services.identity.make_token(SLUG, person) for person in sites.ROLES}


def send(site: Site, body: Any, token: str = "", **headers: str) -> httpx.Response:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return site.ask("POST", COMMANDS, "", data, **({"authorization": f"Bearer {token}"} if token else {}), **headers)


def command(name: str, id_: str = "", **data: Any) -> dict[str, Any]:
    return {"name": name, "data": data, **({"id": id_} if id_ else {})}


# Hostile JSON


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"[" * 100_000 + b"]" * 100_000, 400),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, 400),
        (b'{"name":"ballot.cast","data":' + b"[" * 900_000, 400),
        (b'"' + b'\\"' * 400_000 + b"\\", 400),
        (b'{"name":"ballot.cast","data":{"poll":' + b"9" * 5_000 + b',"choice":"pour"}}', 400),
        (b'{"name":"ballot.cast","data":{"poll":9007199254740993,"choice":"pour"}}', 422),
        (b'{"name":"ballot.cast","data":{"poll":-1,"choice":"pour"}}', 404),
        (b'{"name":"ballot.cast","data":{"poll":2.0,"choice":"pour"}}', 422),
        (b'{"name":"ballot.cast","data":{"poll":2e0,"choice":"pour"}}', 422),
        (b'{"name":"ballot.cast","data":{"poll":1e999,"choice":"pour"}}', 422),
        (b'{"name":"ballot.cast","data":{"poll":NaN,"choice":"pour"}}', 422),
        (b'{"name":"ballot.cast","data":{"poll":true,"choice":"pour"}}', 422),
        (b'{"name":"ballot.cast","data":{"poll":"2","choice":"pour"}}', 422),
        (b'{"name":"ballot.cast","data":{"poll":null,"choice":"pour"}}', 422),
        (b'{"name":"ballot.cast","data":{"poll":2,"choice":["pour"]}}', 422),
        (b'{"name":"ballot.cast","data":{"poll":2,"choice":{"a":{}}}}', 422),
        (b'{"name":"ballot.cast","data":{"poll":2,"choice":"POUR"}}', 422),
        (b'{"name":"ballot.cast","data":{"poll":2,"choice":"pour","actor":"p2"}}', 422),
        (b'{"name":"testimony.submit","data":{"\\ud800":1}}', 422),
        (b'{"name":"testimony.submit","data":{"{x}":1}}', 422),
        (b'{"name":"testimony.submit","data":{"text":"\\ud800"}}', 422),
        (b'{"name":"testimony.submit","data":{"text":"\xff"}}', 400),
        ('{"name":"testimony.submit","data":{"text":"a"}}'.encode("utf-16"), 400),
        (b'{"name":"testimony.submit","data":{"text":"a","speaker":{"name":"x","admin":true}}}', 422),
        (b'{"name":"testimony.submit","data":{"text":"a","speaker":[]}}', 422),
        (b'{"name":"testimony.submit","data":{"text":"' + b"a" * 20_001 + b'"}}', 422),
        (b'{"name":"poll.open","data":{"subject":"amendement-2","rule":{"majority_n":0}}}', 403),
        (b'{"name":"\\ud800","data":{}}', 404),
        (b'{"name":["ballot.cast"],"data":{}}', 404),
        (b'{"name":"__class__","data":{}}', 404),
        (b'{"name":"ballot.cast","data":"pour"}', 400),
        (b"null", 400),
        (b"\0", 400),
    ],
)
def test_hostile_json_is_refused_with_a_code(site: Site, tokens: dict[str, str], body: bytes, status: int) -> None:
    size = site.state.size
    answer = send(site, body, tokens[ELU])
    said = answer.json()
    assert (answer.status_code, {"code", "message"} <= set(said)) == (status, True), answer.text[:300]
    assert site.state.size == size


def test_brackets_in_what_people_say_are_words(site: Site, tokens: dict[str, str]) -> None:
    said = "[" * 60 + '"{' * 40 + "\\"
    assert send(site, command("testimony.submit", text=said), tokens[ELU]).status_code == 200
    assert max(site.state.testimonies.items())[1].text == said


# Commands that are not for programs, or not for this person


@pytest.mark.parametrize("name", sorted(name for name, kind in c.NAMES.items() if not kind.public))
def test_what_only_the_server_does_is_refused_to_everybody(site: Site, tokens: dict[str, str], name: str) -> None:
    """P2"""
    size = site.state.size
    for token in ("", *tokens.values()):
        answer = send(site, {"name": name, "data": {}}, token)
        assert (answer.status_code, answer.json()["code"]) == (404, "command.not_found")
    assert site.state.size == size


FOR = {
    ELU: ["ballot.cast", "amendment.table", "amendment.withdraw"],
    ORGANISER: ["phase.set", "person.invite", "testimony.publish", "poll.open", "motion.freeze", "redaction.decide"],
}
DATA: dict[str, dict[str, Any]] = {
    "ballot.cast": {"poll": 2, "choice": "pour"},
    "amendment.table": {"motion": 1, "aim": "title", "text": "Autre titre"},
    "amendment.withdraw": {"amendment": 2},
    "phase.set": {"phase": "vote", "opens": "2021-01-01T00:00:00.000Z"},
    "person.invite": {"person_name": "Gil", "role": "elu"},
    "testimony.publish": {"testimony": 2},
    "poll.open": {"subject": "amendement-2"},
    "motion.freeze": {"motion": 1},
    "redaction.decide": {"redaction": 1, "agree": True},
}


@pytest.mark.parametrize("name", sorted(DATA))
def test_a_role_goes_no_further_than_it_may(site: Site, tokens: dict[str, str], name: str) -> None:
    """P2, P3: whoever else asks is refused, and nothing is recorded."""
    size = site.state.size
    entitled = {ELU, SECOND} if name in FOR[ELU] else {ORGANISER, "p4"}
    for person in {*tokens, ""} - entitled:
        answer = send(site, command(name, **DATA[name]), tokens.get(person, ""))
        assert answer.status_code in (401, 403), (person, answer.text)
    assert site.state.size == size


# Tokens


def test_only_a_token_that_stands_counts(site: Site, tokens: dict[str, str]) -> None:
    """P4, P5"""
    database = site.services.store.database
    expired = Identity(database, ScriptedClock("2020-01-01T00:00:00.000Z"), secure_cookies=False).make_token(SLUG, ELU)
    elsewhere = site.services.identity.make_token("ailleurs", ELU)
    link, session = site.services.identity.make_link(SLUG, ELU), site.cookie(ELU)["cookie"].partition("=")[2]
    good = tokens[ELU]
    wrong = (
        expired,
        elsewhere,
        link,
        session,
        tokens[REVOKED],
        good[:-1],
        good + "x",
        good.swapcase(),
        "x",
        "é",
        "' --",
    )
    size = site.state.size
    for token in wrong:
        header = f"Bearer {token}".encode().decode("latin-1")
        answer = site.ask(
            "POST", COMMANDS, "", json.dumps(command("motion.create", title="a")).encode(), authorization=header
        )
        assert answer.status_code == 401, token
        assert answer.json()["code"] in ("token.unknown", "person.unknown")
    for header in ("Bearer", "Basic " + good, good, f"Bearer {good} x", f"Bearer {good},{good}"):
        assert send(site, command("motion.create", title="a"), authorization=header).status_code == 401, header
    assert send(site, command("motion.create", title="a")).status_code == 401
    assert site.state.size == size


def test_a_wrong_token_is_not_saved_by_a_good_cookie(site: Site) -> None:
    answer = send(site, command("testimony.submit", text="Qui ?"), "x", **site.cookie(ELU))
    assert answer.status_code == 401


def test_a_token_in_an_address_signs_nobody_in(site: Site, tokens: dict[str, str]) -> None:
    body = json.dumps(command("motion.create", title="a")).encode()
    assert site.ask("POST", f"{COMMANDS}?token={tokens[ELU]}", "", body).status_code == 401


@pytest.mark.parametrize(
    "headers", [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}]
)
def test_another_site_cannot_use_a_cookie(site: Site, headers: dict[str, str]) -> None:
    body = command("motion.create", title="a")
    answer = send(site, body, **(headers | site.cookie(ELU)))
    assert (answer.status_code, answer.json()["code"]) == (403, "http.403")
    assert "access-control-allow-origin" not in answer.headers
    own = send(site, command("testimony.submit", text="a"), **({"origin": ORIGIN} | site.cookie(ELU)))
    assert own.status_code == 200


# The same again


def test_a_command_sent_again_answers_as_the_first_time(site: Site, tokens: dict[str, str]) -> None:
    """R3: by its id and its sender; another's command of that id is another command."""
    first = send(site, command("testimony.submit", "rejeu", text="Une fois."), tokens[ELU]).json()
    again = send(site, command("testimony.submit", "rejeu", text="Une fois."), tokens[ELU]).json()
    other_words = send(site, command("testimony.submit", "rejeu", text="Autre chose."), tokens[ELU]).json()
    other_person = send(site, command("testimony.submit", "rejeu", text="Une fois."), tokens[SECOND]).json()
    assert (first["repeated"], again["repeated"], other_words["repeated"], other_person["repeated"]) == (
        False,
        True,
        True,
        False,
    )
    assert again["entries"] == other_words["entries"] == first["entries"] != other_person["entries"]
    assert not any(t.text == "Autre chose." for t in site.state.testimonies.values())


def test_a_hundred_at_once_count_once(site: Site, tokens: dict[str, str]) -> None:
    size = site.state.size
    body = json.dumps(command("ballot.cast", "cent", poll=2, choice="abstention")).encode()
    headers = {"authorization": f"Bearer {tokens[SECOND]}"}
    answers = site.wait(site.together([("POST", COMMANDS, body, headers)] * 100))
    receipts = [answer.json() for answer in answers]
    assert {answer.status_code for answer in answers} == {200}
    assert sum(not receipt["repeated"] for receipt in receipts) == 1
    assert (site.state.size, site.state.polls[2].ballots[SECOND]) == (size + 1, Choice.ABSTAIN)


# Whatever the description allows, and what it does not


schema = schemathesis.openapi.from_dict(description())
operations = {found.ok().label: found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)}
QUIET = (HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much)


@pytest.mark.parametrize("label", sorted(operations))
@settings(max_examples=12, deadline=None, database=None, derandomize=True, suppress_health_check=QUIET)
@given(data=st.data())
def test_no_request_by_the_description_is_a_failure(
    site: Site, tokens: dict[str, str], label: str, data: st.DataObject
) -> None:
    mode = data.draw(st.sampled_from([GenerationMode.POSITIVE, GenerationMode.NEGATIVE]))
    case = data.draw(operations[label].as_strategy(generation_mode=mode))
    if "slug" in case.path_parameters:
        case.path_parameters["slug"] = SLUG
    sent = case.as_transport_kwargs(base_url=f"{ORIGIN}/api/v1")
    request = httpx.Request(
        sent["method"], sent["url"], params=sent.get("params"), json=sent.get("json"), content=sent.get("data")
    )
    token = data.draw(st.sampled_from([tokens[SCRIBE], tokens[ORGANISER]]))
    path = str(request.url).removeprefix(ORIGIN)
    answer = site.ask(sent["method"], path, "", request.read(), authorization=f"Bearer {token}")
    assert answer.status_code in {int(code) for code in operations[label].definition.raw["responses"]} | {404, 405}
    assert answer.headers["content-type"].startswith("application/json")
    answer.json()


HEADERS = st.sampled_from(
    ["if-none-match", "range", "accept", "accept-encoding", "cookie", "last-event-id", "x-forwarded-for"]
)
VALUES = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=60) | st.sampled_from(
    [
        '"',
        'W/"x"',
        "bytes=0-",
        "bytes=-1",
        "bytes=9-1",
        "bytes=0-1,2-3,4-5",
        "gzip;q=x",
        "*",
        "pleniere=;langue=zz;;==;a",
    ]
)


@pytest.mark.parametrize(
    "path", [f"{API}/temoignages", f"/c/{SLUG}/restitution.zip", f"/c/{SLUG}/", f"/c/{SLUG}/registre"]
)
@settings(max_examples=15, deadline=None, database=None, derandomize=True, suppress_health_check=QUIET)
@given(name=HEADERS, value=VALUES)
def test_no_header_is_a_failure(site: Site, path: str, name: str, value: str) -> None:
    assert site.ask("GET", path, "", b"", **{name: value}).status_code in (200, 206, 304, 400, 416)
