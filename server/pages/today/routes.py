"""The addresses of the first pages."""

from __future__ import annotations

from server.pages.today import congress, home

routes = [
    *home.routes,
    *congress.routes,
]
