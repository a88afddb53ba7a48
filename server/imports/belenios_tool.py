"""Has `belenios-tool` verify archives of imported elections, where it is installed; what it says is recorded (V32)."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import shutil
import tempfile
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.ids import CONGRESS
from deliberation.kernel.state import OutsideResult, State
from deliberation.votes.imported import ABSENT, MOST_TOOL, REFUSED, UNFINISHED, VERIFIED, decoded
from server.store.store import Store
from server.writing.commits import EntriesRecorded
from server.writing.queue import WriteQueue

MOST_SECONDS = 1800.0
"""For the verification of one archive."""
VERSION_SECONDS = 20.0
_STRANGE = re.compile(r"[^0-9A-Za-z .+_()-]+")
logger = logging.getLogger("pleniere.belenios")


class BeleniosVerifier:
    """Verifies one archive after the other in the background; what a stopped server left is verified at the next start.

    The archive is written whole into a folder that only this account reads, for as long as the program runs.
    """

    def __init__(self, store: Store, intake: WriteQueue, program: str) -> None:
        self._store = store
        self._intake = intake
        self._program = program
        self._waiting: asyncio.Queue[tuple[str, int]] = asyncio.Queue()

    def follow(self, notice: EntriesRecorded) -> None:
        """Puts the archives that just entered the record in the queue."""
        for recorded in notice.entries:
            if isinstance(recorded.event, e.ResultArchived):
                self._waiting.put_nowait((notice.slug, recorded.event.result))

    async def run(self) -> None:
        for slug, number in await asyncio.to_thread(self._left):
            self._waiting.put_nowait((slug, number))
        while True:
            slug, number = await self._waiting.get()
            try:
                await self._verify(slug, number)
            except (OSError, SQLAlchemyError):
                logger.exception("the archive of result %d of %s could not be verified", number, slug)

    def _left(self) -> list[tuple[str, int]]:
        """What was imported and never verified. Blocking."""
        return [
            (slug, result.number)
            for slug in self._store.congresses()
            for result in self._store.state(slug).results.values()
            if _waits(result)
        ]

    async def _verify(self, slug: str, number: int) -> None:
        state = await self._intake.state(slug)
        archive = await asyncio.to_thread(self._archive, slug, state, number) if state else None
        if state is None or archive is None:
            return
        outcome, version = await verify(self._program, state.results[number].uuid, archive)
        command = c.RecordBeleniosCheck(number, outcome, version)
        await self._intake.submit(c.Request(f"belenios-{number}", slug, CONGRESS, command))

    def _archive(self, slug: str, state: State, number: int) -> bytes | None:
        """The archive of a result that was not verified yet. Blocking."""
        result = state.results.get(number)
        if result is None or result.archived is None or not _waits(result):
            return None
        (recorded,) = self._store.recorded(slug, result.archived, result.archived + 1)
        return decoded(recorded.event.archive) if isinstance(recorded.event, e.ResultArchived) else None


def _waits(result: OutsideResult) -> bool:
    return result.election is not None and result.archived is not None and not result.checked


async def verify(program: str, uuid: str, archive: bytes, seconds: float = MOST_SECONDS) -> tuple[str, str]:
    """What the program says of the archive of that election, and its version; `absent` where it is not installed."""
    found = shutil.which(program)
    if found is None:
        return ABSENT, ""
    folder = tempfile.TemporaryDirectory(prefix="belenios-", ignore_cleanup_errors=True)
    try:
        await asyncio.to_thread((Path(folder.name) / f"{uuid}.bel").write_bytes, archive)
        version, _ = await _run((found, "--version"), folder.name, VERSION_SECONDS)
        _, status = await _run((found, "election", "verify", "--dir", folder.name), folder.name, seconds)
    finally:
        await asyncio.to_thread(folder.cleanup)
    outcome = UNFINISHED if status is None else VERIFIED if status == 0 else REFUSED
    return outcome, " ".join(_STRANGE.sub(" ", version).split())[:MOST_TOOL]


async def _run(command: tuple[str, ...], folder: str, seconds: float) -> tuple[str, int | None]:
    """The first line that a program says, and its exit status; None when it took too long and was stopped."""
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=folder,
        env={"PATH": os.environ.get("PATH", os.defpath), "HOME": folder},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        said = await asyncio.wait_for(_drained(process), seconds)
    except TimeoutError:
        return "", None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return said, process.returncode


async def _drained(process: asyncio.subprocess.Process) -> str:
    """The beginning of what a program says, once it ended; the rest is thrown away."""
    assert process.stdout is not None
    head = b""
    while chunk := await process.stdout.read(65_536):
        head = (head + chunk)[:1000]
    await process.wait()
    lines = head.decode("utf-8", "replace").splitlines()
    return lines[0] if lines else ""
