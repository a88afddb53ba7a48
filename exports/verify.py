"""`pleniere verify`: an archive, an unpacked folder or a live site, checked from its bytes alone."""

from __future__ import annotations

import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from deliberation.record import note
from deliberation.record.report import Finding, Report
from deliberation.record.verify import Progress, Texts, verify
from exports.checking import command, manifest
from exports.checking.files import Folder, check
from exports.container import Container, Unreadable

Fetch = Callable[[str], "bytes | None"]
"""From an address to the body of a 200, None for a 404 or 410; OSError for anything else."""

MAX_BODY = 64_000_000
ATTEMPTS = 3
LIVE = {"key": "cle", "payloads": "charges"}


def verify_folder(
    path: Path,
    key: note.Key | None = None,
    older: Sequence[bytes] = (),
    texts: Texts | None = None,
    progress: Progress | None = None,
) -> Report:
    """An unpacked archive: every file and the record."""
    return check(Folder(path), key, older, texts, progress)


def verify_archive(
    path: Path,
    key: note.Key | None = None,
    older: Sequence[bytes] = (),
    texts: Texts | None = None,
    progress: Progress | None = None,
) -> Report:
    """A zip file: its container byte by byte, every file in it and the record."""
    with path.open("rb") as file:
        try:
            zipped = Container(file)
        except Unreadable as error:
            return Report(
                findings=(Finding("zip.directory", path.name, params={"where": str(error)}),), finding_count=1
            )
        report = check(zipped, key, older, texts, progress)
        wrong = tuple(_container_finding(path.name, *found) for found in zipped.differences(manifest.PATH))
    return replace(report, findings=(*wrong, *report.findings), finding_count=len(wrong) + report.finding_count)


def _container_finding(file: str, member: str, where: str) -> Finding:
    if where == "header":
        return Finding("zip.member", member)
    return Finding("zip.directory", member or file, params={"where": where})


def verify_url(
    url: str,
    key: note.Key | None = None,
    older: Sequence[bytes] = (),
    texts: Texts | None = None,
    progress: Progress | None = None,
    fetch: Fetch | None = None,
) -> Report:
    """The record of a live site, whose address is that of the congress or of its record.

    Contents may be published or erased while they are read: what looks wrong is looked at again under a newer
    checkpoint, a few times.
    """
    base, get = record_address(url), fetch or fetch_over_http
    for _ in range(ATTEMPTS):
        try:
            report = verify(lambda path: get(f"{base}/{live_path(path)}"), key, older, texts, progress)
            if report.ok or report.size == _size_now(get, base, report):
                break
        except OSError as error:
            failed = Finding("fetch.failed", base, params={"why": str(error)})
            return Report(findings=(failed,), finding_count=1)
    return report


def _size_now(get: Fetch, base: str, report: Report) -> int:
    lines = (get(f"{base}/checkpoint") or b"").split(b"\n")
    return int(lines[1]) if len(lines) > 1 and lines[1].isdigit() and len(lines[1]) < 17 else report.size


def record_address(url: str) -> str:
    """Where the record of that congress is served, such as `https://host/c/demo/registre`."""
    url = url.split("#")[0].split("?")[0].rstrip("/")
    return url if url.endswith("/registre") else f"{url}/registre"


def live_path(path: str) -> str:
    """A path of `deliberation.record.verify` as a site serves it."""
    first, slash, rest = path.partition("/")
    return LIVE.get(first, first) + slash + rest


def fetch_over_http(url: str) -> bytes | None:
    """The default way to fetch; bounded in time and size."""
    request = urllib.request.Request(url, headers={"User-Agent": "pleniere-verify"})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            body: bytes = answer.read(MAX_BODY + 1)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code in {404, 410}:
            return None
        raise
    if len(body) > MAX_BODY:
        raise OSError(f"more than {MAX_BODY} bytes at {url}")
    return body


def main_verify(
    target: str,
    key: str | None = None,
    older: Sequence[str] = (),
    as_json: bool = False,
    language: str = "fr",
    texts: Texts | None = None,
) -> int:
    """Checks a zip file, a folder or an address (http, https), says the result and returns the exit status.

    `key` is a vkey or a file with one, `older` are files with checkpoints. 0: all is well, 1: something is wrong,
    2: misuse.
    """
    try:
        given, kept = command.read_key(key), command.read_older(older)
        report = _verify_any(target, given, kept, texts, None if as_json else _progress())
    except (note.BadNote, OSError, UnicodeDecodeError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    command.tell(report, as_json, language)
    return 0 if report.ok else 1


def _verify_any(
    target: str, key: note.Key | None, older: Sequence[bytes], texts: Texts | None, progress: Progress | None
) -> Report:
    if target.startswith(("http://", "https://")):
        return verify_url(target, key, older, texts, progress)
    path = Path(target)
    return (verify_folder if path.is_dir() else verify_archive)(path, key, older, texts, progress)


def _progress() -> Progress | None:
    """A line on the terminal for long records; nothing when the output goes elsewhere."""
    if not sys.stderr.isatty():
        return None

    def show(done: int, size: int) -> None:
        if size > 20_000:
            sys.stderr.write(f"\r{done * 100 // size:3} % " + ("\r\x1b[K" if done == size else ""))
            sys.stderr.flush()

    return show
