"""Checks that the files of an archive follow from its record, by making them again and comparing (R29, R31).

The signature on the list of files would not suffice: it shows who made the list, not that the files follow from the
record.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from deliberation.kernel import events as e
from deliberation.kernel.state import State
from deliberation.record import checkpoint, note
from deliberation.record.report import Finding
from deliberation.record.verify import PREFIX
from exports import data_files, moments
from exports.checking import manifest, places, values
from exports.checking.sources import Files
from exports.dossier import Seal, compile_dossier

Make = Callable[[State, Iterable[e.Recorded], Seal, str], Mapping[str, bytes]]
"""(state, entries, seal, name of the program that laid out the maps) -> the files by path."""

NO_ENGINE = "aucun"
VERIFIER = "verifier/"
SCRIPT = "verify.py"
DRAWN = (".html", ".svg")
_PICTURE = re.compile(rb"<svg.*?</svg>", re.DOTALL)
_COORDINATES = re.compile(rb' (?:d|points|[xy][12]?|c[xy]|r[xy]?|width|height|viewBox|transform)="[^"]*"')


@dataclass(frozen=True)
class Maker:
    """How the files of an archive are made again.

    `program` is the version of the program that makes them; "" for the verifier in the archive, which has the same
    version as the archive. `engine` is the program that lays out maps for it. `is_whole`: it makes every file, not only
    those of `exports.data_files`.
    """

    make: Make
    program: str = ""
    engine: str = ""
    is_whole: bool = False


def make_data(state: State, record: Iterable[e.Recorded], seal: Seal, engine: str) -> Mapping[str, bytes]:
    """The files that can be made with the standard library alone."""
    return data_files.files(compile_dossier(state, record, seal), engine)


BY_VERIFIER = Maker(make_data)


class Derived:
    """A comparison of an archive's files. `compared` is the number of equal files; `skipped` lists, by reason, those
    that were not compared.
    """

    def __init__(self, files: Files, maker: Maker) -> None:
        self._files = files
        self._maker = maker
        self.stated = _stated(files)
        self.compared = 0
        self.done = False
        self.skipped: dict[str, list[str]] = {}

    @property
    def _is_same(self) -> bool:
        """Whether the archive was made by the version that makes its files again."""
        return bool(self.stated.program) and self._maker.program in ("", self.stated.program)

    def findings(self, state: State, record: Iterable[e.Recorded]) -> Iterator[Finding]:
        """The findings about files that do not follow from the record, which must have been verified before."""
        self.done = True
        derived: Mapping[str, bytes] = {}
        try:
            if state.settings is not None:
                derived = self._maker.make(state, record, _seal(self._files), self.stated.engine or self._maker.engine)
        except Exception as error:  # whatever a hostile record makes a page raise is a finding
            yield Finding("derived.failed", params={"why": f"{type(error).__name__}: {error}"})
            return
        self._private = {*state.withheld, *state.redacted}
        self._has_clock = state.settings is None or moments.is_known(state.settings.timezone)
        for path in sorted({*derived, *self._own()}):
            found = self._compare(path, self._files.read(path), derived)
            if found is not None:
                yield found

    def _own(self) -> Iterator[str]:
        """The paths of the archive's files that are not part of its record."""
        for path in self._files.names():
            if not path.startswith(PREFIX) and not manifest.ignored(path):
                yield path

    def _compare(self, path: str, found: bytes | None, derived: Mapping[str, bytes]) -> Finding | None:
        expected = derived.get(path)
        if expected is None or found is None:
            return self._lone(path, expected)
        if found == expected:
            self.compared += 1
            return None
        if not self._is_same or not self._has_clock:
            return self._loosely(path, found, expected)
        if self._is_drawn_otherwise(path, found, expected):
            self._skip("drawing", path)
            return None
        return places.differs("derived.differs", path, found, expected)

    def _lone(self, path: str, expected: bytes | None) -> Finding | None:
        """The finding for a file that is only in the archive (`expected` is None) or only among the files made
        again.
        """
        if self._maker.is_whole and self._is_same:
            return Finding("derived.unexpected" if expected is None else "derived.missing", path)
        if expected is not None:
            return Finding("derived.missing", path) if self._is_same else None
        own = path == SCRIPT or path.startswith(VERIFIER)
        if not self._maker.is_whole:
            self._skip("verifier" if own else "library", path)
        else:
            self._skip("version", path)
        return None

    def _loosely(self, path: str, found: bytes, expected: bytes) -> Finding | None:
        """Compares files that cannot be expected to be equal, because another version made them, or because this
        machine has no data for the congress's timezone: tables value by value, except sentences.
        """
        if values.table_of(path) is not None:
            self._skip("values" if not self._is_same else "clock", path)
            return values.compare(path, found, expected, self._private)
        if self._is_same:
            return places.differs("derived.differs", path, found, expected)
        self._skip("version", path)
        return None

    def _is_drawn_otherwise(self, path: str, found: bytes, expected: bytes) -> bool:
        """Whether a picture differs only in coordinates, because another layout engine computed them."""
        if self._maker.engine == self.stated.engine or not path.endswith(DRAWN):
            return False
        return NO_ENGINE in (self._maker.engine, self.stated.engine) or _undrawn(found) == _undrawn(expected)

    def _skip(self, why: str, path: str) -> None:
        self.skipped.setdefault(why, []).append(path)


def _undrawn(data: bytes) -> bytes:
    """The file without the coordinates of its pictures."""
    return _PICTURE.sub(lambda match: _COORDINATES.sub(b"", match[0]), data)


def _stated(files: Files) -> manifest.Manifest:
    """The manifest, without checking its signature; an empty one if it cannot be read."""
    try:
        return manifest.parse(note.parse(files.read(manifest.PATH) or b"").text)
    except note.BadNote:
        return manifest.Manifest("", {})


def _seal(files: Files) -> Seal:
    """The seal of the record, which must have been verified before."""
    signed = (files.read(PREFIX + "checkpoint") or b"").decode()
    point = checkpoint.parse(note.parse(signed.encode()).text)
    key = (files.read(PREFIX + "key") or b"").decode().strip()
    return Seal(signed, point.size, note.to_base64(point.root), key)
