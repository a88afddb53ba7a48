"""Addresses of the built client, from Vite's manifest (file names contain a hash)."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

MANIFEST = Path(__file__).parents[2] / "static" / "manifest.json"
BASE = "/static/"


def asset(name: str) -> str:
    """The address of the entry `name` (`styles`, `base`…); without a build, an address that does not exist."""
    return BASE + _names(_stamp()).get(name, f"{name}-absent")


def stylesheets(name: str) -> tuple[str, ...]:
    """Addresses of the stylesheets that an entry needs."""
    return tuple(BASE + file for file in _styles(_stamp()).get(name, ()))


def files(*names: str) -> tuple[str, ...]:
    """The addresses of everything that these entries load, at once or later."""
    return tuple(sorted(BASE + file for file in _closure(_stamp(), names)))


def build(*names: str) -> str:
    """An identifier of what these entries load, which changes whenever a byte of it does."""
    return hashlib.sha256(" ".join(files(*names)).encode()).hexdigest()[:16]


def source(name: str) -> str:
    """The script of the entry `name`; "" without a build."""
    file = _names(_stamp()).get(name)
    return (MANIFEST.parent / file).read_text("utf-8") if file else ""


def content(address: str) -> bytes:
    """The bytes of a built file, by its address; b"" without a build."""
    path = MANIFEST.parent / address.removeprefix(BASE)
    return path.read_bytes() if path.is_file() else b""


def _stamp() -> int:
    return MANIFEST.stat().st_mtime_ns if MANIFEST.exists() else 0


@lru_cache(maxsize=2)
def _names(stamp: int) -> dict[str, str]:
    return {str(entry["name"]): str(entry["file"]) for entry in _entries()}


@lru_cache(maxsize=2)
def _styles(stamp: int) -> dict[str, list[str]]:
    return {str(entry["name"]): [str(file) for file in entry.get("css", [])] for entry in _entries()}


@lru_cache(maxsize=8)
def _closure(stamp: int, names: tuple[str, ...]) -> frozenset[str]:
    chunks = _chunks()
    found: set[str] = set()
    waiting = [key for key, chunk in chunks.items() if chunk.get("isEntry") and chunk["name"] in names]
    while waiting:
        chunk = chunks[waiting.pop()]
        if chunk["file"] not in found:
            found |= {chunk["file"], *chunk.get("css", [])}
            waiting += [*chunk.get("imports", []), *chunk.get("dynamicImports", [])]
    return frozenset(found)


def _entries() -> list[dict[str, Any]]:
    return [entry for entry in _chunks().values() if entry.get("isEntry")]


def _chunks() -> dict[str, dict[str, Any]]:
    return json.loads(MANIFEST.read_text("utf-8")) if MANIFEST.exists() else {}
