"""The addresses of collectivities."""

from __future__ import annotations

from server.pages.territories import collectivities

routes = [*collectivities.routes]
