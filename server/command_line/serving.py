"""`serve`: starts the server, in one or several processes."""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import fcntl
import os
import signal
import socket
import threading
from contextlib import AbstractContextManager, nullcontext, suppress
from functools import partial
from multiprocessing import parent_process
from typing import Any

import uvicorn
from starlette.applications import Starlette
from uvicorn.supervisors import Multiprocess

from deliberation.kernel.vocabulary import Role
from server.app import create_app
from server.command_line.demonstration import DEMO, make_demo
from server.command_line.terminal import say
from server.realtime.websocket import LightWebSocket
from server.services import Services, bring_up_tables, open_services
from server.settings import ServerSettings
from server.store.private_files import keep_private
from server.web.http import BoundedHttp

MAX_FRAME = 1_048_576
MOST_FILES = 1_000_000
STARTING_SECONDS = 60
"""Seconds that a process may take to start on a busy machine; one that exits is replaced at once."""
ROLES = {Role.ELU: "Élue ou élu", Role.ORGANISER: "Organisation", Role.SCRIBE: "Scribe"}


def add_to(commands: Any) -> None:
    serve = commands.add_parser("serve", help="servir les congrès")
    serve.add_argument("--host", help="adresse d’écoute (127.0.0.1)")
    serve.add_argument("--port", type=int, help="port d’écoute (PORT, 8000)")
    serve.add_argument(
        "--workers", type=int, default=1, metavar="N", help="processus qui se partagent le port, avec PostgreSQL (1)"
    )
    serve.add_argument("--demo", action="store_true", help="avec le congrès de démonstration, créé s’il n’existe pas")
    serve.add_argument("--reload", action="store_true", help=argparse.SUPPRESS)
    serve.set_defaults(run=run_serve)


def run_serve(asked: argparse.Namespace, settings: ServerSettings) -> int:
    if refused := _refuse_workers(asked.workers, settings):
        say(refused)
        return 2
    listening = _listen(settings.host, settings.port)
    if listening is None:
        say(
            f"pleniere : le port {settings.port} est déjà pris sur {settings.host} ; choisissez-en un autre avec PORT=…"
        )
        return 1
    alone = _alone(settings)
    if alone is None:
        say(
            f"pleniere : un autre serveur tourne sur les données de {settings.data} ; SQLite n’en admet qu’un. "
            "Arrêtez-le, ou donnez aux deux une base PostgreSQL avec PLENIERE_DATABASE"
        )
        return 1
    settings = dataclasses.replace(settings, port=listening.getsockname()[1])
    bring_up_tables(settings)
    if asked.demo:
        make_demo(settings)
    if not settings.is_sqlite and (missing := asyncio.run(_missing_keys(settings))):
        say(
            f"pleniere : la clé qui signe « {', '.join(missing)} » n’est pas dans {settings.data / 'keys'} ; "
            "copiez-y celle des autres serveurs, ou partagez leur dossier de données"
        )
        return 1
    _announce(settings, asyncio.run(_links(settings)) if asked.demo else [])
    if founding := asyncio.run(founding_link(settings)):
        say("Ce serveur n’a encore aucun congrès. Pour créer le premier (lien valable un jour, une seule fois) :")
        say(f"  {founding}")
    config = uvicorn.Config(
        partial(_application, settings),
        factory=True,
        workers=asked.workers,
        timeout_worker_healthcheck=STARTING_SECONDS,
        log_level="warning",
        access_log=False,
        lifespan="on",
        http=BoundedHttp,
        ws=LightWebSocket,
        ws_max_size=MAX_FRAME,
        ws_per_message_deflate=False,
        ws_ping_interval=20,
        ws_ping_timeout=20,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=5,
        server_header=False,
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=settings.proxies,
    )
    raise_file_limit()
    with alone:
        if asked.workers > 1:
            Multiprocess(config, sockets=[listening]).run()
            return 0
        server = uvicorn.Server(config)
        server.run(sockets=[listening])
        return 0 if server.started else 1


def _application(settings: ServerSettings) -> Starlette:
    """The application of one process; when several share the port, it ends with its supervisor, however that ends."""
    if parent_process():
        threading.Thread(target=_end_with_supervisor, daemon=True).start()
    return create_app(settings)


def _end_with_supervisor() -> None:
    if supervisor := parent_process():
        supervisor.join()
    os.kill(os.getpid(), signal.SIGTERM)


def _refuse_workers(workers: int, settings: ServerSettings) -> str:
    if workers < 1:
        return "pleniere : --workers attend un nombre à partir de 1"
    if workers > 1 and settings.is_sqlite:
        return (
            "pleniere : plusieurs processus ont besoin d’une base PostgreSQL (PLENIERE_DATABASE) ; "
            "SQLite n’en admet qu’un"
        )
    return ""


def _alone(settings: ServerSettings) -> AbstractContextManager[object] | None:
    """Locks the SQLite database against other servers; None if one is running."""
    if not settings.is_sqlite:
        return nullcontext()
    keep_private(settings.data)
    file = (settings.data / "serve.lock").open("a")
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # unlike flock, processes started from here do not keep it
    except OSError:
        file.close()
        return None
    return file


async def _missing_keys(settings: ServerSettings) -> list[str]:
    """The congresses whose records this process could not sign."""
    async with open_services(settings) as services:
        return await asyncio.to_thread(services.missing_keys)


async def _links(settings: ServerSettings) -> list[tuple[Role, str]]:
    async with open_services(settings) as services:
        return [(role, await _link(services, role)) for role in ROLES]


async def founding_link(settings: ServerSettings) -> str:
    """A new link with which one person makes the first congress in a browser; "" where there is a congress already."""
    async with open_services(settings) as services:
        if await services.count_congresses():
            return ""
        return services.link(await asyncio.to_thread(services.identity.make_founding_link))


async def _link(services: Services, role: Role) -> str:
    """A new sign-in link for the first person of that role in the demonstration."""
    state = await services.write_queue.state(DEMO)
    assert state is not None
    person = next(p for p in state.people.values() if p.role is role and not p.revoked)
    return services.link(await asyncio.to_thread(services.identity.make_link, DEMO, person.id))


def _announce(settings: ServerSettings, links: list[tuple[Role, str]]) -> None:
    say(f"Plénière est à l’adresse {settings.public_origin}/")
    if links:
        say(f"Congrès de démonstration : {settings.public_origin}/c/{DEMO}/")
        say("Liens de connexion, chacun pour une seule fois :")
    for role, link in links:
        say(f"  {ROLES[role]} : {link}")


def raise_file_limit() -> None:
    """Raises the limit of open files as far as allowed; many systems begin with 1,024, or 256."""
    try:
        import resource
    except ImportError:
        return  # no such limit on Windows
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(ValueError, OSError):  # macOS allows less than it says
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _listen(host: str, port: int) -> socket.socket | None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError:
        listening.close()
        return None
    listening.listen(2048)
    listening.set_inheritable(True)
    return listening
