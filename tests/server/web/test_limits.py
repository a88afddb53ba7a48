"""Rate limits by address, person and poll, and the response that says when to try again."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Iterator
from contextlib import suppress

import httpx
import pytest
from starlette.requests import HTTPConnection
from starlette.types import Message

from deliberation.kernel import commands as c
from deliberation.kernel.vocabulary import Choice
from deliberation.record.note import Key, Signer
from server.realtime import protocol
from server.realtime.hub import Hub
from server.realtime.socket import SyncSocket
from server.settings import BadSetting, from_environment
from server.texts import lib0
from server.web import limits
from server.web.admission import Admission, refusal, retry_after
from server.web.limits import OF_A_VOTE, Asker, Limiter, LimitKind, network
from tests.bench.load import frames
from tests.bench.load.connection import Target
from tests.bench.place import Hung, Socket
from tests.deliberation.congresses import ORGANISER, opened
from tests.server.memory_storage import MemoryStorage
from tests.server.workplace import SLUG, Workplace, found
from tests.server_process import Server

HALL = Asker("192.0.2.1", "demo")


def elu(number: int) -> Asker:
    return Asker("192.0.2.1", "demo", f"p{number}")


# The pure class, with a scripted clock


def test_a_flood_of_testimonies_from_one_address_is_stopped_and_told() -> None:
    """Sixty in nine seconds were all taken."""
    limiter = Limiter(hall=600)
    waits = [limiter.take(LimitKind.TESTIMONY, HALL, now=9 * n / 60) for n in range(60)]
    assert 30 <= waits.count(0) <= 40
    assert waits[-1] in (1, 2)
    (flood,) = limiter.floods("demo", now=10.0)
    assert (flood.kind, flood.refused, flood.askers) == (LimitKind.TESTIMONY, 60 - waits.count(0), 1)
    assert limiter.floods("autre", now=10.0) == []
    assert limiter.floods("demo", now=10.0 + limits.FLOOD_SECONDS + 1) == []


def test_who_waits_as_long_as_told_may_pass() -> None:
    limiter = Limiter()
    now = 0.0
    while not (wait := limiter.take(LimitKind.TESTIMONY, HALL, now)):
        pass
    assert limiter.take(LimitKind.TESTIMONY, HALL, now + wait) == 0


def test_a_hall_behind_one_address_testifies_votes_and_comes_back() -> None:
    limiter = Limiter(hall=600)
    assert all(limiter.take(LimitKind.TESTIMONY, HALL, now=n) == 0 for n in range(600))
    assert all(limiter.take(LimitKind.BALLOT, elu(n), 700.0, f"1 p{n}") == 0 for n in range(600))
    assert all(limiter.take(LimitKind.SOCKET, elu(n), 700.0) == 0 for n in range(600))
    assert all(limiter.take(LimitKind.SOCKET, HALL, 700.0 + n * 30 / 600) == 0 for n in range(600))
    assert all(limiter.take(LimitKind.SIGN_IN, HALL, 700.0 + n * 120 / 600) == 0 for n in range(600))


def test_a_person_changes_a_vote_a_few_times_and_votes_on_everything() -> None:
    """Fifty votes by one person were fifty entries of the record."""
    limiter = Limiter()
    waits = [limiter.take(LimitKind.BALLOT, elu(1), n * 0.1, "1 p1") for n in range(50)]
    assert waits.count(0) == OF_A_VOTE.burst
    assert all(limiter.take(LimitKind.BALLOT, elu(1), 10.0 + 20 * n, f"{n} p1") == 0 for n in range(2, 300))


def test_people_do_not_use_up_each_others_allowance() -> None:
    limiter = Limiter()
    while not limiter.take(LimitKind.ACT, elu(1), 0.0):
        pass
    assert limiter.take(LimitKind.ACT, elu(2), 0.0) == 0
    assert limiter.take(LimitKind.ACT, HALL, 0.0) == 0
    assert limiter.take(LimitKind.ACT, Asker("192.0.2.1", "demo", "p9", office=True), 0.0) == 0


def test_the_operator_sizes_the_hall_and_may_lift_the_limits() -> None:
    small, large, none = Limiter(hall=20), Limiter(hall=6_000), Limiter(factor=0)
    taken = [sum(not each.take(LimitKind.TESTIMONY, HALL, 0.0) for _ in range(1_000)) for each in (small, large, none)]
    assert taken == [10, 300, 1_000]


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_BUCKETS", 50)
    monkeypatch.setattr(limits, "MOST_FLOODS", 5)
    limiter = Limiter()
    for n in range(500):
        asker = Asker(f"2001:db8:{n:x}::1", f"congres-{n}")
        while not limiter.take(LimitKind.UPLOAD, asker, 0.0):
            pass
    assert len(limiter._levels) == 50
    assert len(limiter._refused) == 5


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::"),
        ("no address", "no address"),
    ],
)
def test_an_ipv6_customer_is_one(address: str, counted: str) -> None:
    assert network(address) == counted


# Commands


def asking(address: str = "192.0.2.1") -> HTTPConnection:
    return HTTPConnection({"type": "http", "client": (address, 1), "headers": []})


def no_key(slug: str, origin: str) -> Signer:
    raise AssertionError("nothing is signed here")


def test_a_refusal_says_when_to_try_again() -> None:
    now = [0.0]
    admission = Admission(Limiter(), no_key, lambda: now[0])
    vote = c.CastBallot(3, Choice.FOR)
    answers = [admission.refuse_command(asking(), "demo", "p1", None, vote) for _ in range(8)]
    assert [each is None for each in answers] == [True] * 6 + [False] * 2
    refused = answers[-1]
    assert refused is not None
    assert retry_after(refused) == refused.params["n"] == 60
    assert "gardé" in str(refused)
    assert retry_after(refusal(250)) == 300
    now[0] = 60.0
    assert admission.refuse_command(asking(), "demo", "p1", None, vote) is None
    assert admission.refuse_command(asking(), "demo", "p1", None, c.CastBallot(4, Choice.FOR)) is None


# The code of the hall

SAID = c.SubmitTestimony(text="Le bus ne passe plus.")


def test_whoever_testifies_without_an_account_gives_the_code_of_the_hall() -> None:
    """T10."""
    at = [1_000_000_000.0]
    signer = Signer(Key("demo", bytes(32)), lambda message: hashlib.sha512(b"key" + message).digest())
    admission = Admission(Limiter(), lambda slug, origin: signer, wall=lambda: at[0])
    congress = opened()
    assert admission.presence_code(congress.state) == ""
    assert admission.refuse_absent(congress.state, None, SAID, "") is None
    change = c.ChangeCongress("Titre", "", "", visitors_may_testify=True, presence_asked=True)
    congress.do(ORGANISER, change)
    shown = admission.presence_code(congress.state)
    assert len(shown) == 6
    assert admission.refuse_absent(congress.state, None, SAID, f" {shown[:3]} {shown[3:]}") is None
    for wrong in ("", "000000", shown[:5], shown + "0"):
        refused = admission.refuse_absent(congress.state, None, SAID, wrong)
        assert refused is not None
        assert refused.field == "presence"
    assert admission.refuse_absent(congress.state, "p1", SAID, "") is None
    assert admission.refuse_absent(congress.state, None, c.CastBallot(1, Choice.FOR), "") is None
    at[0] += 300
    assert admission.presence_code(congress.state) != shown
    assert admission.refuse_absent(congress.state, None, SAID, shown) is None
    at[0] += 300
    assert admission.refuse_absent(congress.state, None, SAID, shown) is not None


# Settings


def test_nobody_speaks_for_others_unless_the_operator_says_so() -> None:
    assert from_environment({}).proxies == ""
    assert from_environment({"PLENIERE_ORIGIN": "https://congres.example"}).proxies == "127.0.0.1,::1"
    assert from_environment({"PLENIERE_PROXIES": "10.0.0.1"}).proxies == "10.0.0.1"
    assert from_environment({"PLENIERE_HALL": "50", "PLENIERE_LIMITS": "3"}).hall == 50
    for bad in ({"PLENIERE_HALL": "0"}, {"PLENIERE_LIMITS": "-1"}, {"PLENIERE_HALL": "²"}):
        with pytest.raises(BadSetting):
            from_environment(bad)


# The whole server


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Workplace:
    return found(tmp_path_factory.mktemp("limited") / "data")


@pytest.fixture(scope="module")
def limited(place: Workplace) -> Iterator[Server]:
    server = Server(place.data, demo=False, limits="1", hall="20")
    server.start()
    yield server
    server.kill()


def test_a_flood_gets_429_and_keeps_what_was_typed(limited: Server) -> None:
    said = {"text": "Le bus ne passe plus par notre village.", "consent": "oui"}
    with httpx.Client(base_url=limited.url, trust_env=False) as client:
        for n in range(12):
            other = f"203.0.113.{n}"
            forged = {"X-Forwarded-For": other, "Forwarded": f"for={other}", "X-Real-IP": other}
            answer = client.post(f"/c/{SLUG}/temoignages", data={**said, "commande": f"c{n}"}, headers=forged)
        assert answer.status_code == 429
        assert 1 <= int(answer.headers["retry-after"]) <= 60
        assert "Réessayez dans" in answer.text
        assert said["text"] in answer.text
        body = {"name": "testimony.submit", "data": {"text": "Encore un mot.", "consent": True}}
        program = client.post(f"/api/v1/c/{SLUG}/commandes", json=body, headers={"Origin": limited.url})
        assert program.status_code == 429
        assert program.json()["code"].startswith("limit.")
        tries = [client.post("/connexion", data={"lien": "x" * 40}) for _ in range(24)]
        assert tries[-1].status_code == 429
        searches = [client.get(f"/c/{SLUG}/temoignages?q=bus") for _ in range(30)]
        assert searches[-1].status_code == 429
        assert client.get(f"/c/{SLUG}/temoignages").status_code == 200


def test_twenty_anonymous_sockets_with_large_vectors_hold_nobody_up(limited: Server) -> None:
    """They are read no further than to see that they are too large."""
    vector = protocol.ask(lib0.state_vector(dict.fromkeys(range(150000), 1)))
    for _ in range(20):
        socket = Socket(Target(limited.port, f"/c/{SLUG}/sync/motion-1", (("Origin", limited.url),)))
        socket.raw(frames.frame(vector))
        said = list(said_until_the_end(socket))
        assert said[-1][:2] == protocol.MALFORMED.to_bytes(2, "big")
        assert not [payload for payload in said if payload[:2] == b"\0\1"], "it was answered"
        socket.close()
    assert limited.healthy()


def said_until_the_end(socket: Socket) -> Iterator[bytes]:
    with suppress(Hung):
        while True:
            for opcode, payload in socket.hear():
                yield payload
                if opcode == frames.CLOSE:
                    return


def test_a_socket_that_comes_too_often_is_told_when_to_come_again() -> None:
    """The handshake is answered with 429, before anything is looked up for it."""
    sent: list[Message] = []

    async def nobody(socket: HTTPConnection, slug: str) -> None:
        return None

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    async def visit() -> None:
        socket = SyncSocket(Hub(MemoryStorage()), nobody, "http://here", limit=lambda socket, slug, person: 7)
        scope = {
            "type": "websocket",
            "path": "/",
            "query_string": b"",
            "headers": [(b"origin", b"http://here")],
            "path_params": {"slug": SLUG, "document": "motion-1"},
            "extensions": {"websocket.http.response": {}},
        }
        await socket(scope, receive, send)

    asyncio.run(visit())
    assert sent[0]["status"] == 429
    assert (b"retry-after", b"7") in sent[0]["headers"]


# What an organiser sees and does


def test_an_organiser_sees_a_flood_and_can_ask_for_the_code_of_the_hall(limited: Server, place: Workplace) -> None:
    """T10: the screen of the hall shows the code, and who testifies without an account gives it."""
    organiser = {"Authorization": f"Bearer {place.organiser}"}
    with (
        httpx.Client(base_url=limited.url, trust_env=False, headers=organiser) as desk,
        httpx.Client(base_url=limited.url, trust_env=False) as visitor,
    ):
        while visitor.post(f"/c/{SLUG}/temoignages", data={"text": "Encore et encore."}).status_code != 429:
            pass
        page = desk.get(f"/organisation/{SLUG}/").text
        assert "Afflux" in page
        assert "Témoignages\N{NO-BREAK SPACE}:" in page
        settings = {"title": "Congrès", "cosignatures": "0", "visitors_may_testify": "oui", "presence_asked": "oui"}
        assert desk.post(f"/organisation/{SLUG}/reglages", data=settings).status_code == 303
        screen = visitor.get(f"/c/{SLUG}/ecran")
        assert 'http-equiv="refresh"' in screen.text
        assert re.search(r"<strong>\d{3}(&#8239;|\u202f)\d{3}</strong>", screen.text)
        form = visitor.get(f"/c/{SLUG}/temoignages/nouveau").text
        assert 'name="presence"' in form
        refused = visitor.post(f"/c/{SLUG}/temoignages", data={"text": "Sans le code.", "presence": "12"})
        assert refused.status_code in (422, 429)
        assert "Sans le code." in refused.text
