"""Files that only the server's account may read, and replacing files atomically."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from server.store.private_files import keep_private, replacing
from tests.waiting import WITHIN

KILLED = """
import os, pathlib, signal, sys
from server.store.private_files import replacing
with replacing(pathlib.Path(sys.argv[1])) as target:
    target.write(b"half")
    target.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_folder_that_others_may_read_is_mended(tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "archives").mkdir(parents=True)
    for path in (data / "pleniere.sqlite", data / "archives" / "a.zip"):
        path.write_bytes(b"x")
        path.chmod(0o644)
    (tmp_path / "elsewhere").write_bytes(b"x")
    (tmp_path / "elsewhere").chmod(0o644)
    (data / "link").symlink_to(tmp_path / "elsewhere")
    for folder in (data, data / "archives"):
        folder.chmod(0o755)
    keep_private(data)
    assert [mode(data), mode(data / "archives")] == [0o700, 0o700]
    assert [mode(data / "pleniere.sqlite"), mode(data / "archives" / "a.zip")] == [0o600, 0o600]
    assert mode(tmp_path / "elsewhere") == 0o644
    keep_private(tmp_path / "new")
    assert mode(tmp_path / "new") == 0o700


def test_a_killed_writer_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "restitution.zip"
    path.write_bytes(b"whole")
    done = subprocess.run([sys.executable, "-c", KILLED, str(path)], cwd=Path.cwd(), timeout=WITHIN, check=False)
    assert done.returncode == -signal.SIGKILL
    assert path.read_bytes() == b"whole"


def test_a_failed_writer_leaves_the_old_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "restitution.zip"
    path.write_bytes(b"whole")
    with pytest.raises(ValueError, match="closed"), replacing(path) as target:
        target.close()
    assert [each.name for each in tmp_path.iterdir()] == ["restitution.zip"]
    assert path.read_bytes() == b"whole"
    with replacing(path) as target:
        target.write(b"new")
    assert (path.read_bytes(), mode(path)) == (b"new", 0o600)


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = subprocess.Popen(["cat", str(path)], stdout=subprocess.PIPE)
    with replacing(path) as target:
        target.write(b"words")
    assert reader.communicate(timeout=WITHIN)[0] == b"words"
