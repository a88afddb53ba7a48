"""Verifies that results of Belenios elections state what their archives say, by reading each archive in the record
again (V31).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from deliberation.congress import people
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel import ids
from deliberation.kernel.state import State
from deliberation.record.report import Finding
from deliberation.votes import imported


@dataclass
class ImportedResult:
    """A result stated by an entry, and whether its archive says the same: entirely (`same`), or at least its figures
    (`same_figures`).

    `same` is None until the entry with the archive follows; `erased` if that entry has no content.
    """

    event: e.BeleniosImported
    same: bool | None = None
    same_figures: bool = False
    erased: bool = False


class ResultChecks:
    """Takes the entries about results in order; `findings` reports at the end what is wrong."""

    def __init__(self) -> None:
        self._imported: dict[int, ImportedResult] = {}
        self._by_document: dict[str, int] = {}
        self._wrong: list[Finding] = []

    def note(self, state: State, r: e.Recorded) -> None:
        if isinstance(r.event, e.BeleniosImported):
            self._imported[r.index] = ImportedResult(r.event)
            self._by_document[r.document] = r.index
            if r.event.result != len(state.results) + 1 or not people.may(state, r.actor, c.ImportBelenios):
                self._add(r.index, r.document)
        elif r.kind == e.ResultArchived.kind:
            self._archived(r)
        elif isinstance(r.event, e.BeleniosChecked):
            known = self._by_document.get(r.document) is not None and not state.results[r.event.result].checked
            if not known or r.actor != ids.CONGRESS or r.event.outcome not in imported.OUTCOMES:
                self._add(r.index, r.document)

    def _archived(self, r: e.Recorded) -> None:
        index = self._by_document.get(r.document)
        found = self._imported.get(index) if index is not None else None
        if found is None or found.same is not None or found.erased:
            self._add(r.index, r.document)
        elif isinstance(r.event, e.ResultArchived):
            archive = imported.decoded(r.event.archive) or b""
            found.same = not imported.differs(found.event, archive)
            found.same_figures = found.same or not imported.differs(found.event, archive, masked=True)
        else:
            found.erased = True

    def findings(self, masked: Collection[int]) -> Iterator[Finding]:
        """The findings; for the entries `masked`, in which words were masked, only figures are compared."""
        yield from self._wrong
        for index, found in self._imported.items():
            if found.erased or found.same or (index in masked and found.same_figures):
                continue
            yield self._finding(index, ids.document(ids.RESULT, found.event.result))

    def _add(self, index: int, document: str) -> None:
        self._wrong.append(self._finding(index, document))

    @staticmethod
    def _finding(index: int, document: str) -> Finding:
        return Finding("result.differs", entry=index, params={"document": document})
