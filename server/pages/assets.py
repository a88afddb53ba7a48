"""Hashed names of the built client, from Vite's manifest."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

MANIFEST = Path(__file__).parent.parent / "static" / "manifest.json"
BASE = "/static/"


def asset(name: str) -> str:
    """The address of the entry `name` (`styles`, `base`…); without a build, one that is not found."""
    return BASE + _names(_stamp()).get(name, f"{name}-absent")


def stylesheets(name: str) -> tuple[str, ...]:
    """Addresses of the stylesheets that an island brings along."""
    return tuple(BASE + file for file in _styles(_stamp()).get(name, ()))


def _stamp() -> int:
    return MANIFEST.stat().st_mtime_ns if MANIFEST.exists() else 0


@lru_cache(maxsize=2)
def _names(stamp: int) -> dict[str, str]:
    return {str(entry["name"]): str(entry["file"]) for entry in _entries()}


@lru_cache(maxsize=2)
def _styles(stamp: int) -> dict[str, list[str]]:
    return {str(entry["name"]): [str(file) for file in entry.get("css", [])] for entry in _entries()}


def _entries() -> list[dict[str, Any]]:
    if not MANIFEST.exists():
        return []
    entries = json.loads(MANIFEST.read_text("utf-8")).values()
    return [entry for entry in entries if entry.get("isEntry")]
