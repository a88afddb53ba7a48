"""Contributors' Markdown as safe HTML, and as plain text.

HTML and images are not interpreted, links lead to http, https and mailto only, the work is bounded on any input, and
nh3 sanitises the result as a second safeguard. A citation `[^12]` becomes a note reference, or a link to the excerpt,
as the caller decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, NamedTuple

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from exports.portions import Portion, portions, words_of
from exports.shortening import shorten
from exports.typography import french

_LINK = re.compile(r"https?://[^/\s]|mailto:[^\s]", re.IGNORECASE)
_CITATION = re.compile(r"\[\^([1-9][0-9]{0,8})\]")
_REL = "nofollow noopener noreferrer ugc"
_TAGS = {"p", "br", "strong", "em", "a", "ul", "ol", "li", "blockquote", "code", "pre", "hr", "sup"}
_ATTRIBUTES = {
    "a": {"href", "rel", "class", "id", "aria-label", "title"},
    "ol": {"start"},
    "p": {"class"},
    "sup": {"class"},
}


@dataclass(frozen=True)
class Call:
    """How a citation is shown: its target, its visible text, its text for screen readers, and its own anchor."""

    href: str
    label: str
    spoken: str = ""
    anchor: str = ""


Cite = Callable[[int], Call | None]


class Mention(NamedTuple):
    """Characters [start, end) of a text that name something, and the address of what they name."""

    start: int
    end: int
    href: str


Mentions = Callable[[str], Iterable[Mention]]
"""(words without markup) -> the mentions in them, in order."""


def render(text: str, cite: Cite | None = None, mentions: Mentions | None = None) -> str:
    """Safe HTML of a contributor's Markdown, with French typography. A citation that `cite` does not know stays as
    typed.

    What `mentions` finds becomes a link, unless the words are in a link already.
    """
    schemes = {"http", "https", "mailto"}
    html = _joined((_rendered(portion, cite or _no_citation, mentions), portion.goes_on) for portion in portions(text))
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=schemes,
        link_rel=None,
        strip_comments=True,
    )


def _rendered(portion: Portion, cite: Cite, mentions: Mentions | None) -> str:
    if not portion.is_parsed:
        return _plain_paragraphs(portion.text)
    env = {"cite": cite}
    tokens = _PARSER.parse(portion.text, env)
    if mentions:
        for token in tokens:
            token.children = list(_linked(token.children, mentions)) if token.children else token.children
    return str(_PARSER.renderer.render(tokens, _PARSER.options, env))


def _linked(children: Iterable[Token], mentions: Mentions) -> Iterator[Token]:
    """The tokens, with links added around mentions in words that are not in a link already."""
    depth = 0
    for token in children:
        depth += token.nesting if token.type in ("link_open", "link_close") else 0
        if token.type != "text" or depth:
            yield token
            continue
        at = 0
        for mention in mentions(token.content):
            yield Token("text", "", 0, content=token.content[at : mention.start])
            yield Token("mention_open", "a", 1, attrs={"href": mention.href})
            yield Token("text", "", 0, content=token.content[mention.start : mention.end])
            yield Token("mention_close", "a", -1)
            at = mention.end
        yield Token("text", "", 0, content=token.content[at:])


def _joined(parts: Iterable[tuple[str, bool]]) -> str:
    """Joins rendered portions; one that continues a paragraph is put inside it."""
    html = ""
    for part, goes_on in parts:
        seam = html.endswith("</p>\n") and goes_on and part.startswith("<p>")
        html = html.removesuffix("</p>\n") + " " + part.removeprefix("<p>") if seam else html + part
    return html


def render_inline(text: str, cite: Cite | None = None, mentions: Mentions | None = None) -> str:
    """The same as `render`, without the paragraph around the text if it is a single one."""
    html = render(text, cite, mentions).strip()
    only = html.removeprefix("<p>").removesuffix("</p>")
    return only if html.startswith("<p>") and "<p>" not in only else html


def plain(text: str, limit: int = 0) -> str:
    """The words without markup on one line; cut between words to `limit` characters unless that is 0."""
    found = (
        _words(_PARSER.parse(portion.text, {"cite": _no_citation})) if portion.is_parsed else [words_of(portion.text)]
        for portion in portions(text)
    )
    words = " ".join(" ".join(word for part in found for word in part).split())
    return shorten(words, limit) if limit else words


def tokens_of(text: str) -> list[Token]:
    """The parser's tokens; a citation is a token of type `citation`, with the excerpt's number in `meta["excerpt"]`."""
    return _PARSER.parse(text, {"cite": _no_citation})


def citations(text: str) -> list[int]:
    """The numbers of the excerpts cited, each once, in the order of first citation."""
    return list(dict.fromkeys(int(n) for n in _CITATION.findall(text)))


def _words(tokens: Sequence[Token]) -> list[str]:
    found: list[str] = []
    for token in tokens:
        if token.type == "inline":
            found.append("".join(_inline_words(token.children or [])))
        elif token.type in ("fence", "code_block"):
            found.append(token.content)
    return found


def _inline_words(children: Sequence[Token]) -> list[str]:
    spaces = {"softbreak": " ", "hardbreak": " "}
    return [spaces.get(t.type, t.content if t.type in ("text", "code_inline") else "") for t in children]


def _plain_paragraphs(text: str) -> str:
    blocks = [block.strip() for block in re.split(r"\n\s*\n", words_of(text))]
    return "".join("<p>" + escape(french(block)).replace("\n", "<br>\n") + "</p>\n" for block in blocks if block)


def _no_citation(number: int) -> Call | None:
    return None


def _citation_rule(state: StateInline, silent: bool) -> bool:
    match = _CITATION.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        token = state.push("citation", "", 0)
        token.meta = {"excerpt": int(match.group(1))}
    state.pos = match.end()
    return True


def _render_citation(self: RendererHTML, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
    number: int = tokens[idx].meta["excerpt"]
    call: Call | None = env["cite"](number)
    if call is None:
        return f"[^{number}]"
    spoken = f' aria-label="{escape(call.spoken)}"' if call.spoken else ""
    anchor = f' id="{escape(call.anchor)}"' if call.anchor else ""
    return f'<sup class="appel"><a href="{escape(call.href)}"{anchor}{spoken}>{escape(call.label)}</a></sup>'


def _render_text(self: RendererHTML, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
    """Renders words; a space before a note reference is removed."""
    called = idx + 1 < len(tokens) and tokens[idx + 1].type == "citation"
    words = french(tokens[idx].content)
    return escape(words.rstrip() if called else words, quote=False)


def _render_heading(self: RendererHTML, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
    """Renders a contributor's heading as a bold paragraph, so that it does not enter the outline of the page."""
    return '<p class="intertitre"><strong>' if tokens[idx].nesting == 1 else "</strong></p>\n"


def _render_link(self: RendererHTML, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
    return f'<a href="{escape(str(tokens[idx].attrs.get("href", "")))}" rel="{_REL}">'


def _render_mention(self: RendererHTML, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
    if tokens[idx].nesting < 0:
        return "</a>"
    return f'<a class="renvoi" href="{escape(str(tokens[idx].attrs["href"]))}">'


def _is_allowed(url: str) -> bool:
    return len(url) <= 2_000 and _LINK.match(url) is not None


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 20, "breaks": True})
    parser.disable(["image", "html_block", "html_inline", "reference"])
    parser.inline.ruler.before("link", "citation", _citation_rule)
    parser.validateLink = _is_allowed  # type: ignore[method-assign]
    rules: dict[str, Any] = {
        "citation": _render_citation,
        "text": _render_text,
        "heading_open": _render_heading,
        "heading_close": _render_heading,
        "link_open": _render_link,
        "mention_open": _render_mention,
        "mention_close": _render_mention,
    }
    for name, rule in rules.items():
        parser.add_render_rule(name, rule)
    return parser


_PARSER = _parser()
