"""Reads the record from the store and writes the archive, at the size of a signed checkpoint."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from deliberation.evolve import replay
from deliberation.record import checkpoint, note
from deliberation.record.payloads import Payload
from deliberation.session.in_camera import public_state
from exports import archive, restitution
from exports.dossier import Seal
from server.store.keys import Keys
from server.store.store import Store

PAGE = 2_000


def write_restitution(store: Store, keys: Keys, slug: str, signed: str, target: BinaryIO) -> None:
    """Writes the zip file for that signed checkpoint, with the cosignatures that exist by now. Blocking."""
    signed = store.cosigned(slug, signed)
    point = checkpoint.parse(note.parse(signed.encode()).text)
    size = point.size
    state = replay(store.recorded(slug, 0, size))
    assert state.settings is not None
    signer = keys.signer(slug, state.settings.origin)
    public = public_state(state)
    hidden = {*public.withheld, *public.redacted}
    record = archive.Record(
        key=signer.key,
        checkpoint=signed,
        earlier=[text for at, text in store.checkpoints(slug) if at < size],
        entries=archive.public(_entries(store, slug, size), hidden),
    )
    seal = Seal(signed, size, note.to_base64(point.root), signer.key.vkey)
    files = restitution.of_public(lambda: store.recorded(slug, 0, size), hidden, seal)
    archive.write_archive(target, record, files, signer)


def _entries(store: Store, slug: str, size: int) -> Iterator[tuple[bytes, Payload | None]]:
    for start in range(0, size, PAGE):
        stop = min(size, start + PAGE)
        yield from zip(store.entries(slug, start, stop), store.payloads(slug, start, stop), strict=True)
