"""Has checkpoints cosigned by the witnesses that the operator chose, in the background."""

from __future__ import annotations

import logging
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from threading import Condition, Thread
from typing import Any, Protocol

from deliberation.record import checkpoint, cosignature, note, tree, witnessing
from server.settings import WitnessAddress
from server.store.store import Store

ROUNDS = 4
FIRST_WAIT, LONGEST_WAIT = 1.0, 300.0
SECONDS = 10.0
MAX_ANSWER = 64_000
logger = logging.getLogger("pleniere.cosigning")
Post = Callable[[str, bytes], tuple[int, bytes]]
"""Sends a body to an address; returns status and body of the response. OSError without one."""


class NotCosigned(Exception):
    """Why a witness did not cosign."""


class OtherHistory(NotCosigned):
    """The witness cosigned `size` entries of a history that this record does not continue."""

    def __init__(self, why: str, size: int) -> None:
        super().__init__(why)
        self.size = size


class Listener(Protocol):
    """Is told what witnesses answer; called from their threads."""

    def contradicted(self, slug: str, witness: str, size: int) -> None:
        """The witness cosigned a history of `size` entries that this record does not continue."""

    def confirmed(self, slug: str, witness: str) -> None:
        """The witness cosigned this record."""


class Cosigning:
    """One `WitnessClient` per witness. `bring` is cheap and may be called again with the same checkpoint."""

    def __init__(
        self, witnesses: Sequence[WitnessAddress], store: Store, listener: Listener, post: Post | None = None
    ) -> None:
        self._store = store
        self._couriers = [WitnessClient(witness, store, listener, post or post_over_http) for witness in witnesses]
        self._brought: dict[str, str] = {}

    def bring(self, slug: str, signed: str) -> None:
        """Has the newest checkpoint of a congress cosigned, in the background."""
        if self._brought.get(slug) != signed:
            self._brought[slug] = signed
            for courier in self._couriers:
                courier.bring(slug, signed)

    def collect(self, slug: str, signed: str, seconds: float) -> list[str]:
        """Waits up to `seconds` for all witnesses; returns the names of those that have not cosigned this checkpoint by
        then.

        Blocking: call it from a thread.
        """
        for courier in self._couriers:
            courier.bring(slug, signed, at_once=True)
        until = time.monotonic() + seconds
        for courier in self._couriers:
            courier.wait(slug, until)
        kept = self._store.cosignatures.of(slug, _size(signed)) if self._couriers else {}
        return [c.witness.key.name for c in self._couriers if c.witness.key.vkey not in kept]

    def stop(self) -> None:
        """Stops the clients; one that waits for its witness is abandoned."""
        for courier in self._couriers:
            courier.stop()


class WitnessClient:
    """Sends checkpoints to one witness in a thread of its own; a failure is retried after a growing pause."""

    def __init__(self, witness: WitnessAddress, store: Store, listener: Listener, post: Post) -> None:
        self.witness = witness
        self._store = store
        self._listener = listener
        self._post = post
        self._condition = Condition()
        self._waiting: dict[str, str] = {}
        self._due: dict[str, float] = {}
        self._waits: dict[str, float] = {}
        self._held: dict[str, int] = {}
        self._why: dict[str, str] = {}
        self._stopped = False
        self._thread: Thread | None = None

    def bring(self, slug: str, signed: str, at_once: bool = False) -> None:
        """Queues the newest checkpoint of a congress, in place of an older one that waits."""
        with self._condition:
            self._waiting[slug] = signed
            if at_once:
                self._waits.pop(slug, None)
            if slug not in self._waits:
                self._due[slug] = 0.0
            self._start()
            self._condition.notify_all()

    def wait(self, slug: str, until: float) -> None:
        """Waits until nothing of that congress is queued, an attempt failed, or that time of the monotonic clock has
        come.
        """
        with self._condition:
            self._condition.wait_for(
                lambda: slug not in self._waiting or slug in self._waits, max(0.0, until - time.monotonic())
            )

    def stop(self) -> None:
        """Ends the thread."""
        with self._condition:
            self._stopped = True
            self._condition.notify_all()
        if self._thread:
            self._thread.join(1.0)

    def _start(self) -> None:
        if self._thread is None and not self._stopped:
            name = f"witness {self.witness.key.name}"
            self._thread = Thread(target=self._run, name=name, daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while (next_one := self._next()) is not None:
            slug, signed = next_one
            try:
                self._carry(slug, signed)
            except Exception as error:  # whatever a witness does stops no other one
                if isinstance(error, OtherHistory):
                    self._listener.contradicted(slug, self.witness.key.name, error.size)
                self._failed(slug, error)
            else:
                self._done(slug, signed)

    def _next(self) -> tuple[str, str] | None:
        """The next congress and checkpoint to send; waits for one. None at the end."""
        with self._condition:
            while not self._stopped:
                due = min(((self._due[slug], slug) for slug in self._waiting), default=None)
                pause = due[0] - time.monotonic() if due else None
                if due and pause is not None and pause <= 0:
                    return due[1], self._waiting[due[1]]
                self._condition.wait(pause)
        return None

    def _done(self, slug: str, signed: str) -> None:
        with self._condition:
            self._waits.pop(slug, None)
            self._why.pop(slug, None)
            if self._waiting.get(slug) == signed:
                del self._waiting[slug]
            else:
                self._due[slug] = 0.0
            self._condition.notify_all()

    def _failed(self, slug: str, error: Exception) -> None:
        with self._condition:
            wait = min(self._waits.get(slug, FIRST_WAIT / 2) * 2, LONGEST_WAIT)
            self._waits[slug] = wait
            self._held.pop(slug, None)
            self._due[slug] = time.monotonic() + wait
            self._condition.notify_all()
        why = str(error) if isinstance(error, (NotCosigned, OSError)) else repr(error)
        if self._why.get(slug) != why:
            logger.warning("%s is not cosigned by %s: %s", slug, self.witness.key.name, why)
            self._why[slug] = why

    def _carry(self, slug: str, signed: str) -> None:
        """Gets the cosignature of that checkpoint and stores it; NotCosigned or OSError otherwise."""
        size, vkey = _size(signed), self.witness.key.vkey
        if vkey not in self._store.cosignatures.of(slug, size):
            line = self._ask(slug, signed, size)
            self._store.cosignatures.keep(slug, size, vkey, line)

    def _ask(self, slug: str, signed: str, size: int) -> str:
        """The witness's signature line, after sending the consistency proof from the size that it holds."""
        held = self._held.get(slug) or self._store.cosignatures.last_size(slug, self.witness.key.vkey)
        for _ in range(ROUNDS):
            body = witnessing.write(held, self._proof(slug, held, size), signed)
            status, answer = self._post(f"{self.witness.url}/add-checkpoint", body)
            if status == 200:
                self._held[slug] = size
                self._listener.confirmed(slug, self.witness.key.name)
                return self._line(signed, answer)
            if status == 422:
                raise OtherHistory(f"it answers 422 {_said(answer)!r}", held)
            if status != 409:
                raise NotCosigned(f"it answers {status} {_said(answer)!r}")
            stated = _stated(answer)
            if stated == held:
                raise OtherHistory(f"it holds another history of {held} entries", held)
            held = stated
        raise NotCosigned("it changes its mind about what it holds")

    def _proof(self, slug: str, held: int, size: int) -> tuple[bytes, ...]:
        if held > size:
            why = f"it holds {held} entries already, this checkpoint only {size}"
            raise OtherHistory(why, held) if held > self._store.size(slug) else NotCosigned(why)
        return tree.consistency_proof(held, size, self._store.nodes(slug, size))

    def _line(self, signed: str, answer: bytes) -> str:
        try:
            return cosignature.line_of(signed, answer, self.witness.key)
        except note.BadNote as error:
            raise NotCosigned(f"what it answers is no cosignature: {error}") from error


def post_over_http(url: str, body: bytes) -> tuple[int, bytes]:
    """The default `Post`; the response is bounded in size, redirections are not followed."""
    request = urllib.request.Request(url, body, {"Content-Type": "text/plain", "User-Agent": "pleniere"})  # noqa: S310
    try:
        with urllib.request.build_opener(_NoRedirection).open(request, timeout=SECONDS) as answer:
            return int(answer.status), answer.read(MAX_ANSWER)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read(MAX_ANSWER)


class _NoRedirection(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def _size(signed: str) -> int:
    return checkpoint.parse(note.parse(signed.encode()).text).size


def _said(answer: bytes) -> str:
    return answer[:200].decode(errors="replace").strip()


def _stated(answer: bytes) -> int:
    """The size that a witness says it holds."""
    digits = answer.removesuffix(b"\n")
    if not digits.isdigit() or len(digits) > 16:
        raise NotCosigned("it answers 409 without a size")
    return int(digits)
