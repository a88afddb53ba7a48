"""`pleniere verify`: checks an archive, an unpacked folder or a live site, from its files alone."""

from __future__ import annotations

import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from deliberation.kernel.events import Recorded
from deliberation.kernel.state import State
from deliberation.record import note
from deliberation.record.checkpoint import unbundle
from deliberation.record.cosignature import Witness
from deliberation.record.report import Finding, Report
from deliberation.record.tiles import WIDTH
from deliberation.record.verify import Progress, Texts, verify
from exports import archive, layout, program, restitution
from exports.checking import command, manifest, receipts, telling
from exports.checking.derived import Maker
from exports.checking.files import check
from exports.checking.sources import Folder
from exports.container import Container, UnreadableArchive
from exports.dossier import Seal

Fetch = Callable[[str], "bytes | None"]
"""(address) -> the body of the response (status 200), or None for status 404 or 410. Raises OSError otherwise."""

MAX_BODY = 64_000_000
ATTEMPTS = 3
NOT_COSIGNED = "witness.missing"
EARLY = {"payload.removed", "payload.redacted", "payload.commitment", "payload.unmasked", NOT_COSIGNED}
WAITS = (0.0, 5.0, 5.0, 10.0, 10.0, 10.0)
"""Seconds to wait before each look for a newer checkpoint: while a congress is active, its site signs one at least
every 30 seconds.
"""
LIVE = {"key": "cle", "payloads": "charges"}


def whole() -> Maker:
    """A Maker that makes every file of an archive, including the verifier."""
    return Maker(_make, program.version(), layout.engine(), is_whole=True)


def _make(state: State, record: Iterable[Recorded], seal: Seal, engine: str) -> Mapping[str, bytes]:
    return restitution.files(state, record, seal, engine) | dict(archive.verifier_files())


def verify_folder(
    path: Path,
    key: note.Key | None = None,
    older: Sequence[bytes] = (),
    texts: Texts | None = None,
    progress: Progress | None = None,
    witnesses: Sequence[Witness] = (),
    maker: Maker | None = None,
) -> Report:
    """Checks an unpacked archive: every file, the record, and whether the files can be made from it again."""
    return check(Folder(path), key, older, texts, progress, witnesses, maker or whole())


def verify_archive(
    path: Path,
    key: note.Key | None = None,
    older: Sequence[bytes] = (),
    texts: Texts | None = None,
    progress: Progress | None = None,
    witnesses: Sequence[Witness] = (),
    maker: Maker | None = None,
) -> Report:
    """Checks a zip file: its container byte by byte, every file in it and the record."""
    with path.open("rb") as file:
        try:
            zipped = Container(file)
        except UnreadableArchive as error:
            return Report(
                findings=(Finding("zip.directory", path.name, params={"where": str(error)}),), finding_count=1
            )
        report = check(zipped, key, older, texts, progress, witnesses, maker or whole())
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
    witnesses: Sequence[Witness] = (),
    fetch: Fetch | None = None,
    pause: Callable[[float], None] = time.sleep,
) -> Report:
    """Checks the record of a live site; `url` is the address of the congress or of its record.

    While it reads, content may be published or erased by acts that the checkpoint does not cover yet. If nothing else
    seems wrong, it waits for the next checkpoint and reads everything again; likewise if only a cosignature is missing.
    """
    site = Site(record_address(url), fetch or fetch_over_http)
    try:
        report = site.check(key, older, texts, progress, witnesses)
        for _ in range(ATTEMPTS):
            if not _may_be_early(report) or not site.moved(pause, _lacks_witness(report)):
                break
            report = site.check(key, older, texts, progress, witnesses)
    except OSError as error:
        failed = Finding("fetch.failed", site.base, params={"why": str(error)})
        return Report(findings=(failed,), finding_count=1)
    return replace(report, skipped={"site": ()})


def _may_be_early(report: Report) -> bool:
    """Whether the only findings are about absent contents, or about a witness that has not answered yet."""
    return not report.ok and all(finding.code in EARLY for finding in report.findings)


def _lacks_witness(report: Report) -> bool:
    return any(finding.code == NOT_COSIGNED for finding in report.findings)


class Site:
    """The files of a record on a live site, limited to the size of the checkpoint that was read first."""

    def __init__(self, base: str, fetch: Fetch) -> None:
        self.base = base
        self._fetch = fetch
        self._size = 0
        self._signed = b""

    def read(self, path: str) -> bytes | None:
        """A file of the record; what was added after the checkpoint is cut off."""
        first, _, number = path.partition("/")
        if first == "checkpoints":
            return self._earlier() if number == "0" else None
        data = self._fetch(f"{self.base}/{live_path(path)}")
        if data is not None and path == "checkpoint":
            self._size, self._signed = size_of(data), data
        if data is not None and first == "payloads":
            lines = data.splitlines(keepends=True)
            data = b"".join(lines[: max(0, self._size - WIDTH * int(number))])
        return data

    def check(
        self,
        key: note.Key | None,
        older: Sequence[bytes],
        texts: Texts | None,
        progress: Progress | None,
        witnesses: Sequence[Witness],
    ) -> Report:
        """Checks the record as the site serves it now."""
        return verify(self.read, key, older, texts, progress, witnesses, tell=telling.sentence)

    def _earlier(self) -> bytes | None:
        """All earlier checkpoints in one bundle, as a site serves them; None if there are none."""
        data = self._fetch(f"{self.base}/checkpoints")
        if data is None:
            return None
        notes = [text.removesuffix(b"\n") + b"\n" for text in unbundle(data)]
        return b"\n".join(text for text in notes if not self._size <= size_of(text)) or None

    def moved(self, pause: Callable[[float], None], signatures: bool = False) -> bool:
        """Waits for a checkpoint of another size; with `signatures`, also for one with further signatures. Returns
        whether it came within the times in `WAITS`.
        """
        for seconds in WAITS:
            pause(seconds)
            found = self._fetch(f"{self.base}/checkpoint") or b""
            if size_of(found) != self._size or (signatures and found != self._signed):
                return True
        return False


def size_of(signed: bytes) -> int:
    """The size that a checkpoint states; 0 if it is malformed."""
    lines = signed.split(b"\n", 2)
    return int(lines[1]) if len(lines) > 2 and lines[1].isdigit() and len(lines[1]) < 17 else 0


def record_address(url: str) -> str:
    """The address of that congress's record, such as `https://host/c/demo/registre`."""
    url = url.split("#")[0].split("?")[0].rstrip("/")
    return url if url.endswith("/registre") else f"{url}/registre"


def live_path(path: str) -> str:
    """The path on a live site of a file that `deliberation.record.verify` reads."""
    first, slash, rest = path.partition("/")
    return LIVE.get(first, first) + slash + rest


def fetch_over_http(url: str) -> bytes | None:
    """The body at an address, as `Fetch` describes; bounded in time and size."""
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
    witnesses: Sequence[str] = (),
    strict: bool = False,
) -> int:
    """Checks a zip file, a folder, an address (http, https) or a receipt, prints the result, returns the exit status.

    `key` is a vkey or a file with one, and so is each of `witnesses`; `older` are files with checkpoints. 0: all is
    well, 1: something is wrong, or with `strict` something was not compared with the record, 2: wrong usage.
    """
    try:
        given, kept, asked = command.read_key(key), command.read_older(older), command.read_witnesses(witnesses)
        report = _verify_any(target, given, kept, texts, None if as_json else _progress(), asked)
    except (note.BadNote, OSError, UnicodeDecodeError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    command.tell(report, as_json, language)
    return 0 if report.ok and not (strict and report.skipped) else 1


def _verify_any(
    target: str,
    key: note.Key | None,
    older: Sequence[bytes],
    texts: Texts | None,
    progress: Progress | None,
    witnesses: Sequence[Witness],
) -> Report:
    if target.startswith(("http://", "https://")):
        return verify_url(target, key, older, texts, progress, witnesses)
    path = Path(target)
    if path.is_file() and receipts.is_receipt(path.read_bytes()[:64]):
        if key is None:
            raise note.BadNote("Un reçu se vérifie avec la clé de son registre : --key CLÉ")
        return receipts.check(path.read_bytes(), key, witnesses)
    return (verify_folder if path.is_dir() else verify_archive)(path, key, older, texts, progress, witnesses)


def _progress() -> Progress | None:
    """A progress line on the terminal; None if the output goes elsewhere."""
    if not sys.stderr.isatty():
        return None

    def show(done: int, size: int) -> None:
        if size > 20_000:
            sys.stderr.write(f"\r{done * 100 // size:3} % " + ("\r\x1b[K" if done == size else ""))
            sys.stderr.flush()

    return show
