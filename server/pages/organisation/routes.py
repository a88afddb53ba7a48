"""The addresses of those who run a congress."""

from __future__ import annotations

from server.pages.organisation import (
    configuration,
    creating,
    dashboard,
    electors,
    freezing,
    identifying,
    importing,
    moderation,
    moved,
    people,
    phases,
    poll_opening,
    queue,
    redactions,
    rules,
)

routes = [
    *creating.routes,
    *dashboard.routes,
    *queue.routes,
    *configuration.routes,
    *identifying.routes,
    *phases.routes,
    *moved.routes,
    *rules.routes,
    *electors.routes,
    *people.routes,
    *moderation.routes,
    *importing.routes,
    *poll_opening.routes,
    *freezing.routes,
    *redactions.routes,
]
