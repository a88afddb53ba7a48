"""Everything that may be published about a congress, collected once for all outputs: pages, tables, site, archive.

About what is withheld or erased, it contains only that this is so, why, and its number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from deliberation.kernel import events as e
from deliberation.kernel.state import Excerpt, Settings, State
from deliberation.motions.origins import Latest, Tracings
from deliberation.thread.thread import Coverage, Threads, threads_of
from deliberation.visibility.remains import absence
from deliberation.visibility.views import public_view
from deliberation.votes.imported import archive_name, decoded
from exports.narrator import describe, typed
from exports.translations import words_for


@dataclass(frozen=True)
class Seal:
    """The signed checkpoint that covers everything, and the key that signed it, as a vkey."""

    checkpoint: str
    size: int
    root: str
    vkey: str


@dataclass(frozen=True, slots=True)
class PublicEntry:
    """An entry of the record in words, French and English. `absence` is "" if its content is public, otherwise the
    reason from `State.withheld`, or "redacted". `typed` are the parts of the sentences that people typed; these stay in
    French.
    """

    index: int
    time: str
    actor: str
    kind: str
    document: str
    words: str
    words_en: str
    absence: str = ""
    typed: tuple[str, ...] = ()

    def said(self, lang: str) -> str:
        """The sentence in English for "en", otherwise in French."""
        return self.words_en if lang == "en" else self.words


@dataclass(frozen=True)
class Dossier:
    """The published content of a congress: `state`, `threads` and `lines` contain public content only. `origins` says
    where the words of motions come from (A26).

    `archives` are the archives of elections held elsewhere, by file name.
    """

    state: State
    settings: Settings
    threads: Threads
    coverage: Coverage
    lines: tuple[PublicEntry, ...]
    seal: Seal | None = None
    origins: Latest = field(default_factory=dict)
    archives: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def quotes(self) -> Mapping[int, Excerpt]:
        """The excerpts whose words are public."""
        return {n: excerpt for n, excerpt in self.state.excerpts.items() if excerpt.quote}


def compile_dossier(state: State, record: Iterable[e.Recorded], seal: Seal | None = None) -> Dossier:
    """The dossier of a congress, which must exist; `record` may contain content that is not public, which is left
    out.
    """
    shown = public_view(state)
    assert shown.settings is not None, "a dossier is of a congress that exists"
    threads = threads_of(shown)
    tracings = Tracings(shown)
    archives: dict[str, bytes] = {}
    told = tuple(lines(shown, _taking_origins(shown, record, tracings, archives)))
    return Dossier(shown, shown.settings, threads, threads.coverage(), told, seal, tracings.latest(), archives)


def _taking_origins(
    state: State, record: Iterable[e.Recorded], tracings: Tracings, archives: dict[str, bytes]
) -> Iterator[e.Recorded]:
    """Passes on the entries of the record; on the way, traces the origins of motions' words through public entries, and
    collects the archives of elections.
    """
    for recorded in record:
        public = replace(recorded, event=None) if absence(state, recorded.index) else recorded
        tracings.take(public)
        if isinstance(public.event, e.ResultArchived):
            archives[archive_name(public.event.result)] = decoded(public.event.archive) or b""
        yield recorded


def lines(state: State, record: Iterable[e.Recorded]) -> Iterator[PublicEntry]:
    """Every entry in words; content that is not public is not used."""
    for recorded in record:
        why = absence(state, recorded.index)
        seen = replace(recorded, event=None) if why else recorded
        yield PublicEntry(
            recorded.index,
            recorded.time,
            recorded.actor,
            recorded.kind,
            recorded.document,
            describe(words_for("fr"), state, seen),
            describe(words_for("en"), state, seen),
            why,
            typed(seen.event),
        )
