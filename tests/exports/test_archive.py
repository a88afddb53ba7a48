"""The archive: deterministic, checked to the byte as a zip file and as an unpacked folder (R19, R21)."""

from __future__ import annotations

import atexit
import bisect
import io
import json
import os
import random
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from deliberation.kernel import events
from deliberation.motions import origins
from deliberation.record import note
from deliberation.record import verify as verifying
from exports import archive, verify
from exports.checking import manifest
from exports.checking.derived import Maker
from exports.checking.sources import Folder
from exports.container import Container, TooLarge, UnreadableArchive, write
from tests.records import ORIGIN, Log, long, signer, unpacked, whole
from tests.waiting import WITHIN

LOG = whole()
OTHERS = LOG.derived()
ZIP = LOG.zip(OTHERS, program="")
ORIGINS = "data/origines.json"
BARE = Maker(lambda *record: {})
"""For tests of thousands of changed bytes: what the files say is not made again for each."""
LOOKED_AT = "OK : tout ce qui a été regardé concorde"
NAMES = list(Container(io.BytesIO(ZIP)).names())
FLIPS = int(os.environ.get("PLENIERE_FLIPS", "1"))
"""How many times as many positions as usual are tried."""


@pytest.fixture
def zipped(tmp_path: Path) -> Path:
    path = tmp_path / "restitution.zip"
    path.write_bytes(ZIP)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return unpacked(ZIP, tmp_path / "restitution")


def run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """`python3 verify.py` in an empty environment."""
    command = [sys.executable, "-W", "error", "verify.py", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment, timeout=WITHIN)


# What is written


def test_two_exports_are_byte_identical() -> None:
    """R19"""
    log = whole()
    assert log.zip(dict(reversed(log.derived().items())), program="") == ZIP


def test_other_programs_read_the_archive() -> None:
    """R19: an ordinary zip file, every file dated alike and readable."""
    with zipfile.ZipFile(io.BytesIO(ZIP)) as other:
        assert other.testzip() is None
        assert other.namelist() == [*sorted(name for name in NAMES if name != manifest.PATH), manifest.PATH]
        assert other.read("data/temoignages.csv") == OTHERS["data/temoignages.csv"]
        assert {(info.date_time[0], info.compress_type, info.external_attr >> 16) for info in other.infolist()} == {
            (1980, zipfile.ZIP_STORED, 0o100644)
        }


def test_the_layout_of_the_record() -> None:
    """R19, R6"""
    assert {name for name in NAMES if name.startswith("record/")} == {
        "record/checkpoint",
        "record/checkpoints/0",
        "record/key",
        "record/manifest",
        "record/payloads/0",
        f"record/tile/0/000.p/{LOG.size}",
        f"record/tile/entries/000.p/{LOG.size}",
    }
    verifier = {"verify.py", "verifier/deliberation/text/merge.py", "verifier/exports/checking/words.py"}
    assert verifier | {*OTHERS} <= set(NAMES)
    assert not [name for name in NAMES if name.endswith(("start.py", ".pyc"))]


def test_no_secret_is_in_the_archive() -> None:
    """R9: contents withheld or redacted are not in it, in any file."""
    assert b"Mon voisin Untel" not in ZIP
    assert b"Pas encore lu" not in ZIP
    assert "La fibre s’arrête au bourg".encode() in ZIP


@pytest.mark.parametrize(
    "path",
    [
        "../x",
        "/x",
        "a//b",
        "a/",
        "",
        "a\\b",
        "C:x",
        "a\nb",
        "x ",
        "e\u0301.txt",
        "x.",
        "INDEX.html",
        "record/x",
        "verifier/x.py",
        "verify.py",
    ],
)
def test_improper_paths_are_refused(path: str) -> None:
    """R19: nothing outside the folder, nothing that some system takes for another file, nothing of the record's."""
    with pytest.raises(ValueError, match=r"path|own"):
        LOG.zip({"index.html": b"", path: b""})


def test_entries_of_another_checkpoint_are_refused() -> None:
    """R5"""
    log = long(5)
    log.sign()
    short = archive.Record(log.signer.key, log.notes[-1], (), list(zip(log.entries, log.payloads, strict=True))[:4])
    with pytest.raises(ValueError, match="not those of the checkpoint"):
        archive.write_archive(io.BytesIO(), short, {}, log.signer)
    twice = archive.Record(log.signer.key, log.notes[-1], [log.notes[-1]], zip(log.entries, log.payloads, strict=True))
    with pytest.raises(ValueError, match="earlier checkpoint of 5"):
        archive.write_archive(io.BytesIO(), twice, {}, log.signer)


def test_a_container_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """R19"""
    monkeypatch.setattr("exports.container.MAX_MEMBERS", 2)
    with pytest.raises(TooLarge):
        write(io.BytesIO(), ["a", "b", "c"], lambda name: b"")


# What is checked


def test_the_archive_verifies(zipped: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """R19, R21: as a zip file, as a folder, and by its own script."""
    assert verify.main_verify(str(zipped)) == verify.main_verify(str(folder)) == 0
    assert capsys.readouterr().out.count("OK : tout concorde.") == 2
    done = run(folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert LOOKED_AT in done.stdout
    assert "ne prouve rien contre l’organisateur" in done.stdout


def test_the_origins_of_words_are_recomputed(tmp_path: Path) -> None:
    """R29, A26: also against who holds the key, and signs the list of files again."""
    log = whole()
    recorded = list(origin_entries(log))
    rows = list(origins.rows(log.state, origins.latest(recorded, log.state)))
    assert (1, 2, "dema000001", 1, "2027", "p2", 1) in [row[:7] for row in rows]
    path = tmp_path / "restitution.zip"
    for stolen in (None, "text", "person", "amendment"):
        objects = [dict(zip(origins.COLUMNS, row, strict=True)) for row in rows]
        if stolen:
            objects[-1][stolen] = 9 if stolen == "amendment" else "p3"
        path.write_bytes(log.zip({ORIGINS: json.dumps(objects).encode()}))
        found = [finding.code for finding in verify.verify_archive(path).findings]
        assert found == (["data.differs"] if stolen else []), stolen
    path.write_bytes(log.zip({ORIGINS: b"[1]"}))
    assert [finding.code for finding in verify.verify_archive(path).findings] == ["data.bad"]
    path.write_bytes(log.zip({ORIGINS: json.dumps(objects[:-1]).encode()}))
    assert [finding.code for finding in verify.verify_archive(path).findings] == ["data.rows"]


def origin_entries(log: Log) -> Iterator[events.Recorded]:
    files = log.files()
    return verifying.recorded(files.get, log.size)


def test_an_empty_record_makes_an_archive_too(tmp_path: Path) -> None:
    """R19"""
    for size in (0, 1, 256, 257):
        path = tmp_path / f"{size}.zip"
        path.write_bytes(long(size).zip({}))
        assert verify.verify_archive(path).findings == ()


def positions(rng: random.Random) -> Iterator[int]:
    """Hundreds of offsets in the zip file: one in every file and header, all of the end of the directory, and random
    others.
    """
    yield from range(len(ZIP) - 22, len(ZIP))
    with zipfile.ZipFile(io.BytesIO(ZIP)) as other:
        for info in other.infolist():
            start = info.header_offset
            length = 30 + len(info.filename.encode()) + info.file_size
            yield from (start + rng.randrange(length) for _ in range(FLIPS))
            yield from (start + rng.randrange(30) for _ in range(FLIPS))
        yield from (rng.randrange(other.start_dir, len(ZIP)) for _ in range(60 * FLIPS))
    yield from (rng.randrange(len(ZIP)) for _ in range(100 * FLIPS))


@cache
def starts() -> list[tuple[int, str]]:
    """The offset and name of each file, header included, and of the directory, whose name is ""."""
    with zipfile.ZipFile(io.BytesIO(ZIP)) as other:
        return sorted([(info.header_offset, info.filename) for info in other.infolist()] + [(other.start_dir, "")])


def file_at(at: int) -> str:
    """The name of the file to which the byte at that offset belongs; "" for the directory."""
    return starts()[bisect.bisect_right(starts(), at, key=lambda each: each[0]) - 1][1]


def test_any_flipped_byte_of_the_zip_file_is_found_and_named(tmp_path: Path) -> None:
    """R19"""
    rng = random.Random(20190131)
    path, content = tmp_path / "restitution.zip", bytearray(ZIP)
    tried = list(positions(rng))
    assert len(tried) >= 2 * len(NAMES) + 180
    for at in tried:
        kept = content[at]
        content[at] = rng.choice([kept ^ 1 << rng.randrange(8), kept ^ 0xFF, rng.randrange(256)])
        if content[at] != kept:
            path.write_bytes(content)
            report = verify.verify_archive(path, maker=BARE)
            assert not report.ok, at
            named = {finding.file for finding in report.findings} | {
                "" for x in report.findings if x.code in {"zip.directory", "zip.member"}
            }
            assert file_at(at) in named, (at, report.findings)
        content[at] = kept


def test_any_flipped_byte_of_the_folder_is_found_and_named(folder: Path) -> None:
    """R19: some bytes of every file, the verifier's among them."""
    rng = random.Random(2026)
    for name in NAMES:
        path, content = folder / name, bytearray((folder / name).read_bytes())
        for _ in range(FLIPS if content else 0):
            at = rng.randrange(len(content))
            content[at] ^= 1 << rng.randrange(8)
            path.write_bytes(content)
            report = verify.verify_folder(folder, maker=BARE)
            assert not report.ok
            assert name in {finding.file for finding in report.findings}, name
            content[at] = LOGGED[name][at]
        path.write_bytes(content)
    assert verify.verify_folder(folder).ok


LOGGED = {name: Container(io.BytesIO(ZIP)).read(name) or b"" for name in NAMES}


@pytest.mark.parametrize(
    "name", ["index.html", "record/payloads/0", "record/manifest", "verifier/deliberation/votes/polls.py"]
)
def test_the_script_finds_a_flipped_byte_and_names_the_file(folder: Path, name: str) -> None:
    """R21"""
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)
    done = run(folder)
    assert done.returncode == 1
    assert name in done.stdout + done.stderr
    assert "OK : tout" not in done.stdout


def passes(script: bytes, folder: Path) -> bool:
    """Whether `verify.py` with these bytes would exit with status 0, tried in a child of this process."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1] == 0
    os.dup2(os.open(os.devnull, os.O_RDWR), 1)
    os.dup2(1, 2)
    status = 0
    try:
        sys.argv, sys.stdout, sys.stderr = ["verify.py"], open(1, "w", closefd=False), open(2, "w", closefd=False)  # noqa: SIM115
        for module in [name for name in sys.modules if name.split(".")[0] in {"exports", "deliberation"}]:
            del sys.modules[module]
        atexit._clear()
        code = compile(script, str(folder / "verify.py"), "exec")
        exec(code, {"__name__": "__main__", "__file__": str(folder / "verify.py")})  # noqa: S102
    except BaseException:
        status = 1
    atexit._run_exitfuncs()
    os._exit(status)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_no_flipped_byte_of_the_script_lets_it_pass(folder: Path) -> None:
    """R21: a changed `verify.py` finds itself changed or falls over, even where code becomes a comment."""
    rng = random.Random(7)
    script = LOGGED["verify.py"]
    (folder / "verify.py").write_bytes(script)
    assert passes(script, folder)
    for at in rng.sample(range(len(script)), 40) if FLIPS == 1 else range(len(script)):
        for byte in {*rng.sample(b"#01 \n)x=", 2 if FLIPS == 1 else 8)} | {script[at] ^ 1 << rng.randrange(8)}:
            changed = script[:at] + bytes([byte]) + script[at + 1 :]
            if changed != script:
                (folder / "verify.py").write_bytes(changed)
                assert not passes(changed, folder), (at, byte)


def test_the_script_leaves_nothing_behind_and_trusts_nothing_beside_it(folder: Path) -> None:
    """R21: no byte code is written or read, and no module that lies around is run."""
    assert run(folder).returncode == 0
    assert not list(folder.rglob("__pycache__"))
    for name in ("json.py", "hashlib.py", "argparse.py"):
        (folder / name).write_text("raise SystemExit(0)\n")
    done = run(folder)
    assert done.returncode == 1
    assert "json.py" in done.stdout
    for name in ("json.py", "hashlib.py", "argparse.py"):
        (folder / name).unlink()
    (folder / "verifier" / "json.py").write_text("raise SystemExit(0)\n")
    done = run(folder)
    assert done.returncode == 1
    assert "verifier/json.py" in done.stderr


def test_byte_code_beside_the_verifier_is_not_run(folder: Path) -> None:
    """R21: a cache folder is ignored because nothing in it is ever read."""
    source = folder / "verifier/deliberation/kernel/ids.py"
    script = "import py_compile; py_compile.compile('verifier/deliberation/kernel/ids.py')"
    true = source.read_bytes()
    stat = source.stat()
    source.write_bytes(b"raise SystemExit(0)".ljust(len(true)))
    os.utime(source, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    subprocess.run([sys.executable, "-c", script], cwd=folder, check=True)
    source.write_bytes(true)
    os.utime(source, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert list(folder.rglob("*.pyc"))
    assert LOOKED_AT in run(folder).stdout


def test_missing_and_unexpected_files_are_named(folder: Path) -> None:
    """R19: but for what systems leave in folders by themselves."""
    (folder / ".DS_Store").write_bytes(b"x")
    (folder / "data" / "Thumbs.db").write_bytes(b"x")
    assert verify.verify_folder(folder).ok
    (folder / "index.html").unlink()
    (folder / "data" / "more.csv").write_bytes(b"x")
    found = {(finding.code, finding.file) for finding in verify.verify_folder(folder).findings}
    assert found == {("file.missing", "index.html"), ("file.unexpected", "data/more.csv")}


def test_a_file_listed_in_the_record_s_place_is_found(tmp_path: Path) -> None:
    """R19, R6: not even the true key adds a tile that no record of this size has."""
    folder = unpacked(ZIP, tmp_path / "a")
    (folder / "record/tile/0/001").write_bytes(bytes(32))
    paths = [path for path in Folder(folder).names() if path != manifest.PATH]
    listed = {path: manifest.listed((folder / path).read_bytes()) for path in paths}
    (folder / manifest.PATH).write_bytes(manifest.write(ORIGIN, listed, LOG.signer))
    found = {(finding.code, finding.file) for finding in verify.verify_folder(folder).findings}
    assert found == {("file.stray", "record/tile/0/001")}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x\n",
        "pleniere-archive/v1\n",
        "pleniere-archive/v1\no\nx\n",
        "pleniere-archive/v1\no\n" + "0" * 64 + " 1 ../x\n",
    ],
)
def test_a_malformed_manifest_is_refused(text: str) -> None:
    """R19"""
    with pytest.raises(note.BadNote):
        manifest.parse(text)


def test_a_manifest_has_one_signature_of_its_log() -> None:
    """R19: every byte of it is covered."""
    data = manifest.write(ORIGIN, {"a": manifest.listed(b"a")}, signer())
    assert manifest.open_manifest(data, signer().key).files == {"a": manifest.listed(b"a")}
    with pytest.raises(note.BadNote, match="more than one"):
        manifest.open_manifest(data + data.split(b"\n\n")[1], signer().key)
    with pytest.raises(note.BadNote, match="manifest is of"):
        manifest.open_manifest(manifest.write("autre", {}, signer()), signer().key)
    line = f"{'0' * 64} 1 "
    for body in (f"{line}b\n{line}a\n", f"{line}a\n{line}a\n"):
        with pytest.raises(note.BadNote, match="order"):
            manifest.parse(f"{manifest.FIRST_HEADER}\n{ORIGIN}\n{body}")


@pytest.mark.parametrize("data", [b"", b"x" * 21, b"x" * 100, ZIP[:-1], ZIP[1:], ZIP + b"\n"])
def test_what_is_no_archive_is_found(tmp_path: Path, data: bytes) -> None:
    """R19, R20"""
    path = tmp_path / "x.zip"
    path.write_bytes(data)
    report = verify.verify_archive(path)
    assert {finding.code for finding in report.findings} == {"zip.directory"}
    with pytest.raises(UnreadableArchive), path.open("rb") as file:
        Container(file)


def test_members_in_another_order_or_hidden_between_are_found(tmp_path: Path) -> None:
    """R19: the container is what follows from its members, with no room for more."""
    path = tmp_path / "x.zip"
    zipped = Container(io.BytesIO(ZIP))
    with path.open("wb") as file:
        write(file, reversed(list(zipped.names())), lambda name: zipped.read(name) or b"")
    assert not verify.verify_archive(path).ok
    with zipfile.ZipFile(path, "w") as other:
        for name in zipped.names():
            other.writestr(name, zipped.read(name) or b"")
    assert not verify.verify_archive(path).ok


# The command


def test_the_exit_status_and_the_languages(zipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """R17, R19: 0 all is well, 1 something is wrong, 2 misuse."""
    assert verify.main_verify(str(zipped), LOG.signer.key.vkey, language="en") == 0
    assert "the one that you gave" in capsys.readouterr().out
    other = signer(seed=b"x" * 32).key.vkey
    assert verify.main_verify(str(zipped), other) == 1
    assert "ÉCHEC" in capsys.readouterr().out
    assert verify.main_verify(str(zipped), "no key") == 2
    assert verify.main_verify(str(zipped.parent / "nowhere.zip")) == 2
    assert verify.main_verify(str(zipped), older=[str(zipped.parent / "nowhere")]) == 2
    assert capsys.readouterr().out == ""
    assert verify.main_verify(str(zipped), as_json=True) == 0
    assert json.loads(capsys.readouterr().out)["counts"]["files"] == len(NAMES) - 1


def test_the_script_takes_a_key_and_older_checkpoints(folder: Path, tmp_path: Path) -> None:
    """R17, R21"""
    (tmp_path / "key").write_text(LOG.signer.key.vkey + "\n")
    (tmp_path / "older").write_text(LOG.notes[0])
    (tmp_path / "other").write_text(long(3).sign())
    done = run(folder, "--key", str(tmp_path / "key"), "--older", str(tmp_path / "older"), "--json")
    report = json.loads(done.stdout)
    assert (done.returncode, report["ok"], report["key_given"], len(report["older"])) == (0, True, True, 1)
    done = run(folder, "--older", str(tmp_path / "other"), "--lang", "en")
    assert done.returncode == 1
    assert "HISTORY REWRITTEN" in done.stdout
    assert run(folder, "--nonsense").returncode == 2
    assert run(folder, "--key", "nonsense").returncode == 2
    assert run(folder, "--help").returncode == 0


def test_the_script_speaks_on_any_terminal(folder: Path) -> None:
    """R21: also where accents cannot be shown."""
    done = run(folder, PYTHONIOENCODING="ascii:strict", PYTHONCOERCECLOCALE="0", LC_ALL="C")
    assert done.returncode == 0
    assert "OK : tout ce qui a" in done.stdout
