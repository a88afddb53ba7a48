"""The content of the restitution's pages, computed from the dossier."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import NamedTuple

from deliberation.kernel import ids
from deliberation.kernel.state import Amendment, Excerpt, Frozen, Motion, Poll, State
from deliberation.kernel.vocabulary import Aim, Choice, Clause
from deliberation.motions import renumbering
from deliberation.thread.thread import Thread, citations
from exports import comparison, labels, motion_text, naming
from exports.anchors import safe
from exports.changes import pieces_of
from exports.comparison import ComparedPassage
from exports.dossier import Dossier
from exports.graph import anchor
from exports.markdown import Mentions
from exports.mentions import mentions
from exports.translations import N_, Translator

ABSENT = N_("N’ont pas voté")


PLACES = frozenset(
    {
        *(ids.TESTIMONY, ids.EXCERPT, ids.MAP, ids.MOTION, ids.AMENDMENT),
        *(ids.POLL, ids.ELECTION, ids.RESULT, ids.REDACTION, ids.PERSON),
    }
)
"""Kinds of documents that have an anchor on the pages."""


class Link(NamedTuple):
    """A link to another place of the restitution: its address and its text."""

    href: str
    words: str


@dataclass(frozen=True)
class CitedExcerpt:
    """An excerpt with its speaker; `quote` is "" if it is not public."""

    excerpt: Excerpt
    name: str
    office: str
    quote: str
    where: str


@dataclass(frozen=True)
class ClauseView:
    """A clause of the current text, or one that was deleted during the debate. `sources` are the excerpts that it
    cites, `earlier` those that only an earlier wording cited.
    """

    clause: Clause
    label: str
    deleted: bool
    anchor: str
    sources: tuple[CitedExcerpt, ...]
    earlier: tuple[CitedExcerpt, ...]
    places: tuple[Link, ...]
    amendments: tuple[Link, ...]
    writers: tuple[str, ...]


def folded(text: str) -> str:
    """A sort key for names that ignores case and accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


def clause_anchor(motion: int, clause: str) -> str:
    """The fragment identifier of a clause."""
    return f"motion-{motion}-{safe(clause)}"


def clause_href(dossier: Dossier, motion: int, clause: str) -> str:
    """The link to a clause, or to its motion if the current text does not contain the clause."""
    laid = motion_text.laid_out(dossier.state, dossier.state.motions[motion])
    found = any(one.clause.id == clause for one in laid)
    return f"#{clause_anchor(motion, clause)}" if found else f"#motion-{motion}"


def source(dossier: Dossier, words: Translator, number: int) -> CitedExcerpt | None:
    """An excerpt with its speaker; None if it is unknown."""
    excerpt = dossier.state.excerpts.get(number)
    testimony = dossier.state.testimonies.get(excerpt.testimony) if excerpt else None
    if excerpt is None or testimony is None:
        return None
    said = naming.said_by(dossier.state, words, testimony)
    is_shown = excerpt.medium == "video" and excerpt.quote
    times = {"start": _clock(excerpt.start), "end": _clock(excerpt.end)}
    where = words("vidéo, de {start} à {end}", **times) if is_shown else ""
    return CitedExcerpt(excerpt, said.name, naming.office(said), excerpt.quote, where)


def _clock(seconds: int) -> str:
    return f"{seconds // 60}:{seconds % 60:02}"


def sources(dossier: Dossier, words: Translator, thread: Thread) -> tuple[CitedExcerpt, ...]:
    """The excerpts of a thread."""
    found = (source(dossier, words, n) for n in thread.excerpts)
    return tuple(one for one in found if one is not None)


def places(dossier: Dossier, thread: Thread) -> tuple[Link, ...]:
    """The nodes of maps that cite a thread's excerpts."""
    return tuple(
        Link(f"#{anchor(p.map, p.node)}", dossier.state.maps[p.map].nodes[p.node].text or "…") for p in thread.places
    )


def uses(dossier: Dossier, words: Translator, thread: Thread) -> tuple[Link, ...]:
    """The clauses that cite a thread's excerpts, named as in the latest text that contains them."""
    return tuple(
        Link(clause_href(dossier, u.motion, u.clause), _called(dossier, words, u.motion, u.clause)) for u in thread.uses
    )


def _called(dossier: Dossier, words: Translator, number: int, clause: str) -> str:
    motion = dossier.state.motions[number]
    for text in (motion_text.standing(motion)[1], *(frozen.clauses for frozen in reversed(motion.frozen))):
        found = next((c for c in text if c.id == clause), None)
        if found:
            return naming.clause_label(words, found)
    return words("Clause abandonnée")


def amendments(words: Translator, thread: Thread) -> tuple[Link, ...]:
    return tuple(Link(f"#amendement-{n}", words("Amendement n° {n}", n=n)) for n in thread.amendments)


def polls(words: Translator, thread: Thread) -> tuple[Link, ...]:
    return tuple(Link(f"#scrutin-{n}", words("Scrutin n° {n}", n=n)) for n in thread.polls)


def clause_mentions(dossier: Dossier, motion: Motion) -> Mentions | None:
    """A function that finds the mentions of clauses in the latest frozen text; None while the motion is being
    drafted.
    """
    if motion.text is None or motion.status == "drafting":
        return None
    known = renumbering.known_in(dossier.state, motion, motion.text)
    return mentions(known, lambda clause: f"#{clause_anchor(motion.number, clause)}")


def clauses(dossier: Dossier, words: Translator, motion: Motion) -> Iterator[ClauseView]:
    for laid in motion_text.laid_out(dossier.state, motion):
        clause = laid.clause
        thread = dossier.threads.of_clause(motion.number, clause.id)
        known, cited = sources(dossier, words, thread), citations(clause.markdown)
        yield ClauseView(
            clause,
            naming.laid_label(words, laid),
            laid.deleted,
            clause_anchor(motion.number, clause.id),
            tuple(one for one in known if one.excerpt.number in cited),
            tuple(one for one in known if one.excerpt.number not in cited),
            places(dossier, thread),
            amendments(words, thread),
            tuple(naming.name_of(dossier.state, words, p) for p in motion.writers.get(clause.id, ())),
        )


def changes(dossier: Dossier, motion: Motion, before: Frozen, after: Frozen) -> tuple[ComparedPassage, ...]:
    """The passages that differ between two versions, in the order of the text. If `after` is `before` with amendments
    merged, each change has its amendments.
    """
    if after.base == before.version != after.version:
        adopted = [dossier.state.amendments[n] for n in after.adopted]
        passages = comparison.consolidated(before, after, adopted)
    else:
        passages = comparison.between(before, after)
    return tuple(passage for passage in passages if passage.change != "same")


def steps(motion: Motion) -> tuple[tuple[Frozen, Frozen], ...]:
    """The pairs of versions to compare: each with the one before, and the current text with the one that was
    amended.
    """
    found = list(pairwise(motion.frozen))
    text = motion.text
    if text and text.adopted and text.version > text.base + 1:
        found.append((motion.frozen[text.base - 1], text))
    return tuple(found)


@dataclass(frozen=True)
class Origin:
    """An origin of words. `mark` is the number that readers see: for people a count from 1, for amendments their
    number.
    """

    mark: int
    person: str
    is_amendment: bool
    accepted_by: str = ""


@dataclass(frozen=True)
class Sourced:
    """The words of a clause, or of the title (""), in pieces; a piece's `by` is the index of its origin."""

    label: str
    pieces: comparison.Pieces


def sourced(dossier: Dossier, words: Translator, motion: Motion) -> tuple[tuple[Origin, ...], tuple[Sourced, ...]]:
    """The origins in the latest frozen text of a motion, and its clauses with the origin of each word (A26)."""
    runs = dossier.origins.get(motion.number, ())
    letters: Counter[tuple[str, int, str]] = Counter()
    for run in runs:
        letters[run.person, run.amendment, run.accepted_by] += len(run.text)
    people = [key for key, _ in letters.most_common() if not key[1]]
    known = {key: Origin(mark, key[0], False, key[2]) for mark, key in enumerate(people, start=1)}
    known |= {key: Origin(key[1], key[0], True) for key in sorted(letters, key=lambda x: x[1]) if key[1]}
    text = motion.text
    names = {clause.id: naming.clause_label(words, clause) for clause in text.clauses} if text else {}
    places = {key: place for place, key in enumerate(known)}
    passages = (
        Sourced(
            names.get(id_, ""),
            tuple(
                comparison.DiffPiece("equal", run.text, (places[run.person, run.amendment, run.accepted_by],))
                for run in own
            ),
        )
        for id_, own in groupby(runs, key=lambda run: run.clause)
    )
    return tuple(known.values()), tuple(passages)


def passage_label(words: Translator, passage: ComparedPassage) -> str:
    return naming.clause_label(words, passage.clause) if passage.clause else words("Titre")


def amendment_pieces(dossier: Dossier, words: Translator, amendment: Amendment) -> comparison.Pieces:
    """What an amendment would change, word by word."""
    return pieces_of(dossier.state, words, amendment)


def amendment_target(dossier: Dossier, words: Translator, amendment: Amendment) -> Link:
    """A link to what an amendment modifies, such as « Modifier : Demande 2 »."""
    said = naming.amendment_aim(dossier.state, words, amendment)
    if amendment.parent is not None:
        return Link(f"#amendement-{amendment.parent}", said)
    if amendment.aim is Aim.TITLE:
        return Link(f"#motion-{amendment.motion}", said)
    clause = naming.clause_of_amendment(amendment)
    return Link(clause_href(dossier, amendment.motion, clause), said)


def roll_call(dossier: Dossier, words: Translator, poll: Poll) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The names by choice, and of those who did not vote, in alphabetical order, with their number of votes and
    proxies.
    """
    groups: dict[str, list[str]] = {name: [] for name in (*map(labels.CHOICES.__getitem__, Choice), ABSENT)}
    for voter in poll.electorate:
        choice = poll.ballots.get(voter)
        groups[labels.CHOICES[choice] if choice else ABSENT].append(_voter(dossier, words, poll, voter))
    return tuple((words(name), tuple(sorted(people, key=folded))) for name, people in groups.items())


def _voter(dossier: Dossier, words: Translator, poll: Poll, voter: str) -> str:
    """The name, the number of votes if weighted, and who voted in their name."""
    said = [naming.name_of(dossier.state, words, voter)]
    if poll.rule.weights != "personne":
        said.append(words.many("{n} voix", "{n} voix", poll.voices(voter)))
    if voter in poll.by_proxy:
        bearer = naming.name_of(dossier.state, words, poll.by_proxy[voter])
        said.append(words("par pouvoir donné à {bearer}", bearer=bearer))
    return ", ".join(said)


def subject(state: State, words: Translator, document: str) -> Link:
    """A link to a document, such as the subject of a poll."""
    kind = document.rpartition("-")[0]
    return Link(f"#{document}" if kind in PLACES else "#", naming.subject(state, words, document))
