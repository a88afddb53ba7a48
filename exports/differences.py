"""Preparing differences for display: Markdown emphasis becomes styles, and changes that consist only of spaces become
visible.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape
from itertools import groupby, zip_longest
from typing import NamedTuple

from deliberation.text.words import split_words
from exports.comparison import DiffPiece

_MARKER = re.compile(r"\*{1,3}")
_BULLET = re.compile(r"(?m)^( *)- ")
_HARD_BREAK = re.compile(r"\\\n")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_REFERENCE = re.compile(r"&#?\w{1,8};")


class StyledRun(NamedTuple):
    """Words in one style."""

    text: str
    strong: bool = False
    em: bool = False


class VisiblePiece(NamedTuple):
    """A piece of a difference, ready for display."""

    op: str
    by: tuple[int, ...]
    runs: tuple[StyledRun, ...]

    @property
    def text(self) -> str:
        """The words without their style."""
        return "".join(run.text for run in self.runs)


def shown(given: Iterable[DiffPiece]) -> tuple[VisiblePiece, ...]:
    """The pieces ready for display. Unchanged emphasis becomes a style; changed emphasis is shown by its Markdown
    signs. Where an insertion follows a deletion by the same amendments, only the insertion names them.
    """
    kept = styled(given)
    return tuple(_unsigned(each, following) for each, following in zip_longest(kept, kept[1:]))


def styled(given: Iterable[DiffPiece]) -> tuple[VisiblePiece, ...]:
    """The pieces in their styles, each with the numbers of all its amendments."""
    faces = {"delete": "", "insert": ""}
    found = []
    for piece in given:
        runs = []
        for text, is_marker in _split_markers(piece.text):
            face = faces["delete" if piece.op == "delete" else "insert"]
            if not is_marker:
                runs.append(StyledRun(_readable(text, piece.op), "**" in face, face.count("*") % 2 == 1))
                continue
            if piece.op in faces:
                runs.append(StyledRun(text))
            for side in (piece.op,) if piece.op in faces else tuple(faces):
                faces[side] = _toggled(faces[side], text)
        found.append(VisiblePiece(piece.op, piece.by, tuple(runs)))
    return tuple(each for each in found if each.runs or each.op == "gap")


def _unsigned(stretch: VisiblePiece, following: VisiblePiece | None) -> VisiblePiece:
    """The piece without its amendments, if it is a deletion followed by an insertion of the same ones, so that they are
    named once.
    """
    replaced = following is not None and (stretch.op, following.op) == ("delete", "insert")
    return stretch._replace(by=()) if replaced and following and stretch.by == following.by else stretch


def _toggled(face: str, marker: str) -> str:
    """The style after an emphasis sign such as `*` or `**`."""
    strong, em = "**" in face, face.count("*") % 2 == 1
    strong, em = strong ^ (len(marker) > 1), em ^ (len(marker) % 2 == 1)
    return "**" * strong + "*" * em


def _split_markers(text: str) -> Iterator[tuple[str, bool]]:
    """Splits a text into words and emphasis signs, as (text, whether it is a sign); an asterisk between spaces is plain
    text.
    """
    split = split_words(text)
    flags = [
        _MARKER.fullmatch(word) is not None
        and not (split[i - 1 : i] and split[i - 1].isspace() and split[i + 1 : i + 2] and split[i + 1].isspace())
        for i, word in enumerate(split)
    ]
    for is_marker, group in groupby(zip(split, flags, strict=True), key=lambda pair: pair[1]):
        yield "".join(word for word, _ in group), is_marker


def _readable(text: str, op: str) -> str:
    if op in ("insert", "delete") and text.isspace():
        return text.replace("\u00a0", "⍽").replace("\u202f", "⍽").replace(" ", "␣").replace("\n\n", "¶\n\n")
    text = _BULLET.sub(r"\1• ", _HARD_BREAK.sub("\n", text))
    return _REFERENCE.sub(lambda match: unescape(match.group()), _ESCAPED.sub(r"\1", text))
