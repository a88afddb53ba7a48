"""Files that only the account of the server may read: the data folder, archives, backups; and files replaced whole."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

OTHERS = 0o077
"""What the group and everybody else may do."""


def keep_private(folder: Path) -> None:
    """Makes the folder where it is not, and takes from others every right to it and to what is in it (0700, 0600).

    What belongs to another account is left as it is; links are not followed.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for path in (folder, *folder.rglob("*")):
        with contextlib.suppress(PermissionError, FileNotFoundError):
            mode = path.lstat().st_mode
            if mode & OTHERS and not stat.S_ISLNK(mode):
                path.chmod(stat.S_IMODE(mode) & ~OTHERS)


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A file to write, which takes the place of `path` once it is whole and on disk.

    Whatever stops the writing, a crash included, leaves what was there. A path that is no ordinary file, such as a
    pipe, is written to directly.
    """
    if path.exists() and not path.is_file():
        with path.open("wb") as target:
            yield target
        return
    handle, draft = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as target:
            yield target
            target.flush()
            os.fsync(target.fileno())
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    _sync(path.parent)


def _sync(folder: Path) -> None:
    """So that the new name is on disk as well."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
