"""The `pleniere` command, for operators."""

from __future__ import annotations

import argparse
import dataclasses
import gc
import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from server import settings as s
from server.store.private_files import OTHERS
from server.store.versions import OtherVersion

MODULES = {
    "serve": "serving",
    "create": "congresses",
    "import": "congresses",
    "demo": "demonstration",
    "invite": "people",
    "token": "people",
    "export": "archive",
    "verify": "archive",
    "rebuild": "records",
    "backup": "records",
    "gap": "integrity",
    "check": "integrity",
    "clock": "integrity",
    "witness": "witnessing",
    "why": "history",
    "territoires": "territories",
}
"""The module of `server.command_line` for each command: only that one is imported, so that each command starts
quickly.
"""


def parser(command: str = "") -> argparse.ArgumentParser:
    """The argument parser with that command; with all of them if `command` is unknown."""
    top = argparse.ArgumentParser(
        prog="pleniere",
        description="Plénière : un congrès d’élus écrit une motion, en pleine transparence.",
        epilog="Codes de sortie : 0 fait, 1 refusé ou trouvé faux, 2 mauvais usage. "
        "Réglages par l’environnement : PORT, PLENIERE_DATA, PLENIERE_DATABASE, PLENIERE_ORIGIN, PLENIERE_WITNESSES, "
        "PLENIERE_SMTP_HOST…",
    )
    top.add_argument("--data", type=Path, help="dossier des données (PLENIERE_DATA, ./data)")
    top.add_argument("--database", help="adresse PostgreSQL (PLENIERE_DATABASE ; SQLite sinon)")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMANDE")
    names = [MODULES[command]] if command in MODULES else list(dict.fromkeys(MODULES.values()))
    for name in names:
        importlib.import_module(f"server.command_line.{name}").add_to(commands)
    for each in commands.choices.values():
        _add_common(each)
    return top


def _add_common(command: argparse.ArgumentParser) -> None:
    """`--data` and `--database` may stand before or after the command's name."""
    known = {option for action in command._actions for option in action.option_strings}
    if "--data" not in known:
        command.add_argument("--data", type=Path, default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    if "--database" not in known:
        command.add_argument("--database", default=argparse.SUPPRESS, help=argparse.SUPPRESS)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit status."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    command = next((argument for argument in arguments if argument in MODULES), "")
    gc.disable()  # loading makes much that stays: looking for garbage in it is a tenth of the start
    asked = parser(command).parse_args(arguments)
    gc.freeze()
    gc.enable()
    os.umask(OTHERS)
    try:
        settings = _settings(asked)
        return int(asked.run(asked, settings))
    except s.BadSetting as error:
        print(f"pleniere : {error}", file=sys.stderr)
        return 2
    except OtherVersion as error:
        print(
            "pleniere : ces données viennent d’une autre version et n’ont pas pu être mises à jour ; rien n’a changé. "
            f"Gardez la version qui les a écrites, ou signalez ceci : {error}",
            file=sys.stderr,
        )
        return 1
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130


def _settings(asked: argparse.Namespace) -> s.ServerSettings:
    given = {
        name: value
        for name in ("data", "database", "host", "port")
        if (value := getattr(asked, name, None)) is not None
    }
    return dataclasses.replace(s.from_environment(), **given)


if __name__ == "__main__":
    sys.exit(main())
