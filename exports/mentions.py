"""Mentions of clauses in the words of a frozen text, as links to these clauses (M22)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from deliberation.text.references import KnownClauses, references
from exports.markdown import Mention, Mentions


def mentions(known: KnownClauses, href: Callable[[str], str]) -> Mentions:
    """A function that finds the mentions of clauses in a text, one for each number; `href` returns the address of a
    clause by its id.
    """

    def found(text: str) -> Iterator[Mention]:
        for reference in references(text, known):
            start = reference.start
            for each in reference.numbers:
                yield Mention(start, each.end, href(each.clause))
                start = next((x.start for x in reference.numbers if x.start > each.end), each.end)

    return found
