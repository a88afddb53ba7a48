"""Everything that may be published of a congress, gathered once for every output: pages, tables, site, archive.

What is withheld by an act in force, or erased, is not in it: only the fact, the reason and the number remain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from deliberation.kernel import events as e
from deliberation.kernel.state import Excerpt, Poll, Remark, Settings, State, Testimony
from deliberation.kernel.vocabulary import Speaker
from deliberation.motions import remarks, seclusion
from deliberation.motions.origins import Latest, Tracings
from deliberation.thread.thread import Coverage, Threads, threads_of
from exports.narrator import describe, typed
from exports.translations import words_for


@dataclass(frozen=True)
class Seal:
    """The signed checkpoint that the whole stands under, and the key that signed it, as a vkey."""

    checkpoint: str
    size: int
    root: str
    vkey: str


@dataclass(frozen=True, slots=True)
class PublicEntry:
    """An entry of the record in words, French and English. `absence`: "" where its content is public, else a reason of
    `State.withheld`, or "redacted". `typed` is what people typed, in French, as it stands in both.
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
        """The sentence in that language of the interface."""
        return self.words_en if lang == "en" else self.words


@dataclass(frozen=True)
class Dossier:
    """`state` holds public content only; so do `threads` and `lines`. `origins` tells where words come from (A26)."""

    state: State
    settings: Settings
    threads: Threads
    coverage: Coverage
    lines: tuple[PublicEntry, ...]
    seal: Seal | None = None
    origins: Latest = field(default_factory=dict)

    @property
    def quotes(self) -> Mapping[int, Excerpt]:
        """The excerpts whose words are public."""
        return {n: excerpt for n, excerpt in self.state.excerpts.items() if excerpt.quote}


def compile_dossier(state: State, record: Iterable[e.Recorded], seal: Seal | None = None) -> Dossier:
    """The dossier of a congress; `record` may hold withheld contents, they are left out."""
    shown = public(state)
    assert shown.settings is not None, "a dossier is of a congress that exists"
    threads = threads_of(shown)
    tracings = Tracings(shown)
    told = tuple(lines(shown, _traced(state, record, tracings)))
    return Dossier(shown, shown.settings, threads, threads.coverage(), told, seal, tracings.latest())


def _traced(state: State, record: Iterable[e.Recorded], tracings: Tracings) -> Iterator[e.Recorded]:
    """The record on its way, with what is public of it traced to the words of the motions."""
    for recorded in record:
        tracings.take(replace(recorded, event=None) if absence(state, recorded.index) else recorded)
        yield recorded


def public(state: State) -> State:
    """The state as anybody may see it: withheld and erased contents are empty, open polls show no ballots."""
    return replace(
        state,
        testimonies={n: _testimony(state, x) for n, x in state.testimonies.items()},
        excerpts={n: _excerpt(state, x) for n, x in state.excerpts.items()},
        polls={n: _poll(x) for n, x in state.polls.items()},
        motions=seclusion.public_motions(state),
        remarks={n: _remark(state, x) for n, x in state.remarks.items()},
        writing={},
    )


def _testimony(state: State, testimony: Testimony) -> Testimony:
    if testimony.status == "published" and not absence(state, testimony.entry):
        return testimony
    return replace(testimony, title="", text="", video="", theme="", speaker=Speaker())


def _excerpt(state: State, excerpt: Excerpt) -> Excerpt:
    spoken = state.testimonies.get(excerpt.testimony)
    if not absence(state, excerpt.entry) and spoken is not None and spoken.status == "published":
        return excerpt
    return replace(excerpt, start=0, end=0, quote="")


def _remark(state: State, remark: Remark) -> Remark:
    return remarks.blank(remark) if absence(state, remark.entry) else remark


def _poll(poll: Poll) -> Poll:
    """An open poll shows no ballots; nor who took part, where its rule says so (V17)."""
    if not poll.is_open:
        return poll
    veiled = replace(poll, ballots={}, cast={}, by_proxy={}, counts={})
    return veiled if poll.rule.participation else replace(veiled, entries=(), signed={}, borne={})


def absence(state: State, index: int) -> str:
    """Why the content of an entry is not public: "redacted", a reason of `State.withheld`, or ""."""
    return "redacted" if index in state.redacted else state.withheld.get(index, "")


def lines(state: State, record: Iterable[e.Recorded]) -> Iterator[PublicEntry]:
    """Every entry in words; contents that are not public are not looked at."""
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
