"""Mentions of clauses in the words of a frozen text, as links to these clauses (M22)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from deliberation.text.references import KnownClauses, references
from exports.markdown import Mention, Mentions


def mentions(known: KnownClauses, href: Callable[[str], str]) -> Mentions:
    """What finds the mentions in a stretch of text; `href` leads to a clause by its id. A link for each number."""

    def found(text: str) -> Iterator[Mention]:
        for reference in references(text, known):
            start = reference.start
            for each in reference.numbers:
                yield Mention(start, each.end, href(each.clause))
                start = next((x.start for x in reference.numbers if x.start > each.end), each.end)

    return found
