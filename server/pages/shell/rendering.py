"""Renders templates to responses, with the common context, language and caching; and sends commands from forms."""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from deliberation import seen
from deliberation.congress.congress import is_open
from deliberation.kernel import commands, ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import Amendment, Poll, State
from deliberation.kernel.vocabulary import Phase
from deliberation.thread.heard import heard_in
from deliberation.votes.hands import voices_borne
from deliberation.votes.tallies import present_at_opening
from deliberation.votes.ways import of as way_of
from exports import labels, markdown, moments, naming
from exports.comparison import by_passage
from exports.differences import shown
from exports.dispositifs import dispositif
from exports.graph import anchor
from exports.territories import carried
from exports.translations import Translator
from exports.typography import french
from server.pages.shell import phases, places
from server.pages.shell.assets import asset, stylesheets
from server.pages.shell.confirmed_entries import PARAMETER, confirmation, value
from server.pages.shell.forms import SEEN, Form, kept_words
from server.pages.shell.live_line import live_line, own_vote
from server.pages.shell.navigation import Navigation, motion_at, navigation
from server.pages.shell.thread_lines import Quoted
from server.pages.shell.visit import Visit, theme
from server.web.admission import LIMITED, retry_after
from server.web.languages import VARY

CITATION = re.compile(r"\[\^([1-9][0-9]{0,8})\]")
TEMPLATES = Path(__file__).parents[2] / "templates"
CONFLICTS = (
    "clock.changed",
    "phase.closed",
    "phase.not_yet",
    "phase.over",
    "motion.frozen",
    "motion.not_taken_up",
    "motion.not_proposed",
    "poll.closed",
    "poll.already",
    "poll.over",
    "poll.paused",
    "poll.not_paused",
    "ballot.already_signed",
    "hands.decided",
    "hands.differ",
    "hands.awaited",
    "congress.exists",
    "seen.",
    "session.unchanged",
    "text.changed_meanwhile",
    "text.clause_gone",
)
FORBIDDEN = ("person.anonymous", "person.unknown", "role.", "testimony.members_only", "ballot.not_entitled")


@lru_cache(maxsize=1)
def environment() -> Environment:
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    env.globals.update(
        anchor=anchor,
        asset=asset,
        stylesheets=stylesheets,
        labels=labels,
        new_form=Form,
        commands=commands,
        excerpts=_excerpts,
        passage_of=naming.passage_path,
        place_of=naming.place_of,
        way_of=way_of,
        present_at_opening=present_at_opening,
        voices_borne=voices_borne,
    )
    env.filters.update(
        typo=french,
        md=_markdown,
        cited=_cited,
        plain=markdown.plain,
        shown=shown,
        by_passage=by_passage,
        n=_number,
        question=_question,
        outcome_reason=_outcome_reason,
        dispositif=_dispositif,
        carried=_carried,
        lines=_lines,
        date=_date,
        day=_day,
        hour=_hour,
        minute=_minute,
        lasting=moments.lasting,
    )
    return env


def _markdown(text: str, cite: markdown.Cite | None = None) -> Markup:
    return Markup(markdown.render(text, cite))  # noqa: S704 - sanitised there


def _cited(text: str, url: Callable[[str], str]) -> Markup:
    """Text with its citations as links to the excerpts."""
    parts = CITATION.split(french(text))
    link = Markup('<sup class="appel"><a href="{}">[{}]</a></sup>')
    return Markup("").join(link.format(url(f"extraits/{x}"), x) if i % 2 else x for i, x in enumerate(parts))


def _excerpts(url: Callable[[str], str]) -> markdown.Cite:
    """Citations as links to the excerpts, for texts without notes of their own."""
    return lambda excerpt: markdown.Call(url(f"extraits/{excerpt}"), f"[{excerpt}]")


@pass_context
def _number(context: Context, n: int) -> str:
    words: Translator = context["_"]
    return words.number(n)


@pass_context
def _question(context: Context, poll: Poll) -> Markup:
    """The question of a poll; one that somebody worded is marked as French on a page in another language."""
    state, words = context["state"], context["_"]
    return _own_or_typed(context, naming.question(state, words, poll), bool(naming.typed_question(state, poll)))


@pass_context
def _dispositif(context: Context, amendment: Amendment) -> str:
    """What an amendment changes, as a sentence; "" if its author gave an instruction without exact words."""
    return dispositif(context["state"], amendment)


@pass_context
def _carried(context: Context, quotes: Iterable[Quoted]) -> str:
    """Who carries what cites these excerpts: which collectivities; "" where nobody said where they come from."""
    return carried(context["_"], heard_in(context["state"], [quote.testimony.number for quote in quotes]))


@pass_context
def _outcome_reason(context: Context, amendment: Amendment, limit: int = 0) -> Markup:
    """Why an amendment has its outcome, cut to `limit` characters if given."""
    said = naming.outcome_reason(context["state"], context["_"], amendment)
    return _own_or_typed(context, markdown.plain(said, limit) if limit else said, bool(amendment.reason))


def _own_or_typed(context: Context, text: str, is_typed: bool) -> Markup:
    said = french(text) if is_typed else text
    return Markup('<span lang="fr">{}</span>').format(said) if is_typed and context["lang"] != "fr" else escape(said)


def _lines(text: str) -> Markup:
    """The text with its line breaks."""
    return Markup("<br>").join(escape(line) for line in str(text).split("\n")) if "\n" in text else escape(text)


@pass_context
def _date(context: Context, instant: ids.Instant) -> Markup:
    return _time(context, instant, moments.moment)


@pass_context
def _day(context: Context, instant: ids.Instant) -> Markup:
    return _time(context, instant, moments.day)


@pass_context
def _hour(context: Context, instant: ids.Instant) -> Markup:
    return _time(context, instant, moments.clock)


@pass_context
def _minute(context: Context, instant: ids.Instant) -> Markup:
    return _time(context, instant, moments.hour)


def _time(context: Context, instant: ids.Instant, said_as: Callable[[str, str, str], str]) -> Markup:
    said = said_as(instant, context["timezone"], context["lang"])
    return Markup('<time datetime="{}">{}</time>').format(instant, said) if instant else Markup("")


def render_text(template: str, context: Mapping[str, Any], words: Translator, timezone: str) -> str:
    """A template rendered with the words and dates of one language."""
    common = {"_": words, "_n": words.many, "_h": words.html, "lang": words.lang, "timezone": timezone}
    return environment().get_template(template).render({**common, **context})


def render(
    visit: Visit, template: str, context: Mapping[str, Any] | None = None, status: int = 200, keep: bool = True
) -> Response:
    """The page. `keep` says that it contains no form: then the public's copy may be cached and revalidated by ETag."""
    cacheable = status == 200 and keep and visit.actor == ids.VISITOR
    if cacheable and _is_known(visit):
        return Response(status_code=304, headers=_caching(visit))
    shown = {**common(visit), **(context or {})}
    text = render_text(template, shown, visit.words, visit.timezone)
    if status >= 400 and (unsaid := _unsaid(visit, shown, text)):
        text = render_text(template, {**shown, **unsaid}, visit.words, visit.timezone)
    if cacheable:
        _COPIES.keep(_copy_key(visit), visit.state, text)
    return _page(visit, text, status, _caching(visit) if cacheable else _passing(shown.get("form")))


def _passing(form: object) -> dict[str, str]:
    """The headers of a page that must not be cached; with a refusal, also when to try again."""
    again = retry_after(form.refused) if isinstance(form, Form) and form.refused else None
    return {"Cache-Control": "no-store"} | ({"Retry-After": str(again)} if again is not None else {})


def _page(visit: Visit, text: str, status: int, caching: Mapping[str, str]) -> Response:
    response = Response(text, status, media_type="text/html; charset=utf-8")
    response.headers.update(caching)
    response.headers["Content-Language"] = visit.words.lang
    response.headers["Vary"] = VARY
    return response


class Copies:
    """Cached public copies of expensive pages, each of one state; the least recently used are dropped first."""

    def __init__(self, most: int) -> None:
        """`most` is the total number of characters kept."""
        self._most = most
        self._size = 0
        self._kept: OrderedDict[str, tuple[State, str]] = OrderedDict()

    def get(self, key: str, state: State) -> str | None:
        known, text = self._kept.get(key, (None, ""))
        if known is not state:
            return None
        self._kept.move_to_end(key)
        return text

    def clear(self) -> None:
        self._kept.clear()
        self._size = 0

    def keep(self, key: str, state: State, text: str) -> None:
        self._size += len(text) - len(self._kept.pop(key, (state, ""))[1])
        self._kept[key] = (state, text)
        while self._size > self._most:
            self._size -= len(self._kept.popitem(last=False)[1][1])


_COPIES = Copies(20_000_000)


def forget_copies() -> None:
    """Clears the cached pages, after words were redacted."""
    _COPIES.clear()


def kept_copy(visit: Visit) -> Response | None:
    """The public's cached page if nothing that it shows has changed; to be asked before computing the page."""
    if visit.actor != ids.VISITOR or visit.request.method not in ("GET", "HEAD"):
        return None
    if _is_known(visit):
        return Response(status_code=304, headers=_caching(visit))
    text = _COPIES.get(_copy_key(visit), visit.state)
    return None if text is None else _page(visit, text, 200, _caching(visit))


def _is_known(visit: Visit) -> bool:
    return _etag(visit) in visit.request.headers.get("if-none-match", "")


def _copy_key(visit: Visit) -> str:
    return f"{visit.slug} {_etag(visit)} {_here(visit.request)}"


def _unsaid(visit: Visit, shown: Mapping[str, Any], text: str) -> dict[str, Any]:
    """What a refusal must add to a page that does not show it: the reason, and what was written if the form is not
    shown again.
    """
    form = shown.get("form")
    why = refusal_text(form.refused, visit.words, visit.timezone) if isinstance(form, Form) and form.refused else ""
    kept = [words for words in kept_words(visit.request) if escape(words) not in text]
    return {"kept": kept, "why": why} if kept or escape(why) not in text else {}


def _caching(visit: Visit) -> dict[str, str]:
    return {"ETag": _etag(visit), "Cache-Control": "public, max-age=0, must-revalidate", "Vary": VARY}


def _etag(visit: Visit) -> str:
    """A hash of what a public page depends on: the record, the open phases, the language, the theme, the build."""
    opened = [station.status for station in phases.line(visit.state, visit.now)]
    parts = [visit.words.lang, theme(visit.request), asset("styles"), asset("base"), *opened]
    parts.append(visit.checkpoint.root if visit.checkpoint else "")
    return f'"{visit.state.size}-{hashlib.sha256(" ".join(parts).encode()).hexdigest()[:12]}"'


def common(visit: Visit) -> dict[str, Any]:
    """The context of every page."""
    return {
        "visit": visit,
        "request": visit.request,
        "state": visit.state,
        "settings": visit.state.settings,
        "slug": visit.slug,
        "person": visit.person,
        "role": visit.role if visit.slug else "",
        "may": visit.may,
        "url": visit.url,
        "origin": visit.services.settings.public_origin if visit.services and visit.slug else "",
        "phases": phases.line(visit.state, visit.now) if visit.slug else (),
        "phase_open": lambda phase: is_open(visit.state, Phase(phase), visit.now),
        "theme": theme(visit.request),
        "here": _here(visit.request),
        "confirmation": confirmation(visit.confirmed, visit.words, visit.state),
        "refusal": lambda refused: refusal_text(refused, visit.words, visit.timezone),
        "nav": _navigation(visit),
        **_live(visit),
        "checkpoint": visit.checkpoint,
        "name_of": lambda id_: naming.name_of(visit.state, visit.words, id_),
        "mark": partial(seen.mark, visit.state),
        "named_marks": partial(seen.named_marks, visit.state),
        "settings_mark": partial(seen.settings_mark, visit.state),
        "places_for": lambda typed: places.offered(visit.services, typed),
        "kept": (),
        "why": "",
    }


def _live(visit: Visit) -> dict[str, Any]:
    """What the live line shows, and to whom it offers a vote; empty on pages that belong to no congress."""
    if not visit.slug:
        return {"live_line": None, "own_vote": None}
    own = own_vote(visit.state, visit.actor)
    return {"live_line": live_line(visit.state, visit.words, visit.now), "own_vote": own}


def _navigation(visit: Visit) -> Navigation:
    """The navigation of this page; empty on pages that belong to no congress."""
    if not visit.slug:
        return Navigation()
    here, asked = str(visit.request.scope["path"]), visit.request.query_params.get("motion", "")
    motion = motion_at(visit.slug, visit.state, here, asked)
    return navigation(visit.slug, visit.state, visit.actor, here, motion)


def refusal_text(refused: Refused, words: Translator, timezone: str) -> str:
    """The sentence of a refusal in the visitor's language, with its rule, and dates in the congress's timezone."""
    params = {name: _param(value, words, timezone) for name, value in refused.params.items()}
    return f"{words(refused.message, **params)} {naming.ground(words, refused)}".rstrip()


def _param(value: str | int, words: Translator, timezone: str) -> str | int:
    if isinstance(value, str) and len(value) == 24 and value.endswith("Z"):
        return moments.moment(value, timezone, words.lang)
    return words.singular.get(value, value) if isinstance(value, str) else value


def status_of(refused: Refused) -> int:
    """The HTTP status of a refusal.

    403 for a lack of rights, 404 for what does not exist, 409 for the wrong time, 422 for invalid data, 429 for too
    many requests, 503 if nothing can be stored.
    """
    if refused.code.startswith(LIMITED):
        return 429
    if refused.code.endswith(".not_found"):
        return 404
    if refused.code.startswith(("storage.", "record.")):
        return 503
    if refused.code.startswith(FORBIDDEN):
        return 403
    return 409 if refused.code.startswith(CONFLICTS) else 422


async def submit(visit: Visit, form: Form, command: commands.Command | Refused) -> Any:
    """Sends the command in the visitor's name; a Receipt, or Refused."""
    if isinstance(command, Refused):
        return command
    person = visit.person.id if visit.person else None
    if limited := visit.services.admission.refuse_command(visit.request, visit.slug, person, visit.state, command):
        return limited
    request = commands.Request(form.command_id(command), visit.slug, visit.actor, command, form.get(SEEN))
    return await visit.services.write_queue.submit(request)


def confirmed(receipt: Any, address: str) -> Response:
    """Redirects to that page, which shows the receipt."""
    path, hash_, anchor = address.partition("#")
    joint = "&" if "?" in path else "?"
    return RedirectResponse(f"{path}{joint}{PARAMETER}={value(receipt.entries)}{hash_}{anchor}", 303)


def _here(request: Request) -> str:
    query = request.url.query
    return request.url.path + (f"?{query}" if query else "")
