"""The addresses that belong to no subject: signing in, and the offline edit page."""

from __future__ import annotations

from server.pages.shell import offline, sign_in

routes = [
    *sign_in.routes,
    *offline.routes,
]
