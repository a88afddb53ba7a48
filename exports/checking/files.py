"""The files of an archive, from an unpacked folder, and their comparison with the manifest."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Protocol

from deliberation.record import note
from deliberation.record.cosignature import Witness
from deliberation.record.report import Findings, Report
from deliberation.record.tiles import WIDTH
from deliberation.record.verify import PREFIX, Progress, Texts, record_paths, verify
from exports.checking import manifest, sourced


class Files(Protocol):
    """Files by their path with slashes, such as `record/checkpoint`."""

    def names(self) -> Iterable[str]: ...

    def read(self, path: str) -> bytes | None:
        """The whole file; None when it is not there."""
        ...


class Folder:
    """An unpacked archive."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def names(self) -> Iterable[str]:
        """Composed letters, as the manifest has them, also where a file system takes accents apart."""
        for folder, folders, names in os.walk(self.root):
            folders.sort()
            for name in sorted(names):
                yield unicodedata.normalize("NFC", Path(folder, name).relative_to(self.root).as_posix())

    def read(self, path: str) -> bytes | None:
        try:
            return self.root.joinpath(*path.split("/")).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None


def check(
    files: Files,
    key: note.Key | None = None,
    older: Sequence[bytes] = (),
    texts: Texts | None = None,
    progress: Progress | None = None,
    witnesses: Sequence[Witness] = (),
) -> Report:
    """Every file against the manifest, the record itself (see `deliberation.record.verify`), the origins of words."""
    stated = files.read(sourced.PATH)
    sources = None if stated is None else partial(sourced.findings, stated)
    report = verify(lambda path: files.read(PREFIX + path), key, older, texts, progress, witnesses, sources)
    findings = Findings()
    count = _check_manifest(files, report.key, findings)
    _check_record_folder(files, report, findings)
    return replace(
        report,
        counts={"files": count, **report.counts},
        findings=(*findings.kept, *report.findings),
        finding_count=findings.count + report.finding_count,
    )


def _check_manifest(files: Files, key: str, findings: Findings) -> int:
    """R19: each listed file is there with its bytes, and nothing else is."""
    data = files.read(manifest.PATH)
    if data is None or not key:
        findings.add("file.missing" if key else "manifest.no_key", manifest.PATH)
        return 0
    try:
        listed = manifest.open_manifest(data, note.parse_key(key))
    except note.BadNote as error:
        findings.add("manifest.bad", manifest.PATH, why=str(error))
        return 0
    for path, expected in listed.items():
        found = files.read(path)
        if found is None:
            findings.add("file.missing", path)
        elif manifest.listed(found) != expected:
            findings.add("file.changed", path)
    for path in manifest.unexpected(files.names(), listed):
        findings.add("file.unexpected", path)
    return len(listed)


def _check_record_folder(files: Files, report: Report, findings: Findings) -> None:
    """R19: the record's folder holds what a record of this size has, and no other tile or bundle."""
    if not report.root:
        return
    earlier = 0
    while files.read(f"{PREFIX}checkpoints/{earlier}") is not None:
        earlier += 1
    expected = {PREFIX + path for path in record_paths(report.size, earlier * WIDTH)}
    for path in files.names():
        if path.startswith(PREFIX) and path not in expected and path != manifest.PATH and not manifest.ignored(path):
            findings.add("file.stray", path)
