"""A map of the départements as an SVG of our own: shades by how often each is heard, beside a table that says the same.

The outlines of metropolitan France in `france_map.json` are simplified from a map under CC BY 4.0, which it names.
Paris and its neighbours are drawn again, larger, and the territories overseas are squares with their number.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

OUTLINES = Path(__file__).parent / "france_map.json"
SMALL = ("75", "92", "93", "94")
"""Départements that are too small to be seen, drawn again at the top right."""
ENLARGED = "translate(-1015 -665) scale(5)"
OVERSEAS = ("971", "972", "973", "974", "976", "975", "977", "978", "986", "987", "988")
TILE_WIDTH, TILE_HEIGHT, TILES_IN_ROW = 40, 26, 3
TILES_AT = (4, 440)
SHADES = (1, 2, 5, 10)
"""How many testimonies begin each shade."""


@dataclass(frozen=True)
class _Outlines:
    source: str
    width: int
    height: int
    departments: Mapping[str, str]


@lru_cache(maxsize=1)
def _outlines() -> _Outlines:
    read: dict[str, Any] = json.loads(OUTLINES.read_text("utf-8"))
    return _Outlines(**read)


def source() -> str:
    """Whose map it is, and under which licence."""
    return _outlines().source


def shade(count: int) -> int:
    """The shade of so many testimonies: 0 for none, up to the number of `SHADES`."""
    return sum(count >= least for least in SHADES)


def drawn(counts: Mapping[str, int], label: str) -> str:
    """The map as SVG; `counts` are the testimonies by code of the département, `label` says what the picture shows."""
    map_ = _outlines()
    return (
        f'<svg class="france" role="img" aria-label="{escape(label)}" viewBox="0 0 {map_.width} {map_.height}">'
        f"{_land(map_.departments, counts)}"
        f'<g transform="{ENLARGED}">{_land({code: map_.departments[code] for code in SMALL}, counts)}</g>'
        f"{''.join(_tiles(counts))}</svg>"
    )


def _land(departments: Mapping[str, str], counts: Mapping[str, int]) -> str:
    """A path for each shade, which keeps the page small."""
    paths: dict[int, list[str]] = {}
    for code, outline in departments.items():
        paths.setdefault(shade(counts.get(code, 0)), []).append(outline)
    return "".join(f'<path class="shade-{n}" d="{"".join(paths[n])}"/>' for n in sorted(paths))


def _tiles(counts: Mapping[str, int]) -> Iterable[str]:
    left, top = TILES_AT
    for i, code in enumerate(OVERSEAS):
        x = left + i % TILES_IN_ROW * (TILE_WIDTH + 4)
        y = top + i // TILES_IN_ROW * (TILE_HEIGHT + 4)
        n = shade(counts.get(code, 0))
        yield f'<rect class="shade-{n}" x="{x}" y="{y}" width="{TILE_WIDTH}" height="{TILE_HEIGHT}"/>'
        yield f'<text class="on-{n}" x="{x + TILE_WIDTH // 2}" y="{y + 18}">{code}</text>'
