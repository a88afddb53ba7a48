"""A log has its checkpoints cosigned, on SQLite and on PostgreSQL (R24)."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from deliberation.kernel import commands as c
from deliberation.kernel.errors import Refused
from deliberation.record import checkpoint, cosignature, note, witnessing
from server.settings import WitnessAddress
from server.witnessing.app import WitnessService
from server.witnessing.checkpoint_store import CheckpointStore
from server.witnessing.cosigning import Cosigning, Post
from server.writing.commits import CheckpointSigned
from tests.server.offices import SLUG, Office, run
from tests.waiting import WITHIN, until_soon
from tests.witnesses import cosigner

pytestmark = pytest.mark.contract

FIRST, SECOND = cosigner(), cosigner("autre.exemple/1", b"o" * 32)
ADDRESSES = (WitnessAddress("http://temoin", FIRST.key), WitnessAddress("http://autre", SECOND.key))
NOON = 1_800_000_000


class Witnesses:
    """Both witnesses without a network. `asked` are the sizes told as old; `ill` answers in their stead."""

    def __init__(self, folder: Path, vkey: str) -> None:
        logs = {vkey.split("+")[0]: [note.parse_key(vkey)]}
        self.desks = {
            address.url: WitnessService(who, logs, CheckpointStore(folder / who.key.name, who.key), lambda: NOON)
            for address, who in zip(ADDRESSES, (FIRST, SECOND), strict=True)
        }
        self.asked: list[tuple[str, int]] = []
        self.ill: dict[str, Callable[[bytes], tuple[int, bytes]]] = {}

    def post(self, url: str, body: bytes) -> tuple[int, bytes]:
        base = url.removesuffix("/add-checkpoint")
        self.asked.append((base, witnessing.parse(body).old))
        if base in self.ill:
            return self.ill[base](body)
        answer = self.desks[base].add(body)
        return (200, answer.encode()) if isinstance(answer, str) else (answer.status, answer.body.encode())


def cosigning(office: Office, witnesses: Witnesses) -> Cosigning:
    return Cosigning(ADDRESSES, office.store, office.safeguards, witnesses.post)


def listen(office: Office, log: Cosigning) -> None:
    office.commits.subscribe(CheckpointSigned, lambda signed: log.bring(signed.slug, signed.note))


async def sign(office: Office) -> str:
    """A checkpoint of everything, after one more act."""
    await office.do("p1", c.SubmitTestimony(text="Un mot."))
    signed = await office.write_queue.checkpoint(SLUG, covering=2**40)
    assert signed is not None
    return signed


async def opened(office: Office, folder: Path) -> Witnesses:
    key = office.keys.signer(SLUG, "localhost/c/essai/registre").key
    return Witnesses(folder, key.vkey)


def times(signed: str) -> list[int | None]:
    return [cosignature.cosigned_at(note.parse(signed.encode()), who.key) for who in (FIRST, SECOND)]


def size(signed: str) -> int:
    return checkpoint.parse(note.parse(signed.encode()).text).size


def test_what_is_signed_is_cosigned_and_given_so(database_url: str, tmp_path: Path) -> None:
    """R24: without being waited for; the newest checkpoint and the earlier ones carry it."""

    async def work(office: Office) -> None:
        witnesses = await opened(office, tmp_path)
        log = cosigning(office, witnesses)
        listen(office, log)
        for _ in range(3):
            signed = await sign(office)
            await until_soon(lambda s=signed: None not in times(office.store.cosigned(SLUG, s)))  # type: ignore[misc]
        assert [times(text) for _, text in office.store.checkpoints(SLUG)] == [[NOON, NOON]] * 3
        await office.write_queue.checkpoint(SLUG)
        log.stop()
        assert len(witnesses.asked) == 6, "each was asked once for each size"
        assert {old for _, old in witnesses.asked} == {0, *[at for at, _ in office.store.checkpoints(SLUG)][:2]}

    run(database_url, tmp_path, work)


def test_one_cosignature_of_each_for_one_size(database_url: str, tmp_path: Path) -> None:
    """R24: asked again, by another process too, the first one stays."""

    async def work(office: Office) -> None:
        signed = await sign(office)
        kept = office.store.cosignatures
        for vkey, line in (("b", "2\n"), ("a", "1\n"), ("b", "3\n")):
            kept.keep(SLUG, size(signed), vkey, line)
        together = [asyncio.to_thread(kept.keep, SLUG, size(signed), "c", f"{i}\n") for i in range(8)]
        await asyncio.gather(*together)
        assert office.store.cosigned(SLUG, signed).startswith(f"{signed}1\n2\n")
        assert len(kept.of(SLUG, size(signed))) == 3
        assert (kept.last_size(SLUG, "b"), kept.last_size(SLUG, "z")) == (size(signed), 0)

    run(database_url, tmp_path, work)


def sqlite(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'pleniere.sqlite'}"


def test_the_size_that_a_witness_holds_is_learnt_from_it(tmp_path: Path) -> None:
    """R24: after the log forgot, and when another process was there first."""

    async def work(office: Office) -> None:
        witnesses = await opened(office, tmp_path)
        first = await sign(office)
        witnesses.desks["http://temoin"].add(witnessing.write(0, (), first))
        second = await sign(office)
        assert await asyncio.to_thread(cosigning(office, witnesses).collect, SLUG, second, 10.0) == []
        assert sorted(witnesses.asked) == [("http://autre", 0), ("http://temoin", 0), ("http://temoin", size(first))]

    run(sqlite(tmp_path), tmp_path, work)


@pytest.mark.parametrize(("more", "code"), [(1_000, "record.witness"), (0, "")])
def test_a_witness_that_knows_more_closes_the_record_to_writing(tmp_path: Path, more: int, code: str) -> None:
    """R10: another process that brought a later checkpoint of the same record is no contradiction."""

    async def work(office: Office) -> None:
        witnesses = await opened(office, tmp_path)
        signed = await sign(office)
        await office.do("p1", c.SubmitTestimony(text="Après."))
        held = (await office.state()).size + more
        witnesses.ill["http://temoin"] = lambda body: (409, f"{held}\n".encode())
        await asyncio.to_thread(cosigning(office, witnesses).collect, SLUG, signed, 10.0)
        answer = await office.ask("p1", c.SubmitTestimony(text="Encore."))
        assert (answer.code if isinstance(answer, Refused) else "") == code

    run(sqlite(tmp_path), tmp_path, work)


@pytest.mark.parametrize(("behind", "why"), [(0, "another history of"), (1, "it answers 422")])
def test_a_rewritten_history_is_not_cosigned(
    behind: int, why: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """R24, R23: signed with the true key, at the size that the witness holds or beyond; the operator is told."""

    async def work(office: Office) -> None:
        witnesses = await opened(office, tmp_path)
        signed = await sign(office)
        origin = checkpoint.parse(note.parse(signed.encode()).text).origin
        signer = office.keys.signer(SLUG, origin)
        seen = checkpoint.sign(checkpoint.Checkpoint(origin, size(signed) - behind, bytes(32)), signer)
        assert isinstance(witnesses.desks["http://temoin"].add(witnessing.write(0, (), seen)), str)
        log = cosigning(office, witnesses)
        assert await asyncio.to_thread(log.collect, SLUG, signed, 10.0) == [FIRST.key.name]
        log.stop()
        assert why in caplog.text
        answer = await office.ask("p1", c.SubmitTestimony(text="Encore."))
        assert isinstance(answer, Refused)
        assert answer.code == "record.witness"

    run(sqlite(tmp_path), tmp_path, work)


HOSTILE: dict[str, Post] = {
    "an error": lambda url, body: (500, b"\xff" * 9),
    "a page": lambda url, body: (200, b"<html>"),
    "nothing": lambda url, body: (200, b""),
    "another key": lambda url, body: (200, other_key(body)),
    "another checkpoint": lambda url, body: (200, cosignature.cosign("x\n", FIRST, NOON).encode()),
    "a conflict without a size": lambda url, body: (409, b"?"),
    "a size beyond all": lambda url, body: (409, b"9999999999999999\n"),
    "a size like none": lambda url, body: (409, b"9" * 5_000),
    "a conflict for ever": lambda url, body: (409, b"%d\n" % (1 - min(1, witnessing.parse(body).old))),
    "a redirection": lambda url, body: (302, b""),
}


def other_key(body: bytes) -> bytes:
    return cosignature.cosign(witnessing.parse(body).found.text, SECOND, NOON).encode()


@pytest.mark.parametrize("what", HOSTILE)
def test_a_witness_that_misbehaves_harms_its_own_cosignatures_only(what: str, tmp_path: Path) -> None:
    """R24"""

    async def work(office: Office) -> None:
        witnesses = await opened(office, tmp_path)
        witnesses.ill["http://temoin"] = lambda body: HOSTILE[what]("", body)
        signed, log = await sign(office), cosigning(office, witnesses)
        assert await asyncio.to_thread(log.collect, SLUG, signed, 10.0) == [FIRST.key.name]
        assert times(office.store.cosigned(SLUG, signed)) == [None, NOON]
        del witnesses.ill["http://temoin"]
        await until_soon(lambda: None not in times(office.store.cosigned(SLUG, signed)))
        log.stop()

    run(sqlite(tmp_path), tmp_path, work)


def test_a_witness_that_hangs_delays_nobody(tmp_path: Path) -> None:
    """R24: people go on writing, and whoever stops the server does not wait."""
    gate = threading.Event()

    def hang(body: bytes) -> tuple[int, bytes]:
        gate.wait(WITHIN)
        raise OSError("gone")

    async def work(office: Office) -> None:
        witnesses = await opened(office, tmp_path)
        witnesses.ill["http://temoin"] = hang
        log = cosigning(office, witnesses)
        listen(office, log)
        for _ in range(5):
            signed = await sign(office)
        missing = await asyncio.to_thread(log.collect, SLUG, signed, 0.5)
        assert missing == [FIRST.key.name]
        log.stop()
        assert not gate.is_set()

    try:
        run(sqlite(tmp_path), tmp_path, work)
    finally:
        gate.set()
