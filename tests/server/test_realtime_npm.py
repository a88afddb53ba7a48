"""The package y-websocket, unmodified, under Node: against the rooms alone, and against the whole product."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.server.sync_server import sync_server
from tests.server.writers import Api
from tests.server_process import Server, pleniere

SCRIPT = Path(__file__).with_name("y_websocket.mjs")
SLUG = "essai"


def play(base: str, document: str, *tokens: str) -> dict[str, Any]:
    node = shutil.which("node")
    assert node, "Node is needed: `python3 run.py test` sets it up"
    run = subprocess.run(
        [node, str(SCRIPT), base, document, *tokens], capture_output=True, text=True, timeout=90, env=dict(os.environ)
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
    assert said["median"] < 250


def test_y_websocket_works_with_the_rooms() -> None:
    with sync_server() as server:
        check(play(server.address, "motion-1", "p1", "p2"))
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
    check(play(f"{server.url.replace('http', 'ws')}/c/{SLUG}/sync", document, *tokens))
    server.stop()
    rebuilt = pleniere(data, "rebuild", "--check")
    assert rebuilt.returncode == 0, rebuilt.stdout
