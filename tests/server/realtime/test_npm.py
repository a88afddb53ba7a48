"""The unmodified package y-websocket under Node, connected to the rooms alone and to the whole product."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from server.texts import motion, replay
from server.texts.replica import Replica
from tests.server.sync_server import sync_server
from tests.server.writers import Api
from tests.server_process import Server, pleniere
from tests.waiting import WITHIN

SLUG = "essai"


def play(script: str, *arguments: str) -> dict[str, Any]:
    node = shutil.which("node")
    assert node, "Node is needed: `python3 run.py test` sets it up"
    run = subprocess.run(
        [node, str(Path(__file__).with_name(script)), *arguments], capture_output=True, text=True, timeout=WITHIN
    )
    assert run.returncode == 0, run.stderr
    said: dict[str, Any] = json.loads(run.stdout)
    return said


def check(said: dict[str, Any]) -> None:
    assert "Vu l’Été 😀" in said["text"]
    assert "écrit hors ligne" in said["text"]
    assert said["acknowledged"] == 4
    assert said["denied"]
    assert said["leaked"] is False
    assert said["unknown"] == 4404
    assert said["keys"] == 40


def test_y_websocket_works_with_the_rooms() -> None:
    with sync_server() as server:
        check(play("y_websocket.mjs", server.address, "motion-1", "p1", "p2"))
    clauses = server.storage.state().motions[1].draft
    server.storage.record("motion-1")
    assert len(clauses) <= len(server.storage.state().motions[1].draft) == 2


def test_y_websocket_works_with_the_product(start_server: Callable[..., Server], tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert pleniere(data, "create", SLUG, "--title", "Essai", "--open").returncode == 0
    for name in ("Ana Un", "Bo Deux"):
        assert pleniere(data, "invite", SLUG, "--role", "elu", "--name", name).returncode == 0
    tokens = [row["token"] for row in json.loads(pleniere(data, "token", SLUG, "--role", "elu", "--json").stdout)]
    server = start_server(demo=False, data=data)

    async def motion() -> str:
        async with Api(server.url, SLUG, tokens[0]) as api:
            receipt = await api.command("motion.create", title="Été")
            return str(receipt["entries"][0][2])

    document = asyncio.run(motion())
    check(play("y_websocket.mjs", f"{server.url.replace('http', 'ws')}/c/{SLUG}/sync", document, *tokens))
    server.stop()
    rebuilt = pleniere(data, "rebuild", "--check")
    assert rebuilt.returncode == 0, rebuilt.stdout


@pytest.mark.simulation
@pytest.mark.parametrize("seed", range(4))
def test_browsers_and_rooms_agree_on_every_word(seed: int) -> None:
    """Yjs and the native library read each other: characters beyond the basic plane, marks, tidied marks, deletions."""
    with sync_server() as server:
        said = play("y_crowd.mjs", server.address, "motion-1", str(seed), "p1", "p2", "p2")
        server.call(lambda: server.hub.flush("demo", "motion-1"))
    assert said["troubles"] == []
    assert said["same"]
    assert said["pending"] == 0
    kept = server.storage.kept("motion-1").recorded
    assert kept is not None
    replica = Replica(kept)
    assert _shape(str(motion.fragment(replica.doc))) == _shape(said["text"])
    assert list(replay.unlike(replay.rebuild(server.storage.entries), server.storage.state())) == []


def _shape(xml: str) -> str:
    """The XML without the names of marks, which each library nests in a different order."""
    return re.sub(r"</?(?:strong|em)>", "", xml)
