"""The addresses of motions."""

from __future__ import annotations

from server.pages.motions import drafting, history, motions, origins, passages, remarks, version_comparison, word_acts

routes = [
    *motions.routes,
    *drafting.routes,
    *passages.routes,
    *version_comparison.routes,
    *history.routes,
    *origins.routes,
    *word_acts.routes,
    *remarks.routes,
]
