"""`python3 run.py check [name …]`: every check with its verdict; the exit status is 1 when one found something."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.checks import documentation, imports, rules, sleeping, structure, translations

ROOT = Path(__file__).resolve().parents[2]
PYTHON_SOURCES = ("deliberation", "exports", "server", "tests", "run.py")
Check = Callable[[], str]  # what it found, in lines; empty when all is well


def tool(name: str, *arguments: str, folder: str = ".") -> Check:
    """A program of the environment, or one on the path."""

    def check() -> str:
        own = Path(sys.executable).parent / name
        program = str(own) if own.exists() else shutil.which(name) or name
        command = [program, *arguments]
        done = subprocess.run(
            command, cwd=ROOT / folder, capture_output=True, text=True, env=os.environ | {"NO_COLOR": "1"}
        )
        return "" if done.returncode == 0 else (done.stdout + done.stderr).strip() or f"exit status {done.returncode}"

    return check


def own(problems: Callable[[Path], Iterator[str]]) -> Check:
    return lambda: "\n".join(problems(ROOT))


def faults() -> str:
    """What survived among the faults put into the rules is told, also where it is accepted."""
    command = [sys.executable, "-m", "tests.checks.mutation"]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        return done.stdout.strip()
    print(done.stdout.strip(), flush=True)
    return ""


CHECKS: dict[str, tuple[str, Check]] = {
    "format": ("format (ruff)", tool("ruff", "format", "--check", *PYTHON_SOURCES)),
    "lint": ("lint (ruff)", tool("ruff", "check", *PYTHON_SOURCES)),
    "types": ("types (mypy, strict)", tool("mypy")),
    "contracts": ("import contracts", tool("lint-imports", "--no-cache", "--no-logo")),
    "imports": ("standard library where nothing else may be", own(imports.problems)),
    "rules": ("rules and the tests that cite them", own(rules.problems)),
    "sleeping": ("no test waits for a time", own(sleeping.problems)),
    "structure": ("the map of the server, one name for one thing", own(structure.problems)),
    "translations": ("English for every message", own(translations.problems)),
    "documentation": ("commands and links of the documents", own(documentation.problems)),
    "mutation": ("faults put into the rules (Cosmic Ray)", faults),
    "client": ("types of the client (tsc)", tool("npm", "run", "--silent", "types", folder="client")),
}


def report(title: str, check: Check) -> bool:
    began = time.monotonic()
    found = check()
    verdict = "FAILED" if found else "ok"
    print(f"{title:.<48} {verdict} ({time.monotonic() - began:.1f} s)", flush=True)
    if found:
        print("\n".join("    " + line for line in found.splitlines()), flush=True)
    return not found


def main(names: list[str]) -> int:
    if unknown := sorted(set(names) - set(CHECKS)):
        print(f"No such check: {', '.join(unknown)}. There are: {', '.join(CHECKS)}.")
        return 2
    verdicts = {name: report(*CHECKS[name]) for name in names or CHECKS}
    failed = [name for name, well in verdicts.items() if not well]
    print(
        f"\n{len(verdicts) - len(failed)} of {len(verdicts)} checks are well."
        + (f" Failed: {', '.join(failed)}." if failed else "")
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
