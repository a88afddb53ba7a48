"""The addresses of motions."""

from __future__ import annotations

from server.pages.motions import comparing, drafting, history, motions, origins, passages, remarks

routes = [
    *motions.routes,
    *drafting.routes,
    *passages.routes,
    *comparing.routes,
    *history.routes,
    *origins.routes,
    *remarks.routes,
]
