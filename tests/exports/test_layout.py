"""The isolated layout engine: its process, its time limit, its failures."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

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


STUB = """#!{python}
import sys
if "-V" in sys.argv:
    sys.stderr.write("dot - graphviz version 9.9.9 (20240101.0000)\\n")
elif "slow" in sys.stdin.read():
    import time
    time.sleep(30)
else:
    print("graph 1 1 1\\nstop")
"""


@pytest.fixture
def native(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A fake `dot` program, first on the path."""
    program = tmp_path / "dot"
    program.write_text(STUB.format(python=sys.executable))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    layout.engine.cache_clear()
    yield
    layout.engine.cache_clear()
    layout.plain.cache_clear()


@pytest.mark.usefixtures("native")
def test_dot_is_used_where_it_is_installed_and_within_the_same_time_limit() -> None:
    assert layout.engine() == "Graphviz 9.9.9 (dot)"
    assert layout.plain("digraph { native }").startswith("graph 1 1 1")
    with pytest.raises(layout.LayoutFailed):
        layout.plain("digraph { slow }", seconds=0.5)
