"""Masking a passage in a Yjs document keeps every struct, and leaves nothing of the passage (R30)."""

from __future__ import annotations

import random
from html import unescape

import pycrdt
from hypothesis import given
from hypothesis import strategies as st

from deliberation.text.masking import Passage, fill
from server.texts import guard, masking, motion
from server.texts.replica import Replica
from tests.server.yjs import Writer

PASSAGE = "Zoé 😀 Untel"
BEFORE = "Vu été 😀 "
passage = Passage(PASSAGE)


def typed(chance: random.Random, text: pycrdt.XmlText, words: str) -> None:
    """Types words letter by letter at the end of a text; one letter in three is first mistyped and then corrected."""
    for letter in words:
        end = len(said(text).encode())
        if chance.random() < 0.3:
            text.insert(end, "q")
            del text[end : end + 1]
        text.insert(end, letter)


def said(text: pycrdt.XmlText) -> str:
    return "".join(words for words, _ in text.diff() if isinstance(words, str))


@given(st.integers(0, 2**32), st.booleans())
def test_every_letter_is_masked_and_everything_still_applies(seed: int, is_deleted: bool) -> None:
    """R30: whoever typed it in how many updates, and even where it was deleted since; the rest is as it was."""
    chance = random.Random(seed)
    writer = Writer(7)
    text = writer.clause("c1", BEFORE)
    typed(chance, text, PASSAGE)
    if is_deleted:
        del text[len(BEFORE.encode()) : len(said(text).encode())]
    other = Writer(9, writer.doc.get_update())
    for _ in range(12):
        other.edit(chance)
    updates = [*writer.take(), *other.take()]
    for size in (1, 5):
        merged_updates = [pycrdt.merge_updates(*updates[at : at + size]) for at in range(0, len(updates), size)]
        check(merged_updates)


def check(updates: list[bytes]) -> None:
    letters = masking.letters_of(passage, updates)
    masked = [masking.mask_update(passage, letters, update) for update in updates]
    before, after = Replica(*updates), Replica(*masked)
    assert after.clocks == before.clocks
    assert [item.run for update in updates for item in guard.inspect(update).items] == [
        item.run for update in masked for item in guard.inspect(update).items
    ]
    old, new = motion.read(before.doc), motion.read(after.doc)
    assert new.order == old.order
    for (_, one), (_, other) in zip(old.clauses, new.clauses, strict=True):
        assert len(unescape(other.markdown)) == len(unescape(one.markdown))  # a letter at the edge of a mark is escaped
        assert not passage.is_in(other.markdown)
    standing = b"".join(
        item.body for update in masked for item in guard.inspect(update).items if item.ref == guard.STRING
    )
    assert b"Untel" not in standing
    assert all(after.apply(update) == b"" for update in updates)
    assert masking.mask_update(passage, letters, masked[0]) == masked[0]


@given(st.text(), st.text(alphabet="aé0 -’\u0301😀𝐉x\n", max_size=12))
def test_what_is_masked_is_as_long_as_it_was(around: str, words: str) -> None:
    """R30: in characters and in UTF-16 units, with the same spaces and punctuation."""
    for text in (words, around + words):
        masked = fill(text)
        assert len(masked) == len(text)
        assert len(masked.encode("utf-16-le", "surrogatepass")) == len(text.encode("utf-16-le", "surrogatepass"))
        kept = [(a, b) for a, b in zip(text, masked, strict=True) if not (a.isalnum() or a == "_" or a != b)]
        assert all(a == b for a, b in kept)


def test_a_passage_is_found_as_it_is_read() -> None:
    """R30: whatever case, punctuation and marks of Markdown stand between its words, and never inside a word."""
    name = Passage("Jean-Paul Dupont")
    assert name.mask("**JEAN-Paul** *Dupont*, jean paul dupont’s") == "**xxxx-xxxx** *xxxxxx*, xxxx xxxx xxxxxx’s"
    for text in ("Jean-Paul\nDupont", "Jean-Paul Duponte", "aJean-Paul Dupont"):
        assert not name.is_in(text)
