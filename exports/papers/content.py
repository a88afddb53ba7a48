"""The parts that the documents share, as values for JSON: paragraphs, clauses, differences, the seal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby, pairwise
from typing import Any

from deliberation.kernel.state import Motion
from deliberation.kernel.vocabulary import ClauseKind
from deliberation.thread.thread import citations
from exports import labels, moments, motion_text, naming
from exports.citation_marks import split_citations
from exports.comparison import Pieces
from exports.differences import StyledRun, shown
from exports.dossier import Dossier
from exports.rich_text import RichRun, paragraphs
from exports.translations import Translator
from exports.typography import french

Json = dict[str, Any]


def rich(markdown: str) -> list[Json]:
    """The paragraphs of a contributor's Markdown."""
    return [{"depth": each.depth, "mark": each.mark, "runs": list(_runs(each.runs))} for each in paragraphs(markdown)]


def _runs(runs: Iterable[RichRun]) -> Iterator[Json]:
    """The runs as values for JSON; a space before a citation is removed."""
    for run, following in pairwise((*runs, RichRun(""))):
        text = french(run.text)
        said = text.rstrip() if following.note else text
        yield {"text": said, "strong": run.strong, "em": run.em, "href": run.href, "note": run.note}


def changes(pieces: Pieces) -> list[Json]:
    """A difference as pieces with `op`: `equal`, `delete`, `insert`, or another word for a piece that names a
    passage.
    """
    return [
        {
            "op": piece.op,
            "runs": list(_runs(each for run in piece.runs for each in _with_citations(run))),
        }
        for piece in shown(pieces)
    ]


def _with_citations(run: StyledRun) -> Iterator[RichRun]:
    """The run, split at the citations in its text."""
    for text, number in split_citations(run.text):
        yield RichRun(text, run.strong and not number, run.em and not number, note=number)


def clauses(dossier: Dossier, words: Translator, motion: Motion) -> list[Json]:
    """The current text of a motion, as sections of consecutive clauses of one kind."""
    laid = motion_text.laid_out(dossier.state, motion)
    found = []
    for kind, run in groupby(laid, key=lambda each: each.clause.kind):
        heading = words(labels.SECTIONS[kind]) if kind in labels.SECTIONS else ""
        own = [
            {
                "label": naming.laid_label(words, each),
                "heading": kind is ClauseKind.HEADING,
                "addressee": french(each.clause.addressee),
                "deleted": each.deleted,
                "text": [] if each.deleted else rich(each.clause.markdown),
            }
            for each in run
        ]
        found.append({"heading": heading, "clauses": own})
    return found


def notes(dossier: Dossier, words: Translator, motion: Motion) -> list[Json]:
    """The quotations that a motion cites, as far as they are public."""
    cited = sorted({n for clause in motion_text.standing(motion)[1] for n in citations(clause.markdown)})
    return [note(dossier, words, n) for n in cited if n in dossier.state.excerpts]


def note(dossier: Dossier, words: Translator, number: int) -> Json:
    excerpt = dossier.state.excerpts[number]
    testimony = dossier.state.testimonies.get(excerpt.testimony)
    if testimony is None or not excerpt.quote:
        return {"n": number, "quote": "", "who": words("Extrait dont le contenu n’est pas public.")}
    said = naming.said_by(dossier.state, words, testimony)
    who = ", ".join(part for part in (said.name, naming.office(said)) if part)
    place = words("{who}, témoignage n° {n}", who=who, n=testimony.number)
    return {"n": number, "quote": french(" ".join(excerpt.quote.split())), "who": place}


def head(dossier: Dossier, words: Translator, title: str) -> Json:
    """The data that every document has: language, title, congress, seal, and the text of its footer."""
    settings = dossier.settings
    return {
        "lang": words.lang,
        "title": title,
        "congress": french(settings.title),
        "place": french(settings.place),
        "fictional": words("Congrès fictif, pour démonstration") if settings.fictional else "",
        "seal": seal(dossier, words),
        "missing_words": words("Caractères que les polices n’ont pas, remplacés ici par □ :"),
        "page_words": words("page"),
    }


def seal(dossier: Dossier, words: Translator) -> Json:
    """The signed checkpoint that covers the document, and a line that states its size and root; empty values without
    one.
    """
    if dossier.seal is None:
        return {"line": "", "checkpoint": "", "key": ""}
    line = words("Registre : {n} entrées, racine {root}", n=words.number(dossier.seal.size), root=dossier.seal.root)
    return {"line": line, "checkpoint": dossier.seal.checkpoint.strip(), "key": dossier.seal.vkey}


def day(dossier: Dossier, words: Translator) -> Callable[[str], str]:
    """A function that writes an instant as a date in the congress's timezone."""
    return lambda instant: moments.day(instant, dossier.settings.timezone, words.lang)


def moment(dossier: Dossier, words: Translator) -> Callable[[str], str]:
    """A function that writes an instant as a date and time in the congress's timezone."""
    return lambda instant: moments.moment(instant, dossier.settings.timezone, words.lang)


def time_of(dossier: Dossier) -> str:
    """The instant that a document states as its date: that of the last entry."""
    return dossier.lines[-1].time if dossier.lines else dossier.settings.created


def joined(parts: Iterable[str], separator: str = " · ") -> str:
    return separator.join(part for part in parts if part)
