"""C2SP tlog-checkpoint: the size and root of a log, as a signed note."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from deliberation.record import note, tree

MAX_SIZE = 2**53 - 1
MAX_BYTES = 1_000_000
BUNDLE = 256


@dataclass(frozen=True)
class Checkpoint:
    """A size and root of a log. `extensions` are further lines of the text, kept verbatim."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The text that is signed."""
        lines = (self.origin, str(self.size), note.to_base64(self.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines)


def parse(text: str) -> Checkpoint:
    """The checkpoint in a note's text. Raises BadNote if it is malformed."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or not all(lines[:-1]):
        raise note.BadNote("not a checkpoint: fewer than three lines, or an empty one")
    root = note.from_base64(lines[2])
    if len(root) != tree.HASH_BYTES:
        raise note.BadNote("not a checkpoint: the root is not of 32 bytes")
    return Checkpoint(lines[0], _size(lines[1]), root, tuple(lines[3:-1]))


def sign(checkpoint: Checkpoint, signer: note.Signer) -> str:
    """The signed note of a checkpoint."""
    return note.sign(checkpoint.text, signer)


def open_checkpoint(data: bytes, key: note.Key) -> Checkpoint:
    """The checkpoint in a signed note. Raises BadNote unless it is signed by `key` and its origin is the key's name.
    Signatures by other keys are ignored.
    """
    if len(data) > MAX_BYTES:
        raise note.BadNote("too long for a checkpoint")
    checkpoint = parse(note.open_note(data, key).text)
    if checkpoint.origin != key.name:
        raise note.BadNote(f"the origin is {checkpoint.origin}, the key is of {key.name}")
    return checkpoint


def bundle(notes: Iterable[str]) -> bytes:
    """Signed checkpoints one after the other, separated by an empty line."""
    return "\n".join(notes).encode()


def unbundle(data: bytes) -> Iterator[bytes]:
    """The signed checkpoints of a bundle; neither a text nor its signatures contain an empty line."""
    parts = data.split(b"\n\n")
    for at in range(0, len(parts), 2):
        signatures = parts[at + 1 : at + 2]
        end = b"" if at + 2 >= len(parts) else b"\n"
        yield b"\n\n".join([parts[at], *signatures]) + end


def _size(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 16 or str(int(text)) != text or int(text) > MAX_SIZE:
        raise note.BadNote("not a checkpoint: the size is not a whole number")
    return int(text)
