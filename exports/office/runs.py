"""What ODT and DOCX share: passages as runs with styles, text in XML, and files in a deterministic zip."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import NamedTuple

from exports import container
from exports.citation_marks import split_citations
from exports.comparison import DiffPiece
from exports.differences import styled
from exports.office.tracking import MarkedPiece
from exports.opml import CONTROLS
from exports.typography import french


class OfficeRun(NamedTuple):
    """Words in one style. `raised` is the number of a cited excerpt, shown as superscript, else 0; `by` are the numbers
    of the amendments that make the change.
    """

    text: str
    strong: bool
    em: bool
    raised: bool
    op: str
    by: tuple[int, ...]


def runs(pieces: Iterable[MarkedPiece]) -> Iterator[OfficeRun]:
    """The runs of a passage; a space before a citation is removed."""
    last: OfficeRun | None = None
    for run in _runs(pieces):
        if last:
            yield last._replace(text=last.text.rstrip()) if run.raised and run.op == last.op else last
        last = run
    if last:
        yield last


def _runs(pieces: Iterable[MarkedPiece]) -> Iterator[OfficeRun]:
    for piece in styled(map(_as_difference, pieces)):
        for run in piece.runs:
            for text, number in split_citations(run.text):
                words = str(number) if number else french(text)
                if words:
                    yield OfficeRun(words, run.strong, run.em, number > 0, piece.op, piece.by)


def _as_difference(piece: MarkedPiece) -> DiffPiece:
    if piece.inserted_by:
        return DiffPiece("insert", piece.text, (piece.inserted_by,))
    return DiffPiece("delete" if piece.deleted_by else "equal", piece.text, piece.deleted_by)


def xml(text: str) -> str:
    """Text escaped for XML, also for attributes in double quotes; characters that XML does not allow become U+FFFD."""
    return escape(CONTROLS.sub("\ufffd", text))


def zipped(files: Mapping[str, str]) -> bytes:
    """A deterministic zip file of these files, in their order."""
    target = io.BytesIO()
    container.write(target, files, lambda name: files[name].encode())
    return target.getvalue()
