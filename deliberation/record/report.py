"""The findings of a verification, as values; `exports/checking/words.py` words them in French and English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

MAX_FINDINGS = 200


@dataclass(frozen=True)
class Finding:
    """Something wrong. `file` is a path in the archive, `entry` the index of an entry, `line` a number of a line from
    1.

    `code` is a key of the sentences `exports.checking.words.FINDINGS`, and `params` are the values to fill in.
    """

    code: str
    file: str = ""
    entry: int | None = None
    line: int | None = None
    params: Mapping[str, str | int] = field(default_factory=dict)


class Sentence(NamedTuple):
    """An entry described in French and in English."""

    fr: str
    en: str


class Findings:
    """Collects findings: keeps the first `MAX_FINDINGS` and counts all, so that the report on a badly damaged record
    stays readable.
    """

    def __init__(self) -> None:
        self.kept: list[Finding] = []
        self.count = 0

    def add(
        self,
        code: str,
        file: str = "",
        entry: int | None = None,
        line: int | None = None,
        **params: str | int,
    ) -> None:
        """Adds a finding with these fields."""
        self.take(Finding(code, file, entry, line, params))

    def take(self, finding: Finding) -> None:
        """Adds a finding."""
        self.count += 1
        if len(self.kept) < MAX_FINDINGS:
            self.kept.append(finding)


@dataclass(frozen=True)
class Report:
    """The outcome of a verification.

    `key_given`: the signature was checked with a key provided by the reader, not with the one beside the record.
    `older` are the sizes of the checkpoints kept elsewhere that this record continues. `withheld` maps the index of an
    entry without public content to the reason, `redacted` to the number of the redaction. `counts` is the number of
    checked objects by kind. `cosigned` maps the key of each witness trusted by the reader to the time at which it
    cosigned the newest checkpoint; `unknown` are the names of other signatures on it, which were not checked. `root` is
    in base64, as in the checkpoint. `sentences` describes the entries that the report mentions; `asked` are the indices
    of entries for which receipts were given. For an archive: `program` is the version that made its files, `engine` the
    program that laid out its maps, and `skipped` lists, by reason, the files that were not compared byte for byte with
    those recomputed from the record.
    """

    origin: str = ""
    size: int = 0
    root: str = ""
    last_time: str = ""
    key: str = ""
    key_given: bool = False
    older: tuple[int, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    withheld: Mapping[int, str] = field(default_factory=dict)
    redacted: Mapping[int, int] = field(default_factory=dict)
    cosigned: Mapping[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    finding_count: int = 0
    sentences: Mapping[int, Sentence] = field(default_factory=dict)
    asked: tuple[int, ...] = ()
    program: str = ""
    engine: str = ""
    skipped: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether nothing wrong was found."""
        return self.finding_count == 0

    def as_json(self) -> dict[str, Any]:
        """The report as plain JSON values."""
        return {
            "ok": self.ok,
            "origin": self.origin,
            "size": self.size,
            "root": self.root,
            "last_time": self.last_time,
            "key": self.key,
            "key_given": self.key_given,
            "older": list(self.older),
            "counts": dict(self.counts),
            "withheld": {str(index): why for index, why in self.withheld.items()},
            "redacted": {str(index): number for index, number in self.redacted.items()},
            "cosigned": dict(self.cosigned),
            "unknown": list(self.unknown),
            "finding_count": self.finding_count,
            "sentences": {str(index): told._asdict() for index, told in self.sentences.items()},
            "asked": list(self.asked),
            "program": self.program,
            "engine": self.engine,
            "skipped": {why: list(paths) for why, paths in self.skipped.items()},
            "findings": [_finding_json(finding) for finding in self.findings],
        }


def _finding_json(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "file": finding.file,
        "entry": finding.entry,
        "line": finding.line,
        **finding.params,
    }
