"""The versions of the rules by which edits of a text are read and woven together.

A frozen text says by which it is amended (`TextFrozen.rules`): what was decided upon it stays what it was. Texts are
frozen with the present version.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from deliberation.kernel.vocabulary import Span
from deliberation.text import weave, weave_first
from deliberation.text.edits import Edit, Laid, Made, Placed


@dataclass(frozen=True)
class Weave:
    """How one version reads and joins edits; the functions are described where they are written."""

    made: Callable[[str, str, tuple[Span, ...]], tuple[Made, ...]]
    spans_of: Callable[[str, str, Sequence[Span]], tuple[Span, ...]]
    compose: Callable[[Laid, Iterable[Edit]], list[Placed]]
    reads: Callable[[Laid, Iterable[Edit]], str]
    clashes: Callable[[Laid, Iterable[Edit]], Iterator[tuple[Edit, Edit]]]
    opposes_deletion: Callable[[Edit], bool]


def _of(module: object) -> Weave:
    return Weave(*(getattr(module, name) for name in Weave.__dataclass_fields__))


WEAVES: Mapping[int, Weave] = {1: _of(weave_first), 2: _of(weave)}


def of(rules: int) -> Weave:
    """The version of that number; KeyError for one that this software does not know."""
    return WEAVES[rules]
