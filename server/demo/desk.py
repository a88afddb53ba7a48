"""The Yjs documents of the demonstration's motions and maps, written burst by burst."""

from __future__ import annotations

from collections.abc import Mapping

from deliberation.kernel import ids
from deliberation.kernel.commands import Command
from deliberation.kernel.vocabulary import Draft, Node
from server.texts import map as mindmap
from server.texts import motion
from server.texts.bursts import Recorder


class StoryDocuments:
    """The current state of each document; the same bursts always give the same bytes."""

    def __init__(self) -> None:
        self._recorders: dict[str, Recorder] = {}

    def write(
        self,
        document: str,
        person: str,
        title: str,
        changes: Mapping[str, Draft | None],
        order: tuple[str, ...],
        started: ids.Instant,
    ) -> Command:
        """One person's burst: a new title ("" leaves it), new clauses or wordings (None deletes one).

        `order` is that of all clauses, written yet or not.
        """
        recorder = self._recorder(document)
        before = motion.read(recorder.replica.doc)
        drafts = {**dict(before.clauses), **changes}
        told = tuple((id_, draft) for id_ in order if (draft := drafts.get(id_)) is not None)
        text = motion.MotionText(title or before.title, told)
        return recorder.take([motion.rewrite(_seat(document, person), recorder.state, text)], started)

    def draw(self, document: str, person: str, nodes: Mapping[str, Node], started: ids.Instant) -> Command:
        """One person's burst: nodes added or changed."""
        recorder = self._recorder(document)
        drawn = {**mindmap.read(recorder.replica.doc), **nodes}
        return recorder.take([mindmap.rewrite(_seat(document, person), recorder.state, drawn)], started)

    def _recorder(self, document: str) -> Recorder:
        return self._recorders.setdefault(document, Recorder(document))


def _seat(document: str, person: str) -> str:
    """A name from which this person's Yjs client id in that document is derived."""
    return f"{document} {person}"
