"""The thread on pages: what became of a testimony, and whose words a clause cites."""

from __future__ import annotations

from dataclasses import dataclass

from deliberation.kernel.state import Amendment, Excerpt, Poll, State, Testimony
from deliberation.thread.thread import NodePlace, Thread, Threads, Use, threads_of
from deliberation.visibility.views import View
from exports import naming
from exports.translations import Translator
from server.pages.shell.visit import Visit

_threads_by_congress: dict[str, tuple[State, Threads]] = {}


def threads(slug: str, state: State) -> Threads:
    """The threads of a state; cached for each congress until something that they depend on changes."""
    state = (state.common or state) if isinstance(state, View) else state
    kept = _threads_by_congress.get(slug)
    if kept is None or not _ties_the_same(kept[0], state):
        kept = (state, threads_of(state))
        _threads_by_congress[slug] = kept
    return kept[1]


def _ties_the_same(known: State, state: State) -> bool:
    """Whether both states have the same threads. Of polls only their existence matters, not the thousands of
    ballots.
    """
    names = ("testimonies", "excerpts", "maps", "motions", "amendments")
    same = all(getattr(known, name) is getattr(state, name) for name in names)
    return same and known.polls.keys() == state.polls.keys()


@dataclass(frozen=True)
class Quoted:
    """An excerpt for display: the words, who said them, where."""

    excerpt: Excerpt
    testimony: Testimony
    said: naming.Said
    visible: bool

    @property
    def path(self) -> str:
        return f"temoignages/{self.excerpt.testimony}#extrait-{self.excerpt.number}"


@dataclass(frozen=True)
class PlacedAt:
    map: int
    map_title: str
    node: str
    text: str


@dataclass(frozen=True)
class CitedIn:
    """A clause that cites it; `standing` says whether it is still in the current text."""

    motion: int
    motion_title: str
    clause: str
    label: str
    text: str
    final: bool
    standing: bool


@dataclass(frozen=True)
class Followed:
    """A thread for display, from the excerpts to the final text."""

    quotes: tuple[Quoted, ...]
    places: tuple[PlacedAt, ...]
    clauses: tuple[CitedIn, ...]
    amendments: tuple[Amendment, ...]
    polls: tuple[Poll, ...]

    @property
    def final(self) -> tuple[CitedIn, ...]:
        return tuple(clause for clause in self.clauses if clause.final)


def follow_testimony(visit: Visit, number: int) -> Followed:
    return _followed(visit, threads(visit.slug, visit.state).of_testimony(number))


def follow_amendment(visit: Visit, number: int) -> Followed:
    return _followed(visit, threads(visit.slug, visit.state).of_amendment(number))


def _followed(visit: Visit, thread: Thread) -> Followed:
    state = visit.state
    return Followed(
        quotes=tuple(q for n in thread.excerpts if (q := quoted(state, visit.words, n)) is not None),
        places=tuple(_placed(state, place) for place in thread.places),
        clauses=tuple(_cited(state, visit.words, use) for use in thread.uses),
        amendments=tuple(state.amendments[n] for n in thread.amendments),
        polls=tuple(state.polls[n] for n in thread.polls),
    )


def _placed(state: State, place: NodePlace) -> PlacedAt:
    text = naming.node_text(state, place.map, place.node)
    return PlacedAt(place.map, state.maps[place.map].title, place.node, text)


def _cited(state: State, words: Translator, use: Use) -> CitedIn:
    motion = state.motions[use.motion]
    text = motion.text
    standing = bool(text and text.version in use.versions) if motion.status != "drafting" else use.drafted
    clause = naming.find_clause(motion, use.clause)
    draft = motion.draft.get(use.clause)
    label = naming.clause_label(words, clause) if clause else words("Passage en cours d’écriture")
    said = clause.markdown if clause else (draft.markdown if draft else "")
    return CitedIn(use.motion, motion.title, use.clause, label, said, use.final, standing)


def quoted(state: State, words: Translator, number: int) -> Quoted | None:
    """The excerpt for display; its words and its speaker are shown only while its testimony is public."""
    excerpt = state.excerpts.get(number)
    testimony = state.testimonies.get(excerpt.testimony) if excerpt else None
    if excerpt is None or testimony is None:
        return None
    visible = testimony.status == "published" and bool(excerpt.quote)
    unnamed = naming.Said(words("Témoignage n° {n}", n=testimony.number))
    said = naming.said_by(state, words, testimony) if visible else unnamed
    return Quoted(excerpt, testimony, said, visible)
