"""Keys in files outside the database, readable by the operator alone: one that signs for each congress, and one that
seals the box of each open secret poll.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from deliberation.record.note import Key, Signer

URN_BYTES = 32


class Keys:
    """Keys under `folder`, made at first use."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._signers: dict[str, Signer] = {}

    def signer(self, slug: str, origin: str) -> Signer:
        """The signer of that congress, under its origin as the key's name."""
        if slug not in self._signers:
            private = Ed25519PrivateKey.from_private_bytes(self._seed(slug))
            self._signers[slug] = Signer(Key(origin, private.public_key().public_bytes_raw()), private.sign)
        return self._signers[slug]

    def urn(self, slug: str, poll: int) -> bytes:
        """The key of the box of that poll, the same in every process."""
        path = self._of_urn(slug, poll)
        if not path.exists():
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            keep_secret(path, secrets.token_hex(URN_BYTES) + "\n")
        return bytes.fromhex(path.read_text().strip())

    def urns(self, slug: str) -> list[int]:
        """The polls whose boxes have a key."""
        return sorted(int(path.stem.rpartition("-")[2]) for path in self.folder.glob(f"{slug}.urne-*.key"))

    def destroy_urn(self, slug: str, poll: int) -> None:
        """The box of that poll was opened: nothing that it sealed can be read any more."""
        path = self._of_urn(slug, poll)
        try:
            with path.open("r+b") as file:
                file.write(bytes(path.stat().st_size))
                file.flush()
                os.fsync(file.fileno())
            path.unlink()
        except FileNotFoundError:
            pass  # another process was first

    def _of_urn(self, slug: str, poll: int) -> Path:
        return self.folder / f"{slug}.urne-{poll}.key"

    def _seed(self, slug: str) -> bytes:
        path = self.folder / f"{slug}.key"
        if not path.exists():
            self._make(path)
        return bytes.fromhex(path.read_text().strip())

    def _make(self, path: Path) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        keep_secret(path, Ed25519PrivateKey.generate().private_bytes_raw().hex() + "\n")


def keep_secret(path: Path, text: str) -> None:
    """A new file for the operator alone, whole or not there at all; one that is there already is left as it is."""
    draft = path.with_suffix(f".{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # another process was first
    finally:
        draft.unlink()
    _keep_names(path.parent)


def _keep_names(folder: Path) -> None:
    """A file is durable once the folder that names it is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
