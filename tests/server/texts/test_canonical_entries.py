"""Drafts and maps are in canonical words in the record, whatever program wrote the shared document (M35, M36)."""

from __future__ import annotations

import random
import unicodedata
from dataclasses import replace
from typing import Any

import pycrdt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberation.kernel import codec, ids
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.state import Motion, State
from deliberation.kernel.vocabulary import ClauseKind, Draft, Node
from deliberation.motions.history import AuthorSpan, Moment, Spans, moments
from deliberation.motions.motions import canonical_draft
from deliberation.motions.origins import TITLE, Tracing
from deliberation.text.masking import words_of
from server.texts import map as maps
from server.texts import motion, replay
from server.texts.bursts import Recorder
from server.texts.replica import Replica
from server.texts.spelling import as_typed, canonical_text
from tests.server.yjs import Writer

MOTION, MAP = "motion-1", "carte-1"
NOW = "2027-03-06T11:00:00Z"
APART = "Vu l’e\u0301te\u0301\u2060 et No\u200be\u0308l"
COMPOSED = "Vu l’\xe9t\xe9 et No\xebl"
PIECES = st.lists(st.sampled_from(["e", "\u0301", "\u0327", "a", "\u200b", "\u2060", " ", "é", "*", "1. "]), max_size=6)


class ForeignText:
    """The record of a motion with one clause, written by programs that do not compose their letters."""

    def __init__(self) -> None:
        self.recorder = Recorder(MOTION)
        self.record: list[e.Recorded] = []
        opening = motion.rewrite(MOTION, b"", motion.MotionText("Titre"))
        self._keep(ids.CONGRESS, [opening], is_canonical=True)
        self._writers = {name: Writer(10 + at, opening) for at, name in enumerate(("p1", "p2"))}
        self._writers["p1"].clause("clause0001", "")
        self._share("p1", is_canonical=True)

    def write(self, person: str, at: int, text: str, is_canonical: bool = True) -> c.WriteText:
        """Inserts a text at a character of the clause as it is in the document."""
        words = self._words(self._writers[person].doc)
        words.insert(len(self.typed[:at].encode()), text)
        return self._share(person, is_canonical)

    @property
    def typed(self) -> str:
        """The letters of the clause in the document."""
        return "".join(motion.texts_of(self._words(self._writers["p1"].doc)))

    @property
    def said(self) -> str:
        """The words of the clause in the record."""
        ((_, draft),) = self._now.clauses
        return draft.markdown

    def spans(self) -> Spans:
        (spans,) = self._now.spans.values()
        return spans

    @property
    def _now(self) -> Moment:
        return list(moments(self.record))[-1]

    def check(self) -> None:
        """Every entry says the authors that its update implies, and the record says the words of the document."""
        rebuilt = replay.rebuild(self.record)
        assert (rebuilt.broken, rebuilt.misattributed) == ({}, {})
        ((_, read),) = motion.read(self.recorder.replica.doc).clauses
        ((_, said),) = self._now.clauses
        assert canonical_draft(said) == canonical_draft(read)
        assert "".join(span.text for span in self.spans()) == self.said

    def _share(self, person: str, is_canonical: bool) -> c.WriteText:
        updates = self._writers[person].take()
        for other in self._writers.values():
            if other is not self._writers[person]:
                for update in updates:
                    other.doc.apply_update(update)
                other.take()
        return self._keep(person, updates, is_canonical)

    def _keep(self, person: str, updates: list[bytes], is_canonical: bool) -> c.WriteText:
        told = self.recorder.take(updates, is_canonical=is_canonical)
        assert isinstance(told, c.WriteText)
        self.record.append(recorded(len(self.record), person, told))
        return told

    @staticmethod
    def _words(doc: pycrdt.Doc[Any]) -> pycrdt.XmlText:
        clause: Any = list(motion.fragment(doc).children)[-1]
        words: pycrdt.XmlText = clause.children[0].children[0]
        return words


def recorded(index: int, person: str, told: c.WriteText) -> e.Recorded:
    event = e.TextWritten(
        1, told.update, told.clients, told.changes, told.title, told.order, "", told.title_kept, told.canonical
    )
    return e.Recorded(index, NOW, person, event.kind, MOTION, event)


def test_m35_an_entry_has_no_letters_apart_and_no_stray_marks() -> None:
    text = ForeignText()
    told = text.write("p1", 0, APART)
    assert told.canonical
    assert (text.typed, text.said) == (APART, COMPOSED)
    assert text.spans() == (AuthorSpan(COMPOSED, "p1"),)
    text.check()


def test_m35_an_accent_joins_the_letter_before_it_which_stays_with_its_author() -> None:
    """Each of the two insertions is canonical by itself."""
    text = ForeignText()
    text.write("p1", 0, "ete chaud")
    text.write("p2", 3, "\u0301")
    assert text.said == "et\xe9 chaud"
    assert text.spans() == (AuthorSpan("et\xe9 chaud", "p1"),)
    text.write("p2", 10, " et sec")
    assert text.spans() == (AuthorSpan("et\xe9 chaud", "p1"), AuthorSpan(" et sec", "p2"))
    text.check()


def test_m35_titles_and_addressees_are_canonical() -> None:
    clause = ("clause0001", Draft(ClauseKind.DEMANDE, "Demande", "E\u0301tat\u200b"))
    written = motion.rewrite(MOTION, b"", motion.MotionText("L’e\u0301te\u0301\ufeff", (clause,)))
    told = Recorder(MOTION).take([written])
    assert isinstance(told, c.WriteText)
    assert told.title == "L’\xe9t\xe9"
    assert [change.after for change in told.changes] == [Draft(ClauseKind.DEMANDE, "Demande", "\xc9tat")]


def test_m35_the_letters_of_a_title_stay_with_their_authors() -> None:
    recorder = Recorder(MOTION)
    record = []
    for at, (person, title, is_canonical) in enumerate(
        [("p1", "L’e\u0301te\u0301", False), ("p2", "L’e\u0301te\u0301 2027", True)]
    ):
        update = motion.rewrite(MOTION, recorder.state, motion.MotionText(title), client=7 + at)
        told = recorder.take([update], is_canonical=is_canonical)
        assert isinstance(told, c.WriteText)
        record.append(recorded(at, person, told))
    state, tracing = State(motions={1: Motion(1, "", "p1", NOW)}), Tracing(1)
    for entry in record:
        tracing.take(entry, state)
    assert tracing.draft(state)[TITLE] == (AuthorSpan("L’\xe9t\xe9", "p1"), AuthorSpan(" 2027", "p2"))


def test_m35_entries_before_this_rule_replay_the_same_and_later_ones_follow_on_them() -> None:
    text = ForeignText()
    told = text.write("p1", 0, APART, is_canonical=False)
    assert not told.canonical
    assert text.said == APART
    text.check()
    text.write("p2", len(APART), " de Nice")
    assert text.said == f"{COMPOSED} de Nice"
    assert text.spans() == (AuthorSpan(COMPOSED, "p1"), AuthorSpan(" de Nice", "p2"))
    text.check()


@given(st.lists(st.tuples(st.sampled_from(["p1", "p2"]), PIECES, st.booleans()), max_size=6), st.randoms())
def test_m35_the_authors_of_canonical_words_follow_from_the_updates(
    acts: list[tuple[str, list[str], bool]], chance: random.Random
) -> None:
    """Entries as typed come before canonical ones, as in records that began before this rule."""
    text = ForeignText()
    for person, pieces, is_canonical in sorted(acts, key=lambda act: act[2]):
        if pieces:
            text.write(person, chance.randint(0, len(text.typed)), "".join(pieces), is_canonical)
            text.check()


def test_m36_the_ideas_of_a_map_are_canonical() -> None:
    nodes = {"a": Node("", "a0", APART), "b": Node("a", "a0", "\u200b mot")}
    told = Recorder(MAP).take([maps.rewrite(MAP, b"", nodes)])
    assert isinstance(told, c.DrawMap)
    assert told.canonical
    assert {change.id: change.after and change.after.text for change in told.changes} == {"a": COMPOSED, "b": "mot"}
    assert all(unicodedata.is_normalized("NFC", words) for _, words in words_of(codec.encode(told)))


@pytest.mark.parametrize("recorded_text", [APART, COMPOSED])
def test_m36_an_idea_may_be_as_it_was_typed_before_this_rule(recorded_text: str) -> None:
    update = maps.rewrite(MAP, b"", {"a": Node("", "a0", APART)})
    told = Recorder(MAP).take([update], is_canonical=recorded_text == COMPOSED)
    assert isinstance(told, c.DrawMap)
    (change,) = told.changes
    assert change.after == Node("", "a0", recorded_text)


def test_m35_who_edits_one_clause_by_a_form_writes_no_letter_of_another_anew() -> None:
    """A form shows canonical words; the document keeps its own where they were left as they were."""
    drafts = {"a": Draft(ClauseKind.VISA, APART), "b": Draft(ClauseKind.DEMANDE, "E\u0301te\u0301", "E\u0301tat")}
    typed = motion.MotionText("L’e\u0301te\u0301", tuple(drafts.items()))
    state = motion.rewrite(MOTION, b"", typed)
    seen = canonical_text(motion.read(Replica(state).doc))
    assert seen.clauses[0] == ("a", Draft(ClauseKind.VISA, COMPOSED))
    wanted = replace(seen, clauses=(seen.clauses[0], ("b", Draft(ClauseKind.DEMANDE, "\xc9t\xe9s", "\xc9tat"))))
    update = motion.rewrite(MOTION, state, as_typed(wanted, typed), client=7)
    read = motion.read(Replica(state, update).doc)
    assert read == replace(typed, clauses=(typed.clauses[0], wanted.clauses[1]))
    assert as_typed(seen, typed) == typed
