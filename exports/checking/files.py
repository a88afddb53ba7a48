"""Checking the files of an archive: against the manifest, and against the files that follow from the record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from deliberation.record import note
from deliberation.record.cosignature import Witness
from deliberation.record.report import Findings, Report
from deliberation.record.tiles import WIDTH
from deliberation.record.verify import PREFIX, Progress, Texts, record_paths, verify
from exports.checking import manifest, telling
from exports.checking.derived import BY_VERIFIER, SCRIPT, VERIFIER, Derived, Maker
from exports.checking.sources import Files

LONE = frozenset({"derived.missing", "derived.unexpected"})
"""Findings about single files that the check of the manifest reports already."""


def check(
    files: Files,
    key: note.Key | None = None,
    older: Sequence[bytes] = (),
    texts: Texts | None = None,
    progress: Progress | None = None,
    witnesses: Sequence[Witness] = (),
    maker: Maker = BY_VERIFIER,
) -> Report:
    """Checks every file against the manifest, the record itself (see `deliberation.record.verify`), and the other files
    against those that `maker` makes again from the record.
    """
    derived = Derived(files, maker)
    read = partial(_of_record, files)
    report = verify(read, key, older, texts, progress, witnesses, derived.findings, telling.sentence)
    findings = Findings()
    count = _check_manifest(files, report.key, findings)
    _check_record_folder(files, report, findings)
    skipped = derived.skipped if derived.done else {"record": [path for path in files.names() if _is_derived(path)]}
    named = {finding.file for finding in findings.kept}
    more = [finding for finding in report.findings if not (finding.code in LONE and finding.file in named)]
    return replace(
        report,
        program=derived.stated.program,
        engine=derived.stated.engine,
        skipped={why: tuple(paths) for why, paths in skipped.items()},
        counts={"files": count, **report.counts, "remade": derived.compared},
        findings=(*findings.kept, *more),
        finding_count=findings.count + report.finding_count - len(report.findings) + len(more),
    )


def _of_record(files: Files, path: str) -> bytes | None:
    return files.read(PREFIX + path)


def _is_derived(path: str) -> bool:
    return not path.startswith((PREFIX, VERIFIER)) and path != SCRIPT


def _check_manifest(files: Files, key: str, findings: Findings) -> int:
    """R19: each listed file is present and unchanged, and there are no others. Returns the number of listed files."""
    data = files.read(manifest.PATH)
    if data is None or not key:
        findings.add("file.missing" if key else "manifest.no_key", manifest.PATH)
        return 0
    try:
        listed = manifest.open_manifest(data, note.parse_key(key)).files
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
    """R19: the folder of the record contains no files except those that a record of this size has."""
    if not report.root:
        return
    earlier = 0
    while files.read(f"{PREFIX}checkpoints/{earlier}") is not None:
        earlier += 1
    expected = {PREFIX + path for path in record_paths(report.size, earlier * WIDTH)}
    for path in files.names():
        if path.startswith(PREFIX) and path not in expected and path != manifest.PATH and not manifest.ignored(path):
            findings.add("file.stray", path)
