"""The documents to hand over: each motion in the formats of offices and archives."""

from __future__ import annotations

from collections.abc import Iterator

from deliberation.kernel.state import Motion
from exports.akn.writing import as_akn
from exports.dossier import Dossier


def files(dossier: Dossier) -> dict[str, bytes]:
    """The documents by path: `motion.akn.xml` of the first motion, `motion-2.akn.xml` of another."""
    return {path: data for rank, motion in enumerate(_motions(dossier)) for path, data in _of(dossier, motion, rank)}


def _motions(dossier: Dossier) -> list[Motion]:
    return list(dossier.state.motions.values())


def stem(motion: Motion, rank: int) -> str:
    """The name of a motion's files without their suffix; `rank` counts the congress's motions from 0."""
    return f"motion-{motion.number}" if rank else "motion"


def _of(dossier: Dossier, motion: Motion, rank: int) -> Iterator[tuple[str, bytes]]:
    yield f"{stem(motion, rank)}.akn.xml", as_akn(dossier, motion)
