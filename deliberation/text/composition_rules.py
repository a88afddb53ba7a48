"""The versions of the rules by which edits of a text are read and combined.

Each frozen text records the version by which it is amended (`TextFrozen.rules`), so that older decisions keep their
result. New texts are frozen with the latest version.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from deliberation.kernel.vocabulary import Span
from deliberation.text import composition, composition_v1
from deliberation.text.edits import Edit, PlacedWord, TokenisedText, WordEdit


@dataclass(frozen=True)
class CompositionRules:
    """The functions of one version; each is documented where it is defined."""

    word_edits: Callable[[str, str, tuple[Span, ...]], tuple[WordEdit, ...]]
    spans_of: Callable[[str, str, Sequence[Span]], tuple[Span, ...]]
    compose: Callable[[TokenisedText, Iterable[Edit]], list[PlacedWord]]
    composed_text: Callable[[TokenisedText, Iterable[Edit]], str]
    clashes: Callable[[TokenisedText, Iterable[Edit]], Iterator[tuple[Edit, Edit]]]
    opposes_deletion: Callable[[Edit], bool]


def _of(module: object) -> CompositionRules:
    return CompositionRules(*(getattr(module, name) for name in CompositionRules.__dataclass_fields__))


VERSIONS: Mapping[int, CompositionRules] = {1: _of(composition_v1), 2: _of(composition), 3: _of(composition)}


def of(rules: int) -> CompositionRules:
    """The rules with that version number; KeyError if this software does not know them."""
    return VERSIONS[rules]
