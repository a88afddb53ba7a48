"""Reading the files of an archive, from a folder or otherwise."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol


class Files(Protocol):
    """Files by path with slashes, such as `record/checkpoint`."""

    def names(self) -> Iterable[str]: ...

    def read(self, path: str) -> bytes | None:
        """The whole file; None if it does not exist."""
        ...


class Folder:
    """An unpacked archive."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def names(self) -> Iterable[str]:
        """The paths in Unicode NFC, as the manifest has them; some file systems decompose accents."""
        for folder, folders, names in os.walk(self.root):
            folders.sort()
            for name in sorted(names):
                yield unicodedata.normalize("NFC", Path(folder, name).relative_to(self.root).as_posix())

    def read(self, path: str) -> bytes | None:
        try:
            return self.root.joinpath(*path.split("/")).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None
