"""People whom a remark names by « @ » and their name (M30–M34).

What a remark keeps is `@{id}`, the id of the person, never the name: pages write the name that may be shown, so that
the redaction of a person's name reaches every remark.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from deliberation.kernel.state import Person, Remark, State

AT = re.compile(r"(?<![\w@])@(?:\{(?P<id>[a-z0-9-]{1,40})\}|(?=\w))")
"""A sign that may name a person: as typed, or as kept. Not within a word, as in an address of electronic mail."""

WORD = re.compile(r"[^\W_]+")
GAP = re.compile(r"[ \u00a0\u202f.'’\u2010\u2011-]{0,3}")
"""What may stand between two words of one name."""

PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
"""What Markdown could read as markup within a name."""

MOST_PEOPLE = 20
"""People whom one remark may name."""

MOST_WORDS = 12
"""The words after the sign that may belong to the name."""


@dataclass(frozen=True)
class AddressedText:
    """`text` with `@{id}` in the place of names, and the ids, each once, in their order."""

    text: str
    people: tuple[str, ...]


def address(state: State, text: str) -> AddressedText:
    """Finds the people named in what was typed: by their whole name, whatever its capitals and accents, or by id. The
    longest name counts. A name that several people bear names all of them (M31).
    """
    if "@" not in text:
        return AddressedText(text, ())
    found: dict[str, None] = {}
    kept, end = [], 0
    for start, stop, people in _addresses(text, state.people, _by_name(state.people)):
        kept += [text[end:start], " ".join(f"@{{{id_}}}" for id_ in people)]
        found.update(dict.fromkeys(people))
        end = stop
    return AddressedText("".join([*kept, text[end:]]), tuple(found))


def _addresses(
    text: str, people: Mapping[str, Person], by_name: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """(start, end, ids) of each part of the text that names somebody."""
    for at in AT.finditer(text):
        if (id_ := at["id"]) is not None:
            if id_ in people and not people[id_].revoked:
                yield at.start(), at.end(), (id_,)
            continue
        ends = (end for end in _ends(text, at.end()) if _key(text[at.end() : end]) in by_name)
        if end := max(ends, default=0):
            yield at.start(), end, by_name[_key(text[at.end() : end])]


def _ends(text: str, start: int) -> Iterator[int]:
    """Where each of the words from `start` on ends, as long as they may be of one name."""
    end = start
    for word in islice(WORD.finditer(text, start), MOST_WORDS):
        if not GAP.fullmatch(text, end, word.start()):
            return
        end = word.end()
        yield end


def _by_name(people: Mapping[str, Person]) -> dict[str, tuple[str, ...]]:
    """Ids by name, of those who still take part and whose name is not erased."""
    found: dict[str, tuple[str, ...]] = {}
    for person in people.values():
        if not person.revoked and (key := _key(person.name)):
            found[key] = (*found.get(key, ()), person.id)
    return found


def _key(name: str) -> str:
    """The words of a name without accents and capitals."""
    letters = unicodedata.normalize("NFD", name.casefold())
    return " ".join(WORD.findall("".join(x for x in letters if not unicodedata.combining(x))))


def shown(remark: Remark, name_of: Callable[[str], str]) -> str:
    """The words of a remark, Markdown, with the names of whom it addresses. `name_of` gives a person's name."""
    text = remark.text
    for id_ in remark.addressed:
        name = PUNCTUATION.sub(r"\\\g<0>", name_of(id_))
        text = text.replace(f"@{{{id_}}}", f"**@{name}**")
    return text


def awaited(state: State, person: str) -> tuple[Remark, ...]:
    """The remarks that name a person and wait for their answer: in open threads on texts that are being drafted, after
    which the person wrote nothing in the thread (M33). Newest first.
    """
    said: dict[int, int] = {}
    for remark in state.remarks.values():
        if remark.author == person:
            said[remark.reply_to or remark.number] = remark.number
    waiting = (x for x in state.remarks.values() if person in x.addressed and _is_open(state, x))
    return tuple(sorted((x for x in waiting if said.get(x.reply_to or x.number, 0) < x.number), key=_newest))


def _is_open(state: State, remark: Remark) -> bool:
    first = state.remarks.get(remark.reply_to or remark.number)
    motion = state.motions.get(remark.motion)
    return first is not None and first.status == "open" and motion is not None and motion.status == "drafting"


def _newest(remark: Remark) -> int:
    return -remark.number
