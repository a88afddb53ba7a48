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
    people,
    phases,
    poll_opening,
    queue,
    redactions,
    rules,
    session_setup,
)

routes = [
    *creating.routes,
    *dashboard.routes,
    *queue.routes,
    *configuration.routes,
    *identifying.routes,
    *phases.routes,
    *rules.routes,
    *electors.routes,
    *people.routes,
    *moderation.routes,
    *importing.routes,
    *poll_opening.routes,
    *session_setup.routes,
    *freezing.routes,
    *redactions.routes,
]
