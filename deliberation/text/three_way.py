"""Three-way merge of two new wordings of one clause, by words (M13)."""

from __future__ import annotations

from collections.abc import Iterator

from deliberation.text import composition
from deliberation.text.edits import Edit, tokenise


def merge(base: str, one: str, other: str) -> str | None:
    """Combines the changes that `one` and `other` made to `base`; None if they changed the same words differently.

    Where both insert at the same place, the words of `other`, which are already in the text, come first.
    """
    if one in (other, base):
        return other
    if other == base:
        return one
    text, edits = tokenise(base), [*_edits(1, base, other), *_edits(2, base, one)]
    if any(True for _ in composition.clashes(text, edits)):
        return None
    return "".join(word.word for word in composition.compose(text, edits))


def _edits(by: int, base: str, text: str) -> Iterator[Edit]:
    for start, end, words in composition.word_edits(base, text):
        yield Edit(by, "", start, end, words, (by,) * len(words))
