"""`witness`: runs a witness."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import uvicorn

from deliberation.record import note
from deliberation.record.cosignature import Cosigner
from server.settings import ServerSettings
from server.web.http import BoundedHttp
from server.witnessing.app import WitnessService, create_witness
from server.witnessing.checkpoint_store import CheckpointStore, UnusableStore, lock, open_key

PORT = 8100


def add_to(commands: Any) -> None:
    witness = commands.add_parser(
        "witness",
        help="être témoin : cosigner les registres d’autres, pour que nul ne puisse les réécrire",
        description="Un témoin (C2SP tlog-witness) cosigne les points de contrôle d’un registre qui ne fait que "
        "croître, et refuse toute autre histoire. À tenir par quelqu’un d’autre que l’organisateur du congrès.",
    )
    witness.add_argument(
        "--data", type=Path, default=argparse.SUPPRESS, metavar="DOSSIER", help="ce que le témoin garde (./witness)"
    )
    witness.add_argument("--name", default="", help="le nom du témoin, par exemple temoin.exemple.fr/1")
    witness.add_argument("--host", default="127.0.0.1", help="adresse d’écoute (127.0.0.1)")
    witness.add_argument("--port", type=int, default=PORT, help=f"port d’écoute ({PORT})")
    witness.add_argument(
        "--log",
        action="append",
        required=True,
        metavar="CLÉ",
        help="la clé d’un registre (…/registre/cle), ou un fichier avec une clé par ligne",
    )
    witness.add_argument("--key-file", type=Path, metavar="FICHIER", help="la clé secrète (DOSSIER/witness.key)")
    witness.set_defaults(run=run_witness)


def run_witness(asked: argparse.Namespace, settings: ServerSettings) -> int:
    folder = asked.data or Path("witness")
    key_file = asked.key_file or folder / "witness.key"
    if not asked.name and not key_file.exists():
        return _fail("donnez un nom au témoin : --name", 2)
    try:
        desk = _desk(folder, key_file, asked.name, _logs(asked.log))
    except (note.BadNote, UnicodeDecodeError) as error:
        return _fail(error, 2)
    except (UnusableStore, OSError) as error:
        return _fail(error, 1)
    return _serve(desk, asked.host, asked.port)


def _fail(why: object, status: int) -> int:
    print(f"pleniere : {why}", file=sys.stderr)
    return status


def _logs(given: Sequence[str]) -> dict[str, list[note.Key]]:
    """The keys by origin; each is given as a vkey or as a file with one."""
    logs: dict[str, list[note.Key]] = {}
    for vkey in (line for text in given for line in _keys(text)):
        key = note.parse_key(vkey)
        logs.setdefault(key.name, []).append(key)
    if not logs:
        raise note.BadNote("no key of a log in what --log names")
    return logs


def _keys(text: str) -> list[str]:
    if text.count("+") >= 2:
        return [text.strip()]
    lines = Path(text).read_text("utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def _desk(folder: Path, key_file: Path, name: str, logs: dict[str, list[note.Key]]) -> WitnessService:
    """The service, with everything stored checked before the first request; the folder stays locked for this
    process.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock(folder)
    cosigner: Cosigner = open_key(key_file, name)
    shelf = CheckpointStore(folder / "logs", cosigner.key)
    for origin in logs:
        shelf.held(origin)
    return WitnessService(cosigner, logs, shelf)


def _serve(desk: WitnessService, host: str, port: int) -> int:
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s")
    config = uvicorn.Config(
        create_witness(desk),
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        lifespan="off",
        http=BoundedHttp,
        ws="none",
        limit_concurrency=200,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=5,
        server_header=False,
    )
    listening = config.bind_socket()
    shown = f"[{host}]" if ":" in host else host
    _announce(desk, f"http://{shown}:{listening.getsockname()[1]}")
    server = uvicorn.Server(config)
    server.run(sockets=[listening])
    return 0 if server.started else 1


def _announce(desk: WitnessService, address: str) -> None:
    vkey = desk.cosigner.key.vkey
    print(f"Témoin à l’adresse {address} pour {len(desk.logs)} registre(s).")
    print(f"Clé du témoin : {vkey}")
    print(f'Chez le congrès : PLENIERE_WITNESSES="{address} {vkey}"', flush=True)
