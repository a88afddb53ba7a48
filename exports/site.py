"""The restitution as pages that open from disk: no server, no network, one style and one small script inside.

`index.html` holds everything but the record in words, which stands in `registre.html` and, when long, in more pages.
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

from deliberation.kernel.state import Person, Testimony
from deliberation.kernel.vocabulary import ClauseKind, Phase, Role
from deliberation.thread.thread import CITATION, citations
from deliberation.votes import explanation
from exports import ballots, french_labels, graph, hemicycle, markdown, moments, motion_text, sittings, views, wordings
from exports.differences import shown
from exports.dossier import Dossier
from exports.outline import OutlineRow, rows
from exports.typography import french, integer, percent

TEMPLATES = Path(__file__).with_name("templates")
ENTRIES_PER_PAGE = 5_000
FATES = (
    ("final", "Dans un texte adopté"),
    ("cited", "Cités dans une motion"),
    ("placed", "Placés sur une carte"),
    ("unplaced", "Pas encore sur une carte"),
    ("uncited", "Pas encore dans une motion"),
    ("private", "Sans contenu public"),
)


def files(dossier: Dossier) -> dict[str, bytes]:
    """The pages, by name."""
    environment = _environment(dossier)
    found = {"index.html": _page(environment, "index.html", _common(dossier) | _index(dossier))}
    pages = max(1, -(-len(dossier.lines) // ENTRIES_PER_PAGE))
    for page in range(1, pages + 1):
        shown = dossier.lines[(page - 1) * ENTRIES_PER_PAGE : page * ENTRIES_PER_PAGE]
        context = {"page": page, "pages": pages, "shown": shown}
        found[record_page(page)] = _page(environment, "record.html", _common(dossier) | context)
    return found


def readme(dossier: Dossier, engine: str) -> bytes:
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=False)  # noqa: S701 - plain text
    text = environment.get_template("README.txt").render(settings=dossier.settings, engine=engine)
    return (text.rstrip() + "\n").encode()


def record_page(page: int) -> str:
    return "registre.html" if page == 1 else f"registre-{page}.html"


def _entry_address(index: int) -> str:
    return f"{record_page(index // ENTRIES_PER_PAGE + 1)}#entree-{index}"


def _page(environment: Environment, template: str, context: Mapping[str, Any]) -> bytes:
    text = environment.get_template(template).render(context)
    return (re.sub(r"\n\s*\n+", "\n", text).strip() + "\n").encode()


@lru_cache(maxsize=1)
def _inlined() -> dict[str, Any]:
    """Style and script with the hashes under which the pages' own policy allows them."""
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


def _environment(dossier: Dossier) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    zone = dossier.settings.timezone
    state = dossier.state
    filters: dict[str, Callable[..., Any]] = {
        "typo": french,
        "n": integer,
        "percent": percent,
        "share": lambda part, whole: round(100 * part / whole, 1) if whole else 0,
        "md": lambda text: _rendered(dossier, text),
        "line": lambda text: Markup(markdown.render_inline(text)),  # noqa: S704 - sanitised there
        "day": lambda instant: moments.day(instant, zone),
        "moment": lambda instant: moments.moment(instant, zone),
        "hour": lambda instant: moments.hour(instant, zone),
        "second": lambda instant: moments.second(instant, zone),
        "person": partial(french_labels.person, state),
        "speaker": partial(french_labels.speaker, state),
        "standing": motion_text.standing,
        "clauses": partial(views.clauses, dossier),
        "runs": _runs,
        "steps": views.steps,
        "earlier": wordings.earlier,
        "sourced": partial(views.sourced, dossier),
        "shown": shown,
        "fates": partial(_fates, dossier),
        "picture": lambda mindmap: Markup(graph.render_map(mindmap, dossier.quotes)),  # noqa: S704 - escaped there
        "outline": lambda mindmap: _nested(rows(mindmap.nodes)),
        "anchor": lambda row, number: graph.anchor(number, row.id),
        "target": partial(views.amendment_target, dossier),
        "cited": _cited,
        "pieces": partial(views.amendment_pieces, dossier),
        "roll_call": partial(views.roll_call, dossier),
        "why": lambda poll: " ".join(map(str, explanation.sentences(poll, poll.tally))),
        "drawn": lambda poll: hemicycle.drawn(explanation.voices(poll.tally)),
        "account": partial(ballots.account, state),
        "counts": partial(ballots.counts, state),
        "signatures": partial(ballots.signatures, state),
        "together": partial(ballots.together_with, state),
        "part": partial(ballots.part_of, state),
        "parts": partial(ballots.parts, state),
        "rounds": partial(ballots.rounds, state),
        "round_of": partial(ballots.round_of, state),
        "election_rule": ballots.election_rule,
        "subject": views.subject,
        "entry": _entry_address,
        "record_page": record_page,
    }
    environment.filters.update(filters)
    return environment


def _rendered(dossier: Dossier, text: str) -> Markup:
    def cite(number: int) -> markdown.Call | None:
        excerpt = dossier.state.excerpts.get(number)
        if excerpt is None or excerpt.testimony not in dossier.state.testimonies:
            return None
        spoken = f"Extrait {number}, témoignage {excerpt.testimony}"
        return markdown.Call(f"#extrait-{number}", str(number), spoken)

    return Markup(markdown.render(text, cite if citations(text) else None))  # noqa: S704 - sanitised there


def _cited(text: str) -> Markup:
    """Markdown as it was typed, with its citations as links."""
    link = r'\1<sup class="appel"><a href="#extrait-\2" aria-label="Extrait \2">\2</a></sup>'
    return Markup(CITATION.sub(link, escape(text, quote=False)))  # noqa: S704 - escaped before


def _runs(clauses: Iterable[views.ClauseView]) -> list[tuple[ClauseKind, list[views.ClauseView]]]:
    """The clauses in the order of the text, those of one kind that follow each other together."""
    return [(kind, list(run)) for kind, run in groupby(clauses, key=lambda view: view.clause.kind)]


def _fates(dossier: Dossier, testimony: Testimony) -> str:
    """The values of the filter that a testimony answers to."""
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


def _common(dossier: Dossier) -> dict[str, Any]:
    return {
        **_inlined(),
        "dossier": dossier,
        "state": dossier.state,
        "settings": dossier.settings,
        "lines": dossier.lines,
        "labels": french_labels,
    }


def _index(dossier: Dossier) -> dict[str, Any]:
    state, coverage = dossier.state, dossier.coverage
    published = [x for x in state.testimonies.values() if x.status == "published"]
    return {
        "threads": dossier.threads,
        "coverage": coverage,
        "seal": dossier.seal,
        "figures": _figures(dossier),
        "reach": (
            ("cités mot pour mot", coverage.quoted),
            ("placés sur une carte", coverage.placed),
            ("cités dans une motion", coverage.cited),
            ("présents dans un texte adopté", coverage.final),
        ),
        "phases": [(phase, state.phases[phase]) for phase in Phase if phase in state.phases],
        "fates": FATES,
        "themes": sorted({x.theme for x in published if x.theme}, key=views.folded),
        "channels": sorted({x.channel for x in state.testimonies.values()}),
        "roles": _by_role(state.people.values()),
        "changes": partial(views.changes, dossier),
        "label": views.passage_label,
        "source": partial(views.source, dossier),
        "places": partial(views.places, dossier),
        "uses": partial(views.uses, dossier),
        "amendments": views.amendments,
        "polls": views.polls,
        "sittings": list(sittings.all_minutes(dossier)),
        "undone": sittings.undone(state),
    }


def _figures(dossier: Dossier) -> tuple[tuple[str, int], ...]:
    state = dossier.state
    found = (
        ("témoignages publiés", len(dossier.coverage.published)),
        ("extraits cités", len(state.excerpts)),
        ("idées sur les cartes", sum(len(x.nodes) for x in state.maps.values())),
        ("clauses de motion", sum(len(motion_text.standing(x)[1]) for x in state.motions.values())),
        ("amendements", len(state.amendments)),
        ("scrutins", len(state.polls)),
        ("personnes", len(state.people)),
        ("entrées du registre", len(dossier.lines)),
    )
    return tuple(figure for figure in found if figure[1])


def _by_role(people: Any) -> list[tuple[Role, list[Person]]]:
    ranked = sorted(people, key=lambda x: (list(Role).index(x.role), views.folded(x.name), x.id))
    return [(role, list(group)) for role, group in groupby(ranked, key=lambda x: x.role)]
