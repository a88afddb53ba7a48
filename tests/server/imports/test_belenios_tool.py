"""Where `belenios-tool` is installed, it verifies imported archives, and the record states its result (V32)."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from pathlib import Path

import pytest

from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel import ids
from deliberation.kernel.state import OutsideResult
from deliberation.kernel.vocabulary import Role
from server.imports.belenios_tool import verify
from server.services import Services, open_services
from server.settings import ServerSettings
from server.writing.receipts import Receipt
from tests.bel_archives import election, importing
from tests.waiting import until_soon

SLUG, UUID = "essai", "T4sVKSqmXLfDsC"
GOOD = f"""#!/bin/sh
if [ "$1" = --version ]; then echo "3.1 <b>"; exit 0; fi
[ "$1 $2 $3" = "election verify --dir" ] && [ -f "$4/{UUID}.bel" ] && [ "$(ls "$4" | wc -l)" = 1 ]
"""


@pytest.fixture
def program(tmp_path: Path) -> Callable[[str], str]:
    """Creates a program with that source; returns its path."""

    def make(text: str) -> str:
        path = tmp_path / "belenios-tool"
        path.write_text(text, "utf-8")
        path.chmod(0o700)
        return str(path)

    return make


def said(program: str, seconds: float = 60.0) -> tuple[str, str]:
    return asyncio.run(verify(program, UUID, election(), seconds))


def test_what_the_program_says_is_what_is_recorded(program: Callable[[str], str]) -> None:
    """V32: the archive alone, whole, under the name of its election; what a version may hold is bounded."""
    assert said(program(GOOD)) == ("verified", "3.1 b")
    assert said(program("#!/bin/sh\nexit 1\n")) == ("refused", "")
    assert said(program("#!/bin/sh\n[ $1 = --version ] || exec sleep 600\n"), 0.2) == ("unfinished", "")
    assert said("no-such-program-here") == ("absent", "")
    assert said(program("#!/bin/sh\nyes | head -c 1000000\n"))[0] == "verified"


@pytest.mark.parametrize(("text", "outcome"), [(GOOD, "verified"), ("", "absent")])
def test_every_import_is_verified_in_the_background(
    tmp_path: Path, program: Callable[[str], str], text: str, outcome: str
) -> None:
    """V32"""
    asyncio.run(_import(tmp_path, program(text) if text else "no-such-program-here", outcome))


async def _import(folder: Path, program: str, outcome: str) -> None:
    settings = ServerSettings(data=folder / "data", marks=folder / "marks", belenios_tool=program)
    async with open_services(settings) as services:
        await do(services, ids.CONGRESS, c.CreateCongress(SLUG, "Essai", "localhost/c/essai/registre"))
        await do(services, ids.CONGRESS, c.InvitePerson("Dea", Role.ORGANISER))
        await do(services, "p1", importing())
        await until_soon(lambda: _result(services).checked)
        assert _result(services).checked == outcome
        (told,) = services.store.recorded(SLUG, services.store.size(SLUG) - 1, services.store.size(SLUG))
        assert (told.kind, told.actor) == (e.BeleniosChecked.kind, ids.CONGRESS)


def test_what_a_stopped_server_left_is_verified_at_the_next_start(
    tmp_path: Path, program: Callable[[str], str]
) -> None:
    """V32"""
    asyncio.run(_stopped(tmp_path, program(GOOD.replace("exit 0;", "exec sleep 600;")), program))


async def _stopped(folder: Path, slow: str, program: Callable[[str], str]) -> None:
    settings = ServerSettings(data=folder / "data", marks=folder / "marks", belenios_tool=slow)
    async with open_services(settings) as services:
        await do(services, ids.CONGRESS, c.CreateCongress(SLUG, "Essai", "localhost/c/essai/registre"))
        await do(services, ids.CONGRESS, c.InvitePerson("Dea", Role.ORGANISER))
        await do(services, "p1", importing())
        assert _result(services).checked == ""
    program(GOOD)
    async with open_services(settings) as services:
        await services.write_queue.state(SLUG)
        await until_soon(lambda: _result(services).checked == "verified")


async def do(services: Services, actor: str, command: c.Command) -> None:
    answer = await services.write_queue.submit(c.Request(secrets.token_hex(8), SLUG, actor, command))
    assert isinstance(answer, Receipt), answer


def _result(services: Services) -> OutsideResult:
    state = services.write_queue.peek(SLUG)
    assert state is not None
    return state.results[1]
