"""The witness over HTTP (C2SP tlog-witness): `POST /add-checkpoint`, and `GET /` to see what it holds."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from threading import Lock

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from deliberation.record import cosignature, witnessing
from deliberation.record.cosignature import Cosigner
from deliberation.record.witnessing import BadRequest, CosigningRefusal, Logs, Submission
from server.witnessing.checkpoint_store import CheckpointStore, UnusableStore

logger = logging.getLogger("pleniere.witness")


def now() -> int:
    """Seconds since 1970."""
    return int(time.time())


class WitnessService:
    """Cosigns checkpoints, one at a time for each log. `clock` gives seconds since 1970."""

    def __init__(self, cosigner: Cosigner, logs: Logs, shelf: CheckpointStore, clock: Callable[[], int] = now) -> None:
        self.cosigner = cosigner
        self.logs = logs
        self.shelf = shelf
        self._clock = clock
        self._locks = {origin: Lock() for origin in logs}

    def add(self, body: bytes) -> str | CosigningRefusal:
        """The cosignature, once its checkpoint is on disk; or the reason why there is none. Blocking."""
        try:
            asked = witnessing.parse(body)
        except BadRequest as error:
            return CosigningRefusal(400, str(error))
        with self._locks.get(asked.point.origin, Lock()):
            refused = witnessing.judge(asked, self.logs, self.shelf.held)
            return refused or self._cosign(asked)

    def _cosign(self, asked: Submission) -> str:
        line = cosignature.cosign(asked.found.text, self.cosigner, self._clock())
        own = witnessing.log_line(asked, self.logs)
        self.shelf.keep(asked.point.origin, f"{asked.found.text}\n{own}{line}".encode())
        return line

    def seen(self) -> str:
        """A text about the witness: its key, and the size up to which it has followed each log."""
        held = ((origin, self.shelf.held(origin)) for origin in sorted(self.logs))
        lines = [f"{origin} {point.size if point else 0}" for origin, point in held]
        return "\n".join([self.cosigner.key.vkey, "", *lines, ""])


async def read(request: Request) -> bytes | None:
    """The body of a request; None if it is too long."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > witnessing.MAX_BYTES:
            return None
    return bytes(body)


def create_witness(desk: WitnessService) -> Starlette:
    """The application of a witness."""

    async def add_checkpoint(request: Request) -> Response:
        try:
            body = await read(request)
        except ClientDisconnect:
            return Response(status_code=400)
        if body is None:
            return PlainTextResponse("too long\n", 413, {"Connection": "close"})
        answer = await asyncio.to_thread(desk.add, body)
        if isinstance(answer, str):
            return PlainTextResponse(answer)
        if answer.status != 404:
            logger.warning("refused with %s: %s", answer.status, answer.why)
        return Response(answer.body, answer.status, {"Content-Type": answer.media_type})

    async def seen(request: Request) -> Response:
        return PlainTextResponse(await asyncio.to_thread(desk.seen))

    async def unusable(request: Request, error: Exception) -> Response:
        logger.error("%s", error)
        return PlainTextResponse("this witness cannot cosign now\n", 500)

    routes = [Route("/", seen), Route("/add-checkpoint", add_checkpoint, methods=["POST"])]
    return Starlette(routes=routes, exception_handlers={UnusableStore: unusable, OSError: unusable})
