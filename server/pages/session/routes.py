"""The addresses of the sitting."""

from __future__ import annotations

from server.pages.session import arranging, attendance, planning, screen, sitting, speakers

routes = [
    *arranging.routes,
    *attendance.routes,
    *planning.routes,
    *screen.routes,
    *speakers.routes,
    *sitting.routes,
]
