"""Imports a file into a congress: each row or text is sent as a command like one entered by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.vocabulary import Node
from server.imports import kinds, maps, motions, places, testimonies
from server.imports.source import RowError
from server.territories.reference import Load
from server.texts import bursts
from server.texts import map as map_text
from server.texts import motion as motion_text
from server.writing.queue import WriteQueue
from server.writing.receipts import Receipt

AT_ONCE = 100
KINDS = tuple(kind.value for kind in kinds.FileKind)
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Imported:
    """The result: `documents` that were created; `left_out` are rows that were not taken; `refused` ended the
    import.
    """

    kind: str
    documents: tuple[str, ...] = ()
    left_out: tuple[RowError, ...] = ()
    notes: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    refused: Refused | None = None

    def as_json(self) -> dict[str, Any]:
        """The result as plain JSON values."""
        return {
            "kind": self.kind,
            "documents": list(self.documents),
            "left_out": [{"line": row.line, "message": row.message} for row in self.left_out],
            "notes": list(self.notes),
            "columns": dict(self.columns),
            "error": {"code": self.refused.code, "message": str(self.refused)} if self.refused else None,
        }

    def lines(self) -> list[str]:
        """The result as lines for people."""
        found = [f"{len(self.documents)} document(s) : {self.kind}"]
        found += [f"colonne « {column} » → {name}" for name, column in self.columns.items()]
        found += [f"ligne {row.line} laissée de côté : {row.message}" for row in self.left_out]
        found += self.notes
        return [*found, str(self.refused)] if self.refused else found


async def import_file(
    write_queue: WriteQueue,
    slug: str,
    name: str,
    data: bytes,
    kind: str | None = None,
    actor: str = ids.CONGRESS,
    batch: str = "",
    progress: Progress = lambda done, total: None,
    source: str = "",
    load: Load | None = None,
) -> Imported:
    """Sends the file's content as commands by `actor`; the same `batch` again imports nothing twice.

    `source` says whose text a motion is; `load` gives the list by which places are understood.
    """
    found = kinds.FileKind(kind) if kind else kinds.recognise(name, data)
    if isinstance(found, Refused):
        return Imported("", refused=found)
    send = _Sender(write_queue, slug, actor, batch)
    if found is kinds.FileKind.TESTIMONIES:
        return await _testimonies(send, data, progress, load)
    if found is kinds.FileKind.MOTION:
        return await _motion(send, data, name, source)
    return await _map(send, data, name)


@dataclass(frozen=True)
class _Sender:
    write_queue: WriteQueue
    slug: str
    actor: str
    batch: str

    async def __call__(self, part: str, command: c.Command) -> Receipt | Refused:
        return await self.write_queue.submit(c.Request(f"{self.batch}.{part}", self.slug, self.actor, command))


async def _testimonies(send: _Sender, data: bytes, progress: Progress, load: Load | None) -> Imported:
    read = testimonies.read(data)
    if isinstance(read, Refused):
        return Imported("temoignages", refused=read)
    doubts: tuple[str, ...] = ()
    if load and {"collectivity", "code"} & read.columns.keys():
        located, doubts = await asyncio.to_thread(_located, load, read)
        read = replace(read, rows=located)
    documents: list[str] = []
    for start in range(0, len(read.rows), AT_ONCE):
        rows = read.rows[start : start + AT_ONCE]
        answers = await asyncio.gather(*(send(str(start + i), row) for i, row in enumerate(rows)))
        refused = next((answer for answer in answers if isinstance(answer, Refused)), None)
        documents += [answer.document for answer in answers if isinstance(answer, Receipt)]
        progress(start + len(rows), len(read.rows))
        if refused:
            return Imported("temoignages", tuple(documents), read.errors, columns=read.columns, refused=refused)
    unnamed = f"{read.unnamed} nom(s) laissé(s) de côté, faute de consentement dans le fichier." if read.unnamed else ""
    notes = tuple(filter(None, (unnamed, places.note(doubts))))
    return Imported("temoignages", tuple(documents), read.errors, notes, read.columns)


def _located(load: Load, read: testimonies.Testimonies) -> tuple[tuple[c.SubmitTestimony, ...], tuple[str, ...]]:
    found = load()
    return places.locate_testimonies(found, read.rows) if found else (read.rows, ())


async def _motion(send: _Sender, data: bytes, name: str, source: str) -> Imported:
    read = motions.read(data)
    if isinstance(read, Refused):
        return Imported("motion", refused=read)
    answer = await send("motion", import_command(read.title or _stem(name), read.clauses, source, read.ids))
    if isinstance(answer, Refused):
        return Imported("motion", refused=answer)
    notes = tuple(f"laissé de côté : {line}" for line in read.left_out)
    return Imported("motion", (answer.document,), notes=notes)


def import_command(title: str, drafts: Sequence[Any], source: str = "", ids_: Sequence[str] = ()) -> c.ImportMotion:
    """The command that creates a motion from these drafts, proposed by that source; `ids_` are their ids if known."""
    derived = (motion_text.derived_id(title, i) for i in range(1, len(drafts) + 1))
    clauses = tuple(zip(ids_ or derived, drafts, strict=True))
    update = motion_text.rewrite("import", b"", motion_text.MotionText(title, clauses))
    told = bursts.summarise(ids.document(ids.MOTION, 0), b"", [update])
    assert isinstance(told, c.WriteText)
    return c.ImportMotion(title, told.update, told.clients, told.changes, told.order or (), source)


async def _map(send: _Sender, data: bytes, name: str) -> Imported:
    read = maps.read(data)
    if isinstance(read, Refused):
        return Imported("carte", refused=read)
    created = await send("carte", c.CreateMap(read.title or _stem(name)))
    if isinstance(created, Refused):
        return Imported("carte", refused=created)
    nodes = {node.id: Node(node.parent, node.order, node.text) for node in read.nodes}
    drawn = await send("noeuds", draw_command(ids.split(created.document)[1], nodes))
    refused = drawn if isinstance(drawn, Refused) else None
    return Imported("carte", (created.document,), refused=refused)


def draw_command(number: int, nodes: Mapping[str, Node]) -> c.DrawMap:
    """The command that draws these nodes on an empty map."""
    document = ids.document(ids.MAP, number)
    told = bursts.summarise(document, b"", [map_text.rewrite(document, b"", nodes)])
    assert isinstance(told, c.DrawMap)
    return told


def _stem(name: str) -> str:
    return name.rsplit(".", 1)[0] or "Sans titre"
