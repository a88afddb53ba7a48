"""Witnesses for tests: keys derived from seeds, consistent and inconsistent histories of a log, and the real witness in
a separate process.
"""

from __future__ import annotations

import re
import signal
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from deliberation.record import checkpoint, note, tree, witnessing
from deliberation.record.cosignature import Cosigner, Witness
from tests.product_process import Process, start
from tests.records import signer
from tests.server_process import environment, free_port
from tests.waiting import WITHIN, until

VKEY = re.compile(r"Clé du témoin : (\S+)")


def cosigner(name: str = "temoin.exemple/1", seed: bytes = b"w" * 32) -> Cosigner:
    """A witness whose key is derived from a seed."""
    private = Ed25519PrivateKey.from_private_bytes(seed)
    return Cosigner(Witness(name, private.public_key().public_bytes_raw()), private.sign)


@dataclass(frozen=True)
class History:
    """A history that a log might claim: leaves, and checkpoints signed with the log's true key."""

    leaves: tuple[bytes, ...]
    signer: note.Signer = field(default_factory=signer)

    @classmethod
    def of(cls, size: int, branch: int | None = None, name: str = "") -> History:
        """A history of that size; if `branch` is given, its leaves differ from the usual ones from that index on."""
        at = size if branch is None else branch
        leaves = (tree.leaf_hash(b"%d" % i if i < at else b"other %d" % i) for i in range(size))
        return cls(tuple(leaves), signer(name) if name else signer())

    def root(self, size: int) -> bytes:
        return tree.root_of(self.leaves[:size])

    def signed(self, size: int, by: note.Signer | None = None) -> str:
        point = checkpoint.Checkpoint(self.signer.key.name, size, self.root(size))
        return checkpoint.sign(point, by or self.signer)

    def proof(self, old: int, new: int) -> tuple[bytes, ...]:
        def node(height: int, index: int) -> bytes:
            return tree.root_of(self.leaves[index << height : (index + 1) << height])

        return tree.consistency_proof(old, new, node)

    def asked(self, old: int, new: int, proof: Sequence[bytes] | None = None) -> bytes:
        """The request to a witness to cosign the tree of `new` leaves as the continuation of that of `old` leaves."""
        return witnessing.write(old, self.proof(old, new) if proof is None else proof, self.signed(new))


@dataclass(slots=True)
class WitnessProcess:
    """A process of `pleniere witness`, as another party would run it."""

    data: Path
    logs: Sequence[str]
    name: str = "temoin.exemple/1"
    port: int = field(default_factory=free_port)
    process: Process | None = None
    vkey: str = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def setting(self) -> str:
        """The value of PLENIERE_WITNESSES with which the operator of a log names this witness."""
        return f"{self.url} {self.vkey}"

    @property
    def output(self) -> Path:
        return self.data.parent / f"{self.data.name}.log"

    def arguments(self) -> list[str]:
        logs = [word for log in self.logs for word in ("--log", log)]
        return ["witness", "--data", str(self.data), "--name", self.name, "--port", str(self.port), *logs]

    def start(self, seconds: float = WITHIN) -> WitnessProcess:
        with self.output.open("wb") as output:
            self.process = start(self.arguments(), environment(self.data), output)
        process = self.process
        until(lambda: process.poll() is not None or self.answers(), self.output.read_text, seconds)
        match = VKEY.search(self.output.read_text())
        assert match, f"the witness did not start:\n{self.output.read_text()}"
        self.vkey = match[1]
        return self

    def answers(self) -> bool:
        try:
            return httpx.get(self.url, timeout=WITHIN, trust_env=False).status_code == 200
        except httpx.TransportError:
            return False

    def ask(self, body: bytes) -> httpx.Response:
        return httpx.post(f"{self.url}/add-checkpoint", content=body, timeout=WITHIN, trust_env=False)

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(WITHIN)
            self.process = None

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None
