"""A clause reworded in the editor, as Markdown that differs from the frozen one in what was reworded alone."""

from __future__ import annotations

from collections.abc import Sequence

from deliberation.text.words import Change, changes, split_words
from server.texts import markdown, prosemirror


def content(text: str) -> list[dict[str, object]]:
    """A Markdown text as the content of a clause in the editor."""
    return prosemirror.write(markdown.read(text))


def reworded(before: str, sent: str) -> str:
    """The Markdown of what a page sent, made from `before`; Malformed when it is no content of a clause.

    Markdown that people typed is seldom written as we write it. What stays as it was keeps its own signs, so that
    nobody seems to have changed what only we write differently.
    """
    written = markdown.write(prosemirror.read(sent))
    ours = markdown.write(markdown.read(before))
    if written == ours:
        return before
    return written if ours == before else _transplanted(split_words(ours), before, written)


def _transplanted(ours: Sequence[str], before: str, written: str) -> str:
    """The changes from ours to what was written, made in `before`; where they meet signs of its own, as written."""
    own, new = split_words(before), split_words(written)
    theirs, wanted = changes(ours, own), changes(ours, new)
    if any(_touch(one, other) for one in theirs for other in wanted):
        return written
    result = list(ours)
    for (start, end, b1, b2), source in sorted(
        [*((change, own) for change in theirs), *((change, new) for change in wanted)], key=lambda x: x[0], reverse=True
    ):
        result[start:end] = source[b1:b2]
    return "".join(result)


def _touch(one: Change, other: Change) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]
