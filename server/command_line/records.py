"""`rebuild`, `backup`: tables from the record, and copies of the data."""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
from pathlib import Path
from typing import Any

from deliberation.evolve import replay
from server.command_line.terminal import Stop, run, say, say_json
from server.services import Services
from server.settings import ServerSettings
from server.store import log, mirror
from server.texts.replay import differences as text_differences


def add_to(commands: Any) -> None:
    rebuild = commands.add_parser("rebuild", help="refaire tables et textes depuis le registre ; dire ce qui différait")
    rebuild.add_argument("slug", metavar="SLUG", nargs="?", help="un seul congrès ; tous sinon")
    rebuild.add_argument("--check", action="store_true", help="comparer sans rien écrire")
    rebuild.add_argument("--json", action="store_true")
    rebuild.set_defaults(run=run_rebuild)
    backup = commands.add_parser("backup", help="copier la base et les clés, serveur en marche")
    backup.add_argument("folder", type=Path, metavar="DOSSIER")
    backup.set_defaults(run=run_backup)


def run_rebuild(asked: argparse.Namespace, settings: ServerSettings) -> int:
    async def work(services: Services) -> int:
        slugs = [asked.slug] if asked.slug else await asyncio.to_thread(services.store.congresses)
        found = {slug: await _rebuild(services, slug, asked.check) for slug in slugs}
        if asked.json:
            say_json(found)
        else:
            for slug, lines in found.items():
                say(f"{slug} : {len(lines)} différence(s)" if lines else f"{slug} : aucune différence")
                for line in lines:
                    say(f"  {line}")
        return 1 if any(found.values()) else 0

    return run(settings, work)


async def _rebuild(services: Services, slug: str, check: bool) -> list[str]:
    if await asyncio.to_thread(services.store.size, slug) == 0:
        raise Stop(f"aucun congrès ne porte l’adresse « {slug} »")
    return await asyncio.to_thread(_compare, services, slug, check)


def _compare(services: Services, slug: str, check: bool) -> list[str]:
    folded = replay(services.store.recorded(slug))
    texts, documents = text_differences(services.store, slug, folded)
    found = [*mirror.differences(services.store.state(slug), folded), *texts]
    if found and not check:
        with services.store.database.write() as connection:
            mirror.replace_all(connection, slug, folded)
            log.replace_documents(connection, slug, documents)
    return found


def run_backup(asked: argparse.Namespace, settings: ServerSettings) -> int:
    async def work(services: Services) -> int:
        if not services.store.database.is_sqlite:
            raise Stop("sur PostgreSQL, sauvegardez la base avec pg_dump et le dossier des clés avec vos outils")
        asked.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        target = asked.folder / "pleniere.sqlite"
        await asyncio.to_thread(_copy_sqlite, settings.data / "pleniere.sqlite", target)
        _copy_folder(settings.data / "keys", asked.folder / "keys")
        say(
            f"Sauvegarde faite dans {asked.folder}. Elle contient les clés qui signent le registre : gardez-la "
            "secrète. Remise en place, elle est en lecture seule jusqu’à « pleniere gap »."
        )
        return 0

    return run(settings, work)


def _copy_sqlite(source: Path, target: Path) -> None:
    """A consistent copy while the server writes."""
    with sqlite3.connect(source) as one, sqlite3.connect(target) as other:
        target.chmod(0o600)
        one.backup(other)


def _copy_folder(source: Path, target: Path) -> None:
    target.mkdir(exist_ok=True, mode=0o700)
    for path in source.glob("*"):
        (target / path.name).write_bytes(path.read_bytes())
        (target / path.name).chmod(0o600)
