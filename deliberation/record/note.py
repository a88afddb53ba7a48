"""C2SP signed notes: a text with signature lines, each naming its key.

A key is written as a vkey, `<name>+<id in hexadecimal>+<base64 of the type byte and the public key>`.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import ClassVar, TypeVar

from deliberation.record import ed25519

ED25519 = b"\x01"
MAX_SIGNATURES = 64
DASH = "\u2014 "


class BadNote(ValueError):
    """A note or key that is malformed, or not signed by the required key."""


@dataclass(frozen=True)
class Key:
    """A public key and its name. `type` says what its signatures cover: for a log the text itself."""

    name: str
    public: bytes
    type: ClassVar[bytes] = ED25519

    def __post_init__(self) -> None:
        if not is_name(self.name) or len(self.public) != 32:
            raise BadNote("not the name and the 32 bytes of an Ed25519 key")

    @property
    def id(self) -> bytes:
        """The first four bytes of the hash of name, type and key, by which signature lines refer to the key."""
        return sha256(self.name.encode() + b"\n" + self.type + self.public).digest()[:4]

    @property
    def vkey(self) -> str:
        """The key as text."""
        return f"{self.name}+{self.id.hex()}+{to_base64(self.type + self.public)}"


K = TypeVar("K", bound=Key)


@dataclass(frozen=True)
class Signer:
    """`sign` makes the 64 bytes of an Ed25519 signature over a message."""

    key: Key
    sign: Callable[[bytes], bytes]


@dataclass(frozen=True)
class Signature:
    """A line of signature: the key's name and id, and the signature's bytes."""

    name: str
    id: bytes
    value: bytes


@dataclass(frozen=True)
class SignedNote:
    """`text` ends with a newline."""

    text: str
    signatures: tuple[Signature, ...]


def parse_key(vkey: str) -> Key:
    """The key of a log, given as a vkey. Raises BadNote if it is malformed or a key of another type."""
    return read_vkey(vkey, Key)


def read_vkey(vkey: str, kind: type[K]) -> K:
    """The key of that class, given as a vkey. Raises BadNote if it is malformed or a key of another type."""
    parts = vkey.split("+", 2)
    if len(parts) != 3:
        raise BadNote("not a key of the form name+id+base64")
    data = from_base64(parts[2])
    if data[:1] != kind.type:
        raise BadNote(f"not a key of type {kind.type[0]}")
    key = kind(parts[0], data[1:])
    if key.vkey != vkey:
        raise BadNote("the id of the key is not that of its name and bytes")
    return key


def sign(text: str, signer: Signer) -> str:
    """The signed note of a text. Raises BadNote if the text does not end with a newline or contains control
    characters.
    """
    if not text.endswith("\n"):
        raise BadNote("a text that does not end with a newline")
    _check_text(text)
    return f"{text}\n{line(signer.key, signer.sign(text.encode()))}"


def line(key: Key, value: bytes) -> str:
    """A signature line of that key."""
    return f"{DASH}{key.name} {to_base64(key.id + value)}\n"


def parse(data: bytes) -> SignedNote:
    """The parts of a note, without verifying any signature. Raises BadNote if it is malformed."""
    try:
        note = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadNote(f"not UTF-8 at byte {error.start}") from error
    _check_text(note)
    text, gap, lines = note.rpartition("\n\n")
    if not gap or not lines.endswith("\n"):
        raise BadNote("no signature lines")
    signatures = lines[:-1].split("\n")
    if len(signatures) > MAX_SIGNATURES:
        raise BadNote(f"more than {MAX_SIGNATURES} signatures")
    return SignedNote(text + "\n", tuple(_signature(line) for line in signatures))


def open_note(data: bytes, key: Key) -> SignedNote:
    """The parts of a note. Raises BadNote unless it has a signature under the key's name and id, and all of these are
    valid.
    """
    note = parse(data)
    ours = [s for s in note.signatures if s.name == key.name and s.id == key.id]
    if not ours:
        raise BadNote(f"not signed by {key.name}")
    for signature in ours:
        if not ed25519.verify(key.public, note.text.encode(), signature.value):
            raise BadNote(f"the signature of {key.name} does not hold")
    return note


def is_name(name: str) -> bool:
    """Whether a key may have this name: it is not empty, and contains no spaces, plus signs or control characters."""
    return bool(name) and "+" not in name and not any(c.isspace() or c < " " for c in name)


def to_base64(data: bytes) -> str:
    """Standard base64 with padding."""
    return base64.b64encode(data).decode("ascii")


def from_base64(text: str) -> bytes:
    """The bytes of standard base64 with padding. Raises BadNote for anything that `to_base64` would not write."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise BadNote("not base64") from error
    if to_base64(data) != text:
        raise BadNote("not base64 in its usual form")
    return data


def _check_text(text: str) -> None:
    if any(c < " " and c != "\n" for c in text):
        raise BadNote("a control character")


def _signature(line: str) -> Signature:
    if not line.startswith(DASH):
        raise BadNote("a signature line that does not begin with a dash")
    name, space, value = line[len(DASH) :].partition(" ")
    if not space or not is_name(name):
        raise BadNote("a signature line without name and signature")
    data = from_base64(value)
    if len(data) < 5:
        raise BadNote("a signature that is too short")
    return Signature(name, data[:4], data[4:])
