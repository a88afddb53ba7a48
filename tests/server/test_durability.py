"""What somebody saw confirmed survives a kill at any moment; a restart needs nobody."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from server.store.database import Database
from server.store.store import Store
from tests.server.writers import GONE, Api, Confirmed, Writer, speak, vote
from tests.server_process import Server, pleniere

SLUG = "essai"
ROUNDS = 20
MOTION = "# Motion\n\nVu la loi,\n\nDemande la fibre pour tous.\n"


@pytest.mark.slow
def test_what_was_confirmed_survives_kill_9(start_server: Callable[..., Server], tmp_path: Path) -> None:
    """M3, V4, T1: twenty rounds of testimonies, ballots and keystrokes, each ended by SIGKILL at a random moment."""
    data = tmp_path / "data"
    tokens = found(data, tmp_path)
    server = start_server(demo=False, data=data)
    asyncio.run(prepare(server.url, tokens))
    confirmed, chance = Confirmed(), random.Random(7)
    for round_ in range(ROUNDS):
        asyncio.run(work_until_killed(server, tokens, confirmed, round_, chance))
        server.start()
        asyncio.run(check(server.url, tokens, confirmed))
    assert min(len(confirmed.testimonies), len(confirmed.words), len(confirmed.ballots)) > 1
    server.stop()
    check_kept(data, tokens["elu"], confirmed)
    rebuilt = pleniere(data, "rebuild", "--check")
    assert rebuilt.returncode == 0, rebuilt.stdout
    archive = tmp_path / "restitution.zip"
    assert pleniere(data, "export", SLUG, "-o", str(archive)).returncode == 0
    verified = pleniere(data, "verify", str(archive))
    assert verified.returncode == 0, verified.stdout


def found(data: Path, folder: Path) -> dict[str, list[str]]:
    """A congress with all phases open; tokens by role."""
    assert pleniere(data, "create", SLUG, "--title", "Essai", "--open").returncode == 0
    people = folder / "elus.csv"
    people.write_text("nom;mandat\nAna Un;maire\nBo Deux;maire\nCid Trois;maire\n")
    assert pleniere(data, "invite", SLUG, "--role", "elu", "--csv", str(people)).returncode == 0
    assert pleniere(data, "invite", SLUG, "--role", "organiser", "--name", "Dea Quatre").returncode == 0
    motion = folder / "motion.md"
    motion.write_text(MOTION)
    imported = pleniere(data, "import", SLUG, str(motion))
    assert imported.returncode == 0, imported.stdout + imported.stderr
    return {role: _tokens(data, role) for role in ("elu", "organiser")}


def _tokens(data: Path, role: str) -> list[str]:
    said = pleniere(data, "token", SLUG, "--role", role, "--json")
    return [row["token"] for row in json.loads(said.stdout)]


async def prepare(url: str, tokens: dict[str, list[str]]) -> None:
    """Motion 1 frozen with a vote open on it, motion 2 to write in."""
    async with Api(url, SLUG, tokens["organiser"][0]) as organiser, Api(url, SLUG, tokens["elu"][0]) as elu:
        await organiser.command("motion.freeze", motion=1)
        await organiser.command("poll.open", subject="motion-1")
        await elu.command("motion.create", title="À écrire")


async def work_until_killed(
    server: Server, tokens: dict[str, list[str]], confirmed: Confirmed, round_: int, chance: random.Random
) -> None:
    async with AsyncExitStack() as stack:
        apis = [await stack.enter_async_context(Api(server.url, SLUG, token)) for token in tokens["elu"]]
        await work(server, apis, tokens, confirmed, round_, chance)


async def work(
    server: Server,
    apis: list[Api],
    tokens: dict[str, list[str]],
    confirmed: Confirmed,
    round_: int,
    chance: random.Random,
) -> None:
    writers = [Writer(address(server.url, token)) for token in tokens["elu"][:2]]
    people = [
        *(vote(api, confirmed, 1, random.Random(round_)) for api in apis),
        *(speak(api, confirmed, f"T{round_}-{i}") for i, api in enumerate(apis)),
        *(writer.write(confirmed, f"W{round_}-{i}") for i, writer in enumerate(writers)),
    ]
    tasks = [asyncio.create_task(each) for each in people]
    await asyncio.sleep(chance.uniform(0.15, 0.9))
    server.kill()
    ended = await asyncio.gather(*tasks, return_exceptions=True)
    unexpected = [error for error in ended if not isinstance(error, GONE)]
    assert not unexpected


def check_kept(data: Path, elus: list[str], confirmed: Confirmed) -> None:
    """What the tables hold: every testimony, and for each voter the last confirmed choice or one sent after it."""
    database = Database(f"sqlite:///{data / 'pleniere.sqlite'}")
    state = Store(database).state(SLUG)
    database.close()
    assert confirmed.testimonies <= {x.text for x in state.testimonies.values()}
    for number, token in enumerate(elus, 1):
        kept = state.polls[1].ballots[f"p{number}"].value
        assert kept in {confirmed.ballots[token], *confirmed.unanswered[token]}


async def check(url: str, tokens: dict[str, list[str]], confirmed: Confirmed) -> None:
    async with Api(url, SLUG, tokens["organiser"][0]) as api:
        submitted = (await api.read("temoignages?taille=1"))["total"]
    assert submitted >= len(confirmed.testimonies)
    words = set((await Writer(address(url, tokens["elu"][0])).read()).split())
    assert confirmed.words <= words, sorted(confirmed.words - words)[:5]


def address(url: str, token: str) -> str:
    return f"{url.replace('http', 'ws')}/c/{SLUG}/sync/motion-2?token={token}&ack=1"
