"""Keys in files outside the database that only the operator can read: one that signs for each congress, and one that
seals the box of each open secret poll.

Processes that share a PostgreSQL need the same files: the database notes which key is a congress's own.
"""

from __future__ import annotations

import os
import secrets
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from deliberation.record.note import Key, Signer
from server.store.columns import column, row
from server.store.database import Database
from server.store.tables import KeyRow


class ForeignKey(Exception):
    """This process does not have the key that signs a congress's record."""


URN_BYTES = 32


class Keys:
    """Keys under `folder`, made at first use. `database` is given if several processes share one."""

    def __init__(self, folder: Path, database: Database | None = None) -> None:
        self.folder = folder
        self._database = None if database is None or database.is_sqlite else database
        self._signers: dict[str, Signer] = {}

    def signer(self, slug: str, origin: str) -> Signer:
        """The signer of that congress, with its origin as the key's name. ForeignKey if only other processes have the
        key.
        """
        if slug not in self._signers:
            noted = self._noted(slug)
            if noted and not self._path(slug).exists():
                raise ForeignKey(slug)
            private = Ed25519PrivateKey.from_private_bytes(self._seed(slug))
            key = Key(origin, private.public_key().public_bytes_raw())
            if self._database and (noted or self._note(self._database, slug, key.vkey)) != key.vkey:
                raise ForeignKey(slug)
            self._signers[slug] = Signer(key, private.sign)
        return self._signers[slug]

    def fingerprint(self, slug: str) -> str | None:
        """An identifier of the congress's key, unique where a slug is not; None while it has no key here."""
        try:
            private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(self._path(slug).read_text().strip()))
        except FileNotFoundError:
            return None
        return sha256(private.public_key().public_bytes_raw()).hexdigest()

    def urn(self, slug: str, poll: int) -> bytes:
        """The key of that poll's box, the same in every process."""
        path = self._of_urn(slug, poll)
        if not path.exists():
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            keep_secret(path, secrets.token_hex(URN_BYTES) + "\n")
        return bytes.fromhex(path.read_text().strip())

    def urns(self, slug: str) -> list[int]:
        """The polls whose boxes have a key."""
        return sorted(int(path.stem.rpartition("-")[2]) for path in self.folder.glob(f"{slug}.urne-*.key"))

    def destroy_urn(self, slug: str, poll: int) -> None:
        """Destroys the key of a box: nothing sealed with it can be read any more."""
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

    def _noted(self, slug: str) -> str:
        """The public key that the database knows; "" for none."""
        if self._database is None:
            return ""
        with self._database.read() as connection:
            query = select(column(KeyRow.vkey)).where(column(KeyRow.congress) == slug)
            return str(connection.execute(query).scalar() or "")

    def _note(self, database: Database, slug: str, vkey: str) -> str:
        """Notes the key unless another one is noted; returns the noted one."""
        with database.write() as connection:
            connection.execute(
                insert(KeyRow).values(row((KeyRow.congress, slug), (KeyRow.vkey, vkey))).on_conflict_do_nothing()
            )
        return self._noted(slug)

    def _path(self, slug: str) -> Path:
        return self.folder / f"{slug}.key"

    def _seed(self, slug: str) -> bytes:
        path = self._path(slug)
        if not path.exists():
            self._make(path)
        return bytes.fromhex(path.read_text().strip())

    def _make(self, path: Path) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        keep_secret(path, Ed25519PrivateKey.generate().private_bytes_raw().hex() + "\n")


def keep_secret(path: Path, text: str) -> None:
    """Creates a file that only the operator can read, atomically; an existing one is left as it is."""
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
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Makes the names in a folder durable, without which a new file may vanish in a crash."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
