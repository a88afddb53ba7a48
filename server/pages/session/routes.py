"""The addresses of the sitting."""

from __future__ import annotations

from server.pages.session import arranging, attendance, sitting

routes = [
    *arranging.routes,
    *attendance.routes,
    *sitting.routes,
]
