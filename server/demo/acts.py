"""The acts of the demonstration, and the names by which later acts refer to earlier ones."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from deliberation.kernel import ids
from deliberation.kernel.commands import Command

CITATION = re.compile(r"\[\^([a-z][a-z0-9-]*)\]")


class Names:
    """Names of things in the data (`temoignage/secours`), with the documents that they became (`temoignage-1`)."""

    def __init__(self) -> None:
        self._documents: dict[str, str] = {}
        self._entries: dict[str, int] = {}

    def keep(self, name: str, document: str, entry: int = -1) -> None:
        """Notes the document of a name, and the entry that created it."""
        self._documents[name] = document
        self._entries[name] = entry

    def entry(self, name: str) -> int:
        """The index of the entry that created it; KeyError if that has not happened yet."""
        return self._entries[name]

    def document(self, name: str) -> str:
        """The document; KeyError if it does not exist yet."""
        return self._documents[name]

    def number(self, name: str) -> int:
        """The number of the document."""
        return ids.split(self.document(name))[1]

    def person(self, key: str) -> str:
        """The pseudonym of somebody in the data; visitors and the congress itself stay as they are."""
        if key in {ids.VISITOR, ids.CONGRESS}:
            return key
        return self.document(f"{ids.PERSON}/{key}").removeprefix(f"{ids.PERSON}-")

    def excerpts(self, keys: list[str]) -> tuple[int, ...]:
        """The numbers of these excerpts."""
        return tuple(self.number(f"{ids.EXCERPT}/{key}") for key in keys)

    def cite(self, markdown: str) -> str:
        """The text with citations by name replaced by citations by number."""
        return CITATION.sub(lambda found: f"[^{self.number(f'{ids.EXCERPT}/{found[1]}')}]", markdown)


@dataclass(frozen=True)
class StoryAct:
    """`make` makes the command when its time has come; `gives` names what it creates, if anything, and `opens` the poll
    that it opens, if that is something else.
    """

    at: ids.Instant
    id: str
    actor: str
    make: Callable[[Names], Command]
    gives: str = ""
    opens: str = ""


def act(at: ids.Instant, id_: str, actor: str, command: Command) -> StoryAct:
    """An act whose command does not refer to another's result."""
    return StoryAct(at, id_, actor, lambda names: command)
