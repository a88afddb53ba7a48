"""The addresses of testimonies."""

from __future__ import annotations

from server.pages.testimonies import own, testimonies

routes = [
    *testimonies.routes,
    *own.routes,
]
