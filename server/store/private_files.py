"""Files that only the server's account may read: the data folder, archives, backups; and atomic replacement of
files.
"""

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
"""Permission bits of the group and of everybody else."""


def keep_private(folder: Path) -> None:
    """Creates the folder if need be, and removes all permissions of others from it and its content (0700, 0600).

    Files of another account are left as they are; links are not followed.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for path in (folder, *folder.rglob("*")):
        with contextlib.suppress(PermissionError, FileNotFoundError):
            mode = path.lstat().st_mode
            if mode & OTHERS and not stat.S_ISLNK(mode):
                path.chmod(stat.S_IMODE(mode) & ~OTHERS)


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A file to write, which replaces `path` once it is whole and on disk.

    If the writing stops, by a crash or otherwise, the old file stays. A path that is no ordinary file, such as a pipe,
    is written to directly.
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
    """Makes the new name in the folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
