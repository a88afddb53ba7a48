"""The addresses of the record, of people, and of the restitution."""

from __future__ import annotations

from server.pages.record import people, record, restitution

routes = [
    *people.routes,
    *record.routes,
    *restitution.routes,
]
