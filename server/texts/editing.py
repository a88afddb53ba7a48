"""Editing a document on the server, by default in the congress's name; the result is one update."""

from __future__ import annotations

import hashlib
from types import TracebackType
from typing import Any

import pycrdt

from server.texts.replica import NOTHING


def congress_client(document: str) -> int:
    """The Yjs client id under which the server writes in that document, always the same."""
    digest = hashlib.sha256(f"congres:{document}".encode()).digest()
    return int.from_bytes(digest[:4], "big") | 1


class Editing:
    """A transaction on a copy of a document; `update` holds the change afterwards."""

    def __init__(self, document: str, state: bytes, client: int | None = None) -> None:
        """`client`: under which Yjs client id; the congress's own when None."""
        self.doc: pycrdt.Doc[Any] = pycrdt.Doc(client_id=congress_client(document) if client is None else client)
        if state:
            self.doc.apply_update(state)
        self.update = NOTHING
        self._transaction = self.doc.transaction()

    def __enter__(self) -> Editing:
        self._subscription = self.doc.observe(self._note)
        self._transaction.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._transaction.__exit__(kind, error, trace)
        self.doc.unobserve(self._subscription)

    def _note(self, event: pycrdt.TransactionEvent) -> None:
        self.update = event.update
