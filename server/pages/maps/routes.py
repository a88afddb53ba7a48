"""The addresses of maps."""

from __future__ import annotations

from server.pages.maps import maps

routes = [
    *maps.routes,
]
