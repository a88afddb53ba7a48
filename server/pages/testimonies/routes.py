"""The addresses of testimonies."""

from __future__ import annotations

from server.pages.testimonies import testimonies

routes = [
    *testimonies.routes,
]
