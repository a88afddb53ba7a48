"""The files of a witness: its key, and the last checkpoint that it cosigned of each log."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from deliberation.record import checkpoint, cosignature, note
from deliberation.record.checkpoint import Checkpoint
from deliberation.record.cosignature import Cosigner, Witness
from server.store.keys import keep_secret, sync_folder

KEY_HEADER = "PRIVATE+KEY+"


class UnusableStore(Exception):
    """A file of the witness that is damaged or locked; it must not start as if nothing had been cosigned."""


class CheckpointStore:
    """The last cosigned checkpoint of each log: one file per origin, on disk before its cosignature is sent."""

    def __init__(self, folder: Path, witness: Witness) -> None:
        self.folder = folder
        self._witness = witness
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def path(self, origin: str) -> Path:
        """The file for that log."""
        return self.folder / f"{sha256(origin.encode()).hexdigest()}.checkpoint"

    def held(self, origin: str) -> Checkpoint | None:
        """The last checkpoint; None if none of that log was ever cosigned. UnusableStore if its file is damaged."""
        signed = self.note(origin)
        return checkpoint.parse(signed.text) if signed else None

    def note(self, origin: str) -> note.SignedNote | None:
        """The checkpoint as it was cosigned, with this witness's own signature on it."""
        path = self.path(origin)
        try:
            signed = note.parse(path.read_bytes())
            if cosignature.cosigned_at(signed, self._witness) is None:
                raise note.BadNote(f"not cosigned by {self._witness.name}")
            if checkpoint.parse(signed.text).origin != origin:
                raise note.BadNote("of another log")
        except FileNotFoundError:
            return None
        except (note.BadNote, OSError) as error:
            raise UnusableStore(f"{path}: {error}") from error
        return signed

    def keep(self, origin: str, signed: bytes) -> None:
        """Replaces the file of that log atomically and durably: after a crash either the old or the new one is
        there.
        """
        path = self.path(origin)
        draft = path.with_suffix(".draft")
        with draft.open("wb") as file:
            file.write(signed)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        sync_folder(self.folder)


def lock(folder: Path) -> Callable[[], None]:
    """Locks the folder for this process until it ends; UnusableStore if another process holds it. Returns a function to
    unlock.
    """
    handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise UnusableStore(f"{folder}: another witness uses this folder") from error
    return lambda: os.close(handle)


def open_key(path: Path, name: str) -> Cosigner:
    """The witness's key, made under that name if there is no file yet; UnusableStore for a key of another name."""
    if not path.exists():
        if not name:
            raise UnusableStore(f"{path}: no key yet; choose the name of the witness")
        _make_key(path, name)
    try:
        found, seed = _read_key(path.read_text("utf-8").strip())
    except (note.BadNote, OSError, UnicodeDecodeError) as error:
        raise UnusableStore(f"{path}: {error}") from error
    if name and found != name:
        raise UnusableStore(f"{path}: the key of {found}, not of {name}")
    return _cosigner(found, seed)


def _make_key(path: Path, name: str) -> None:
    seed = Ed25519PrivateKey.generate().private_bytes_raw()
    key = _cosigner(name, seed).key
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    keep_secret(path, f"{KEY_HEADER}{name}+{key.id.hex()}+{note.to_base64(cosignature.TYPE + seed)}\n")


def _read_key(text: str) -> tuple[str, bytes]:
    """The name and the secret in the text of a key file."""
    parts = text.removeprefix(KEY_HEADER).split("+", 2)
    if not text.startswith(KEY_HEADER) or len(parts) != 3:
        raise note.BadNote("not a witness's key")
    data = note.from_base64(parts[2])
    if data[:1] != cosignature.TYPE or len(data) != 33 or _cosigner(parts[0], data[1:]).key.id.hex() != parts[1]:
        raise note.BadNote("not a witness's key")
    return parts[0], data[1:]


def _cosigner(name: str, seed: bytes) -> Cosigner:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    return Cosigner(Witness(name, private.public_key().public_bytes_raw()), private.sign)
