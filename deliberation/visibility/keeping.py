"""Caches keyed by the identity of immutable values, so that a new view shares unchanged parts with the previous one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

from deliberation.visibility.published import PUBLIC

T = TypeVar("T")
MOST = 32
"""The number of results cached for each part of a view; enough for each kind of reader of a few congresses."""


class IdentityCache(Generic[T]):
    """The latest results of one pure function. Arguments are compared by identity, since state values never change."""

    def __init__(self) -> None:
        self._known: tuple[tuple[tuple[object, ...], T], ...] = ()

    def of(self, *given: object, make: Callable[[], T]) -> T:
        """The cached result for the arguments `given`, or that of `make()`."""
        for known, result in self._known:
            if all(one is other for one, other in zip(known, given, strict=True)):
                return result
        result = make()
        self._known = ((given, result), *self._known[: MOST - 1])
        return result


class WithheldPart(Generic[T]):
    """Builds the readers' view of a mapping by number in which some objects are withheld; `left` gives what remains
    visible of one of them.

    What remains is cached for each object, so that a change of another object does not compute it again.
    """

    def __init__(self, of: type[T], left: Callable[[T], T]) -> None:
        self._of = of
        self._left = left
        self._kept = IdentityCache[Mapping[int, T]]()
        self._results: tuple[Mapping[int, tuple[T, T]], ...] = ()

    def of(self, things: Mapping[int, T], is_withheld: Callable[[T], bool], *given: object) -> Mapping[int, T]:
        """The objects as a reader sees them. `given` must list all other values on which `is_withheld` depends: they
        are part of the cache's key.
        """
        return self._kept.of(things, *given, make=lambda: self._narrowed(things, is_withheld))

    def _narrowed(self, things: Mapping[int, T], is_withheld: Callable[[T], bool]) -> Mapping[int, T]:
        withheld = {number: thing for number, thing in things.items() if is_withheld(thing)}
        known = self._known(withheld)
        left = {
            number: known[number] if number in known and known[number][0] is thing else (thing, self._left(thing))
            for number, thing in withheld.items()
        }
        self._results = (left, *(x for x in self._results if x is not known))[:MOST]
        public: Mapping[int, T] = PUBLIC.shown(things, Mapping[int, self._of])  # type: ignore[name-defined]
        return {**public, **{number: shown for number, (_, shown) in left.items()}} if left else public

    def _known(self, withheld: Mapping[int, T]) -> Mapping[int, tuple[T, T]]:
        """The cached remains of the latest mapping that has a withheld object in common with this one; {} if there is
        none.
        """
        for result in self._results:
            if any(number in withheld and withheld[number] is thing for number, (thing, _) in result.items()):
                return result
        return {}
