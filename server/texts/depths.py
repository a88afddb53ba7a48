"""How deep types lie within types."""

from __future__ import annotations

from collections.abc import Iterable

from server.texts.guard import Id, TypeItem

MAX_NESTING = 48
"""Levels of types within types. A few thousand overflow the native stack when the outermost is deleted."""


class Unfit(Exception):
    """A well-formed update that the document cannot take."""


class Depths:
    """How deep each nested type lies, so that no document grows deeper than the native stack bears.

    A type beside something that is no type counts as one level deeper than anything known: never too shallow.
    A parent that is not known here was deleted, and what comes into it is deleted on arrival.
    """

    def __init__(self) -> None:
        self._known: dict[Id, int] = {}
        self._deepest = 0

    def of(self, types: Iterable[TypeItem], clocks: dict[int, int]) -> dict[Id, int]:
        """The depth of each new type; Unfit beyond the limit."""
        found: dict[Id, int] = {}
        deepest = self._deepest
        waiting = [item for item in types if item.id[1] >= clocks.get(item.id[0], 0)]
        new = {item.id: item for item in waiting}
        for item in waiting:
            for step in _chain(item, new, found):
                depth = found[step.id] = self._depth(step, found, deepest)
                deepest = max(deepest, depth)
        if deepest > MAX_NESTING:
            raise Unfit("types are nested too deeply")
        return found

    def add(self, depths: dict[Id, int]) -> None:
        self._known.update(depths)
        self._deepest = max(self._deepest, *depths.values(), 0) if depths else self._deepest

    def _depth(self, item: TypeItem, found: dict[Id, int], deepest: int) -> int:
        if item.parent is not None:
            return self._get(item.parent, found, 0) + 1
        if item.beside is not None:
            return self._get(item.beside, found, deepest + 1)
        return 1

    def _get(self, id_: Id, found: dict[Id, int], otherwise: int) -> int:
        depth = found.get(id_)
        return self._known.get(id_, otherwise) if depth is None else depth


def _chain(item: TypeItem, new: dict[Id, TypeItem], found: dict[Id, int]) -> list[TypeItem]:
    """The item and the new types it hangs on, the outermost first."""
    steps: list[TypeItem] = []
    entered: set[Id] = set()
    current: TypeItem | None = item
    while current is not None and current.id not in found and current.id not in entered:
        steps.append(current)
        entered.add(current.id)
        beneath = current.parent or current.beside
        current = new.get(beneath) if beneath else None
    return steps[::-1]
