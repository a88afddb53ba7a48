"""The command that checks an unpacked archive; `verify.py` runs it after it has found the verifier's own sources
unchanged.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from deliberation.record import note
from deliberation.record.cosignature import Witness, parse_witness
from deliberation.record.report import Report
from exports.checking import receipts, words
from exports.checking.files import check
from exports.checking.sources import Folder

DESCRIPTION = (
    "Vérifie cette archive : chaque fichier, chaque entrée du registre, chaque signature, chaque résultat. "
    "(Checks this archive; --lang en for English.)"
)


class Parser(argparse.ArgumentParser):
    """An argument parser that exits immediately, bypassing the exit hook of `verify.py`, which reports a failure if
    nothing was checked.
    """

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        sys.stderr.write(message or "")
        sys.stderr.flush()
        sys.stdout.flush()
        os._exit(status)


def options() -> Parser:
    """The options of the command line."""
    parser = Parser(prog="verify.py", description=DESCRIPTION)
    parser.add_argument("receipt", metavar="REÇU", nargs="?", help="un reçu (.proof) à confronter à cette archive")
    parser.add_argument("--key", metavar="VKEY", help="la clé du registre, connue d’ailleurs (texte ou fichier)")
    parser.add_argument(
        "--older",
        metavar="FICHIER",
        action="append",
        default=[],
        help="un point de contrôle plus ancien, gardé ailleurs",
    )
    parser.add_argument(
        "--witness",
        metavar="CLÉ",
        action="append",
        default=[],
        help="un témoin qui doit avoir cosigné : sa clé (texte ou fichier)",
    )
    parser.add_argument("--json", action="store_true", help="le rapport en JSON")
    parser.add_argument("--lang", choices=("fr", "en"), default="fr", help="la langue du rapport")
    return parser


def read_key(text: str | None) -> note.Key | None:
    """The key given as a vkey, or as the name of a file with one; None for None. Raises BadNote or OSError if it cannot
    be read.
    """
    return None if text is None else note.parse_key(_vkey(text))


def read_witnesses(given: Sequence[str]) -> list[Witness]:
    """The keys of witnesses, each given as for `read_key`. Raises BadNote or OSError if one cannot be read."""
    return [parse_witness(_vkey(text)) for text in given]


def _vkey(text: str) -> str:
    return text if text.count("+") >= 2 else Path(text).read_text("utf-8").strip()


def read_older(names: Sequence[str]) -> list[bytes]:
    """The contents of these files, which should be checkpoints. Raises OSError if one cannot be read."""
    return [Path(name).read_bytes() for name in names]


def tell(report: Report, as_json: bool, language: str) -> None:
    """Prints the report."""
    if as_json:
        sys.stdout.write(json.dumps(report.as_json(), ensure_ascii=False, indent=2) + "\n")
    else:
        words.tell(report, language, sys.stdout.write)


def main(folder: str, arguments: Sequence[str]) -> bool:
    """Checks the archive in that folder and prints the result. Returns whether all is well; exits with status 2 for
    wrong usage.
    """
    parser = options()
    given = parser.parse_args(arguments)
    try:
        key, older, witnesses = read_key(given.key), read_older(given.older), read_witnesses(given.witness)
        receipt = None if given.receipt is None else Path(given.receipt).read_bytes()
    except (note.BadNote, OSError, UnicodeDecodeError) as error:
        parser.error(str(error))
    files = Folder(Path(folder))
    report = check(files, key, [*older, *receipts.checkpoints(receipt)], witnesses=witnesses)
    report = report if receipt is None else receipts.beside(report, files, receipt)
    tell(report, given.json, given.lang)
    return report.ok
