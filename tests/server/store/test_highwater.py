"""High-water marks (R10): stored in two places, durable, and never guessed if they cannot be read."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from server.store.highwater import HighWater, RecordMark, UnusableMark

ROOT = b"r" * 32
SLUG = "essai"
RAISE_FOR_EVER = """
import sys
from pathlib import Path
from server.store.highwater import HighWater
marks = HighWater(Path(sys.argv[1]), Path(sys.argv[2]), lambda slug: "empreinte")
size = 0
while True:
    size += 1
    marks.raise_to("essai", size, b"r" * 32)
    print(size, flush=True)
"""


def marks(folder: Path) -> HighWater:
    return HighWater(folder / "highwater", folder / "dehors", lambda slug: "empreinte")


def test_a_mark_stands_in_both_places_and_only_rises(tmp_path: Path) -> None:
    """R10"""
    kept = marks(tmp_path)
    assert kept.is_missing(SLUG)
    kept.raise_to(SLUG, 5, ROOT)
    kept.raise_to(SLUG, 3, ROOT)
    assert marks(tmp_path).mark(SLUG) == RecordMark(5, ROOT.hex())
    files = [tmp_path / "highwater" / "essai.json", tmp_path / "dehors" / "empreinte.json"]
    assert kept.paths(SLUG) == files
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert len({path.read_text() for path in files}) == 1
    assert (kept.above(SLUG, 4), kept.above(SLUG, 5)) == (5, None)


@pytest.mark.parametrize("gone", [0, 1])
def test_one_place_is_enough(tmp_path: Path, gone: int) -> None:
    """R10: a data folder copied back as a whole brings an old mark; the one outside knows more."""
    kept = marks(tmp_path)
    kept.raise_to(SLUG, 5, ROOT)
    kept.paths(SLUG)[gone].unlink()
    again = marks(tmp_path)
    assert not again.is_missing(SLUG)
    assert again.above(SLUG, 4) == 5


def test_a_declared_loss_lowers_both(tmp_path: Path) -> None:
    """R10: another process that shares the marks notices."""
    kept, other = marks(tmp_path), marks(tmp_path)
    kept.raise_to(SLUG, 5, ROOT)
    assert other.above(SLUG, 4) == 5
    kept.lower_to(SLUG, 4, ROOT)
    assert other.above(SLUG, 4) is None


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b'{"size": 4', b"[]", b"null", b'{"size": "4", "root": ""}', b'{"size": -1, "root": ""}', b"\xff"],
)
@pytest.mark.parametrize("place", [0, 1])
def test_a_mark_that_cannot_be_read_is_said(tmp_path: Path, content: bytes, place: int) -> None:
    """R10: whether it is empty, cut off or something else, in either place."""
    kept = marks(tmp_path)
    kept.raise_to(SLUG, 5, ROOT)
    path = kept.paths(SLUG)[place]
    path.write_bytes(content)
    again = marks(tmp_path)
    with pytest.raises(UnusableMark) as found:
        again.above(SLUG, 4)
    assert found.value.path == path
    with pytest.raises(UnusableMark):
        again.raise_to(SLUG, 6, ROOT)
    assert path.read_bytes() == content, "evidence is not overwritten"
    assert again.readable(SLUG) == [6 if place else 5], "the other place still says it"


def test_a_folder_in_the_place_of_a_mark_is_said(tmp_path: Path) -> None:
    """R10: what the system refuses to read is no missing mark."""
    (tmp_path / "highwater" / "essai.json").mkdir(parents=True)
    with pytest.raises(UnusableMark):
        marks(tmp_path).is_missing(SLUG)


def test_a_killed_process_leaves_whole_marks_that_are_not_behind(tmp_path: Path) -> None:
    """R10: what was said to be kept is kept, and no draft is taken for a mark."""
    for _ in range(3):
        command = [sys.executable, "-c", RAISE_FOR_EVER, str(tmp_path / "highwater"), str(tmp_path / "dehors")]
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": os.getcwd()}
        )
        assert process.stdout
        said = [int(process.stdout.readline()) for _ in range(20)]
        process.send_signal(signal.SIGKILL)
        said += [int(line) for line in process.stdout.read().split("\n") if line]
        process.wait()
        process.stdout.close()
        mark = marks(tmp_path).mark(SLUG)
        assert mark is not None
        assert said[-1] <= mark.size <= said[-1] + 1
        for path in marks(tmp_path).paths(SLUG):
            path.unlink()
