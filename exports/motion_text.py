"""A motion as a Markdown file, with footnotes for the excerpts that it cites."""

from __future__ import annotations

from deliberation.kernel.state import Motion, State
from deliberation.kernel.vocabulary import Clause, ClauseKind
from deliberation.motions import layout
from deliberation.motions.layout import LaidClause
from deliberation.motions.motions import draft_clauses
from deliberation.text.merge import number
from deliberation.thread.thread import citations
from exports import concordances, labels, naming
from exports.dossier import Dossier
from exports.translations import FRENCH, Translator, words_for


def standing(motion: Motion) -> tuple[str, tuple[Clause, ...]]:
    """The current title and clauses: those of the latest frozen text, or of the draft while the motion is being
    drafted.
    """
    if motion.text is not None and motion.status != "drafting":
        return motion.text.title, motion.text.clauses
    return motion.title, number(clause for clause in draft_clauses(motion) if clause.markdown.strip())


def laid_out(state: State, motion: Motion) -> tuple[LaidClause, ...]:
    """The current clauses, with those that were deleted from a frozen text at their places (A48)."""
    if motion.text is not None and motion.status != "drafting":
        return layout.laid_out(state, motion, motion.text)
    return tuple(map(LaidClause, standing(motion)[1]))


def as_markdown(dossier: Dossier, motion: Motion) -> str:
    """The current text of a motion; footnotes contain the quotations that are public."""
    title, clauses = standing(motion)
    parts = [
        f"# {_line(title)}",
        f"*{dossier.settings.title} — {words_for('fr')(labels.MOTION_STATUSES[motion.status]).lower()}*",
    ]
    if motion.source:
        parts.append(f"*{_line(proposal(dossier.state, words_for('fr'), motion))}*")
    kind: ClauseKind | None = None
    for laid in laid_out(dossier.state, motion):
        clause = laid.clause
        before, kind = kind, clause.kind
        if clause.kind is not before and clause.kind is not ClauseKind.HEADING:
            parts.append(f"## {labels.SECTIONS[clause.kind]}")
        if laid.deleted:
            parts.append(f"### {naming.deleted_label(words_for('fr'), clause)}")
            continue
        if clause.kind is ClauseKind.HEADING:
            parts.append(f"## {_line(clause.markdown)}")
            continue
        addressee = f" ({clause.addressee})" if clause.addressee else ""
        parts.append(f"### {naming.clause_label(words_for('fr'), clause)}{addressee}\n\n{clause.markdown.strip()}")
    parts += _concordance(dossier.state, motion)
    cited = sorted({n for clause in clauses for n in citations(clause.markdown)})
    parts += [_footnote(dossier, n) for n in cited if n in dossier.state.excerpts]
    return "\n\n".join(parts) + "\n"


def _concordance(state: State, motion: Motion) -> list[str]:
    """The table of concordance as blocks of Markdown; [] if the text was not renumbered."""
    lines = concordances.concordance(state, words_for(FRENCH), motion)
    if not lines:
        return []
    rows = [f"| {line.before} | {line.after} |" for line in lines]
    return ["## Table de concordance", "\n".join(["| Dans le débat | Texte adopté |", "| --- | --- |", *rows])]


def proposal(state: State, words: Translator, motion: Motion) -> str:
    """The source of an imported motion, which must have one, and the élu who took it up, in words (M16)."""
    if motion.is_proposed:
        return words("Texte proposé : {source}. Aucun élu ne l’a encore repris.", source=motion.source)
    who = naming.name_of(state, words, motion.taken_up_by)
    return words("Texte proposé : {source}. Repris par {who}.", source=motion.source, who=who)


def _footnote(dossier: Dossier, n: int) -> str:
    excerpt = dossier.state.excerpts[n]
    testimony = dossier.state.testimonies.get(excerpt.testimony)
    if testimony is None or not excerpt.quote:
        return f"[^{n}]: Extrait dont le contenu n’est pas public."
    said = naming.said_by(dossier.state, words_for(FRENCH), testimony)
    who = ", ".join(part for part in (said.name, naming.office(said)) if part)
    return f"[^{n}]: « {_line(excerpt.quote)} » — {who}, témoignage {testimony.number}."


def _line(text: str) -> str:
    return " ".join(text.split())
