"""The restitution as a static site that opens from disk, without server or network; style and script are inlined.

`index.html` contains everything but the record in words, which is in `registre.html` and, if it is long, in further
pages. The folder `en` has the same pages in English; what people wrote stays in French there, and is marked as such.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from deliberation.congress.identity import at_night
from deliberation.kernel.state import Person, State, Testimony
from deliberation.kernel.vocabulary import ClauseKind, Phase, Role
from deliberation.thread.heard import heard_in
from deliberation.thread.thread import CITATION, citations
from deliberation.votes import explanation
from deliberation.votes.ways import of as way_of
from exports import (
    adoptions,
    ballots,
    breakdowns,
    comparison,
    concordances,
    graph,
    hemicycle,
    labels,
    markdown,
    moments,
    motion_text,
    naming,
    sittings,
    views,
    voting_rules,
    wordings,
)
from exports.differences import shown
from exports.dispositifs import dispositif
from exports.dossier import Dossier
from exports.outline import OutlineRow, rows
from exports.quotations import marked
from exports.territories import carried
from exports.translations import FRENCH, N_, Translator, load
from exports.typography import french, percent

TEMPLATES = Path(__file__).with_name("templates")
ENTRIES_PER_PAGE = 5_000
FATES = (
    ("final", N_("Dans un texte adopté")),
    ("cited", N_("Cités dans une motion")),
    ("placed", N_("Placés sur une carte")),
    ("unplaced", N_("Pas encore sur une carte")),
    ("uncited", N_("Pas encore dans une motion")),
    ("private", N_("Sans contenu public")),
)


def files(dossier: Dossier) -> dict[str, bytes]:
    """The pages by path, in every language of the interface."""
    found: dict[str, bytes] = {}
    for lang, words in load().items():
        folder = "" if lang == FRENCH else f"{lang}/"
        found |= {f"{folder}{name}": page for name, page in _pages(dossier, words)}
    return found


def _pages(dossier: Dossier, words: Translator) -> Iterator[tuple[str, bytes]]:
    environment, common = _environment(dossier, words), _common(dossier)
    yield "index.html", _page(environment, "index.html", common | _index(dossier, words))
    pages = max(1, -(-len(dossier.lines) // ENTRIES_PER_PAGE))
    for page in range(1, pages + 1):
        shown = dossier.lines[(page - 1) * ENTRIES_PER_PAGE : page * ENTRIES_PER_PAGE]
        context = {"page": page, "pages": pages, "shown": shown, "own_name": record_page(page)}
        yield record_page(page), _page(environment, "record.html", common | context)


def record_page(page: int) -> str:
    """The file name of a page of the record, counted from 1."""
    return "registre.html" if page == 1 else f"registre-{page}.html"


def _entry_address(index: int) -> str:
    return f"{record_page(index // ENTRIES_PER_PAGE + 1)}#entree-{index}"


def _page(environment: Environment, template: str, context: Mapping[str, Any]) -> bytes:
    text = environment.get_template(template).render(context)
    return (re.sub(r"\n\s*\n+", "\n", text).strip() + "\n").encode()


@lru_cache(maxsize=1)
def _inlined() -> dict[str, Any]:
    """The style and the script for inlining, with their hashes for the pages' content security policy."""
    style = re.sub(r"\s*\n\s*", "\n", (TEMPLATES / "site.css").read_text("utf-8")) + graph.branch_style()
    script = (TEMPLATES / "site.js").read_text("utf-8").strip()
    return {
        "style": Markup(style),  # noqa: S704 - our own files
        "style_hash": _hash(style),
        "script": Markup(script),  # noqa: S704
        "script_hash": _hash(script),
    }


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _environment(dossier: Dossier, words: Translator) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    foreign = Markup("") if words.lang == FRENCH else Markup(' lang="fr"')
    environment.globals |= {"_": words, "_n": words.many, "_h": words.html, "lang": words.lang, "fr": foreign}
    environment.globals["way_of"] = way_of
    environment.filters |= _filters(dossier, words) | _votes(dossier.state, words)
    return environment


def _filters(dossier: Dossier, words: Translator) -> dict[str, Callable[..., Any]]:
    zone = dossier.settings.timezone
    state = dossier.state
    return {
        "typo": french,
        "n": words.number,
        "percent": percent,
        "share": lambda part, whole: round(100 * part / whole, 1) if whole else 0,
        "md": lambda text, mentions=None: _rendered(dossier, words, text, mentions),
        "mentions": partial(views.clause_mentions, dossier),
        "line": lambda text: Markup(markdown.render_inline(text)),  # noqa: S704 - sanitised there
        "day": lambda instant: moments.day(instant, zone, words.lang),
        "moment": lambda instant: moments.moment(instant, zone, words.lang),
        "lasting": moments.lasting,
        "hour": lambda instant: moments.hour(instant, zone, words.lang),
        "second": lambda instant: moments.second(instant, zone, words.lang),
        "person": lambda actor: naming.name_of(state, words, actor),
        "speaker": lambda testimony: _speaker(state, words, testimony),
        "standing": motion_text.standing,
        "proposal": lambda motion: motion_text.proposal(state, words, motion),
        "clauses": partial(views.clauses, dossier, words),
        "concordance": partial(concordances.concordance, state, words),
        "adoptions": partial(adoptions.table, state, words),
        "runs": _runs,
        "steps": views.steps,
        "earlier": partial(wordings.earlier, state, words),
        "sourced": partial(views.sourced, dossier, words),
        "shown": shown,
        "fates": partial(_fates, dossier),
        "picture": lambda mindmap: Markup(graph.render_map(mindmap, dossier.quotes)),  # noqa: S704 - escaped there
        "outline": lambda mindmap: _nested(rows(mindmap.nodes)),
        "anchor": lambda row, number: graph.anchor(number, row.id),
        "target": partial(views.amendment_target, dossier, words),
        "cited": lambda text: _cited(words, text),
        "pieces": partial(views.amendment_pieces, dossier, words),
        "by_passage": comparison.by_passage,
        "dispositif": partial(dispositif, state),
        "subject": partial(views.subject, state, words),
        "clause": partial(naming.clause_label, words),
        "office": naming.office,
        "outcome_reason": partial(naming.outcome_reason, state, words),
        "in_words": lambda line: line.words if words.lang == FRENCH else marked(line.said(words.lang), line.typed),
        "entry": _entry_address,
        "record_page": record_page,
        "roll_call": partial(views.roll_call, dossier, words),
    }


def _votes(state: State, words: Translator) -> dict[str, Callable[..., Any]]:
    return {
        "why": lambda poll: " ".join(naming.told(words, x) for x in explanation.sentences(poll, poll.tally)),
        "told": partial(naming.told, words),
        "drawn": lambda poll: hemicycle.drawn(explanation.voices(poll.tally)),
        "account": partial(ballots.account, state),
        "represented": partial(breakdowns.electorate_tables, words, state),
        "counts": partial(ballots.counts, state, words),
        "question": partial(naming.question, state, words),
        "typed_question": partial(naming.typed_question, state),
        "signatures": partial(ballots.signatures, state, words),
        "together": partial(ballots.together_with, state),
        "part": partial(ballots.part_of, state, words),
        "parts": partial(ballots.parts, state, words),
        "rounds": partial(ballots.rounds, state),
        "round_of": partial(ballots.round_of, state),
        "election_rule": partial(ballots.election_rule, words),
        "rule": partial(voting_rules.rule_sentence, state, words),
        "checked": lambda result: words(labels.BELENIOS_CHECKS[result.checked], tool=result.tool),
    }


def _speaker(state: State, words: Translator, testimony: Testimony) -> tuple[str, str]:
    """The name of the speaker, and their mandate and collectivity."""
    said = naming.said_by(state, words, testimony)
    return said.name, naming.office(said)


def _rendered(dossier: Dossier, words: Translator, text: str, mentions: markdown.Mentions | None = None) -> Markup:
    def cite(number: int) -> markdown.Call | None:
        excerpt = dossier.state.excerpts.get(number)
        if excerpt is None or excerpt.testimony not in dossier.state.testimonies:
            return None
        spoken = words("Extrait n° {n}, témoignage n° {testimony}", n=number, testimony=excerpt.testimony)
        return markdown.Call(f"#extrait-{number}", str(number), spoken)

    return Markup(markdown.render(text, cite if citations(text) else None, mentions))  # noqa: S704 - sanitised there


def _cited(words: Translator, text: str) -> Markup:
    """Markdown as typed, with its citations as links."""
    label = escape(words("Extrait n° {n}", n="#")).replace("#", r"\2")
    link = rf'\1<sup class="appel"><a href="#extrait-\2" aria-label="{label}">\2</a></sup>'
    return Markup(CITATION.sub(link, escape(text, quote=False)))  # noqa: S704 - escaped before


def _runs(clauses: Iterable[views.ClauseView]) -> list[tuple[ClauseKind, list[views.ClauseView]]]:
    """The clauses in order, consecutive ones of a kind grouped."""
    return [(kind, list(run)) for kind, run in groupby(clauses, key=lambda view: view.clause.kind)]


def _fates(dossier: Dossier, testimony: Testimony) -> str:
    """The filter values that match a testimony, separated by spaces; "private" if it is not published."""
    coverage, n = dossier.coverage, testimony.number
    if testimony.status != "published":
        return "private"
    placed = ["placed" if n in coverage.placed else "unplaced"]
    cited = ["cited" if n in coverage.cited else "uncited"]
    return " ".join(placed + cited + (["final"] if n in coverage.final else []))


def _nested(outline: Sequence[OutlineRow]) -> Iterator[tuple[OutlineRow, bool, int]]:
    """Each row, whether a list opens below it, and how many lists close after it."""
    for row, following in zip(outline, (*outline[1:], None), strict=False):
        depth = following.depth if following else 0
        yield row, following is not None and depth > row.depth, max(0, row.depth - depth)


def _coloured(dossier: Dossier) -> dict[str, Any]:
    """The same as `_inlined`, with the congress's own colour in the style."""
    found, colour = _inlined(), dossier.settings.identity.colour
    if not colour:
        return found
    day, night = f":root{{--accent:{colour}}}", f":root{{--accent:{at_night(colour)}}}"
    style = f"{found['style']}\n{day}\n@media (prefers-color-scheme: dark){{{night}}}"
    return found | {"style": Markup(style), "style_hash": _hash(style)}  # noqa: S704 - a colour that the rules checked


def _common(dossier: Dossier) -> dict[str, Any]:
    return {
        **_coloured(dossier),
        "identity": dossier.settings.identity,
        "dossier": dossier,
        "state": dossier.state,
        "settings": dossier.settings,
        "lines": dossier.lines,
        "labels": labels,
        "own_name": "index.html",
    }


def _index(dossier: Dossier, words: Translator) -> dict[str, Any]:
    state, coverage = dossier.state, dossier.coverage
    published = [x for x in state.testimonies.values() if x.status == "published"]
    return {
        "threads": dossier.threads,
        "coverage": coverage,
        "seal": dossier.seal,
        "figures": _figures(dossier, words),
        **_heard(dossier, words),
        "reach": (
            (words("cités mot pour mot"), coverage.quoted),
            (words("placés sur une carte"), coverage.placed),
            (words("cités dans une motion"), coverage.cited),
            (words("présents dans un texte adopté"), coverage.final),
        ),
        "phases": [(phase, state.phases[phase]) for phase in Phase if phase in state.phases],
        "fates": [(value, words(said)) for value, said in FATES],
        "themes": sorted({x.theme for x in published if x.theme}, key=views.folded),
        "channels": sorted({x.channel for x in state.testimonies.values()}),
        "roles": _by_role(state.people.values()),
        "changes": partial(views.changes, dossier),
        "label": partial(views.passage_label, words),
        "source": partial(views.source, dossier, words),
        "places": partial(views.places, dossier),
        "uses": partial(views.uses, dossier, words),
        "amendments": partial(views.amendments, words),
        "polls": partial(views.polls, words),
        "sittings": list(sittings.all_minutes(dossier)),
        "undone": sittings.undone(state),
    }


def _heard(dossier: Dossier, words: Translator) -> dict[str, Any]:
    """Who is heard in all published testimonies: a sentence, and tables by kind, size and région."""
    heard = heard_in(dossier.state, dossier.state.testimonies)
    return {
        "heard": heard,
        "heard_sentence": carried(words, heard),
        "heard_tables": breakdowns.heard_tables(words, heard),
    }


def _figures(dossier: Dossier, words: Translator) -> tuple[tuple[str, int], ...]:
    state = dossier.state
    found = (
        (words("témoignages publiés"), len(dossier.coverage.published)),
        (words("extraits cités"), len(state.excerpts)),
        (words("idées sur les cartes"), sum(len(x.nodes) for x in state.maps.values())),
        (words("clauses de motion"), sum(len(motion_text.standing(x)[1]) for x in state.motions.values())),
        (words("amendements"), len(state.amendments)),
        (words("scrutins"), len(state.polls)),
        (words("personnes"), len(state.people)),
        (words("entrées du registre"), len(dossier.lines)),
    )
    return tuple(figure for figure in found if figure[1])


def _by_role(people: Any) -> list[tuple[Role, list[Person]]]:
    ranked = sorted(people, key=lambda x: (list(Role).index(x.role), views.folded(x.name), x.id))
    return [(role, list(group)) for role, group in groupby(ranked, key=lambda x: x.role)]
