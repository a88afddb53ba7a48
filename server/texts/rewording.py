"""A clause reworded in the editor: Markdown that differs from the frozen one only where the person changed it."""

from __future__ import annotations

from collections.abc import Sequence

from deliberation.text.words import Change, changes, split_words
from server.texts import markdown, prosemirror


def content(text: str) -> list[dict[str, object]]:
    """A Markdown text as the content of a clause in the editor."""
    return prosemirror.write(markdown.read(text))


def reworded(before: str, sent: str) -> str:
    """The Markdown of what a page sent after editing `before`; MalformedDocument if it is no content of a clause.

    People write Markdown in other ways than this program does. What was not edited keeps its own signs, so that no
    change appears that is only our way of writing.
    """
    written = markdown.write(prosemirror.read(sent))
    ours = markdown.write(markdown.read(before))
    if written == ours:
        return before
    return written if ours == before else _transplanted(split_words(ours), before, written)


def _transplanted(ours: Sequence[str], before: str, written: str) -> str:
    """The changes from our Markdown of `before` to what was written, applied to `before` itself; where they touch signs
    of its own, the written form is taken.
    """
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
