"""Runs the real product in a separate process, as an operator would start it, on a free port and a temporary folder."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from deliberation.kernel import commands as c
from deliberation.kernel.vocabulary import Role
from server.command_line.terminal import submit
from server.services import open_services
from server.settings import ServerSettings, from_environment
from tests.product_process import ROOT, Process, run, start
from tests.waiting import WITHIN, until

LINK = re.compile(r"https?://\S+/connexion\S*#\S+")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(data: Path, **more: str) -> dict[str, str]:
    """The environment of a process of the product, without the PLENIERE_ settings of whoever runs the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PLENIERE_")}
    own = {"PLENIERE_DATA": str(data), "PLENIERE_MARKS": str(marks(data)), "PLENIERE_LIMITS": "0"}
    return kept | own | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"} | more


def marks(data: Path) -> Path:
    """The folder beside the data folder in which the product stores its high-water marks a second time."""
    return data.with_name(f"{data.name}.marks")


def pleniere(data: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Runs a command of `pleniere` to its end."""
    return run(arguments, environment(data, **more), WITHIN)


async def _invited(settings: ServerSettings, slug: str, invitation: c.InvitePerson) -> str:
    async with open_services(settings) as services:
        person = (await submit(services, slug, invitation)).document.removeprefix("personne-")
        return services.link(await asyncio.to_thread(services.identity.make_link, slug, person))


@dataclass(slots=True)
class Server:
    """A server that can be stopped, killed and started again on the same data and port."""

    data: Path
    demo: bool = True
    database: str = ""
    workers: int = 1
    limits: str = "0"
    hall: str = ""
    port: int = field(default_factory=free_port)
    process: Process | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def output(self) -> Path:
        return self.data.parent / f"{self.data.name}-{self.port}.log"

    def said(self) -> str:
        return self.output.read_text(errors="replace")

    def links(self) -> list[str]:
        """The sign-in links printed at the start: an élu, an organiser, a scribe."""
        return LINK.findall(self.said())

    def invite(self, role: str, name: str, slug: str = "demo") -> str:
        """Invites a new person of that role, as `pleniere invite` does; returns their sign-in link.

        It runs in a thread of this process: starting another process would take a second, and in this thread playwright
        may be running an event loop.
        """
        settings = from_environment(environment(self.data, **self._settings()))
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, _invited(settings, slug, c.InvitePerson(name, Role(role)))).result()

    def _settings(self) -> dict[str, str]:
        limits = {"PLENIERE_LIMITS": self.limits, "PLENIERE_HALL": self.hall}
        return {"PLENIERE_DATABASE": self.database, "PLENIERE_ORIGIN": self.url, **limits}

    def start(self, seconds: float = WITHIN) -> None:
        """Starts the server and waits until it answers."""
        demo = ["--demo"] if self.demo else []
        workers = ["--workers", str(self.workers)] if self.workers > 1 else []
        arguments = ["serve", *demo, *workers, "--host", "127.0.0.1", "--port", str(self.port)]
        with self.output.open("ab") as output:
            self.process = start(arguments, environment(self.data, **self._settings()), output)
        process = self.process
        until(lambda: process.poll() is not None or self.healthy(), self.said, seconds)
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}:\n{self.said()}")

    def healthy(self) -> bool:
        try:
            return httpx.get(f"{self.url}/healthz", timeout=WITHIN, trust_env=False).status_code == 200
        except httpx.TransportError:
            return False

    def processes(self) -> list[int]:
        """The ids of the processes that share the port, if there are several."""
        assert self.process is not None
        found = ["pgrep", "-P", str(self.process.pid), "-f", "spawn_main"]
        return [int(line) for line in subprocess.run(found, capture_output=True, text=True).stdout.split()]

    def stop(self, seconds: float = WITHIN) -> int:
        """Stops the server as an operator would (SIGTERM); returns its exit status."""
        if self.process is None:
            return 0
        self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        self.process = None
        return status

    def kill(self) -> None:
        """Kills the server (SIGKILL), as if the power failed."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None
