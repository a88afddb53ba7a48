"""C2SP tlog-cosignature (Ed25519): a witness's statement about a checkpoint, as a further signature line of its note.

It states that at that time, this was the largest tree of this log that the witness had seen, and consistent with all it
had seen before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from deliberation.record import ed25519, note

TYPE = b"\x04"
HEADER = "cosignature/v1"
TIME_BYTES = 8
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = 253_402_300_799
"""The last second of the year 9999: a later time in a cosignature is invalid."""


@dataclass(frozen=True)
class Witness(note.Key):
    """The key of a witness. Its signatures cover a time as well as the text, so they cannot be mistaken for those of a
    log.
    """

    type: ClassVar[bytes] = TYPE


@dataclass(frozen=True)
class Cosigner:
    """`sign` makes the 64 bytes of an Ed25519 signature over a message."""

    key: Witness
    sign: Callable[[bytes], bytes]


def parse_witness(vkey: str) -> Witness:
    """The key of a witness, given as a vkey. Raises BadNote if it is malformed or the key of a log."""
    return note.read_vkey(vkey, Witness)


def message(text: str, time: int) -> bytes:
    """What a witness signs for the text of a checkpoint; `time` in seconds since 1970."""
    return f"{HEADER}\ntime {time}\n{text}".encode()


def cosign(text: str, cosigner: Cosigner, time: int) -> str:
    """The signature line to add to the checkpoint with that text."""
    value = time.to_bytes(TIME_BYTES, "big") + cosigner.sign(message(text, time))
    return note.line(cosigner.key, value)


def cosigned_at(found: note.SignedNote, witness: Witness) -> int | None:
    """When that witness cosigned the checkpoint, in seconds since 1970 (the latest time if it did so repeatedly); None
    if it did not.

    Raises BadNote if a signature line under its name and id is invalid.
    """
    ours = [s for s in found.signatures if s.name == witness.name and s.id == witness.id]
    return max((_time(found.text, signature, witness) for signature in ours), default=None)


def line_of(signed: str, answered: bytes, witness: Witness) -> str:
    """The signature line of that witness in its answer about the signed checkpoint. Raises BadNote if there is no valid
    one.
    """
    before, whole = note.parse(signed.encode()), note.parse(signed.encode() + answered)
    if whole.text != before.text:
        raise note.BadNote("not signature lines")
    for signature in whole.signatures[len(before.signatures) :]:
        if signature.name == witness.name and signature.id == witness.id:
            _time(whole.text, signature, witness)
            return note.line(witness, signature.value)
    raise note.BadNote(f"not cosigned by {witness.name}")


def written(time: int) -> str:
    """The time of a cosignature (seconds since 1970) as text, such as `2026-11-23T02:45:26Z`."""
    return (EPOCH + timedelta(seconds=time)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _time(text: str, signature: note.Signature, witness: Witness) -> int:
    time = int.from_bytes(signature.value[:TIME_BYTES], "big")
    if not 0 < time <= LATEST:
        raise note.BadNote(f"the cosignature of {witness.name} has no proper time")
    if not ed25519.verify(witness.public, message(text, time), signature.value[TIME_BYTES:]):
        raise note.BadNote(f"the cosignature of {witness.name} does not hold")
    return time
