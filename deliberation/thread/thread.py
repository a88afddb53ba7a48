"""The thread: links from a testimony to the final text, and back from a clause to the testimonies that it cites.

`threads_of(state)` indexes a state in one pass; every question after that is a look-up. Links lead from a testimony to
its excerpts, from these to the map nodes and clauses that cite them (`[^12]`), from clauses to the amendments that
changed them, from amendments and motions to their polls, and from adopted motions to the final text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from deliberation.kernel import ids
from deliberation.kernel.state import Amendment, Motion, State
from deliberation.kernel.vocabulary import Aim, Clause, ClauseKind
from deliberation.motions.motions import draft_clauses
from deliberation.text.merge import id_of_inserted

K = TypeVar("K")
V = TypeVar("V")

CITATION = re.compile(r"(?<!\\)((?:\\\\)*)\[\^([0-9]{1,9})\]")
"""A citation of an excerpt; an odd number of backslashes before it escapes it."""


def citations(markdown: str) -> tuple[int, ...]:
    """The excerpts that a text cites, each once, in the order of first citation."""
    return tuple(dict.fromkeys(int(found[2]) for found in CITATION.finditer(markdown)))


@dataclass(frozen=True)
class NodePlace:
    """A node of a map that refers to `excerpts` of the thread."""

    map: int
    node: str
    excerpts: tuple[int, ...]

    def restricted(self, only: frozenset[int]) -> NodePlace:
        """The same place with only these excerpts."""
        return NodePlace(self.map, self.node, tuple(n for n in self.excerpts if n in only))


@dataclass(frozen=True)
class Use:
    """A clause that cites `excerpts` of the thread, and where it does: in the draft (`drafted`), in frozen `versions`
    (numbered from 1), in the adopted text (`final`). In the thread of a clause itself, these say where the clause
    exists.
    """

    motion: int
    clause: str
    excerpts: tuple[int, ...]
    drafted: bool
    versions: tuple[int, ...]
    final: bool


@dataclass(frozen=True)
class _Citing:
    """The excerpts that one clause cites in each text of its motion; `drafted` is None if the draft does not contain
    the clause.
    """

    motion: int
    clause: str
    drafted: tuple[int, ...] | None
    versions: Mapping[int, tuple[int, ...]]
    adopted: int | None

    @property
    def excerpts(self) -> tuple[int, ...]:
        return _sorted(n for text in (self.drafted or (), *self.versions.values()) for n in text)

    def use(self, only: frozenset[int] | None = None) -> Use:
        """The texts in which the clause cites one of the excerpts `only`; if that is None, the texts that contain the
        clause.
        """

        def counts(text: tuple[int, ...] | None) -> bool:
            return text is not None and (only is None or not only.isdisjoint(text))

        cited = tuple(n for n in self.excerpts if only is None or n in only)
        versions = tuple(number for number, text in self.versions.items() if counts(text))
        return Use(self.motion, self.clause, cited, counts(self.drafted), versions, self.adopted in versions)


@dataclass(frozen=True)
class Thread:
    """Everything connected with one object, in both directions; each object once, in order of number."""

    testimonies: tuple[int, ...] = ()
    excerpts: tuple[int, ...] = ()
    places: tuple[NodePlace, ...] = ()
    uses: tuple[Use, ...] = ()
    amendments: tuple[int, ...] = ()
    polls: tuple[int, ...] = ()

    @property
    def reaches_final(self) -> bool:
        """Whether a clause of the thread is in an adopted text."""
        return any(use.final for use in self.uses)


@dataclass(frozen=True)
class Coverage:
    """Numbers of published testimonies: all, quoted, placed on a map, cited in a current motion, cited in an adopted
    text; and those not yet placed or cited.
    """

    published: tuple[int, ...]
    quoted: tuple[int, ...]
    placed: tuple[int, ...]
    cited: tuple[int, ...]
    final: tuple[int, ...]

    @property
    def unplaced(self) -> tuple[int, ...]:
        """Published testimonies that are on no map yet."""
        return _without(self.published, self.placed)

    @property
    def uncited(self) -> tuple[int, ...]:
        """Published testimonies that no current motion cites yet."""
        return _without(self.published, self.cited)


SOURCED = (ClauseKind.CONSIDERANT, ClauseKind.DEMANDE)
"""Kinds of clauses that state or demand something and should therefore cite testimonies; a visa cites law instead."""


@dataclass(frozen=True)
class Footing:
    """What the current text of a motion cites (M9): ids of its considérants and demandes that cite a published
    testimony (`resting`) or do not (`bare`); numbers of the published testimonies that some clause cites (`reached`) or
    none does (`missing`).
    """

    resting: tuple[str, ...]
    bare: tuple[str, ...]
    reached: tuple[int, ...]
    missing: tuple[int, ...]


def _without(numbers: tuple[int, ...], others: tuple[int, ...]) -> tuple[int, ...]:
    known = frozenset(others)
    return tuple(number for number in numbers if number not in known)


class Threads:
    """Look-up tables over one state; made by `threads_of`."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._excerpts_of = _group((e.testimony, e.number) for e in state.excerpts.values())
        self._places = {
            (m.number, node_id): NodePlace(m.number, node_id, node.excerpts)
            for m in state.maps.values()
            for node_id, node in m.nodes.items()
        }
        self._clauses = {(c.motion, c.clause): c for motion in state.motions.values() for c in _citing(motion)}
        self._rank = {key: rank for rank, key in enumerate(self._clauses)}
        self._places_of = _group((n, key) for key, place in self._places.items() for n in place.excerpts)
        self._clauses_of = _group((n, key) for key, clause in self._clauses.items() for n in clause.excerpts)
        self._amendments_of = _group((key, a.number) for a in state.amendments.values() for key in _touched(a))
        self._amendments_citing = _group((n, a.number) for a in state.amendments.values() for n in _cited_by(a))
        self._polls_of = _group((poll.subject, poll.number) for poll in state.polls.values())

    def of_testimony(self, number: int) -> Thread:
        """Everything that follows from a testimony."""
        return self._thread(self._excerpts_of.get(number, ()), testimonies=(number,))

    def of_excerpt(self, number: int) -> Thread:
        """Everything that refers to an excerpt, and the testimony that it quotes."""
        return self._thread((number,))

    def of_node(self, map_number: int, node: str) -> Thread:
        """The excerpts that a map node cites, and everything else connected with them; an empty thread if the node does
        not exist.
        """
        place = self._places.get((map_number, node))
        return self._thread(place.excerpts) if place else Thread()

    def of_clause(self, motion: int, clause: str) -> Thread:
        """What a clause cites in any of its wordings, and the amendments that changed it; `uses` contains only this
        clause.
        """
        found = self._clauses.get((motion, clause))
        if found is None:
            return Thread()
        thread = self._thread(found.excerpts)
        amendments = _sorted(self._amendments_of.get((motion, clause), ()))
        polls = self._polls({motion}, amendments)
        return Thread(thread.testimonies, thread.excerpts, thread.places, (found.use(),), amendments, polls)

    def of_amendment(self, number: int) -> Thread:
        """What the amendment and the clauses that it changes cite, and the polls on it."""
        amendment = self._state.amendments[number]
        touched = [self._clauses[key] for key in _touched(amendment) if key in self._clauses]
        thread = self._thread([n for clause in touched for n in clause.excerpts] + list(_cited_by(amendment)))
        uses = tuple(clause.use() for clause in touched)
        return Thread(thread.testimonies, thread.excerpts, thread.places, uses, (number,), self._polls((), (number,)))

    def coverage(self) -> Coverage:
        """How many published testimonies are quoted, on a map, cited in a motion, and cited in an adopted text."""
        published = [n for n, testimony in sorted(self._state.testimonies.items()) if testimony.status == "published"]
        standing = _standing(self._state.motions.values())
        reach: dict[str, list[int]] = {"quoted": [], "placed": [], "cited": [], "final": []}
        for number in published:
            for word in self._reached(self._excerpts_of.get(number, ()), standing):
                reach[word].append(number)
        return Coverage(tuple(published), *(tuple(reach[word]) for word in ("quoted", "placed", "cited", "final")))

    def footing(self, motion: int) -> Footing:
        """What the current text of the motion cites."""
        published = {n for n, testimony in self._state.testimonies.items() if testimony.status == "published"}
        excerpts = self._state.excerpts
        spoken = {
            clause.id: {excerpts[n].testimony for n in citations(clause.markdown) if n in excerpts} & published
            for clause in _text_of(self._state.motions[motion])
        }
        kinds = {clause.id: clause.kind for clause in _text_of(self._state.motions[motion])}
        sourced = [id_ for id_, kind in kinds.items() if kind in SOURCED]
        reached = {n for numbers in spoken.values() for n in numbers}
        return Footing(
            tuple(id_ for id_ in sourced if spoken[id_]),
            tuple(id_ for id_ in sourced if not spoken[id_]),
            _sorted(reached),
            _sorted(published - reached),
        )

    def _reached(self, excerpts: Iterable[int], standing: frozenset[int]) -> set[str]:
        words = set()
        for number in excerpts:
            words.add("quoted")
            if number in self._places_of:
                words.add("placed")
            if number in standing:
                words.add("cited")
            if any(self._clauses[key].use(frozenset({number})).final for key in self._clauses_of.get(number, ())):
                words.add("final")
        return words

    def _thread(self, excerpts: Iterable[int], testimonies: tuple[int, ...] = ()) -> Thread:
        known = _sorted(n for n in excerpts if n in self._state.excerpts)
        spoken = testimonies or _sorted(self._state.excerpts[n].testimony for n in known)
        only = frozenset(known)
        places = sorted({key for n in known for key in self._places_of.get(n, ())})
        clauses = sorted({key for n in known for key in self._clauses_of.get(n, ())}, key=self._rank.__getitem__)
        citing = [a for n in known for a in self._amendments_citing.get(n, ())]
        amendments = _sorted([a for key in clauses for a in self._amendments_of.get(key, ())] + citing)
        return Thread(
            testimonies=spoken,
            excerpts=known,
            places=tuple(self._places[key].restricted(only) for key in places),
            uses=tuple(self._clauses[key].use(only) for key in clauses),
            amendments=amendments,
            polls=self._polls({motion for motion, _ in clauses}, amendments),
        )

    def _polls(self, motions: Iterable[int], amendments: Iterable[int]) -> tuple[int, ...]:
        subjects = [ids.document(ids.MOTION, n) for n in motions] + [ids.document(ids.AMENDMENT, n) for n in amendments]
        return _sorted(poll for subject in subjects for poll in self._polls_of.get(subject, ()))


def threads_of(state: State) -> Threads:
    """The indexed threads of a state; takes one pass over it."""
    return Threads(state)


def _citing(motion: Motion) -> Iterable[_Citing]:
    """Every clause that ever stood in the draft or a frozen version, in order of first appearance."""
    drafted = {clause: citations(motion.draft[clause].markdown) for clause in motion.order if clause in motion.draft}
    frozen = {text.version: {c.id: citations(c.markdown) for c in text.clauses} for text in motion.frozen}
    adopted = motion.frozen[-1].version if motion.frozen and motion.status == "adopted" else None
    for clause in dict.fromkeys(clause for text in (drafted, *frozen.values()) for clause in text):
        versions = {number: text[clause] for number, text in frozen.items() if clause in text}
        yield _Citing(motion.number, clause, drafted.get(clause), versions, adopted)


def _touched(amendment: Amendment) -> tuple[tuple[int, str], ...]:
    """The clauses that an amendment deletes or rewrites, or that came into the text with it."""
    found = (_touched_clause(single) for single in amendment.single_edits)
    return tuple((amendment.motion, clause) for clause in dict.fromkeys(found) if clause)


def _touched_clause(amendment: Amendment) -> str:
    """The clause that an amendment with one edit deletes, rewrites, moves or inserts; "" for the title."""
    if amendment.aim in (Aim.DELETE, Aim.REWRITE, Aim.MOVE):
        return amendment.clause
    return id_of_inserted(amendment) if amendment.aim is Aim.INSERT else ""


def _cited_by(amendment: Amendment) -> tuple[int, ...]:
    """The excerpts that the words of the amendment cite."""
    return tuple(dict.fromkeys(n for edit in amendment.edits for n in citations(edit.text)))


def _standing(motions: Iterable[Motion]) -> frozenset[int]:
    """The excerpts that the current texts of the motions cite."""
    return frozenset(n for motion in motions for clause in _text_of(motion) for n in citations(clause.markdown))


def _text_of(motion: Motion) -> tuple[Clause, ...]:
    """The clauses of the current text: the latest frozen one, or the draft while the motion is being drafted."""
    if motion.text is not None and motion.status != "drafting":
        return motion.text.clauses
    return tuple(clause for clause in draft_clauses(motion) if clause.markdown.strip())


def _group(pairs: Iterable[tuple[K, V]]) -> Mapping[K, tuple[V, ...]]:
    groups: dict[K, list[V]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in groups.items()}


def _sorted(numbers: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(set(numbers)))
