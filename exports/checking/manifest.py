"""The manifest of an archive: a list of every other file with its SHA-256 and length, signed with the key of the
record.

Two lines before the list name the version of the program that made the files, and the program that laid out the maps.
Manifests of the first format lack these lines.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from deliberation.record import note

PATH = "record/manifest"
HEADER = "pleniere-archive/v2"
FIRST_HEADER = "pleniere-archive/v1"
PROGRAM, ENGINE = "program ", "layout "
MAX_NAME = 400

_LINE = re.compile(r"([0-9a-f]{64}) (0|[1-9][0-9]{0,15}) (.+)", re.ASCII)
_UNSAFE = re.compile(r"[\x00-\x1f\x7f\\:*?\"<>|]")


@dataclass(frozen=True)
class Listed:
    """A file's SHA-256 in hexadecimal, and its length in bytes."""

    digest: str
    length: int


@dataclass(frozen=True)
class Manifest:
    """The content of a manifest. `program` is the version that made the files, `engine` the program that laid out the
    maps; "" if the manifest does not say.
    """

    origin: str
    files: Mapping[str, Listed]
    program: str = ""
    engine: str = ""


def listed(data: bytes) -> Listed:
    """The manifest's item for a file with this content."""
    return Listed(sha256(data).hexdigest(), len(data))


def is_path(path: str) -> bool:
    """Whether a file of an archive may have that path: it is relative, inside the archive, valid on every system, and
    in Unicode NFC.
    """
    parts = path.split("/")
    if unicodedata.normalize("NFC", path) != path:
        return False
    proper = all(part not in {"", ".", ".."} and part[-1] not in " ." for part in parts)
    return (
        proper
        and len(path.encode("utf-8", "replace")) <= MAX_NAME
        and not re.search(r"[\x00-\x1f\x7f\\:*?\"<>|]", path)
    )


def write(origin: str, files: Mapping[str, Listed], signer: note.Signer, program: str = "", engine: str = "") -> bytes:
    """The signed manifest of these files; in the first format if `program` is ""."""
    head = [HEADER, origin, PROGRAM + program, ENGINE + engine] if program else [FIRST_HEADER, origin]
    lines = [*head, *(f"{x.digest} {x.length} {path}" for path, x in sorted(files.items()))]
    return note.sign("".join(f"{line}\n" for line in lines), signer).encode()


def parse(text: str) -> Manifest:
    """The content of a manifest's text. Raises BadNote if it is malformed."""
    lines = text.split("\n")
    if len(lines) < 3 or lines[0] not in (HEADER, FIRST_HEADER) or lines[-1]:
        raise note.BadNote("not a manifest of the form " + HEADER)
    if lines[0] == FIRST_HEADER:
        return Manifest(lines[1], _files(lines, 2))
    if not (lines[2].startswith(PROGRAM) and lines[3:] and lines[3].startswith(ENGINE)):
        raise note.BadNote("the manifest does not name the program that made the files")
    return Manifest(lines[1], _files(lines, 4), lines[2].removeprefix(PROGRAM), lines[3].removeprefix(ENGINE))


def _files(lines: Sequence[str], start: int) -> dict[str, Listed]:
    files: dict[str, Listed] = {}
    for number, line in enumerate(lines[start:-1], start + 1):
        match = _LINE.fullmatch(line)
        if match is None or not is_path(match[3]):
            raise note.BadNote(f"line {number} of the manifest")
        files[match[3]] = Listed(match[1], int(match[2]))
    if list(files) != sorted(files) or len(files) != len(lines) - 1 - start:
        raise note.BadNote("the manifest is out of order")
    return files


def open_manifest(data: bytes, key: note.Key) -> Manifest:
    """The content of a signed manifest. Raises BadNote unless it has exactly one signature, by that key, whose name is
    its origin.
    """
    found = note.open_note(data, key)
    if len(found.signatures) != 1:
        raise note.BadNote("more than one signature on the manifest")
    listed_by_key = parse(found.text)
    if listed_by_key.origin != key.name:
        raise note.BadNote(f"the manifest is of {listed_by_key.origin}")
    return listed_by_key


def ignored(path: str) -> bool:
    """Whether operating systems or Python create a file with that path by themselves; such files are not checked."""
    parts = path.split("/")
    return "__pycache__" in parts[:-1] or parts[-1] in {".DS_Store", "Thumbs.db", "desktop.ini"}


def unexpected(names: Iterable[str], files: Mapping[str, Listed]) -> list[str]:
    """Names that are neither in the manifest nor `ignored`."""
    return sorted(name for name in names if name not in files and name != PATH and not ignored(name))
