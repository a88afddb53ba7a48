#!/usr/bin/env python3
"""Vérifie cette archive, sans réseau et sans rien installer :

    python3 verify.py  [--key CLÉ] [--older FICHIER] [--witness CLÉ]

Verifies this archive with Python's standard library alone (--lang en for English). First the verifier's own files are
compared with the signed list in record/manifest, this one included; only then are those in verifier/ run, and they
check everything: files, entries, hashes, signatures, merged texts, votes. The script fails unless all of it passed.
"""

from __future__ import annotations

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:] = [path for path in sys.path if os.path.abspath(path or os.curdir) != HERE]
sys.dont_write_bytecode = True
sys.pycache_prefix = os.path.join(HERE, "record", "manifest")

import atexit  # noqa: E402
import hashlib  # noqa: E402
import io  # noqa: E402
from collections.abc import Iterator  # noqa: E402

PASSED: list[bool] = []


def fail_unless_passed() -> None:
    """At the end of the process: exits with an error unless the check has passed."""
    sys.stdout.flush()
    if not PASSED:
        os._exit(True)


atexit.register(fail_unless_passed)


def listed() -> dict[str, str]:
    """The SHA-256 of every file in the manifest."""
    try:
        with open(os.path.join(HERE, "record", "manifest"), encoding="utf-8", newline="\n") as manifest:
            lines = manifest.read().split("\n\n")[0].split("\n")[4:]
        return {line.split(" ", 2)[2]: line.split(" ", 2)[0] for line in lines}
    except (OSError, ValueError, IndexError) as error:
        sys.exit(f"ÉCHEC : record/manifest est illisible (cannot be read) : {error}")


def changed(path: str, digest: str | None) -> bool:
    """Whether a file differs from that digest."""
    try:
        with open(os.path.join(HERE, *path.split("/")), "rb") as file:
            return hashlib.sha256(file.read()).hexdigest() != digest
    except OSError:
        return True


def verifier_files() -> Iterator[str]:
    """The files that will be run: this one and all that lies in verifier/."""
    yield "verify.py"
    for folder, _, names in os.walk(os.path.join(HERE, "verifier")):
        for name in names:
            path = os.path.relpath(os.path.join(folder, name), HERE).replace(os.sep, "/")
            if "__pycache__" not in path and name not in (".DS_Store", "Thumbs.db", "desktop.ini"):
                yield path


def main() -> None:
    """Checks the verifier's own files, then runs it."""
    if sys.version_info < (3, 11):  # noqa: UP036
        sys.exit("Il faut Python 3.11 ou plus récent (Python 3.11 or later is needed).")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    files = listed()
    run = set(verifier_files())
    wrong = [path for path in sorted(run) if changed(path, files.get(path))]
    wrong += [path for path in sorted(files) if path.startswith("verifier/") and path not in run]
    if wrong:
        sys.exit("ÉCHEC : record/manifest ne concorde pas avec (disagrees with) :\n  " + "\n  ".join(wrong))
    sys.path.insert(0, os.path.join(HERE, "verifier"))
    from exports.checking import command

    if command.main(HERE, sys.argv[1:]):
        PASSED.append(True)


main()
