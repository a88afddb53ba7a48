"""The addresses of the sitting."""

from __future__ import annotations

from server.pages.session import arranging, attendance, sitting, speakers

routes = [
    *arranging.routes,
    *attendance.routes,
    *speakers.routes,
    *sitting.routes,
]
