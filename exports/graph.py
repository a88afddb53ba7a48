"""A map as an accessible SVG picture, for the public page, the archive and the printed report.

Graphviz computes the positions (`exports.layout`); the picture is written here, from these numbers and from escaped
text. So no attribute, style, script or address can come from what people typed. The picture may be inlined under a
strict content security policy: it has classes (`carte`, `noeud`, `lien`, `branche-1` to `branche-8`) and presentation
attributes, but no `style`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape

import graphviz

from deliberation.kernel.state import Excerpt, MindMap
from exports import layout, lettering
from exports.anchors import safe
from exports.outline import OutlineRow, rows
from exports.translations import FRENCH

LARGEST = 3000
"""The most nodes that Graphviz lays out; larger maps are drawn as a list, one node per line."""
BRANCHES = 8
FONT = 15
LINE = 20
PADDING = 12
WORDS = {
    "fr": ("Carte mentale : {title}", "{n} idée|{n} idées", "repose sur {n} extrait|repose sur {n} extraits"),
    "en": ("Mind map: {title}", "{n} idea|{n} ideas", "rests on {n} excerpt|rests on {n} excerpts"),
}
HUES = ("1f5fa8", "8a3b12", "2c6e49", "7a2e7a", "8a6100", "0f6a73", "9c2348", "4b4fa3")
DARK_HUES = ("8ebcf0", "f0a983", "8fd0a8", "dca0dc", "e3bd62", "7fd0d8", "f29bb2", "b3b6f5")


def branch_style() -> str:
    """CSS with the colours of branches, light and dark, for pages in which pictures are inlined."""
    light, dark = (
        "".join(f".branche-{n}>rect,.lien.branche-{n}{{stroke:#{hue}}}" for n, hue in enumerate(hues, 1))
        for hues in (HUES, DARK_HUES)
    )
    return f"{light}@media(prefers-color-scheme:dark){{{dark}}}"


STYLE = (
    ".carte{color:#1c1b22;background:#fff}.carte text{font-family:system-ui,sans-serif}"
    "@media(prefers-color-scheme:dark){.carte{color:#eceaf2;background:#15141a}}"
) + branch_style()


@dataclass(frozen=True)
class Box:
    """A node to be drawn: its wrapped label, its size in pixels, and its accessible name."""

    row: OutlineRow | None
    lines: tuple[str, ...]
    width: int
    height: int
    excerpts: int
    spoken: str


@dataclass(frozen=True)
class GraphPlaces:
    """The centres of the boxes and the Bézier points of the links, in pixels from the top left."""

    width: float
    height: float
    centres: tuple[tuple[float, float], ...]
    curves: Mapping[int, tuple[tuple[float, float], ...]]


def anchor(mindmap: int, node: str) -> str:
    """The fragment identifier of a node in the outline of its map; unique even if several maps are on one page."""
    return f"carte-{mindmap}-noeud-{safe(node)}"


def render_map(
    mindmap: MindMap,
    excerpts: Mapping[int, Excerpt],
    lang: str = FRENCH,
    *,
    links: bool = True,
    standalone: bool = False,
) -> str:
    """The picture of a map as SVG. `excerpts` must be the public ones: only these are counted at the nodes that cite
    them.

    With `links`, each node links to its `anchor` in the page around the picture. `standalone` adds what a separate file
    needs: a style for light and dark.
    """
    boxes = _boxes(mindmap, excerpts, lang)
    placed = place(boxes)
    ideas = _count(WORDS[lang][1], len(boxes) - 1)
    name = f"carte-{mindmap.number}"
    size = (
        f'viewBox="0 0 {_n(placed.width)} {_n(placed.height)}" width="{_n(placed.width)}" height="{_n(placed.height)}"'
    )
    role = "group" if links else "img"
    marked = "" if lang == FRENCH else f' lang="{FRENCH}"'
    return "".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" class="carte" role="{role}" lang="{lang}" ',
            f'aria-labelledby="{name}-titre {name}-resume" {size}>',
            f'<title id="{name}-titre">{_text(WORDS[lang][0].format(title=mindmap.title))}</title>',
            f'<desc id="{name}-resume">{_text(ideas)}</desc>',
            f"<style>{STYLE}</style>" if standalone else "",
            *(_link(boxes[i], curve) for i, curve in sorted(placed.curves.items())),
            *(
                _node(box, centre, mindmap.number if links else 0, marked)
                for box, centre in zip(boxes, placed.centres, strict=True)
            ),
            "</svg>",
        ]
    )


def _boxes(mindmap: MindMap, excerpts: Mapping[int, Excerpt], lang: str) -> list[Box]:
    boxes = [_box(None, mindmap.title, 0, lang)]
    for row in rows(mindmap.nodes):
        boxes.append(_box(row, row.node.text, sum(n in excerpts for n in set(row.node.excerpts)), lang))
    return boxes


def _box(row: OutlineRow | None, text: str, count: int, lang: str) -> Box:
    lines = lettering.wrap(text or "…", 26 if row is None or row.depth == 0 else 34)
    widest = max(lettering.width(line) for line in lines)
    bold = 1.13 if row is None or row.depth == 0 else 1.0
    spoken = f"{text} — {_count(WORDS[lang][2], count)}" if count else text
    extra = 32 if count else 0
    return Box(row, lines, round(widest * FONT * bold) + 2 * PADDING + extra, len(lines) * LINE + 14, count, spoken)


def place(boxes: Sequence[Box]) -> GraphPlaces:
    """The layout by Graphviz; if it fails, a simple one with one node per line, indented by depth."""
    columns = _columns(boxes)
    try:
        if len(boxes) > LARGEST:
            raise layout.LayoutFailed("too many nodes")
        return _aligned(boxes, columns, _parse(layout.plain(_dot(boxes, columns)), len(boxes)))
    except layout.LayoutFailed:
        return _stacked(boxes)


def _columns(boxes: Sequence[Box]) -> list[int]:
    """For each box, the width of the widest one at its depth, so that boxes of one depth start at the same x."""
    widest: dict[int, int] = {}
    for box in boxes:
        widest[_depth(box)] = max(widest.get(_depth(box), 0), box.width)
    return [widest[_depth(box)] for box in boxes]


def _depth(box: Box) -> int:
    return box.row.depth + 1 if box.row else 0


def _aligned(boxes: Sequence[Box], columns: Sequence[int], placed: GraphPlaces) -> GraphPlaces:
    """The layout with boxes aligned to the left of their columns, and with links between them."""
    gaps = [column - box.width for box, column in zip(boxes, columns, strict=True)]
    centres = tuple((x - gap / 2, y) for (x, y), gap in zip(placed.centres, gaps, strict=True))
    numbers = _numbers(boxes)
    curves = {}
    for i, box in enumerate(boxes):
        if box.row:
            above = numbers[box.row.parent]
            edge = placed.centres[above][0] + columns[above] / 2
            curves[i] = _sweep(
                edge - gaps[above], edge, centres[above][1], centres[i][0] - box.width / 2, centres[i][1]
            )
    return replace(placed, centres=centres, curves=curves)


def _sweep(start: float, edge: float, y: float, left: float, below: float) -> tuple[tuple[float, float], ...]:
    """The Bézier points of a link: from the right side of a box straight to the edge of its column, then curved to the
    left side of another box.
    """
    middle = (edge + left) / 2
    straight = ((start, y), (start, y), (edge, y)) if start < edge else ()
    return (*straight, (edge, y), (middle, y), (middle, below), (left, below))


def _numbers(boxes: Sequence[Box]) -> Mapping[str, int]:
    return {"": 0} | {box.row.id: i for i, box in enumerate(boxes) if box.row}


def _dot(boxes: Sequence[Box], columns: Sequence[int]) -> str:
    """The tree in Graphviz's DOT language: numbered nodes with their sizes, without any text that people wrote."""
    graph = graphviz.Digraph(
        graph_attr={"rankdir": "LR", "ordering": "out", "nodesep": "0.14", "ranksep": "0.5", "splines": "false"},
        node_attr={"shape": "box", "fixedsize": "true", "label": ""},
        edge_attr={"arrowhead": "none"},
    )
    numbers = _numbers(boxes)
    for i, box in enumerate(boxes):
        graph.node(f"n{i}", width=f"{columns[i] / 72:.4f}", height=f"{box.height / 72:.4f}")
        if box.row:
            graph.edge(f"n{numbers[box.row.parent]}", f"n{i}")
    return str(graph.source)


def _parse(plain: str, count: int) -> GraphPlaces:
    """Size and centres from Graphviz's `plain` format; links are drawn later."""
    width = height = 0.0
    centres = [(0.0, 0.0)] * count
    for words in (line.split() for line in plain.splitlines()):
        if words[:1] == ["graph"]:
            width, height = float(words[2]) * 72, float(words[3]) * 72
        elif words[:1] == ["node"]:
            centres[int(words[1][1:])] = _point(words[2], words[3], height)
    return GraphPlaces(width + 4, height + 4, tuple(centres), {})


def _point(x: str, y: str, height: float) -> tuple[float, float]:
    return float(x) * 72 + 2, height - float(y) * 72 + 2


def _stacked(boxes: Sequence[Box]) -> GraphPlaces:
    centres: list[tuple[float, float]] = []
    curves: dict[int, tuple[tuple[float, float], ...]] = {}
    numbers = _numbers(boxes)
    top, right = 2.0, 0.0
    for i, box in enumerate(boxes):
        left = 2.0 + 28 * min(_depth(box), 40)
        centres.append((left + box.width / 2, top + box.height / 2))
        top, right = top + box.height + 8, max(right, left + box.width)
        if box.row:
            curves[i] = _elbow(boxes[numbers[box.row.parent]], centres[numbers[box.row.parent]], left, centres[i][1])
    return GraphPlaces(right + 2, top, tuple(centres), curves)


def _elbow(parent: Box, centre: tuple[float, float], left: float, y: float) -> tuple[tuple[float, float], ...]:
    x = min(centre[0] - parent.width / 2 + 12, left - 4)
    return ((x, centre[1] + parent.height / 2), (x, y), (x, y), (left, y))


def _link(box: Box, curve: Sequence[tuple[float, float]]) -> str:
    start, *rest = (f"{_n(x)},{_n(y)}" for x, y in curve)
    return (
        f'<path class="lien {_branch(box)}" d="M{start}C{" ".join(rest)}" fill="none" stroke="currentColor" '
        'stroke-width="1.5" stroke-opacity="0.55"/>'
    )


def _node(box: Box, centre: tuple[float, float], linked: int, marked: str) -> str:
    """The SVG of a node; `linked` is the number of the map whose outline has the node, or 0 for no link. `marked` is
    the attribute that says the language of its words, "" if the whole picture is in that language.
    """
    x, y = centre[0] - box.width / 2, centre[1] - box.height / 2
    depth = "racine" if box.row is None else f"niveau-{min(_depth(box), 4)}"
    frame = f'x="{_n(x)}" y="{_n(y)}" width="{box.width}" height="{box.height}" rx="9"'
    parts = [
        f'<g class="noeud {depth} {_branch(box)}"><title>{_text(box.spoken)}</title>',
        f'<rect {frame} fill="none" stroke="currentColor" stroke-width="1.5"/>',
        *_label(box, x, y, marked),
        _badge(box, x + box.width - 20, centre[1]) if box.excerpts else "",
        "</g>",
    ]
    inner = "".join(parts)
    return f'<a href="#{anchor(linked, box.row.id)}">{inner}</a>' if linked and box.row else inner


def _label(box: Box, x: float, y: float, marked: str) -> list[str]:
    weight = ' font-weight="600"' if box.row is None or box.row.depth == 0 else ""
    return [
        f'<text x="{_n(x + PADDING)}" y="{_n(y + 7 + LINE * i + FONT)}" font-size="{FONT}" fill="currentColor"{weight}'
        f"{marked}>{_text(line)}</text>"
        for i, line in enumerate(box.lines)
    ]


def _badge(box: Box, x: float, y: float) -> str:
    return (
        f'<g class="extraits" aria-hidden="true"><circle cx="{_n(x)}" cy="{_n(y)}" r="10" fill="none" '
        f'stroke="currentColor"/><text x="{_n(x)}" y="{_n(y + 4)}" font-size="11" text-anchor="middle" '
        f'fill="currentColor">{box.excerpts}</text></g>'
    )


def _branch(box: Box) -> str:
    return f"branche-{box.row.branch % BRANCHES + 1}" if box.row else "branche-0"


def _count(forms: str, n: int) -> str:
    one, many = forms.split("|")
    return (one if n < 2 else many).format(n=n)


@lru_cache(maxsize=4096)
def _text(text: str) -> str:
    """Text for XML: control characters that it may not contain become U+FFFD."""
    clean = re.sub("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)
    return escape(clean, quote=False)


def _n(value: float) -> str:
    """A length in pixels as text, with at most one decimal."""
    return f"{value:.1f}".removesuffix(".0")
