"""The addresses of the sitting."""

from __future__ import annotations

from server.pages.session import sitting

routes = [
    *sitting.routes,
]
