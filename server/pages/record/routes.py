"""The addresses of the record, of people, and of the restitution."""

from __future__ import annotations

from server.pages.record import files, people, record, restitution

routes = [
    *files.routes,
    *people.routes,
    *record.routes,
    *restitution.routes,
]
