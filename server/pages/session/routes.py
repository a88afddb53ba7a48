"""The addresses of the sitting."""

from __future__ import annotations

from server.pages.session import attendance, sitting

routes = [
    *attendance.routes,
    *sitting.routes,
]
