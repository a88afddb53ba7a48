"""The words of the demonstration, read from its data files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from typing import Any

Data = dict[str, Any]


@dataclass(frozen=True)
class Content:
    """`congress` and `ways` are one object each, the others lists of objects, in the order of their files."""

    congress: Data
    testimonies: tuple[Data, ...]
    maps: tuple[Data, ...]
    motions: tuple[Data, ...]
    amendments: tuple[Data, ...]
    sittings: tuple[Data, ...]
    ways: Data


def load() -> Content:
    """Everything that the demonstration says."""
    return Content(
        congress=_read("congress.json"),
        testimonies=tuple(_testimonies()),
        maps=tuple(_read("maps.json")),
        motions=tuple(_read("motions.json")),
        amendments=tuple(_read("amendments.json")),
        sittings=tuple(_read("sittings.json")),
        ways=_read("ways.json"),
    )


def _testimonies() -> Iterator[Data]:
    folder = resources.files(__package__) / "testimonies"
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if not file.name.endswith(".json"):
            continue
        data = json.loads(file.read_text("utf-8"))
        for testimony in data["testimonies"]:
            yield {"theme": data["theme"], **testimony, "text": "\n\n".join(testimony["text"])}


def _read(name: str) -> Any:
    return json.loads((resources.files(__package__) / name).read_text("utf-8"))
