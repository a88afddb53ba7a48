"""The addresses of votes and proxies."""

from __future__ import annotations

from server.pages.votes import polls, proxies, voter_screen

routes = [
    *voter_screen.routes,
    *polls.routes,
    *proxies.routes,
]
