"""Runs a real PostgreSQL for tests: a new cluster in a temporary folder, reached by a Unix socket in that folder."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

SETTINGS = {
    "fsync": "off",  # tests kill processes of the product, never this one
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "60",
    "shared_buffers": "32MB",
    "listen_addresses": "''",
}


class PostgresCluster:
    """A running PostgreSQL; `url` gives the address of a database for SQLAlchemy."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._created = 0

    def url(self, database: str = "postgres") -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(host=str(self.folder), user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute(statement)

    @contextmanager
    def database(self) -> Iterator[str]:
        """The address of a new, empty database, which is dropped at the end even if somebody is still connected."""
        self._created += 1
        name = f"congress_{self._created}"
        self.execute(sql.SQL("create database {} template template0").format(sql.Identifier(name)))
        try:
            yield self.url(name)
        finally:
            self.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def stranger() -> str | None:
    """The user as whom PostgreSQL is run if the tests run as root, which it refuses; None for other users."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in known)


def runnable_by(user: str, binaries: Path, folder: Path) -> Path:
    """A folder with the binaries that this user may run: a copy if they are in a folder that others may not read."""
    try:
        subprocess.run([binaries / "initdb", "--version"], user=user, cwd="/", capture_output=True, check=True)
    except (PermissionError, subprocess.CalledProcessError):
        return copied(binaries, folder)
    return binaries


def copied(binaries: Path, folder: Path) -> Path:
    """Copies the programs and, if they came in a wheel, the libraries that are beside its package; returns the new
    folder of binaries.
    """
    program = binaries.parent
    package = program.parent
    shutil.copytree(program, folder / package.name / program.name, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name)
    return folder / package.name / program.name / binaries.name


@contextmanager
def started(binaries: Path) -> Iterator[PostgresCluster]:
    """Creates and starts a cluster; at the end it is stopped and removed."""
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    user = stranger()
    try:
        if user:
            folder.chmod(0o711)
            binaries = runnable_by(user, binaries, folder)
            shutil.chown(folder, user)
        _run(
            user, binaries / "initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"
        )
        options = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items()) + f" -k {folder}"
        start: list[str | Path] = [
            binaries / "pg_ctl",
            "-D",
            folder / "data",
            "-l",
            folder / "log",
            "-o",
            options,
            "-w",
            "start",
        ]
        _run(user, *start)
        try:
            yield PostgresCluster(folder)
        finally:
            _run(user, binaries / "pg_ctl", "-D", folder / "data", "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(user: str | None, *command: str | Path) -> None:
    environment = os.environ | {"LC_ALL": "C", "TZ": "UTC"}
    done = subprocess.run(
        [str(part) for part in command],
        user=user,
        cwd="/",
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if "start" not in command else subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name} failed: {done.stdout}")
