"""C2SP tlog-witness without I/O: the request to cosign a checkpoint, and a witness's answer. The body of a request:

old <size of the last checkpoint that the witness cosigned>
<zero to 63 hashes of the proof that the new tree continues it, in base64>

<the signed checkpoint>
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from deliberation.record import checkpoint, note, tree
from deliberation.record.checkpoint import Checkpoint

MAX_BYTES = 256_000
MAX_PROOF = 63
SIZE_TYPE = "text/x.tlog.size"
Logs = Mapping[str, Sequence[note.Key]]
"""The keys that a witness trusts, by the origin of their log."""
Held = Callable[[str], "Checkpoint | None"]
"""The last checkpoint that a witness cosigned for an origin; None before the first."""


class BadRequest(ValueError):
    """A request that is not well formed."""


@dataclass(frozen=True)
class Submission:
    """A checkpoint that a log wants cosigned: `signed` is its note, verbatim, `found` that note in its parts."""

    old: int
    proof: tuple[bytes, ...]
    signed: bytes
    found: note.SignedNote
    point: Checkpoint


@dataclass(frozen=True)
class CosigningRefusal:
    """Why a checkpoint is not cosigned: an HTTP status, a sentence, and for 409 the size that the witness holds."""

    status: int
    why: str
    size: int | None = None

    @property
    def body(self) -> str:
        """The body of the HTTP response."""
        return f"{self.why if self.size is None else self.size}\n"

    @property
    def media_type(self) -> str:
        """The media type of the HTTP response."""
        return "text/plain; charset=utf-8" if self.size is None else SIZE_TYPE


def write(old: int, proof: Sequence[bytes], signed: str) -> bytes:
    """The body of a request to cosign a checkpoint (`signed`, the note). `proof` shows that it continues the tree of
    size `old`.
    """
    return "\n".join([f"old {old}", *map(note.to_base64, proof), "", signed]).encode()


def parse(body: bytes) -> Submission:
    """The parts of a request, without verifying them. Raises BadRequest if it is malformed."""
    if len(body) > MAX_BYTES:
        raise BadRequest("too long for a checkpoint")
    head, gap, signed = body.partition(b"\n\n")
    if not gap:
        raise BadRequest("no empty line before the checkpoint")
    try:
        first, *rest = head.decode("ascii").split("\n")
        found = note.parse(signed)
        return Submission(_old(first), _proof(rest), signed, found, checkpoint.parse(found.text))
    except (UnicodeDecodeError, note.BadNote) as error:
        raise BadRequest(str(error)) from error


def judge(asked: Submission, logs: Logs, held: Held) -> CosigningRefusal | None:
    """Why a witness must not cosign the checkpoint; None if it may. It must then store the checkpoint before it signs.

    What `held` returns must not change between this answer and that storing, or two inconsistent trees could be
    cosigned.
    """
    point = asked.point
    if point.origin not in logs:
        return CosigningRefusal(404, "unknown log")
    if log_line(asked, logs) is None:
        return CosigningRefusal(403, "not signed by the log")
    if asked.old > point.size:
        return CosigningRefusal(400, "the old size is larger than the checkpoint")
    last = held(point.origin) or Checkpoint(point.origin, 0, tree.EMPTY)
    if asked.old != last.size or (point.size == last.size and point.root != last.root):
        return CosigningRefusal(409, "not what was cosigned last", last.size)
    if not tree.verify_consistency(last.size, point.size, last.root, point.root, asked.proof):
        return CosigningRefusal(422, "the proof does not show that the log only grew")
    return None


def log_line(asked: Submission, logs: Logs) -> str | None:
    """The first signature line by a trusted key of the log itself; None if there is none. A key with an invalid line is
    skipped.
    """
    for key in logs[asked.point.origin]:
        try:
            checkpoint.open_checkpoint(asked.signed, key)
        except note.BadNote:
            continue
        return next(note.line(key, s.value) for s in asked.found.signatures if s.id == key.id and s.name == key.name)
    return None


def _old(line: str) -> int:
    digits = line.removeprefix("old ")
    proper = digits != line and digits.isdecimal() and len(digits) <= 16 and str(int(digits)) == digits
    if not proper or int(digits) > checkpoint.MAX_SIZE:
        raise BadRequest("no line with the old size")
    return int(digits)


def _proof(lines: Sequence[str]) -> tuple[bytes, ...]:
    if len(lines) > MAX_PROOF:
        raise BadRequest(f"more than {MAX_PROOF} hashes")
    proof = tuple(note.from_base64(line) for line in lines)
    if any(len(node) != tree.HASH_BYTES for node in proof):
        raise BadRequest("not hashes of 32 bytes")
    return proof
