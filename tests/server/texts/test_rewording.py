"""Sending a clause to the editor and back: what was not reworded keeps its Markdown."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.texts import markdown, prosemirror
from server.texts.blocks import Block
from server.texts.rewording import content, reworded
from tests.server.texts.test_motion import CONTENTS


def renamed(text: str, old: str, new: str) -> str:
    """The content that the editor sends after one word was changed."""
    return json.dumps(content(text)).replace(json.dumps(old)[1:-1], json.dumps(new)[1:-1])


@given(CONTENTS)
def test_the_editor_gives_back_what_it_was_given(blocks: list[Block]) -> None:
    text = markdown.write(blocks)
    assert prosemirror.read(json.dumps(content(text))) == markdown.read(text)
    assert reworded(text, json.dumps(content(text))) == text


@pytest.mark.parametrize(
    ("before", "old", "new", "after"),
    [
        ("Demande la fibre.", "fibre", "5G", "Demande la 5G."),
        ("Vu le *Code* [^3] ;", "Code", "code", "Vu le *code* [^3] ;"),
        ("Une ligne\net une autre", "autre", "suite", "Une ligne\net une suite"),
        ("* un\n* deux", "deux", "trois", "* un\n* trois"),
        ("__fort__ et _fin_", "et", "puis", "__fort__ puis _fin_"),
    ],
)
def test_what_was_not_reworded_keeps_its_own_signs(before: str, old: str, new: str, after: str) -> None:
    assert reworded(before, renamed(before, old, new)) == after


def test_words_at_signs_of_their_own_are_written_our_way() -> None:
    assert reworded("__fort__ mot", renamed("__fort__ mot", "fort", "fin")) == "**fin** mot"


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=5),
        lambda x: (
            st.lists(x) | st.dictionaries(st.sampled_from(["type", "content", "text", "marks", "attrs", "excerpt"]), x)
        ),
    )
)
def test_anything_is_read_or_malformed(sent: object) -> None:
    """It never fails in another way."""
    with contextlib.suppress(prosemirror.MalformedDocument):
        assert isinstance(markdown.write(prosemirror.read(json.dumps(sent))), str)
