"""Results of polls held elsewhere, such as with Belenios: recorded as an organiser states them, never recounted
(W19).
"""

from __future__ import annotations

import re
from dataclasses import replace

from deliberation.congress.congress import LONG, SHORT, refuse_title, too_long
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.errors import Refused
from deliberation.kernel.plain_text import is_blank, one_line
from deliberation.kernel.rules import Decision, Folds, Rules
from deliberation.kernel.state import OutsideResult, State
from deliberation.kernel.vocabulary import OutsideCount, OutsideFile

WEB = re.compile(r"https?://[^\s/?#]+(?:[/?#]\S*)?", re.ASCII)
DIGEST = re.compile(r"[0-9a-f]{64}")
MOST_COUNTS = 100
MOST_FILES = 10
MOST_VOTES = 10_000_000
MOST_BYTES = 10**12


def record(state: State, request: c.Request, command: c.ImportResult, now: str) -> Decision:
    refused = (
        refuse_title(command.title)
        or _refuse_address(command.url)
        or _refuse_counts(command)
        or _refuse_files(command.files)
        or too_long(command.uuid, "uuid", SHORT)
        or too_long(command.comment, "comment", LONG)
    )
    if refused:
        return refused
    imported = e.ResultImported(
        len(state.results) + 1,
        one_line(command.title),
        command.url,
        one_line(command.uuid),
        command.voters,
        tuple(OutsideCount(one_line(x.label), x.votes) for x in command.counts),
        tuple(OutsideFile(one_line(x.name), x.size, x.sha256) for x in command.files),
        command.comment.strip(),
    )
    return (imported,)


def _refuse_address(url: str) -> Refused | None:
    if not WEB.fullmatch(url):
        return Refused("result.no_address", "Donnez l’adresse publique de ce scrutin, en http ou https.", "url")
    return too_long(url, "url", 2000)


def _refuse_counts(command: c.ImportResult) -> Refused | None:
    counts = command.counts
    if not counts or len(counts) > MOST_COUNTS:
        return Refused("result.no_counts", "Donnez le résultat : une réponse et ses voix par ligne.", "counts")
    for found in counts:
        if is_blank(found.label) or not 0 <= found.votes <= MOST_VOTES:
            return Refused("result.bad_count", "Chaque réponse a un nom et un nombre de voix.", "counts")
        if refused := too_long(found.label, "counts", SHORT):
            return refused
    if not 0 <= command.voters <= MOST_VOTES:
        return Refused("result.bad_count", "Chaque réponse a un nom et un nombre de voix.", "voters")
    return None


def _refuse_files(files: tuple[OutsideFile, ...]) -> Refused | None:
    sound = len(files) <= MOST_FILES and all(
        DIGEST.fullmatch(x.sha256) and 0 <= x.size <= MOST_BYTES and not is_blank(x.name) and len(x.name) <= SHORT
        for x in files
    )
    return None if sound else Refused("result.bad_file", "L’empreinte d’un fichier est son SHA-256.", "files")


def on_imported(state: State, r: e.Recorded, event: e.ResultImported) -> State:
    stated = (event.title, event.url, event.uuid, event.voters, event.counts, event.files, event.comment)
    result = OutsideResult(event.result, *stated, recorded=r.time, recorded_by=r.actor)
    return replace(state, results={**state.results, result.number: result})


DECIDE: Rules = {c.ImportResult: record}
EVOLVE: Folds = {e.ResultImported: on_imported}
