"""Builds archives of Belenios elections (.bel) by the specification of the format; the cryptographic proofs in them are
empty.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from deliberation.kernel import commands as c

BLOCK = 512
HOMOMORPHIC = {
    "answers": ["Oui", "Non"],
    "blank": True,
    "min": 1,
    "max": 1,
    "question": "Adopter le règlement intérieur ?",
}
TIMESTAMP = 1_700_000_000
URL = "https://vote.example/elections/T4sVKSqmXLfDsC"


def header(name: str, size: int) -> bytes:
    """The tar header of a plain file of `size` bytes, as Belenios writes it."""
    block = bytearray(BLOCK)
    fields = {
        0: name.encode(),
        100: b"0000644",
        108: b"0000000",
        116: b"0000000",
        124: b"%011o" % size,
        136: b"%011o" % TIMESTAMP,
        148: b"        ",
        156: b"0",
    }
    for place, value in fields.items():
        block[place : place + len(value)] = value
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def member(name: str, content: bytes) -> bytes:
    return header(name, len(content)) + content + bytes(-len(content) % BLOCK)


def plain(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass
class BelFile:
    """An archive being written: data and events in order; each event names the one before it."""

    members: list[bytes] = field(default_factory=lambda: [member("BELENIOS", plain({"version": 1, "timestamp": "1"}))])
    parent: str = ""
    height: int = 0

    def data(self, value: Any) -> str:
        content = plain(value)
        digest = sha256(content).hexdigest()
        self.members.append(member(f"{digest}.data.json", content))
        return digest

    def event(self, kind: str, payload: str = "", **changed: Any) -> None:
        value = {"parent": self.parent, "height": self.height, "type": kind, "payload": payload}
        content = plain({name: found for name, found in value.items() if found != ""} | changed)
        self.parent = sha256(content).hexdigest()
        self.height += 1
        self.members.append(member(f"{self.parent}.event.json", content))

    def bytes(self) -> bytes:
        return b"".join(self.members)


@dataclass(frozen=True)
class Told:
    """The content of an election: `voted` are the credentials of the ballots, by their place, in the order in which
    they were received.
    """

    questions: Sequence[Any] = (HOMOMORPHIC,)
    result: Any = ((1, 3, 1),)
    voted: Sequence[int] = (0, 1, 2, 0, 3, 4)
    tallied: int = 5
    credentials: Sequence[Any] = tuple(f"cle{n},{n + 1}" for n in range(7))
    trustees: Any = (("Single", {"pok": {}, "public_key": "12345", "name": "Ana"}), ("Single", {"public_key": "678"}))
    name: str = "Règlement intérieur"
    uuid: str = "T4sVKSqmXLfDsC"


def election(told: Told = Told()) -> bytes:
    """A complete archive, from the setup to the result."""
    bel = begun(told)
    decided(bel, told)
    return bel.bytes()


def begun(told: Told = Told()) -> BelFile:
    """The archive during the vote: with all ballots, without a result."""
    bel = BelFile()
    shown = {"version": 1, "name": told.name, "description": "", "uuid": told.uuid, "group": "Ed25519"}
    setup = {
        "election": bel.data({**shown, "public_key": "90", "questions": list(told.questions)}),
        "trustees": bel.data(told.trustees),
        "credentials": bel.data(list(told.credentials)),
    }
    bel.event("Setup", bel.data(setup))
    for place, who in enumerate(told.voted):
        credential = str(told.credentials[who]).split(",")[0]
        bel.event("Ballot", bel.data({"election_uuid": told.uuid, "credential": credential, "answers": [place]}))
    return bel


def decided(bel: BelFile, told: Told = Told()) -> None:
    """Adds the end of the vote, the tally, the decryptions and the result."""
    bel.event("EndBallots")
    weighed = {"num_tallied": told.tallied, "total_weight": told.tallied}
    bel.event("EncryptedTally", bel.data({**weighed, "encrypted_tally": bel.data(["tally"])}))
    for owner in range(1, len(told.trustees) + 1):
        factors = bel.data({"decryption_factors": [owner], "decryption_proofs": []})
        bel.event("PartialDecryption", bel.data({"owner": owner, "payload": factors}))
    bel.event("Result", bel.data({"result": told.result}))


def importing(archive: bytes | None = None, comment: str = "", url: str = URL) -> c.ImportBelenios:
    """The command that imports an archive, by default that of `election()`."""
    return c.ImportBelenios(url, base64.b64encode(election() if archive is None else archive).decode(), comment)
