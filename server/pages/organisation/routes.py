"""The addresses of those who run a congress."""

from __future__ import annotations

from server.pages.organisation import (
    creating,
    dashboard,
    electors,
    importing,
    moderation,
    opening,
    people,
    phases,
    redactions,
    rules,
    session,
)

routes = [
    *creating.routes,
    *dashboard.routes,
    *phases.routes,
    *rules.routes,
    *electors.routes,
    *people.routes,
    *moderation.routes,
    *importing.routes,
    *opening.routes,
    *session.routes,
    *redactions.routes,
]
