"""The content of a dispositif as values: steps, each an act at a place of the text under debate (A30)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from deliberation.kernel.vocabulary import Aim, ClauseEdit, Span

SENTENCE, LINE, WORDS = "phrase", "alinéa", "mots"
"""Parts of a passage: a sentence, a line (paragraph or item of a list), some words."""
TITLE, TEXT, BEGINNING = "titre", "texte", "début"
"""Places that are no clause: the title, the whole text, its beginning."""
PASSAGE = "passage"
"""A place of an amendment to several passages: the nth of them."""
BETWEEN = " à "
"""Between the two ends of a range among the numbers of a place."""
FOREIGN = ("alinéa", "article", "division")
"""Places that occur in bills and not in motions."""

LAST = -1
"""As an ordinal: the last one; -2 is the last but one."""
EVERY = 1_000_000
"""As an occurrence: all of them."""


class EditAct(StrEnum):
    """What a step does: `words` are present words of the text, `new` are the words to be added."""

    DELETE = "delete"
    """The place is deleted."""
    REWRITE = "rewrite"
    """The place reads `new`."""
    REPLACE = "replace"
    """`words` give way to `new`."""
    STRIKE = "strike"
    """`words` are deleted."""
    INSERT = "insert"
    """`new` stands after or before `words`."""
    COMPLETE = "complete"
    """`new` stands at the end of the place."""
    BEGIN = "begin"
    """`new` stands at the beginning of the place."""
    ADD = "add"
    """`new`, a part of its own, stands after or before the place."""
    STRIKE_END = "strike_end"
    """What follows `words` in the place is deleted."""
    REWRITE_END = "rewrite_end"
    """What follows `words` in the place reads `new`."""
    REWRITE_START = "rewrite_start"
    """What precedes `words` in the place reads `new`."""
    MOVE = "move"
    """The place stands after or before another one."""


@dataclass(frozen=True)
class Place:
    """A place in the text, by name. `noun` is the kind of a clause, TITLE, TEXT, BEGINNING, a FOREIGN kind, or "" if
    implied.

    `numbers` are clause numbers, or ranges of them such as `2 à 4` (see `ranges`); `unit` and `nth` select sentences or
    lines; `amendment` is the number of the amendment whose words are changed.
    """

    noun: str = ""
    numbers: tuple[str, ...] = ()
    unit: str = ""
    nth: tuple[int, ...] = ()
    amendment: int = 0

    def within(self, outer: Place) -> Place:
        """This place, completed by `outer`, which the sentence named before it."""
        if self.noun and self.noun != outer.noun:
            return self if self.amendment else Place(self.noun, self.numbers, self.unit, self.nth, outer.amendment)
        same_unit = not self.unit or (self.unit == outer.unit and not self.nth)
        return Place(
            outer.noun,
            self.numbers or outer.numbers,
            outer.unit if same_unit else self.unit,
            outer.nth if same_unit else self.nth,
            self.amendment or outer.amendment,
        )


NOWHERE = Place()


@dataclass(frozen=True)
class InstructionStep:
    """One act. `occurrence` says which of several `words`: 0 the only one, n the nth, LAST, EVERY; `times` how many.

    `unit` is what `new` is: WORDS, SENTENCE, LINE, or the kind of a clause.
    """

    act: EditAct
    place: Place = NOWHERE
    words: str = ""
    new: str = ""
    occurrence: int = 0
    times: int = 0
    before: bool = False
    unit: str = WORDS
    to: Place = field(default=NOWHERE)


@dataclass(frozen=True)
class ReadEdit:
    """The edits that a dispositif describes, as fields of the command that tables them."""

    aim: Aim
    clause: str = ""
    text: str = ""
    spans: tuple[Span, ...] = ()
    new_kind: str = ""
    after: str = ""
    parent: int | None = None
    further: tuple[ClauseEdit, ...] = ()
    edit_rank: int = 0
