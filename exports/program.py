"""The version of the program that makes the files of an archive: equal versions make the same bytes from the same
record.
"""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib import resources
from importlib.resources.abc import Traversable

PACKAGES = ("deliberation", "exports")
LIBRARIES = ("jinja2", "markupsafe", "markdown-it-py", "nh3", "typst")
"""The libraries whose version affects the files."""


@cache
def version() -> str:
    """The version, such as `0.1.0+5f3a9c0d12ab`: the release ("source" if not installed), and a digest of the sources
    that make files and of the libraries' versions.
    """
    digest = sha256()
    for name in LIBRARIES:
        digest.update(f"{name} {_release(name)}\n".encode())
    for package in PACKAGES:
        for path, data in _sources(resources.files(package), package):
            digest.update(f"{path} {len(data)}\n".encode() + data)
    return f"{_release('pleniere')}+{digest.hexdigest()[:12]}"


def _release(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "source"


def _sources(folder: Traversable, path: str) -> Iterator[tuple[str, bytes]]:
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        if item.is_dir():
            if not item.name.startswith(("__pycache__", ".")):
                yield from _sources(item, f"{path}/{item.name}")
        elif not item.name.endswith((".pyc", ".md")):
            yield f"{path}/{item.name}", item.read_bytes()
