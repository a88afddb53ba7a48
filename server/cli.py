"""The `pleniere` command: what an operator does from a terminal."""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from server import settings as s
from server.commands import archive, congresses, people, records, serving

Run = Callable[[argparse.Namespace, s.Settings], "int | asyncio.Future[int]"]


def parser() -> argparse.ArgumentParser:
    """All commands with their options."""
    top = argparse.ArgumentParser(
        prog="pleniere",
        description="Plénière : un congrès d’élus écrit une motion, en pleine transparence.",
        epilog="Codes de sortie : 0 fait, 1 refusé ou trouvé faux, 2 mauvais usage. "
        "Réglages par l’environnement : PORT, PLENIERE_DATA, PLENIERE_DATABASE, PLENIERE_ORIGIN, PLENIERE_SMTP_HOST…",
    )
    top.add_argument("--data", type=Path, help="dossier des données (PLENIERE_DATA, ./data)")
    top.add_argument("--database", help="adresse PostgreSQL (PLENIERE_DATABASE ; SQLite sinon)")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMANDE")
    for module in (serving, congresses, people, archive, records):
        module.add_to(commands)
    for command in commands.choices.values():
        _add_common(command)
    return top


def _add_common(command: argparse.ArgumentParser) -> None:
    """`--data` and `--database` may stand before or after the command's name."""
    known = {option for action in command._actions for option in action.option_strings}
    if "--data" not in known:
        command.add_argument("--data", type=Path, default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    if "--database" not in known:
        command.add_argument("--database", default=argparse.SUPPRESS, help=argparse.SUPPRESS)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; its exit status."""
    asked = parser().parse_args(arguments)
    try:
        settings = _settings(asked)
        return int(asked.run(asked, settings))
    except s.BadSetting as error:
        print(f"pleniere : {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130


def _settings(asked: argparse.Namespace) -> s.Settings:
    given = {
        name: value
        for name in ("data", "database", "host", "port")
        if (value := getattr(asked, name, None)) is not None
    }
    return dataclasses.replace(s.from_environment(), **given)


if __name__ == "__main__":
    sys.exit(main())
