"""`territoires`: renews the list of communes, groupings, départements and régions from the files of its package."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from server.command_line.terminal import say, say_json
from server.settings import ServerSettings
from server.store.private_files import keep_private, replacing
from server.territories.compiling import UnusableList, compiled, read_package
from server.territories.reference import FILE_NAME, read_list


def add_to(commands: Any) -> None:
    renew = commands.add_parser(
        "territoires",
        help="renouveler la liste des communes, EPCI, départements et régions",
        description="Lit les fichiers JSON du paquet npm @etalab/decoupage-administratif (Licence Ouverte 2.0), sans "
        "rien demander au réseau. La liste sert au prochain démarrage ; ce qui est enregistré ne change pas.",
    )
    renew.add_argument("folder", metavar="DOSSIER", type=Path, help="le paquet, ou son dossier « data »")
    renew.add_argument("--year", type=int, required=True, metavar="ANNÉE", help="le millésime de ces données")
    renew.add_argument("-o", "--output", type=Path, metavar="FICHIER", help="ailleurs que dans le dossier des données")
    renew.add_argument("--json", action="store_true")
    renew.set_defaults(run=run_renew)


def run_renew(asked: argparse.Namespace, settings: ServerSettings) -> int:
    try:
        package = read_package(asked.folder)
        data = compiled(package, asked.year, _version(asked.folder))
    except UnusableList as unusable:
        print(f"pleniere : {unusable}", file=sys.stderr)
        return 1
    found = read_list(data)
    path = asked.output or settings.data / FILE_NAME
    if not asked.output:
        keep_private(settings.data)
    with replacing(path) as target:
        target.write(data)
    told = {"communes": len(found.communes), "areas": len(found.areas), "year": found.year, "file": str(path)}
    if asked.json:
        say_json(told)
    else:
        say("{communes} communes et {areas} autres territoires, millésime {year} : {file}".format(**told))
    return 0


def _version(folder: Path) -> str:
    """The version of the package, if its folder says so; "" otherwise."""
    for path in (folder / "package.json", folder.parent / "package.json"):
        try:
            return str(json.loads(path.read_text("utf-8"))["version"])
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return ""
