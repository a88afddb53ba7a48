"""Results that are kept by the identity of what they follow from, so that a view shares what did not change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

from deliberation.visibility.published import PUBLIC

T = TypeVar("T")
MOST = 32
"""Results kept of each part of a view: those of a few congresses for each kind of reader."""


class IdentityCache(Generic[T]):
    """The last results of one function of values, which are compared by identity and never change."""

    def __init__(self) -> None:
        self._known: tuple[tuple[tuple[object, ...], T], ...] = ()

    def of(self, *given: object, make: Callable[[], T]) -> T:
        for known, result in self._known:
            if all(one is other for one, other in zip(known, given, strict=True)):
                return result
        result = make()
        self._known = ((given, result), *self._known[: MOST - 1])
        return result


class WithheldPart(Generic[T]):
    """Things by number, of which some are withheld: `left` gives what stays in view of one.

    It is made once for each thing, however often others of its kind change.
    """

    def __init__(self, of: type[T], left: Callable[[T], T]) -> None:
        self._of = of
        self._left = left
        self._kept = IdentityCache[Mapping[int, T]]()
        self._results: tuple[Mapping[int, tuple[T, T]], ...] = ()

    def of(self, things: Mapping[int, T], is_withheld: Callable[[T], bool], *given: object) -> Mapping[int, T]:
        """The things as shown; `given` is whatever `is_withheld` looks at besides the thing."""
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
        """What was left of the same things: the last result that has one of them."""
        for result in self._results:
            if any(number in withheld and withheld[number] is thing for number, (thing, _) in result.items()):
                return result
        return {}
