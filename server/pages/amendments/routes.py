"""The addresses of amendments; the form to table one stands below its motion."""

from __future__ import annotations

from server.pages.amendments import amendments, opinions, paper, rectifying, tabling

routes = [
    *tabling.routes,
    *rectifying.routes,
    *opinions.routes,
    *paper.routes,
    *amendments.routes,
]
