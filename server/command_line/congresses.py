"""`create`, `import`: new congresses, and files to import."""

from __future__ import annotations

import argparse
import secrets
from pathlib import Path
from typing import Any

from deliberation.kernel import commands as c
from deliberation.kernel.vocabulary import Phase
from server.command_line.terminal import Progress, Stop, run, say, say_json, state_of, submit
from server.imports import importing
from server.pages.organisation.presets import PRESETS
from server.services import Services
from server.settings import ServerSettings
from server.store.clock import SystemClock


def add_to(commands: Any) -> None:
    create = commands.add_parser("create", help="créer un congrès")
    create.add_argument("slug", metavar="SLUG", help="son adresse : /c/SLUG/")
    create.add_argument("--title", required=True)
    create.add_argument("--description", default="")
    create.add_argument("--place", default="")
    create.add_argument("--preset", choices=sorted(PRESETS), default="simple", help="règle de vote de départ")
    create.add_argument("--open", action="store_true", help="ouvrir dès maintenant toutes les phases")
    create.add_argument("--json", action="store_true")
    create.set_defaults(run=run_create)
    load = commands.add_parser("import", help="importer témoignages, motion ou carte")
    load.add_argument("slug", metavar="SLUG")
    load.add_argument("file", type=Path, metavar="FICHIER")
    load.add_argument("--kind", choices=importing.KINDS, help="ce que contient le fichier ; deviné sinon")
    load.add_argument("--source", help="de qui vient une motion, en clair ; le nom du fichier sinon")
    load.add_argument("--json", action="store_true")
    load.set_defaults(run=run_import)


def run_create(asked: argparse.Namespace, settings: ServerSettings) -> int:
    async def work(services: Services) -> int:
        await submit(
            services,
            asked.slug,
            c.CreateCongress(
                slug=asked.slug,
                title=asked.title,
                origin=settings.record_origin(asked.slug),
                description=asked.description,
                place=asked.place,
                rule=PRESETS[asked.preset],
            ),
        )
        if asked.open:
            now = SystemClock().now()
            for phase in Phase:
                await submit(services, asked.slug, c.SetPhase(phase, now))
        address = f"{settings.public_origin}/c/{asked.slug}/"
        if asked.json:
            say_json({"slug": asked.slug, "url": address})
        else:
            say(f"Le congrès est à l’adresse {address}")
            say(f"Invitez un premier organisateur : pleniere invite {asked.slug} --role organiser --name …")
        return 0

    return run(settings, work)


def run_import(asked: argparse.Namespace, settings: ServerSettings) -> int:
    async def work(services: Services) -> int:
        await state_of(services, asked.slug)
        try:
            data = asked.file.read_bytes()
        except OSError as error:
            raise Stop(f"{asked.file} : {error.strerror}") from error
        progress: Progress | None = None

        def at(done: int, total: int) -> None:
            nonlocal progress
            progress = progress or Progress("import", total)
            progress.at(done)

        batch = secrets.token_urlsafe(8)
        source = asked.source or f"fichier « {asked.file.name} »"
        result = await importing.import_file(
            services.write_queue,
            asked.slug,
            asked.file.name,
            data,
            asked.kind,
            batch=batch,
            progress=at,
            source=source,
            load=services.territories.readable,
        )
        if asked.json:
            say_json(result.as_json())
        else:
            for line in result.lines():
                say(line)
        return 1 if result.refused else 0

    return run(settings, work)
