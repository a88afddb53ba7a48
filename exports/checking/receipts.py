"""Checking receipts offline: a receipt shows that an entry is covered by a signed checkpoint (C2SP tlog-proof, R18).

It contains the bytes of its entry, so that only the key is needed to check it. Receipts of older versions do not; they
are checked together with an archive, which contains the entry.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from deliberation.record import entry, note, proof, tiles
from deliberation.record.cosignature import Witness, cosigned_at, written
from deliberation.record.report import Finding, Report, Sentence
from deliberation.record.verify import PREFIX
from exports.checking.sources import Files


def is_receipt(data: bytes) -> bool:
    """Whether a file begins like a receipt."""
    return data.startswith(proof.HEADER.encode() + b"\n")


def checkpoints(data: bytes | None) -> Sequence[bytes]:
    """The checkpoint of a receipt, which every later record must continue; () if it cannot be read."""
    try:
        return [] if data is None else [proof.parse(data).checkpoint.encode()]
    except note.BadNote:
        return []


def check(data: bytes, key: note.Key, witnesses: Sequence[Witness] = ()) -> Report:
    """The report on a receipt by itself, with the key of its record."""
    report = Report(key=key.vkey, key_given=True)
    try:
        found = proof.parse(data)
        if not found.extra:
            return _with(report, Finding("receipt.no_entry", entry=found.index))
        point = proof.verify(data, found.extra, key)
        told = _told(found.extra)
    except (note.BadNote, entry.BadEntry) as error:
        return _with(report, Finding("receipt.bad", params={"why": str(error)}))
    report = replace(report, origin=point.origin, size=point.size, root=note.to_base64(point.root))
    report = replace(report, counts={"receipts": 1}, sentences={found.index: told}, asked=(found.index,))
    return _witnessed(report, found.checkpoint, witnesses)


def beside(report: Report, files: Files, data: bytes) -> Report:
    """The report on an archive, extended by a check of a receipt: its entry must be in the record at the same index."""
    try:
        found = proof.parse(data)
        key = note.parse_key(report.key)
        held = _entry(files, report.size, found.index)
        if held is None or (found.extra and found.extra != held):
            return _with(report, Finding("receipt.differs", entry=found.index))
        proof.verify(data, held, key)
        told = _told(held)
    except (note.BadNote, entry.BadEntry) as error:
        return _with(report, Finding("receipt.bad", params={"why": str(error)}))
    sentences = {**report.sentences, found.index: report.sentences.get(found.index, told)}
    counts = {**report.counts, "receipts": 1}
    return replace(report, counts=counts, sentences=sentences, asked=(found.index,))


def _entry(files: Files, size: int, index: int) -> bytes | None:
    """The bytes of an entry in an archive; None if they are not there."""
    for tile in tiles.bundles_at(size) if index < size else ():
        if tile.index == index // tiles.WIDTH:
            try:
                return tiles.unbundle(files.read(PREFIX + tile.path) or b"")[index % tiles.WIDTH]
            except (ValueError, IndexError):
                return None
    return None


def _told(data: bytes) -> Sentence:
    """A description of an entry without its content, which receipts do not contain."""
    found = entry.decode(data)
    about = f"{found.kind}, {found.document}, {found.time}"
    return Sentence(f"{about}, par {found.actor}", f"{about}, by {found.actor}")


def _witnessed(report: Report, signed: str, witnesses: Sequence[Witness]) -> Report:
    """R25: each witness that the reader trusts has cosigned the checkpoint of the receipt."""
    for witness in witnesses:
        try:
            time = cosigned_at(note.parse(signed.encode()), witness)
        except note.BadNote as error:
            report = _with(report, Finding("witness.bad", params={"name": witness.name, "why": str(error)}))
            continue
        if time is None:
            report = _with(report, Finding("witness.missing", params={"name": witness.name}))
        else:
            report = replace(report, cosigned={**report.cosigned, witness.vkey: written(time)})
    return report


def _with(report: Report, finding: Finding) -> Report:
    return replace(report, findings=(*report.findings, finding), finding_count=report.finding_count + 1)
