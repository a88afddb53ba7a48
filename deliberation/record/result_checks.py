"""Whether results of Belenios elections say what their archives say, each read again from the record (V31)."""

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
    """A result that an entry states, and whether its archive says the same: all of it, or its figures at least.

    None until the archive comes; `erased` when it came without its content.
    """

    event: e.BeleniosImported
    same: bool | None = None
    same_figures: bool = False
    erased: bool = False


class ResultChecks:
    """Takes the entries about results in order; `findings` says at the end what does not hold."""

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
        """`masked` are the entries in which words were masked: of these the figures are compared alone."""
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
