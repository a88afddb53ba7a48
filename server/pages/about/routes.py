"""The addresses of what a congress says of its own site."""

from __future__ import annotations

from server.pages.about import about

routes = [*about.routes]
