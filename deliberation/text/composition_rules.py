"""The versions of the rules by which edits of a text are read and composed.

A frozen text says by which it is amended (`TextFrozen.rules`): what was decided upon it stays what it was. Texts are
frozen with the present version.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from deliberation.kernel.vocabulary import Span
from deliberation.text import composition, composition_v1
from deliberation.text.edits import Edit, PlacedWord, TokenisedText, WordEdit


@dataclass(frozen=True)
class CompositionRules:
    """How one version reads and joins edits; the functions are described where they are written."""

    word_edits: Callable[[str, str, tuple[Span, ...]], tuple[WordEdit, ...]]
    spans_of: Callable[[str, str, Sequence[Span]], tuple[Span, ...]]
    compose: Callable[[TokenisedText, Iterable[Edit]], list[PlacedWord]]
    composed_text: Callable[[TokenisedText, Iterable[Edit]], str]
    clashes: Callable[[TokenisedText, Iterable[Edit]], Iterator[tuple[Edit, Edit]]]
    opposes_deletion: Callable[[Edit], bool]


def _of(module: object) -> CompositionRules:
    return CompositionRules(*(getattr(module, name) for name in CompositionRules.__dataclass_fields__))


VERSIONS: Mapping[int, CompositionRules] = {1: _of(composition_v1)} | dict.fromkeys((2, 3, 4), _of(composition))


def of(rules: int) -> CompositionRules:
    """The version of that number; KeyError for one that this software does not know."""
    return VERSIONS[rules]
