"""The API and the addresses of the record, over HTTP."""

from __future__ import annotations

import asyncio
import json
import zipfile
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from itertools import count
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette

from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.vocabulary import Phase, Role
from deliberation.record import note, proof, tiles
from exports.checking import receipts
from exports.verify import verify_archive, verify_url
from server.api.openapi import description
from server.app import create_app
from server.settings import ServerSettings
from server.writing.receipts import Receipt
from tests.waiting import WITHIN

SECRET = "Phrase à ne jamais publier"


T = TypeVar("T")


@dataclass
class Site:
    """The application with a congress `essai` (p1 is an élu, p2 an organiser), on its own event loop."""

    app: Starlette
    loop: asyncio.AbstractEventLoop
    tokens: dict[str, str] = field(default_factory=dict)
    ids: count[int] = field(default_factory=count)

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(WITHIN)

    def ask(self, path: str, **headers: str) -> httpx.Response:
        return self.wait(self._send("GET", path, b"", headers))

    def get(self, path: str) -> Any:
        return self.ask(f"/api/v1/c/essai{path}").raise_for_status().json()

    def post(self, body: Any, token: str = "p1", **headers: str) -> httpx.Response:
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        bearer = {"authorization": f"Bearer {self.tokens.get(token, token)}"} if token else {}
        return self.wait(self._send("POST", "/api/v1/c/essai/commandes", sent, bearer | headers))

    async def _send(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> httpx.Response:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as client:
            return await client.request(method, path, content=body, headers=headers)

    def do(self, actor: str, command: c.Command) -> None:
        """Sends a command directly to the write queue."""
        request = c.Request(f"direct-{next(self.ids)}", "essai", actor, command)
        answer = self.wait(self.app.state.services.write_queue.submit(request))
        assert isinstance(answer, Receipt), answer


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    found = Site(create_app(ServerSettings(data=tmp_path_factory.mktemp("data"))), asyncio.new_event_loop())
    thread = Thread(target=found.loop.run_forever)
    thread.start()
    lifespan = found.app.router.lifespan_context(found.app)
    found.wait(lifespan.__aenter__())
    fill(found)
    identity = found.app.state.services.identity
    found.tokens |= {person: identity.make_token("essai", person) for person in ("p1", "p2")}
    yield found
    found.wait(lifespan.__aexit__(None, None, None))
    found.loop.call_soon_threadsafe(found.loop.stop)
    thread.join()
    found.loop.close()


def fill(site: Site) -> None:
    site.do(ids.CONGRESS, c.CreateCongress("essai", "Essai", "localhost:8000/c/essai/registre"))
    for name, role in (("Ana", Role.ELU), ("Cid", Role.ORGANISER)):
        site.do(ids.CONGRESS, c.InvitePerson(name, role))
    for phase in Phase:
        site.do("p2", c.SetPhase(phase, "2020-01-01T00:00:00.000Z"))
    site.do("p1", c.SubmitTestimony("Fibre", "La fibre s’arrête au bourg."))
    site.do("p1", c.SubmitTestimony("Privé", SECRET))
    site.do("p2", c.PublishTestimony(1))
    site.do("p2", c.QuoteExcerpt(1, "La fibre"))


def test_a_testimony_has_its_speaker_its_excerpts_and_its_thread(site: Site) -> None:
    testimony = site.get("/temoignages/1")
    assert (testimony["title"], testimony["status"], testimony["speaker"]["name"]) == ("Fibre", "published", "Ana")
    assert [(x["number"], x["quote"], x["start"], x["end"]) for x in testimony["excerpts"]] == [(1, "La fibre", 0, 8)]
    assert testimony["thread"]["excerpts"] == [1]


def test_what_is_withheld_is_in_no_answer(site: Site) -> None:
    for path in ("/temoignages", "/temoignages/2", "/registre", "/registre/13", "/restitution"):
        assert SECRET not in json.dumps(site.get(path), ensure_ascii=False)
    assert site.get("/temoignages/2")["status"] == "pending"
    assert SECRET.encode() not in site.ask("/c/essai/registre/charges/0").content
    assert SECRET.encode() not in site.ask("/c/essai/restitution.zip").content


def test_lists_come_by_page_with_their_total(site: Site) -> None:
    second = site.get("/temoignages?page=2&taille=1")
    assert (second["total"], [item["number"] for item in second["items"]]) == (2, [2])
    assert site.get("/temoignages?page=0&taille=x")["page"] == 1
    words = [line["words"] for line in site.get("/registre?taille=5&page=1")["items"]]
    assert words[0] == "Le congrès «\u00a0Essai\u00a0» est créé."


def test_an_answer_is_kept_by_the_size_of_the_record(site: Site) -> None:
    first = site.ask("/api/v1/c/essai/temoignages")
    again = site.ask("/api/v1/c/essai/temoignages", **{"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_command_is_done_once_and_answered_with_its_entries(site: Site) -> None:
    body = {"id": "une-fois", "name": "testimony.submit", "data": {"text": "Des mots."}}
    first, second = site.post(body).json(), site.post(body).json()
    assert first["entries"][0][1] == "testimony.submitted"
    assert (first["entries"], first["repeated"], second["repeated"]) == (second["entries"], False, True)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "body.not_json"),
        (b"\xff", 400, "body.not_json"),
        (b'{"name":"motion.create","data":[]}', 400, "body.not_object"),
        (b"[" * 5000, 400, "body.too_deep"),
        (b'{"a":' + b"9" * 5000 + b"}", 400, "body.not_json"),
        (b'{"name":"congress.create","data":{}}', 404, "command.not_found"),
        (b'{"name":"motion.write","data":{}}', 404, "command.not_found"),
        (b'{"name":"testimony.submit","data":{"texte":"x"}}', 422, "command.malformed"),
        (b'{"name":"testimony.submit","data":{"text":"a\\u0000"}}', 422, "command.malformed"),
        (b'{"id":"\\ud800","name":"testimony.submit","data":{"text":"a"}}', 422, "command.bad_id"),
        (b'{"id":7,"name":"testimony.submit","data":{"text":"a"}}', 422, "command.bad_id"),
        (b'{"name":"testimony.submit","data":{}}', 422, "testimony.empty"),
        (b'{"name":"testimony.publish","data":{"testimony":2}}', 403, "role.not_allowed"),
        (b'{"name":"ballot.cast","data":{"poll":9,"choice":"pour"}}', 404, "poll.not_found"),
    ],
)
def test_what_cannot_be_done_says_why_with_a_code(site: Site, body: bytes, status: int, code: str) -> None:
    answer = site.post(body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["message"]


def test_a_body_beyond_the_limit_is_not_read_whole(site: Site) -> None:
    assert site.post(b'{"name":"' + b"x" * 1_100_000 + b'"}').json()["code"] == "body.too_large"


def test_who_asks_is_known_by_token_and_never_by_the_message(site: Site) -> None:
    body = {"name": "motion.create", "data": {"title": "Sans nom"}}
    assert site.post(body, token="").json()["code"] == "person.anonymous"
    assert site.post(body, token="faux").status_code == 401
    forged = {"name": "testimony.publish", "data": {"testimony": 2}, "actor": "p2"}
    assert site.post(forged).status_code == 403


def test_a_page_of_another_site_cannot_send_commands(site: Site) -> None:
    body = {"name": "testimony.submit", "data": {"text": "a"}}
    assert site.post(body, token="", origin="https://ailleurs.example").status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/c/rien/",
        "/api/v1/c/%00/temoignages",
        "/api/v1/c/essai/temoignages/99",
        "/api/v1/c/essai/temoignages/" + "9" * 5000,
        "/api/v1/c/essai/motions/1/origines",
        "/api/v1/c/essai/motions/99/origines?version=1",
        "/api/v1/c/essai/motions/" + "9" * 5000 + "/origines",
        "/api/v1/c/essai/registre/999999",
        "/api/v1/c/essai/personnes/p99",
        "/c/essai/registre/99.proof",
        "/c/essai/registre/" + "9" * 5000 + ".proof",
        "/c/essai/registre/charges/7",
        "/c/essai/registre/checkpoints/3",
        "/c/essai/registre/tile/0/000.p/255",
        "/c/essai/registre/tile/../../etc/passwd",
    ],
)
def test_what_is_not_there_is_a_404(site: Site, path: str) -> None:
    assert site.ask(path).status_code == 404


def test_the_checkpoint_the_tiles_and_the_proofs_agree(site: Site) -> None:
    key = note.parse_key(site.ask("/c/essai/registre/cle").text.strip())
    entry = site.get("/registre/0")["entry"].encode()
    receipt = site.ask("/c/essai/registre/0.proof")
    shown = proof.verify(receipt.content, entry, key)
    assert receipts.check(receipt.content, key).ok
    assert 'filename="essai-0.proof"' in receipt.headers["content-disposition"]
    path = tiles.Tile(tiles.ENTRIES, 0, shown.size).path
    bundle = site.ask(f"/c/essai/registre/{path}")
    assert tiles.unbundle(bundle.content)[0] == entry
    assert "immutable" in bundle.headers["cache-control"]


def test_a_third_party_verifies_the_live_record(site: Site) -> None:
    def fetch(url: str) -> bytes | None:
        answer = site.ask(url)
        return answer.content if answer.status_code == 200 else None

    site.ask("/c/essai/registre/0.proof")
    report = verify_url("http://localhost:8000/c/essai", fetch=fetch)
    assert report.findings == ()
    assert report.size >= 14


def test_the_archive_is_the_same_each_time_and_verifies(site: Site, tmp_path: Path) -> None:
    first, second = (site.ask("/c/essai/restitution.zip").content for _ in range(2))
    assert first == second
    path = tmp_path / "restitution.zip"
    path.write_bytes(first)
    assert verify_archive(path).findings == ()
    names = zipfile.ZipFile(BytesIO(first)).namelist()
    assert {"index.html", "verify.py", "README.txt", "datapackage.json", "record/checkpoint"} <= set(names)


def test_the_description_names_every_public_command_and_what_it_takes(site: Site) -> None:
    served = site.ask("/api/v1/openapi.json").json()
    assert served == json.loads(json.dumps(description()))
    content = served["paths"]["/c/{slug}/commandes"]["post"]["requestBody"]["content"]
    bodies = {body["properties"]["name"]["const"]: body for body in content["application/json"]["schema"]["oneOf"]}
    assert set(bodies) == {name for name, kind in c.NAMES.items() if kind.public}
    assert bodies["ballot.cast"]["properties"]["data"]["required"] == ["poll", "choice"]


def test_every_path_described_answers(site: Site) -> None:
    keys = {"slug": "essai", "key": "1", "index": "0"}
    for path, methods in description()["paths"].items():
        if "get" in methods and "{key}" not in path:
            assert site.ask("/api/v1" + path.format(**keys)).status_code == 200, path


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(sorted(c.NAMES))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.fixed_dictionaries({"name": NAMES | JSON, "data": JSON}, optional={"id": JSON}))
def test_no_body_is_a_failure_of_the_server(site: Site, body: Any) -> None:
    answer = site.post(json.dumps(body).encode())
    assert answer.status_code in (200, 400, 403, 404, 409, 422)
