"""The addresses of votes and proxies."""

from __future__ import annotations

from server.pages.votes import booth, polls, proxies

routes = [
    *booth.routes,
    *polls.routes,
    *proxies.routes,
]
