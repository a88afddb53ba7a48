"""Deterministic zip files: names and contents determine every byte, so that any changed byte is detected.

Members are stored without compression, dated 1980 and without extra fields; they are sorted by name, except for one
that may come last. A file of 4 GiB or more, or 65,535 members or more, is refused.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

LOCAL = struct.Struct("<4sHHHHHIIIHH")
CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
END = struct.Struct("<4sHHHHIIH")
VERSION, FLAGS, STORED, TIME, DATE = 20, 0x800, 0, 0, 0x21
UNIX, MODE = 3 << 8, 0o100644 << 16
MAX_BYTES, MAX_MEMBERS = 2**32 - 1, 65_534


class TooLarge(ValueError):
    """The contents exceed what this form of zip file can hold."""


class UnreadableArchive(ValueError):
    """The file is not a zip file of this form; the message says at which place."""


@dataclass(frozen=True)
class ZipMember:
    """A file of the archive, with its position and checksum."""

    name: str
    crc: int
    size: int
    offset: int

    @property
    def header(self) -> bytes:
        """The local header, before the content."""
        name = self.name.encode()
        sizes = (self.crc, self.size, self.size, len(name), 0)
        return LOCAL.pack(b"PK\x03\x04", VERSION, FLAGS, STORED, TIME, DATE, *sizes) + name

    @property
    def entry(self) -> bytes:
        """Its entry in the central directory."""
        name = self.name.encode()
        sizes = (self.crc, self.size, self.size, len(name), 0, 0, 0, 0, MODE, self.offset)
        return CENTRAL.pack(b"PK\x01\x02", UNIX | VERSION, VERSION, FLAGS, STORED, TIME, DATE, *sizes) + name


def end(members: Sequence[ZipMember], start: int) -> bytes:
    """The end-of-central-directory record; `start` is the offset of the directory."""
    size = sum(CENTRAL.size + len(member.name.encode()) for member in members)
    return END.pack(b"PK\x05\x06", 0, 0, len(members), len(members), size, start, 0)


def write(target: BinaryIO, names: Iterable[str], read: Callable[[str], bytes]) -> None:
    """Writes a zip file with these members, in this order; `read` returns the content for a name. Raises TooLarge."""
    members, offset = list[ZipMember](), 0
    for name in names:
        data = read(name)
        member = ZipMember(name, zlib.crc32(data), len(data), offset)
        offset += len(member.header) + member.size
        if offset > MAX_BYTES or len(members) >= MAX_MEMBERS:
            raise TooLarge("a zip file of 4 GiB or of 65,535 files")
        target.write(member.header)
        target.write(data)
        members.append(member)
    for member in members:
        target.write(member.entry)
    target.write(end(members, offset))


class Container:
    """A zip file being read; `differences` compares its bytes with what `write` would make of its members."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._length = file.seek(0, os.SEEK_END)
        self.members = {member.name: member for member in self._directory()}

    def names(self) -> Iterable[str]:
        """The names of the members."""
        return list(self.members)

    def read(self, path: str) -> bytes | None:
        """The content of a member; None if there is none of that name."""
        member = self.members.get(path)
        return None if member is None else self._at(member.offset + len(member.header), member.size)

    def differences(self, last: str) -> Iterator[tuple[str, str]]:
        """(member, place) for each part that differs from what `write` would make; the member `last` comes last."""
        offset, members = 0, list[ZipMember]()
        for name in [*sorted(name for name in self.members if name != last), *([last] if last in self.members else [])]:
            data = self.read(name) or b""
            member = ZipMember(name, zlib.crc32(data), len(data), offset)
            if self._at(offset, len(member.header)) != member.header:
                yield name, "header"
            offset += len(member.header) + member.size
            members.append(member)
        yield from self._directory_differences(members, offset)

    def _directory_differences(self, members: Sequence[ZipMember], start: int) -> Iterator[tuple[str, str]]:
        offset = start
        for member in members:
            if self._at(offset, len(member.entry)) != member.entry:
                yield member.name, "directory"
            offset += len(member.entry)
        if self._at(offset, self._length) != end(members, start):
            yield "", "end"

    def _at(self, offset: int, length: int) -> bytes:
        self._file.seek(offset)
        return self._file.read(length)

    def _directory(self) -> Iterator[ZipMember]:
        if self._length < END.size:
            raise UnreadableArchive("too short for a zip file")
        mark, *_, count, size, start, comment = END.unpack(self._at(self._length - END.size, END.size))
        if mark != b"PK\x05\x06" or comment or start + size + END.size != self._length:
            raise UnreadableArchive("the end of the directory")
        data, at, names = self._at(start, size), 0, set()
        for number in range(count):
            member = _next(data, at, number)
            at += len(member.entry)
            if member.name in names or member.offset + len(member.header) + member.size > start:
                raise UnreadableArchive(f"entry {number} of the directory, {member.name}")
            names.add(member.name)
            yield member
        if at != len(data):
            raise UnreadableArchive("bytes after the last entry of the directory")


def _next(data: bytes, at: int, number: int) -> ZipMember:
    """The member described at offset `at` of the central directory; `number` is its rank, for messages. Raises
    UnreadableArchive.
    """
    place = f"entry {number} of the directory"
    if len(data) - at < CENTRAL.size:
        raise UnreadableArchive(place)
    mark, *fields = CENTRAL.unpack_from(data, at)
    method, crc, packed, size, length, extra, comment, offset = (fields[i] for i in (3, 6, 7, 8, 9, 10, 11, 15))
    raw = data[at + CENTRAL.size : at + CENTRAL.size + length]
    try:
        name = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableArchive(place) from error
    if mark != b"PK\x01\x02" or method != STORED or packed != size or extra or comment or not name:
        raise UnreadableArchive(f"{place}, {name}")
    return ZipMember(name, crc, size, offset)
