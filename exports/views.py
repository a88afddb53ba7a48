"""What the pages of the restitution show of each thing, read from the dossier."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import NamedTuple

from deliberation.kernel.state import Amendment, Excerpt, Frozen, Motion, Poll
from deliberation.kernel.vocabulary import Aim, Choice, Clause
from deliberation.text.merge import inserted_id
from deliberation.thread.thread import Thread, citations
from exports import comparison, french_labels, motion_text
from exports.anchors import safe
from exports.comparison import ComparedPassage
from exports.dossier import Dossier
from exports.graph import anchor

ABSENT = "N’ont pas voté"


class Link(NamedTuple):
    """A way to another place of the restitution."""

    href: str
    words: str


@dataclass(frozen=True)
class CitedExcerpt:
    """An excerpt with who said it; `quote` is "" where it is not public."""

    excerpt: Excerpt
    name: str
    office: str
    quote: str
    where: str


@dataclass(frozen=True)
class ClauseView:
    """A clause as it stands. `sources` are what it cites now, `earlier` what an earlier wording cited."""

    clause: Clause
    anchor: str
    sources: tuple[CitedExcerpt, ...]
    earlier: tuple[CitedExcerpt, ...]
    places: tuple[Link, ...]
    amendments: tuple[Link, ...]
    writers: tuple[str, ...]


def folded(text: str) -> str:
    """A key that sorts names as a reader expects: case and accents aside."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


def clause_anchor(motion: int, clause: str) -> str:
    return f"motion-{motion}-{safe(clause)}"


def clause_href(dossier: Dossier, motion: int, clause: str) -> str:
    """Where a clause stands; its motion when the text no longer has it."""
    standing = motion_text.standing(dossier.state.motions[motion])[1]
    found = any(one.id == clause for one in standing)
    return f"#{clause_anchor(motion, clause)}" if found else f"#motion-{motion}"


def source(dossier: Dossier, number: int) -> CitedExcerpt | None:
    excerpt = dossier.state.excerpts.get(number)
    testimony = dossier.state.testimonies.get(excerpt.testimony) if excerpt else None
    if excerpt is None or testimony is None:
        return None
    name, office = french_labels.speaker(dossier.state, testimony)
    where = f"vidéo, de {_clock(excerpt.start)} à {_clock(excerpt.end)}" if excerpt.medium == "video" else ""
    return CitedExcerpt(excerpt, name, office, excerpt.quote, where if excerpt.quote else "")


def _clock(seconds: int) -> str:
    return f"{seconds // 60}:{seconds % 60:02}"


def sources(dossier: Dossier, thread: Thread) -> tuple[CitedExcerpt, ...]:
    found = (source(dossier, n) for n in thread.excerpts)
    return tuple(one for one in found if one is not None)


def places(dossier: Dossier, thread: Thread) -> tuple[Link, ...]:
    """The nodes of maps that rest on a thread's excerpts."""
    return tuple(
        Link(f"#{anchor(p.map, p.node)}", dossier.state.maps[p.map].nodes[p.node].text or "…") for p in thread.places
    )


def uses(dossier: Dossier, thread: Thread) -> tuple[Link, ...]:
    """The clauses that cite a thread's excerpts, as they are called where they last stood."""
    return tuple(
        Link(clause_href(dossier, u.motion, u.clause), _called(dossier, u.motion, u.clause)) for u in thread.uses
    )


def _called(dossier: Dossier, number: int, clause: str) -> str:
    motion = dossier.state.motions[number]
    for text in (motion_text.standing(motion)[1], *(frozen.clauses for frozen in reversed(motion.frozen))):
        found = next((c for c in text if c.id == clause), None)
        if found:
            return french_labels.clause(found)
    return "Clause abandonnée"


def amendments(thread: Thread) -> tuple[Link, ...]:
    return tuple(Link(f"#amendement-{n}", f"Amendement {n}") for n in thread.amendments)


def polls(thread: Thread) -> tuple[Link, ...]:
    return tuple(Link(f"#scrutin-{n}", f"Scrutin {n}") for n in thread.polls)


def clauses(dossier: Dossier, motion: Motion) -> Iterator[ClauseView]:
    for clause in motion_text.standing(motion)[1]:
        thread = dossier.threads.of_clause(motion.number, clause.id)
        known, cited = sources(dossier, thread), citations(clause.markdown)
        yield ClauseView(
            clause,
            clause_anchor(motion.number, clause.id),
            tuple(one for one in known if one.excerpt.number in cited),
            tuple(one for one in known if one.excerpt.number not in cited),
            places(dossier, thread),
            amendments(thread),
            tuple(french_labels.person(dossier.state, p) for p in motion.writers.get(clause.id, ())),
        )


def changes(dossier: Dossier, motion: Motion, before: Frozen, after: Frozen) -> tuple[ComparedPassage, ...]:
    """What `after` changed, in the order of the text; where it is `before` with amendments, with those behind it."""
    if after.base == before.version != after.version:
        adopted = [dossier.state.amendments[n] for n in after.adopted]
        passages = comparison.consolidated(before, after, adopted)
    else:
        passages = comparison.between(before, after)
    return tuple(passage for passage in passages if passage.change != "same")


def steps(motion: Motion) -> tuple[tuple[Frozen, Frozen], ...]:
    """The versions to compare: each with the one before, and the text as it stands with the one that was amended."""
    found = list(pairwise(motion.frozen))
    text = motion.text
    if text and text.adopted and text.version > text.base + 1:
        found.append((motion.frozen[text.base - 1], text))
    return tuple(found)


@dataclass(frozen=True)
class Origin:
    """Where words come from: `mark` counts people from 1, and is the number of an amendment."""

    mark: int
    person: str
    is_amendment: bool


@dataclass(frozen=True)
class Sourced:
    """A clause, or the title (""), with its words; `by` of a piece is the place of their origin among all."""

    label: str
    pieces: comparison.Pieces


def sourced(dossier: Dossier, motion: Motion) -> tuple[tuple[Origin, ...], tuple[Sourced, ...]]:
    """The origins that the latest frozen text of a motion has, and its clauses with theirs (A26)."""
    runs = dossier.origins.get(motion.number, ())
    letters: Counter[tuple[str, int]] = Counter()
    for run in runs:
        letters[run.person, run.amendment] += len(run.text)
    people = [person for (person, amendment), _ in letters.most_common() if not amendment]
    known = {(person, 0): Origin(mark, person, False) for mark, person in enumerate(people, start=1)}
    known |= {(person, n): Origin(n, person, True) for person, n in sorted(letters, key=lambda x: x[1]) if n}
    text = motion.text
    names = {clause.id: french_labels.clause(clause) for clause in text.clauses} if text else {}
    places = {key: place for place, key in enumerate(known)}
    passages = (
        Sourced(
            names.get(id_, ""),
            tuple(comparison.DiffPiece("equal", run.text, (places[run.person, run.amendment],)) for run in own),
        )
        for id_, own in groupby(runs, key=lambda run: run.clause)
    )
    return tuple(known.values()), tuple(passages)


def passage_label(passage: ComparedPassage) -> str:
    return french_labels.clause(passage.clause) if passage.clause else "Titre"


def amendment_pieces(dossier: Dossier, amendment: Amendment) -> comparison.Pieces:
    """What an amendment would change, word by word."""
    return comparison.of_amendment(dossier.state, amendment)


def amendment_target(dossier: Dossier, amendment: Amendment) -> Link:
    """What it is aimed at, such as « Modifier : Demande 2 »."""
    motion = dossier.state.motions[amendment.motion]
    clause = next((c for c in motion.frozen[amendment.base - 1].clauses if c.id == amendment.clause), None)
    act = french_labels.AIMS[amendment.aim]
    if amendment.parent is not None:
        act = "Compléter" if amendment.aim is Aim.INSERT else "Sous-amender"
        return Link(f"#amendement-{amendment.parent}", f"{act} l’amendement {amendment.parent}")
    if amendment.aim is Aim.TITLE:
        return Link(f"#motion-{amendment.motion}", act)
    if amendment.aim is Aim.INSERT:
        where = f"après : {french_labels.clause(clause)}" if clause else "au début"
        return Link(clause_href(dossier, amendment.motion, inserted_id(amendment.number)), f"{act} {where}")
    called = french_labels.clause(clause) if clause else "une clause"
    if amendment.aim is Aim.MOVE:
        before = next((c for c in motion.frozen[amendment.base - 1].clauses if c.id == amendment.after), None)
        called += f", après : {french_labels.clause(before)}" if before else ", au début"
    return Link(clause_href(dossier, amendment.motion, amendment.clause), f"{act} : {called}")


def roll_call(dossier: Dossier, poll: Poll) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Names by choice, and of those who did not vote, in alphabetical order; with voices and proxies."""
    groups: dict[str, list[str]] = {name: [] for name in (*map(french_labels.CHOICES.__getitem__, Choice), ABSENT)}
    for voter in poll.electorate:
        choice = poll.ballots.get(voter)
        groups[french_labels.CHOICES[choice] if choice else ABSENT].append(_voter(dossier, poll, voter))
    return tuple((name, tuple(sorted(people, key=folded))) for name, people in groups.items())


def _voter(dossier: Dossier, poll: Poll, voter: str) -> str:
    """The name, how many voices where votes are weighted, and who voted in their name."""
    said = [french_labels.person(dossier.state, voter)]
    if poll.rule.weights != "personne":
        said.append(f"{poll.voices(voter)} voix")
    if voter in poll.by_proxy:
        said.append(f"par pouvoir donné à {french_labels.person(dossier.state, poll.by_proxy[voter])}")
    return ", ".join(said)


def subject(document: str) -> Link:
    """The thing that a poll or an entry is about."""
    kind, _, number = document.rpartition("-")
    names = {"amendement": "Amendement", "motion": "Motion", "scrutin": "Scrutin", "temoignage": "Témoignage"}
    names |= {
        "extrait": "Extrait",
        "remarque": "Remarque",
        "carte": "Carte",
        "caviardage": "Caviardage",
        "personne": "Personne",
    }
    names |= {"pouvoir": "Pouvoir", "college": "Collège", "election": "Élection", "resultat": "Résultat"}
    return Link(f"#{document}", f"{names[kind]} {number}") if kind in names else Link("#", document)
