"""An act of the story, and the names by which later acts refer to earlier ones."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from deliberation.kernel import ids
from deliberation.kernel.commands import Command

CITATION = re.compile(r"\[\^([a-z][a-z0-9-]*)\]")


class Names:
    """What the story calls things (`temoignage/secours`), and the documents that they became (`temoignage-1`)."""

    def __init__(self) -> None:
        self._documents: dict[str, str] = {}
        self._entries: dict[str, int] = {}

    def keep(self, name: str, document: str, entry: int = -1) -> None:
        self._documents[name] = document
        self._entries[name] = entry

    def entry(self, name: str) -> int:
        """The index of the entry that brought it; KeyError when it has not happened yet."""
        return self._entries[name]

    def document(self, name: str) -> str:
        """KeyError when it has not happened yet."""
        return self._documents[name]

    def number(self, name: str) -> int:
        return ids.split(self.document(name))[1]

    def person(self, key: str) -> str:
        """The pseudonym of somebody of the story; visitors and the congress itself are what they are."""
        if key in {ids.VISITOR, ids.CONGRESS}:
            return key
        return self.document(f"{ids.PERSON}/{key}").removeprefix(f"{ids.PERSON}-")

    def excerpts(self, keys: list[str]) -> tuple[int, ...]:
        return tuple(self.number(f"{ids.EXCERPT}/{key}") for key in keys)

    def cite(self, markdown: str) -> str:
        """The text with its citations by key turned into citations by number."""
        return CITATION.sub(lambda found: f"[^{self.number(f'{ids.EXCERPT}/{found[1]}')}]", markdown)


@dataclass(frozen=True)
class StoryAct:
    """`make` is called when the act's turn has come; `gives` names what it brings into being, if anything, and `opens`
    the poll that opens by it, where that is something else.
    """

    at: ids.Instant
    id: str
    actor: str
    make: Callable[[Names], Command]
    gives: str = ""
    opens: str = ""


def act(at: ids.Instant, id_: str, actor: str, command: Command) -> StoryAct:
    """An act whose command needs no name of another."""
    return StoryAct(at, id_, actor, lambda names: command)
