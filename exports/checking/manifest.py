"""The list of an archive's files, signed with the key of the record: every other file with its SHA-256 and length."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from deliberation.record import note

PATH = "record/manifest"
HEADER = "pleniere-archive/v1"
MAX_NAME = 400

_LINE = re.compile(r"([0-9a-f]{64}) (0|[1-9][0-9]{0,15}) (.+)", re.ASCII)
_UNSAFE = re.compile(r"[\x00-\x1f\x7f\\:*?\"<>|]")


@dataclass(frozen=True)
class Listed:
    """The SHA-256 in hexadecimal, and the length in bytes."""

    digest: str
    length: int


def listed(data: bytes) -> Listed:
    return Listed(sha256(data).hexdigest(), len(data))


def is_path(path: str) -> bool:
    """Whether a file may lie there: relative, inside the archive, the same on every system, NFC."""
    parts = path.split("/")
    if unicodedata.normalize("NFC", path) != path:
        return False
    proper = all(part not in {"", ".", ".."} and part[-1] not in " ." for part in parts)
    return (
        proper
        and len(path.encode("utf-8", "replace")) <= MAX_NAME
        and not re.search(r"[\x00-\x1f\x7f\\:*?\"<>|]", path)
    )


def write(origin: str, files: Mapping[str, Listed], signer: note.Signer) -> bytes:
    """The signed manifest of these files."""
    lines = [HEADER, origin, *(f"{x.digest} {x.length} {path}" for path, x in sorted(files.items()))]
    return note.sign("".join(f"{line}\n" for line in lines), signer).encode()


def parse(text: str) -> tuple[str, dict[str, Listed]]:
    """The origin and the files of a manifest's text; BadNote when it is not written as `write` does."""
    lines = text.split("\n")
    if len(lines) < 3 or lines[0] != HEADER or lines[-1]:
        raise note.BadNote("not a manifest of the form " + HEADER)
    files: dict[str, Listed] = {}
    for number, line in enumerate(lines[2:-1], 3):
        match = _LINE.fullmatch(line)
        if match is None or not is_path(match[3]):
            raise note.BadNote(f"line {number} of the manifest")
        files[match[3]] = Listed(match[1], int(match[2]))
    if list(files) != sorted(files) or len(files) != len(lines) - 3:
        raise note.BadNote("the manifest is out of order")
    return lines[1], files


def open_manifest(data: bytes, key: note.Key) -> dict[str, Listed]:
    """The files that the holder of the key listed, by one signature and nothing else."""
    found = note.open_note(data, key)
    if len(found.signatures) != 1:
        raise note.BadNote("more than one signature on the manifest")
    origin, files = parse(found.text)
    if origin != key.name:
        raise note.BadNote(f"the manifest is of {origin}")
    return files


def ignored(path: str) -> bool:
    """What operating systems and Python leave in a folder by themselves."""
    parts = path.split("/")
    return "__pycache__" in parts[:-1] or parts[-1] in {".DS_Store", "Thumbs.db", "desktop.ini"}


def unexpected(names: Iterable[str], files: Mapping[str, Listed]) -> list[str]:
    """Names that the manifest does not list and no system leaves behind."""
    return sorted(name for name in names if name not in files and name != PATH and not ignored(name))
