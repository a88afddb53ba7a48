"""Clause numbers that stay the same while a text is debated (A45–A47).

The numbers of the frozen text are kept: a moved clause keeps its number, and a deleted one leaves a gap. An inserted
clause takes the number of the preceding clause of its kind with *bis*, *ter*, *quater*…; if that number is taken, it
takes the number of the following one with a letter: `1 A` comes before `1`, `2 bis A` before `2 bis`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from deliberation.kernel.vocabulary import Clause, ClauseKind

STAND_STILL = 3
"""The version of the rules since which numbers stand still."""
LETTERS = "ABCDEFGHJKLMNOPQRSTUWYZ"
"""Without I, V and X, which read as Roman numerals behind a number."""
_BEHIND_LETTERS = ord("Z") + 1
_UNITS = ("", "un", "duo", "ter", "quater", "quin", "sex", "sept", "octo", "novo")
_FIRST = ("bis", "ter", "quater", "quinquies", "sexies", "septies", "octies", "nonies")
_TENS = ("decies", "vicies", "tricies", "quadragies", "quinquagies", "sexagies", "septuagies", "octogies", "nonagies")
LATIN = (*_FIRST, *(unit + ten for ten in _TENS for unit in _UNITS))
"""The suffixes of a number from the second one on: bis is `LATIN[0]`, decies `LATIN[8]`, novononagies the last."""


class ClauseNumber(NamedTuple):
    """The number of a clause: `latin` is 1 for the plain number, 2 for bis, 3 for ter…

    `letters` place it before the number without letters: `2 A` comes before `2`.
    """

    number: int
    latin: int = 1
    letters: str = ""

    @property
    def suffix(self) -> str:
        """What is written after the number, such as `bis A`; `(100)` after the last Latin suffix."""
        return " ".join(filter(None, (_latin(self.latin), self.letters)))

    @property
    def order(self) -> tuple[int, int, tuple[int, ...]]:
        """A sort key in the order of the text: `1 A`, `1`, `1 bis A`, `1 bis`; `1 BA` comes between `1 A` and `1 B`."""
        return self.number, self.latin, (*map(ord, self.letters), _BEHIND_LETTERS)

    @property
    def next(self) -> ClauseNumber:
        """The next number in order: `2 bis` after `2`, `1 B` after `1 A`."""
        if not self.letters:
            return self._replace(latin=self.latin + 1)
        last = LETTERS.index(self.letters[-1]) + 1
        return self._replace(letters=self.letters[:-1] + LETTERS[last] if last < len(LETTERS) else self.letters + "A")


def _latin(n: int) -> str:
    return "" if n == 1 else LATIN[n - 2] if n - 2 < len(LATIN) else f"({n})"


def number_of(clause: Clause) -> ClauseNumber:
    """The number of a clause; a suffix that cannot be read (in a forged record) counts as none."""
    latin, _, letters = clause.suffix.rpartition(" ")
    if not set(letters) <= set(LETTERS):
        latin, letters = clause.suffix, ""
    return ClauseNumber(clause.number, _latin_number(latin), letters)


def _latin_number(said: str) -> int:
    if said in LATIN:
        return LATIN.index(said) + 2
    digits = said.strip("()")
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 6 else 1


def numbered(clauses: Iterable[Clause]) -> tuple[Clause, ...]:
    """The clauses numbered from 1 within each kind."""
    counts: dict[ClauseKind, int] = {}
    found = []
    for clause in clauses:
        counts[clause.kind] = counts.get(clause.kind, 0) + 1
        found.append(replace(clause, number=counts[clause.kind], suffix=""))
    return tuple(found)


def standing_still(order: Sequence[Clause], known: Mapping[str, ClauseNumber]) -> dict[str, ClauseNumber]:
    """The number of each clause, by id: its known one, otherwise a new one that is not taken.

    `order` holds every clause that was ever in the text, where it was frozen or inserted. If no clause of a kind has a
    number yet, they are numbered from 1.
    """
    found: dict[str, ClauseNumber] = {}
    for kind in ClauseKind:
        found |= _of_kind([clause.id for clause in order if clause.kind is kind], known)
    return found


def _of_kind(order: Sequence[str], known: Mapping[str, ClauseNumber]) -> dict[str, ClauseNumber]:
    found = {id_: known[id_] for id_ in order if id_ in known}
    taken = set(found.values())
    before: ClauseNumber | None = None
    for place, id_ in enumerate(order):
        if id_ not in found:
            behind = next((found[x] for x in order[place:] if x in found), None)
            found[id_] = _between(before, behind, taken)
            taken.add(found[id_])
        before = found[id_]
    return found


def _between(before: ClauseNumber | None, behind: ClauseNumber | None, taken: set[ClauseNumber]) -> ClauseNumber:
    """The first free number between two: after `before`, otherwise with a letter before `behind`."""
    found = before.next if before else None
    if found is None or (found in taken and behind):
        found = behind._replace(letters=behind.letters + "A") if behind else ClauseNumber(1)
    while found in taken:
        found = found.next
    return found
