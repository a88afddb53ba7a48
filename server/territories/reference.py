"""The list of places in memory: a row per commune, grouping, département, région and country, found by code or by name.

It is loaded when it is first asked for (about 0.2 s and 15 MB), never at import.
"""

from __future__ import annotations

import gzip
import json
import logging
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from io import BytesIO
from itertools import accumulate
from pathlib import Path
from threading import Lock
from typing import Any

from deliberation.kernel.territory import Territory, TerritoryKind, commune_kind
from server.territories.typed import codes, communes_of, fold

Load = Callable[[], "TerritoryList | None"]
"""Gives the list, or None if it cannot be read."""
FORMAT = 1
SHIPPED = Path(__file__).parent / "france.json.gz"
FILE_NAME = "territoires.json.gz"
"""Name of a renewed list in the data folder; it goes before the shipped one."""
SOURCE = "@etalab/decoupage-administratif {version}"
LARGEST = 64_000_000
"""Bytes of a list, decompressed."""
METROPOLES = frozenset({"METRO", "MET69"})
"""Types of groupings, in the DGCL's list, that are métropoles."""


logger = logging.getLogger("pleniere.territories")


class UnreadableList(ValueError):
    """A list of places is damaged or of another format."""


def department_of(code: str) -> str:
    """The code of the département of a commune: two characters, three overseas."""
    return code[:3] if code[:2] in ("97", "98") else code[:2]


@dataclass(frozen=True)
class ListedPlace:
    """A place that was found. `former` is the name of the former commune that it was found by, "" otherwise."""

    territory: Territory
    former: str = ""


class TerritoryList:
    """Rows of communes, then of areas (groupings, départements, régions, countries), then of former communes; each part
    with the most populous first. A row of a former commune leads to today's.
    """

    def __init__(self, content: Any) -> None:
        """`content` is the decoded file; KeyError, TypeError or ValueError if it is not of this format."""
        if content["format"] != FORMAT:
            raise ValueError("format")
        self.year: int = content["year"]
        self.source = SOURCE.format(version=content["version"])
        self._regions: dict[str, str] = dict(content["regions"])
        self._departments: dict[str, tuple[str, str]] = {x[0]: (x[1], x[2]) for x in content["departments"]}
        communes = content["communes"]
        self._communes: list[str] = communes["codes"].split("\n")
        self._populations = array("I", communes["populations"])
        self._sirens: dict[str, str] = communes["sirens"]
        self._irregular = frozenset(communes["irregular"])
        self._areas = sorted(self._area_rows(content), key=lambda area: -area.population)
        self._names: list[str] = [*communes["names"].split("\n"), *(area.name for area in self._areas)]
        self._rows = {code: row for row, code in enumerate([*self._communes, *(area.code for area in self._areas)])}
        self._former: list[tuple[str, int]] = [(old, self._rows[now]) for old, _, now in content["former"]]
        self._names += [name for _, name, _ in content["former"]]
        self._old_rows = {old: now for old, now in self._former if old not in self._rows}
        self._index_names()

    def _area_rows(self, content: Any) -> Iterator[Territory]:
        inhabitants: Counter[str] = Counter()
        for code, population in zip(self._communes, self._populations, strict=True):
            inhabitants[department_of(code)] += population
        for code, name, nature, population, department in content["groupings"]:
            kind = TerritoryKind.METROPOLE if nature in METROPOLES else TerritoryKind.EPCI
            yield self._inside(kind, code, name, population, department)
        for code, (name, _) in self._departments.items():
            yield self._inside(TerritoryKind.DEPARTEMENT, code, name, inhabitants[code], code)
        for code, name in self._regions.items():
            if len(code) == 2:  # overseas collectivities, whose code has three, are départements as well
                people = sum(inhabitants[d] for d, (_, region) in self._departments.items() if region == code)
                yield Territory(TerritoryKind.REGION, f"R{code}", name, people, self.year, "", "", f"R{code}", name)
        for code, name in content["countries"]:
            yield Territory(TerritoryKind.COUNTRY, code, name, 0, self.year)

    def _inside(self, kind: TerritoryKind, code: str, name: str, population: int, department: str) -> Territory:
        said, region = self._departments[department]
        return Territory(kind, code, name, population, self.year, department, said, f"R{region}", self._regions[region])

    def _index_names(self) -> None:
        """All folded names in one text, a line per row; and where the line break before each begins."""
        lines = fold("\n".join(self._names)).split("\n")
        if len(lines) != len(self._names):
            raise ValueError("noms")
        self.folded = "\n" + "\n".join(lines) + "\n"
        self._starts = array("I", accumulate((len(line) + 1 for line in lines), initial=0))
        self._named: dict[str, int] = {}
        self._next_named = array("i", [-1]) * len(lines)
        for row in range(len(lines) - 1, -1, -1):
            self._next_named[row] = self._named.get(lines[row], -1)
            self._named[lines[row]] = row

    @property
    def communes(self) -> Sequence[str]:
        """The codes of today's communes."""
        return self._communes

    @property
    def areas(self) -> Sequence[Territory]:
        """Groupings, départements, régions and countries."""
        return self._areas

    def rows_named(self, folded: str) -> Iterator[int]:
        """The rows of exactly that folded name."""
        row = self._named.get(folded, -1)
        while row >= 0:
            yield row
            row = self._next_named[row]

    def row_at(self, position: int) -> int:
        """The row whose line in `folded` has that position, the line break before it included."""
        return bisect_right(self._starts, position) - 1

    def is_former(self, row: int) -> bool:
        return row >= len(self._communes) + len(self._areas)

    def line(self, row: int) -> str:
        """The folded name of a row."""
        return self.folded[self._starts[row] + 1 : self._starts[row + 1]]

    def department(self, row: int) -> str:
        """The code of the département where a row lies; "" for régions and countries."""
        communes = len(self._communes)
        if row >= communes:
            row = self._today(row)
        return department_of(self._communes[row]) if row < communes else self._areas[row - communes].department

    def departments_called(self, folded: str) -> frozenset[str]:
        """The départements that a folded code or name means: one, or all those of a région; none for other words."""
        code = folded.upper().zfill(2)
        return frozenset({code}) if code in self._departments else self._departments_by_name.get(folded, frozenset())

    @cached_property
    def _departments_by_name(self) -> dict[str, frozenset[str]]:
        """By the folded name of a région, its départements; by that of a département, it alone."""
        regions = {
            fold(name): frozenset(code for code, (_, of) in self._departments.items() if of == region)
            for region, name in self._regions.items()
        }
        return regions | {fold(name): frozenset({code}) for code, (name, _) in self._departments.items()}

    def _today(self, row: int) -> int:
        """The row of today's commune for a former one; any other row itself."""
        return self._former[row - len(self._communes) - len(self._areas)][1] if self.is_former(row) else row

    def place(self, row: int) -> ListedPlace:
        """A row as a place."""
        return ListedPlace(self._territory(self._today(row)), self._names[row] if self.is_former(row) else "")

    def _territory(self, row: int) -> Territory:
        if row >= len(self._communes):
            return self._areas[row - len(self._communes)]
        code, population = self._communes[row], self._populations[row]
        return self._inside(commune_kind(population), code, self._names[row], population, department_of(code))

    def find(self, typed_code: str) -> ListedPlace | None:
        """The place that a code means, whatever a spreadsheet did to it; None if it means none. Régions and countries
        are found by the codes that the record gives them.
        """
        for code in (typed_code, *codes(typed_code)):
            row = self._row_of(code)
            if row is not None:
                return ListedPlace(self._territory(row))
        return None

    def _row_of(self, code: str) -> int | None:
        for rows in (self._rows, self._old_rows):
            if code in rows:
                return rows[code]
        if code in self._sirens:
            return self._rows[self._sirens[code]]
        likely = (c for c in communes_of(code) if c not in self._irregular and c in self._rows)
        return next((self._rows[commune] for commune in likely), None)


def read_list(data: bytes) -> TerritoryList:
    """The list of a file; UnreadableList if it is none."""
    try:
        with gzip.GzipFile(fileobj=BytesIO(data)) as packed:
            text = packed.read(LARGEST + 1)
        if len(text) > LARGEST:
            raise ValueError("trop grande")
        return TerritoryList(json.loads(text))
    except (OSError, EOFError, KeyError, TypeError, ValueError, OverflowError) as error:
        raise UnreadableList(f"liste des territoires illisible : {error}") from error


@lru_cache(maxsize=1)
def shipped() -> TerritoryList:
    """The list that is part of the product."""
    return read_list(SHIPPED.read_bytes())


class Territories:
    """The list of this server, loaded when it is first needed; safe to ask from several threads."""

    def __init__(self, data: Path) -> None:
        """`data` is the folder that may hold a renewed list."""
        self._renewed = data / FILE_NAME
        self._lock = Lock()
        self._list: TerritoryList | None = None

    def load(self) -> TerritoryList:
        """The list; UnreadableList if it is damaged. Blocking the first time: call it in a thread on the event loop."""
        with self._lock:
            if self._list is None:
                self._list = read_list(self._renewed.read_bytes()) if self._renewed.is_file() else shipped()
            return self._list

    def readable(self) -> TerritoryList | None:
        """The list; None, which the log explains, if it cannot be read: words are taken all the same."""
        try:
            return self.load()
        except (OSError, UnreadableList):
            logger.exception("the list of territories cannot be read")
            return None
