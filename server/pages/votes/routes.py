"""The addresses of votes and proxies."""

from __future__ import annotations

from server.pages.votes import elsewhere, polls, proxies, slips, voter_screen

routes = [
    *voter_screen.routes,
    *polls.routes,
    *elsewhere.routes,
    *proxies.routes,
    *slips.routes,
]
