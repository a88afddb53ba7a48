"""The layout engine at arm's length: its process, its time limit, its ends."""

from __future__ import annotations

import shutil

import pytest

from exports import layout
from exports.lettering import width, wrap

TREE = "digraph { a -> b; a -> c }"
WASM = "wasi" in layout.engine()
needs_wasm = pytest.mark.skipif(not WASM, reason="dot is installed: the worker processes are not used")


def test_the_engine_names_itself_with_a_version() -> None:
    assert any(letter.isdigit() for letter in layout.engine())
    assert ("(dot)" in layout.engine()) == (shutil.which("dot") is not None)


def test_a_layout_places_every_node() -> None:
    assert [line.split()[0] for line in layout.plain(TREE).splitlines()] == [
        *("graph", "node", "node", "node", "edge", "edge", "stop")
    ]


def test_what_is_no_graph_is_refused_and_the_next_question_is_answered() -> None:
    with pytest.raises(layout.LayoutFailed):
        layout.plain("digraph {")
    assert layout.plain("digraph { x }")


def test_a_layout_that_takes_too_long_is_given_up_and_the_next_one_works() -> None:
    edges = "".join(f"n{i}->n{i * 7919 % 1500};n{i}->n{i * 104729 % 1500};" for i in range(1, 1500))
    with pytest.raises(layout.LayoutFailed):
        layout.plain(f"digraph {{{edges}}}", seconds=1.5)
    assert layout.plain("digraph { y }")


@needs_wasm
def test_a_worker_that_died_is_replaced() -> None:
    pool = layout.Pool()
    try:
        assert pool.ask(TREE.encode(), layout.SECONDS)
        worker = pool._idle.get()
        assert worker is not None
        worker.stop()
        pool._idle.put(worker)
        assert pool.ask(TREE.encode(), layout.SECONDS)
    finally:
        pool.stop()


def test_lines_break_between_words_and_long_words_are_cut() -> None:
    assert wrap("le haut débit pour tous", 12) == ("le haut débit", "pour tous")
    assert all(width(line) <= 10 * 0.57 for line in wrap("x" * 40, 10))


def test_a_very_long_label_ends_with_an_ellipsis() -> None:
    lines = wrap("mot " * 200, 20)
    assert len(lines) == 6
    assert lines[-1].endswith("…")


def test_wide_scripts_count_double() -> None:
    assert width("這是") > width("ab")
