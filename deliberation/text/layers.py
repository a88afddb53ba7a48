"""The words of one passage version by version, for amendments that aim at words adopted in the meantime (A59–A61).

The first *stage* is the passage in the base; each further one is the passage in a later version at which amendments
aim. The edits of an earlier stage are carried over to the next one, so that all edits are compared and combined on the
last stage, whatever order they were voted in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from deliberation.kernel.vocabulary import Span
from deliberation.text import words as words_
from deliberation.text.composition_rules import CompositionRules
from deliberation.text.edits import BASE, Edit, PlacedWord, TokenisedText, as_changes, tokenise

Twins = Mapping[int, int]
"""For each amendment that gives a passage the very words that an earlier one gives it, the number of that one."""
NO_TWINS: Twins = MappingProxyType({})


@dataclass
class Layer:
    """The edits of a passage that aim at the same words: those of the base, or those with the amendments `upon` merged.

    `wordings` gives, for each wording of the passage, the first of these amendments that leads to it.
    """

    upon: frozenset[int] = frozenset()
    edits: list[Edit] = field(default_factory=list)
    twins: dict[int, int] = field(default_factory=dict)
    wordings: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Stage:
    """A passage as it reads in a version. `sources` are, for each token of the text, the words of which it consists:
    each brought by an amendment, or from the base with its position there.
    """

    text: TokenisedText
    sources: tuple[tuple[PlacedWord, ...], ...]

    @property
    def said(self) -> str:
        return "".join(self.text.tokens)


@dataclass(frozen=True)
class Stack:
    """The stages of a passage from the base on. `edits` are those of each stage, the ones carried over from earlier
    stages first.
    """

    composer: CompositionRules
    stages: tuple[Stage, ...]
    edits: tuple[tuple[Edit, ...], ...]
    twins: Twins

    @property
    def last(self) -> tuple[Stage, tuple[Edit, ...]]:
        return self.stages[-1], self.edits[-1]

    def words(self) -> list[PlacedWord]:
        """The words of the passage with all edits."""
        stage, given = self.last
        return composed(self.composer, stage, without_twins(given, self.twins))

    def clashes(self) -> Iterator[tuple[str, Edit, Edit]]:
        """Pairs of edits that collide, each with the text that both edit. Two amendments are compared only on the first
        stage that has edits of both.
        """
        met: set[int] = set()
        for stage, given in zip(self.stages, self.edits, strict=True):
            for one, other in self.composer.clashes(stage.text, given):
                if not {one.amendment, other.amendment} <= met:
                    yield stage.said, one, other
            met |= {edit.amendment for edit in given}


def of_text(text: str) -> Stage:
    """The stage of a passage as it is in the base."""
    tokens = tokenise(text)
    return Stage(tokens, tuple((PlacedWord(token, BASE, n),) for n, token in enumerate(tokens.tokens)))


def of_words(words: Sequence[PlacedWord]) -> Stage:
    """The stage that consists of these words. Where several words form one token, its sources are all words that begin
    in it.
    """
    text = tokenise("".join(word.word for word in words))
    sources: list[tuple[PlacedWord, ...]] = []
    at = n = 0
    for end in text.starts[1:]:
        first = n
        while n < len(words) and at < end:
            at, n = at + len(words[n].word), n + 1
        sources.append(tuple(words[first:n]))
    return Stage(text, tuple(sources))


def stacked(composer: CompositionRules, first: Stage, layers: Sequence[Layer]) -> Stack:
    """The stages for these layers, of which the first holds the edits of the base; `first` is the passage there."""
    stages, edits, twins = [first], [tuple(layers[0].edits)], dict(layers[0].twins)
    for layer in layers[1:]:
        stage, given = stages[-1], edits[-1]
        settled = without_twins((edit for edit in given if edit.amendment in layer.upon), twins)
        onto = of_words(composed(composer, stage, settled))
        carried = [
            edit
            for own in _by_amendment(edit for edit in given if edit.amendment not in layer.upon)
            if not _clash(composer, stage, settled, own)
            for edit in _carried(composer, stage, onto, settled, own, twins)
        ]
        stages.append(onto)
        edits.append((*carried, *layer.edits))
        twins |= layer.twins
    return Stack(composer, tuple(stages), tuple(edits), twins)


def without_twins(given: Iterable[Edit], twins: Twins) -> list[Edit]:
    """Edits of amendments that do not repeat another's."""
    return [edit for edit in given if edit.amendment not in twins]


def composed(composer: CompositionRules, stage: Stage, given: Sequence[Edit]) -> list[PlacedWord]:
    """The words of a stage with these edits, each with its origin and its position in the base."""
    found: list[PlacedWord] = []
    for word in composer.compose(stage.text, given) if given else _as_they_are(stage):
        found += (word,) if word.place is None else stage.sources[word.place]
    return found


def _as_they_are(stage: Stage) -> Iterator[PlacedWord]:
    return (PlacedWord(token, BASE, n) for n, token in enumerate(stage.text.tokens))


def _by_amendment(given: Iterable[Edit]) -> Iterable[list[Edit]]:
    found: dict[int, list[Edit]] = {}
    for edit in given:
        found.setdefault(edit.amendment, []).append(edit)
    return found.values()


def _clash(composer: CompositionRules, stage: Stage, settled: Sequence[Edit], own: Sequence[Edit]) -> bool:
    return any(True for _ in composer.clashes(stage.text, [*settled, *own])) if settled else False


def _carried(
    composer: CompositionRules,
    stage: Stage,
    onto: Stage,
    settled: Sequence[Edit],
    own: Sequence[Edit],
    twins: Twins,
) -> Iterator[Edit]:
    """The edits of one amendment to a stage (`own`), as edits of the next stage (`onto`), which contains the settled
    edits.

    They lead from the next stage to what the settled and the own edits make of the stage together; words are equal if
    they come from the same place.
    """
    after = of_words(composed(composer, stage, without_twins([*settled, *own], twins)))
    changes = words_.changes(_keys(onto), _keys(after))
    by = [source[0].by if source else BASE for source in after.sources]
    given = [
        Edit(own[0].amendment, own[0].clause, a1, a2, after.text.tokens[b1:b2], tuple(by[b1:b2]))
        for a1, a2, b1, b2 in changes
    ]
    yield from in_their_form(composer, onto.said, after.said, by, given)


def in_their_form(
    composer: CompositionRules, old: str, new: str, by: Sequence[int], given: Sequence[Edit]
) -> Iterator[Edit]:
    """The edits of one amendment, which lead from `old` to `new`, in the form in which the composition rules give
    edits.

    `by` is the origin of each token of the new text: the number of an amendment, or 0.
    """
    if not given:
        return
    before, starts, *_ = tokenise(old)
    amendment, clause = given[0].amendment, given[0].clause
    spans = tuple(Span(starts[x.start], "".join(before[x.start : x.end]), "".join(x.words)) for x in given)
    after = tokenise(new).tokens
    for a1, a2, b1, b2 in as_changes(composer.word_edits(old, new, spans)):
        origins = tuple(n or amendment for n in by[b1:b2])
        yield Edit(amendment, clause, a1, a2, tuple(after[b1:b2]), origins)


def _keys(stage: Stage) -> list[str]:
    """Keys by which the tokens of two stages are compared: spaces by themselves, words by their origin and position."""
    return [
        token if token.isspace() else "\0".join(f"{word}\0{by}\0{place}" for word, by, place in sources)
        for token, sources in zip(stage.text.tokens, stage.sources, strict=True)
    ]
