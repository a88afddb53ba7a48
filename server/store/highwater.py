"""High-water marks: how large each record was, kept outside the database and every backup, so that a restored old copy
is noticed (R10).

A mark is a small JSON file with the size and the root of the record. It is kept in two places: in the data folder,
under the congress's slug, and in a folder of the operator's account (`ServerSettings.marks`), under the fingerprint of
the congress's key, so that a restored copy of the whole data folder is noticed too.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from server.store.keys import sync_folder

FILE_MODE, FOLDER_MODE = 0o600, 0o700


@dataclass(frozen=True)
class RecordMark:
    """The record once had `size` entries with that root; "" if the root is unknown."""

    size: int
    root: str


class UnusableMark(Exception):
    """The file of a mark exists but cannot be read: how large the record was is unknown."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path}: {why}")
        self.path = path


def no_fingerprint(slug: str) -> str | None:
    """For marks in one place only."""
    return None


class HighWater:
    """Marks under `folder`, replaced atomically and durable when a call returns; several processes may share them.

    `outside` is the second place; `fingerprint` gives the name of a congress there, None while it has no key.
    """

    def __init__(
        self, folder: Path, outside: Path | None = None, fingerprint: Callable[[str], str | None] = no_fingerprint
    ) -> None:
        self.folder = folder
        self.outside = outside
        self._fingerprint = fingerprint
        self._known: dict[str, int] = {}

    def above(self, slug: str, size: int) -> int | None:
        """The size in the mark, if it is above `size`; else None. UnusableMark if one of its files cannot be read."""
        if self._known.get(slug, size + 1) > size:  # another process may have lowered it, after a declared loss
            mark = self.mark(slug)
            self._known[slug] = mark.size if mark else 0
        known = self._known[slug]
        return known if known > size else None

    def mark(self, slug: str) -> RecordMark | None:
        """The larger mark of the two places; None if there is none. UnusableMark if one cannot be read."""
        found = [mark for path in self.paths(slug) if (mark := _read(path))]
        return max(found, key=lambda mark: mark.size, default=None)

    def readable(self, slug: str) -> list[int]:
        """The sizes in those of its marks that can be read."""
        found = []
        for path in self.paths(slug):
            with suppress(UnusableMark):
                found += [mark.size for mark in [_read(path)] if mark]
        return found

    def is_missing(self, slug: str) -> bool:
        """Whether there is no mark of that record here: it came from a backup, or from another machine."""
        return not self._known.get(slug) and self.mark(slug) is None

    def paths(self, slug: str) -> list[Path]:
        """The files of a congress's mark."""
        inside = self.folder / f"{slug}.json"
        name = self._fingerprint(slug) if self.outside else None
        return [inside, self.outside / f"{name}.json"] if self.outside and name else [inside]

    def raise_to(self, slug: str, size: int, root: bytes) -> None:
        """Notes that the record has at least `size` durable entries. OSError or UnusableMark if that cannot be
        stored.
        """
        self._known[slug] = max(self._known.get(slug, 0), size)
        for path in self.paths(slug):
            with _alone(path.parent):
                mark = _read(path)
                if mark is None or mark.size < size:
                    _write(path, size, root)
                elif mark.size > size:
                    self._known[slug] = max(self._known[slug], mark.size)

    def lower_to(self, slug: str, size: int, root: bytes) -> None:
        """Sets the mark to `size`, whatever it was: the entries above it were declared lost, or the operator states
        that none were.
        """
        for path in self.paths(slug):
            with _alone(path.parent):
                _write(path, size, root)
        self._known[slug] = size


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True, mode=FOLDER_MODE)
    with (folder / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _write(path: Path, size: int, root: bytes) -> None:
    """Writes to a temporary file, syncs it and renames it: after a crash a file is either whole or unchanged."""
    draft = path.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FILE_MODE), "w") as file:
        file.write(json.dumps({"size": size, "root": root.hex()}) + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    sync_folder(path.parent)


def _read(path: Path) -> RecordMark | None:
    try:
        found = json.loads(path.read_bytes())
        size, root = found["size"], found["root"]
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UnusableMark(path, error.strerror or str(error)) from error
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise UnusableMark(path, "not a mark") from error
    if type(size) is not int or size < 0 or not isinstance(root, str):
        raise UnusableMark(path, "not a mark")
    return RecordMark(size, root)
