"""What adopted amendments brought into the passage that somebody amends, for its editor and in words (A50)."""

from __future__ import annotations

import json
from dataclasses import dataclass

from deliberation.kernel.state import Frozen, Motion
from exports import comparison
from server.pages.shell.visit import Visit
from server.texts.rewording import content


@dataclass(frozen=True)
class AdoptedWords:
    """What amendments adopted so far (`by`) changed in a passage, or that one of them `inserted` it.

    `steps` is JSON for the editor: the words of the passage in each version in which they changed, from the frozen one
    on, each with the numbers of the amendments that made it.
    """

    by: tuple[int, ...]
    pieces: comparison.Pieces
    inserted: bool
    steps: str


def adopted_words(visit: Visit, motion: Motion, text: Frozen, clause: str) -> AdoptedWords | None:
    """What was adopted in that clause of a version, "" being the title; None where it reads as it was frozen."""
    versions = [each for each in motion.frozen[: text.version] if each.base == text.base]
    adopted = [visit.state.amendments[n] for n in text.adopted]
    found = {passage.id: passage for passage in comparison.consolidated(versions[0], text, adopted)}.get(clause)
    if found is None or found.change not in ("added", "changed"):
        return None
    steps = _steps(versions, clause)
    return AdoptedWords(found.amendments, found.pieces, found.before is None, json.dumps(steps, ensure_ascii=False))


def _steps(versions: list[Frozen], clause: str) -> list[dict[str, object]]:
    steps: list[dict[str, object]] = []
    last: str | None = None
    adopted: set[int] = set()
    for version in versions:
        words = _words(version, clause)
        if words != last or not steps:
            steps.append({"by": sorted(set(version.adopted) - adopted), "words": _written(words, clause)})
        last, adopted = words, set(version.adopted)
    return steps


def _words(text: Frozen, clause: str) -> str:
    if not clause:
        return text.title
    return next((each.markdown for each in text.clauses if each.id == clause), "")


def _written(words: str, clause: str) -> str:
    """The words as the editor reads them: a clause as the JSON of its content."""
    return json.dumps(content(words), ensure_ascii=False) if clause else words
