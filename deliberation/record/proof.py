"""C2SP tlog-proof: a text that proves that an entry is part of a log, and can be checked offline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from deliberation.record import note, tree
from deliberation.record.checkpoint import Checkpoint, open_checkpoint

HEADER = "c2sp.org/tlog-proof@v1"
MAX_BYTES = 1_100_000


@dataclass(frozen=True)
class Proof:
    """`checkpoint` is the signed note, verbatim; `extra` is not authenticated."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: str
    extra: bytes = b""

    @property
    def text(self) -> str:
        """The proof as text."""
        extra = [f"extra {note.to_base64(self.extra)}"] if self.extra else []
        lines = [HEADER, *extra, f"index {self.index}", *map(note.to_base64, self.path), "", self.checkpoint]
        return "\n".join(lines)


def make(index: int, checkpoint: str, size: int, nodes: tree.Nodes, entry: bytes = b"") -> Proof:
    """The proof that entry `index` is covered by the signed checkpoint of that size.

    If the bytes of the entry are given, the proof contains them as the `extra` of the format, and can be checked by
    itself.
    """
    return Proof(index, tree.inclusion_proof(index, size, nodes), checkpoint, entry)


def parse(data: bytes) -> Proof:
    """The parts of a proof, without verifying them. Raises BadNote if it is malformed."""
    if len(data) > MAX_BYTES:
        raise note.BadNote("too long for a proof")
    try:
        head, gap, checkpoint = data.decode("utf-8").partition("\n\n")
    except UnicodeDecodeError as error:
        raise note.BadNote("not UTF-8") from error
    lines = head.split("\n")
    if not gap or lines[0] != HEADER:
        raise note.BadNote("not a proof of the form " + HEADER)
    extra = note.from_base64(lines.pop(1)[6:]) if lines[1:] and lines[1].startswith("extra ") else b""
    index = _index(lines[1:2])
    return Proof(index, _path(lines[2:]), checkpoint, extra)


def verify(data: bytes, entry: bytes, key: note.Key) -> Checkpoint:
    """The checkpoint that covers the entry according to the proof. Raises BadNote if the proof is invalid."""
    proof = parse(data)
    checkpoint = open_checkpoint(proof.checkpoint.encode(), key)
    leaf = tree.leaf_hash(entry)
    if not tree.verify_inclusion(leaf, proof.index, checkpoint.size, proof.path, checkpoint.root):
        raise note.BadNote("the proof does not lead from the entry to the root")
    return checkpoint


def _index(lines: Sequence[str]) -> int:
    word, _, digits = lines[0].partition(" ") if lines else ("", "", "")
    if word != "index" or not digits.isascii() or not digits.isdecimal() or len(digits) > 16:
        raise note.BadNote("no index")
    if str(int(digits)) != digits:
        raise note.BadNote("an index with leading zeroes")
    return int(digits)


def _path(lines: Sequence[str]) -> tuple[bytes, ...]:
    path = tuple(note.from_base64(line) for line in lines)
    if len(path) > 63 or any(len(node) != tree.HASH_BYTES for node in path):
        raise note.BadNote("not hashes of 32 bytes")
    return path
