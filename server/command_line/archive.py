"""`export`, `verify`: writing and checking archives."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path
from typing import Any

from deliberation.record import checkpoint, note
from exports.verify import main_verify
from server.archives.restitution import write_restitution
from server.command_line.terminal import Stop, run, say, say_json, state_of
from server.services import Services
from server.settings import ServerSettings
from server.store.private_files import replacing
from server.texts.replay import verify_texts

WITNESS_SECONDS = 15.0


def add_to(commands: Any) -> None:
    export = commands.add_parser("export", help="écrire l’archive complète, vérifiable hors ligne")
    export.add_argument("slug", metavar="SLUG")
    export.add_argument("-o", "--output", type=Path, default=Path("restitution.zip"), metavar="FICHIER")
    export.add_argument("--json", action="store_true")
    export.set_defaults(run=run_export)
    verify = commands.add_parser("verify", help="vérifier une archive, un dossier, un site ou un reçu")
    verify.add_argument("target", metavar="FICHIER|ADRESSE|REÇU")
    verify.add_argument("--key", help="clé publique obtenue ailleurs que du site : nom+id+base64, ou un fichier")
    verify.add_argument(
        "--older", action="append", default=[], metavar="POINT", help="point de contrôle gardé ailleurs"
    )
    verify.add_argument(
        "--witness", action="append", default=[], metavar="CLÉ", help="un témoin qui doit avoir cosigné : sa clé"
    )
    verify.add_argument("--json", action="store_true")
    verify.add_argument("--lang", choices=("fr", "en"), default="fr", help="la langue du rapport")
    verify.add_argument(
        "--strict", action="store_true", help="échouer aussi si quelque chose n’a pas été comparé au registre"
    )
    verify.set_defaults(run=run_verify)


def run_export(asked: argparse.Namespace, settings: ServerSettings) -> int:
    async def work(services: Services) -> int:
        await state_of(services, asked.slug)
        signed = await services.write_queue.checkpoint(asked.slug, covering=2**53)
        assert signed is not None
        for name in await asyncio.to_thread(services.cosigning.collect, asked.slug, signed, WITNESS_SECONDS):
            print(f"pleniere : le témoin {name} n’a pas cosigné ce point de contrôle", file=sys.stderr)
        try:
            with replacing(asked.output) as target:
                await asyncio.to_thread(write_restitution, services.store, services.keys, asked.slug, signed, target)
        except OSError as error:
            raise Stop(f"{asked.output} : {error.strerror}") from error
        size = checkpoint.parse(note.parse(signed.encode()).text).size
        if asked.json:
            say_json({"file": str(asked.output), "bytes": asked.output.stat().st_size, "entries": size})
        else:
            say(f"{asked.output} : {asked.output.stat().st_size:,} octets, {size} entrées".replace(",", " "))
        return 0

    return run(settings, work)


def run_verify(asked: argparse.Namespace, settings: ServerSettings) -> int:
    return main_verify(
        asked.target,
        asked.key,
        asked.older,
        asked.json,
        asked.lang,
        texts=verify_texts,
        witnesses=asked.witness,
        strict=asked.strict,
    )
