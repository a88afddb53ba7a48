"""The author of each letter follows from the items of the shared document, through splits, moves, marks and
deletions.
"""

from __future__ import annotations

import cProfile
import pstats
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pycrdt
import pytest
from hypothesis import given

from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel import ids
from deliberation.kernel.vocabulary import ClauseChange, ClauseKind, Draft, KeptRun
from deliberation.motions.history import moments
from deliberation.text.words import split_words
from server.texts import bursts, letters, markdown, motion, replay
from server.texts.blocks import Block
from server.texts.bursts import WaitingUpdate
from server.texts.motion import MotionText
from tests.server.memory_storage import CREATED, NOW
from tests.server.texts.test_motion import CONTENTS
from tests.server.yjs import Writer

MOTION = "motion-1"
ALPHABETS = {"p1": "abcdefg*", "p2": "hijklmn_é", "p3": "opqrstu[😀"}
"""Each person types letters of their own: a letter says who inserted it."""


# Where letters stand in the Markdown


@given(CONTENTS)
def test_each_letter_has_its_place_in_the_markdown(blocks: list[Block]) -> None:
    text, letters, places = markdown.write_with_positions(blocks)
    assert text == markdown.write(blocks)
    assert list(places) == sorted(set(places))
    for letter, place in zip(letters, places, strict=True):
        written = ("[^", f"&#{ord(letter)};") if letter == markdown.MARK else (letter, f"&#{ord(letter)};")
        assert text.startswith(written, place)


def test_escapes_references_and_marks_of_lists_are_no_letters() -> None:
    blocks = markdown.read("1. 1\\. a\n2. **b\\*** [^7]")
    text, letters, places = markdown.write_with_positions(blocks)
    assert text == "1. 1\\. a\n2. **b\\*** [^7]"
    assert letters == f"1. ab* {markdown.MARK}"
    assert [text[place] for place in places] == list("1. ab* [")


# Who wrote what


class Table:
    """Three people who write in one motion concurrently; from time to time what they wrote is recorded."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.recorder = bursts.Recorder(MOTION)
        self.record: list[e.Recorded] = []
        opening = motion.seed(MOTION, "")
        self.waiting: dict[str, list[bytes]] = {ids.CONGRESS: [opening]}
        self.keep()
        self.people = {name: Writer(10 + at, opening) for at, name in enumerate(ALPHABETS)}

    def write(self, name: str) -> None:
        writer = self.people[name]
        with writer.doc.transaction():
            _edit(writer, ALPHABETS[name], self.chance)
        updates = writer.take()
        self.waiting.setdefault(name, []).extend(updates)
        for other in self.people.values():
            if other is not writer:
                for update in updates:
                    other.doc.apply_update(update)
                other.take()

    def keep(self) -> None:
        for burst in self.recorder.flush([WaitingUpdate(who, tuple(own)) for who, own in self.waiting.items()]):
            told = burst.command
            assert isinstance(told, c.WriteText)
            assert all(change.kept is not None for change in told.changes)
            self.record.append(recorded(len(self.record), burst.person, told))
        self.waiting = {}

    def share(self, name: str) -> None:
        """Delivers what that person typed to the others, and records it."""
        updates = self.people[name].take()
        for other in self.people.values():
            for update in updates:
                other.doc.apply_update(update)
            other.take()
        self.waiting = {name: updates}
        self.keep()

    def spans(self, clause: str) -> list[tuple[str, str]]:
        return [(span.text, span.author) for span in list(moments(self.record))[-1].spans[clause]]

    @property
    def text(self) -> MotionText:
        return motion.read(self.recorder.replica.doc)


def recorded(index: int, person: str, told: c.WriteText) -> e.Recorded:
    event = e.TextWritten(
        1, told.update, told.clients, told.changes, told.title, told.order, "", told.title_kept, told.canonical
    )
    return e.Recorded(index, NOW, person, event.kind, MOTION, event)


def _edit(writer: Writer, letters: str, chance: random.Random) -> None:
    """Types or deletes in a text, marks words, opens or deletes paragraphs, clauses and citations."""
    root: Any = motion.fragment(writer.doc)
    texts: list[Any] = list(_texts(root))
    act = chance.random()
    if act < 0.1 or not texts:
        clause = root.children.insert(chance.randint(1, len(root.children)), pycrdt.XmlElement("clause"))
        clause.attributes["id"] = f"c{chance.randrange(1_000_000)}"
        clause.children.append(pycrdt.XmlElement("paragraph")).children.append(pycrdt.XmlText(chance.choice(letters)))
    elif act < 0.2:
        clause = chance.choice([child for child in root.children if getattr(child, "tag", "") == "clause"])
        place = chance.randint(0, len(clause.children))
        new = clause.children.insert(place, pycrdt.XmlElement("paragraph"))
        new.children.append(pycrdt.XmlText(chance.choice(letters)))
        new.children.append(pycrdt.XmlElement("citation", {"excerpt": "3"}))
    elif act < 0.25:
        holder = chance.choice([root, *(x for x in root.children if getattr(x, "tag", "") == "clause")])
        if len(holder.children) > 1:
            del holder.children[chance.randrange(1, len(holder.children))]
    else:
        _type(chance.choice(texts), letters, chance)


def _type(text: Any, letters: str, chance: random.Random) -> None:
    said = "".join(words for words, _ in text.diff())
    places = [len(said[:at].encode()) for at in range(len(said) + 1)]
    start, end = sorted((chance.choice(places), chance.choice(places)))
    act = chance.random()
    if act < 0.3:
        del text[start:end]
    elif act < 0.5 and start < end:
        text.format(start, end, {chance.choice(["strong", "em"]): {}})
    else:
        text.insert(start, "".join(chance.choices(letters, k=chance.randint(1, 4))))


def _texts(element: Any) -> Any:
    for child in element.children:
        if isinstance(child, pycrdt.XmlText):
            yield child
        else:
            yield from _texts(child)


@pytest.mark.parametrize("seed", range(12))
def test_every_letter_belongs_to_whoever_inserted_it(seed: int) -> None:
    """M15."""
    table = Table(seed)
    for turn in range(90):
        table.write(table.chance.choice(list(ALPHABETS)))
        if turn % 9 == 8:
            table.keep()
    now = list(moments(table.record))[-1]
    assert now.clauses == table.text.clauses
    owners = {letter: name for name, letters in ALPHABETS.items() for letter in letters if letter not in "*_["}
    for id_, draft in now.clauses:
        spans = now.spans[id_]
        assert "".join(span.text for span in spans) == draft.markdown
        letters = [(letter, span.author) for span in spans for letter in span.text if letter in owners]
        assert letters == [(letter, owners[letter]) for letter, _ in letters]
    assert list(replay.verify_texts([*CREATED, *table.record])) == []


def test_a_clause_that_is_split_and_merged_leaves_each_letter_to_its_author() -> None:
    """M12, M15: an editor splits a paragraph by deleting its tail and inserting it elsewhere, short as it may be."""
    table = Table(0)
    one, two = table.people["p1"], table.people["p2"]
    text = one.clause("cccccc", "abc")
    table.share("p1")
    two_text = _last_text(two)
    two_text.insert(3, "hij")
    table.share("p2")
    del text[2:6]
    one.clause("dddddd", "chij")
    table.share("p1")
    assert table.spans("cccccc") == [("ab", "p1")]
    assert table.spans("dddddd") == [("c", "p1"), ("hij", "p2")]
    del one.root.children[len(one.root.children) - 1]
    text.insert(2, "chij")
    table.share("p1")
    assert table.spans("cccccc") == [("abc", "p1"), ("hij", "p2")]


def test_words_that_are_marked_or_written_again_by_a_form_keep_their_authors() -> None:
    """M15: marks belong to whoever set them; a form writes a paragraph of marked words as a whole."""
    table = Table(0)
    one, two = table.people["p1"], table.people["p2"]
    one.clause("cccccc", "Demande une gare et un car")
    table.share("p1")
    _last_text(two).format(8, 11, {"strong": {}})
    table.share("p2")
    assert table.spans("cccccc") == [
        ("Demande ", "p1"),
        ("**", "p2"),
        ("une", "p1"),
        ("**", "p2"),
        (" gare et un car", "p1"),
    ]
    clauses = tuple(
        (id_, replace(draft, markdown="Demande **une** gare, un train et un car") if id_ == "cccccc" else draft)
        for id_, draft in table.text.clauses
    )
    update = motion.rewrite(MOTION, two.doc.get_update(), replace(table.text, clauses=clauses), client=77)
    table.waiting = {"p3": [update]}
    table.keep()
    assert [(text, who) for text, who in table.spans("cccccc") if who == "p3"] == [(", un train", "p3")]


def test_a_replay_finds_letters_that_are_given_to_another() -> None:
    """M15."""
    table = Table(0)
    table.people["p1"].clause("cccccc", "abc")
    table.share("p1")
    entry = table.record[-1]
    event = entry.event
    assert isinstance(event, e.TextWritten)
    change = replace(event.changes[0], kept=(KeptRun(0, 1, 0, "other"),))
    forged = replace(entry, event=replace(event, changes=(change,)))
    assert [x.code for x in replay.verify_texts([*CREATED, *table.record[:-1], forged])] == ["text.authors"]
    stolen = replace(entry, event=replace(event, clients=(12,)))
    assert [x.code for x in replay.verify_texts([*CREATED, *table.record[:-1], stolen])] == ["text.authors"]


def _last_text(writer: Writer) -> Any:
    return list(_texts(writer.root))[-1]


# What a large burst costs


class CountedLabels(list[int]):
    """Labels of characters that count how often they are read completely."""

    readings = 0

    def __iter__(self) -> Iterator[int]:
        self.readings += 1
        return super().__iter__()


def test_old_texts_are_looked_up_once_however_many_clauses_a_burst_changes() -> None:
    clauses = {f"c{n}": CountedLabels(range(4 * n, 4 * n + 4)) for n in range(50)}
    before = numbered(dict.fromkeys(clauses, "mots"), clauses)
    after = numbered(dict.fromkeys(clauses, "mots!"), {id_: [*own, letters.SIGN] for id_, own in clauses.items()})
    for own in clauses.values():
        own.readings = 0
    changes = tuple(
        ClauseChange(id_, old, after.text.clauses[at][1]) for at, (id_, old) in enumerate(before.text.clauses)
    )
    told = bursts.attributed(c.WriteText(1, "", (), changes), before, after)
    assert [change.kept for change in told.changes] == [(KeptRun(0, 4, 0, ""),)] * 50
    assert {own.readings for own in clauses.values()} == {1}


def numbered(texts: dict[str, str], labels: Mapping[str, letters.Labels]) -> letters.NumberedMotion:
    drafts = tuple((id_, Draft(ClauseKind.DEMANDE, text)) for id_, text in texts.items())
    return letters.NumberedMotion(MotionText("", drafts), (), labels)


def test_replaced_clauses_are_split_into_words_once_each() -> None:
    """Of 20 clauses that give way to 20 others, each one's words are looked for in the others, and split twice at most:
    to be compared with all, and with the closest.
    """
    writer = Writer(5)
    for n in range(20):
        writer.clause(f"a{n}", f"Demande la fibre numéro {n} partout")
    recorder = bursts.Recorder(MOTION)
    recorder.take(writer.take())
    with writer.doc.transaction():
        del motion.fragment(writer.doc).children[:]
        for n in range(20):
            writer.clause(f"b{n}", f"Demande la fibre numéro {n} ici")
    update = writer.take()
    split = calls_of(split_words, lambda: recorder.take(update))
    assert split <= 4 * 20


def calls_of(function: Callable[..., object], act: Callable[[], object]) -> int:
    """The number of calls of the function while `act` runs."""
    profile = cProfile.Profile()
    profile.runcall(act)
    calls = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    code = function.__code__
    return int(calls.get((code.co_filename, code.co_firstlineno, code.co_name), (0,))[0])


class CountedLetters(list[tuple[str, int]]):
    """Letters that count how often one of them is read."""

    readings = 0

    def __getitem__(self, at: Any) -> Any:
        self.readings += 1
        return super().__getitem__(at)


def test_letters_that_are_missing_within_reach_are_looked_for_once() -> None:
    found = CountedLetters([(" ", n) for n in range(letters.LOOK)] + [("a", letters.LOOK)])
    assert letters.aligned(found, "b" * 500 + " a") == [letters.SIGN] * 500 + [0, letters.LOOK]
    assert found.readings <= 3 * letters.LOOK
