"""The host names under which this server answers: that of its public origin, and loopback names.

A page of another site whose name was made to resolve to this machine (DNS rebinding) uses its own name, and is refused.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

PORTS = {"http": 80, "https": 443}
LOCAL = "localhost"


def is_served(host: str, origin: str) -> bool:
    """Whether a well-formed `Host` header names this server; `origin` is its public origin.

    Loopback names always do, as health checks and proxies on this machine use them. If the origin itself is a loopback
    name, so does any IP address, which can be no other site's name.
    """
    asked, own = urlsplit(f"//{host}"), urlsplit(origin)
    name = (asked.hostname or "").rstrip(".")
    if _is_loopback(name):
        return True
    if _is_loopback(own.hostname or ""):
        return _address(name) is not None
    port = PORTS.get(own.scheme)
    return name == own.hostname and (asked.port or port) == (own.port or port)


def _is_loopback(name: str) -> bool:
    address = _address(name)
    return name == LOCAL or (address is not None and address.is_loopback)


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None
