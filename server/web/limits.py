"""Rate limits by address, by person or by vote, for each kind of request. Pure: the time is an argument.

Each has a token bucket per kind: so many at once, and so many more per second. Somebody signed in is counted as a
person, wherever they are; others are counted together with everybody behind the same address, which may be the network
of a whole hall: the allowance of an address is sized for as many people as the hall holds.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from ipaddress import IPv6Address, ip_address
from math import ceil
from typing import NamedTuple

HALL = 600
"""People who may share one address, unless the operator says otherwise."""

MOST_BUCKETS = 50_000
"""Number of buckets kept; those used least recently are dropped."""

FLOOD_SECONDS = 900.0
"""Seconds for which organisers are told of refused requests."""

MOST_FLOODS = 500
"""Pairs of congress and kind for which refusals are counted at a time."""


class LimitKind(Enum):
    """The kinds of requests that are limited."""

    TESTIMONY = "testimony"
    BALLOT = "ballot"
    ACT = "act"
    SOCKET = "socket"
    FRAMES = "frames"
    SEARCH = "search"
    EXPORT = "export"
    SIGN_IN = "sign_in"
    UPLOAD = "upload"


class Allowance(NamedTuple):
    """`burst` at once, and one more every `pause` seconds."""

    burst: float
    pause: float


def of_an_address(hall: int) -> Mapping[LimitKind, Allowance]:
    """The allowances of all who did not sign in behind one address, in a hall with so many people.

    A hall in which everybody testifies takes ten minutes for it, reconnects within half a minute after a network
    failure, and signs in within two minutes.
    """
    return {
        LimitKind.TESTIMONY: Allowance(max(10, hall / 20), 600 / hall),
        LimitKind.BALLOT: Allowance(max(10, hall / 20), 600 / hall),
        LimitKind.ACT: Allowance(max(10, hall / 20), 600 / hall),
        LimitKind.SOCKET: Allowance(max(60, hall / 2), 30 / hall),
        LimitKind.FRAMES: Allowance(max(120, 2 * hall), 5 / hall),
        LimitKind.SEARCH: Allowance(max(20, hall / 10), 60 / hall),
        LimitKind.EXPORT: Allowance(max(5, hall / 60), 600 / hall),
        LimitKind.SIGN_IN: Allowance(max(20, hall / 2), 120 / hall),
        LimitKind.UPLOAD: Allowance(3, 60),
    }


OF_A_PERSON: Mapping[LimitKind, Allowance] = {
    LimitKind.TESTIMONY: Allowance(20, 15),
    LimitKind.BALLOT: Allowance(60, 1),
    LimitKind.ACT: Allowance(120, 0.5),
    LimitKind.SOCKET: Allowance(60, 1),
    LimitKind.FRAMES: Allowance(400, 0.05),
    LimitKind.SEARCH: Allowance(30, 1),
    LimitKind.EXPORT: Allowance(10, 30),
    LimitKind.SIGN_IN: Allowance(30, 2),
    LimitKind.UPLOAD: Allowance(20, 6),
}
OF_THE_OFFICE: Mapping[LimitKind, Allowance] = {
    **OF_A_PERSON,
    LimitKind.TESTIMONY: Allowance(600, 0.5),
    LimitKind.BALLOT: Allowance(600, 0.1),
    LimitKind.ACT: Allowance(1_200, 0.05),
    LimitKind.UPLOAD: Allowance(60, 2),
}
"""Allowances of scribes and organisers, who write for a whole hall."""

OF_A_VOTE = Allowance(6, 60)
"""Allowance for changes of one person's vote in one poll: each adds an entry to the record."""


class Asker(NamedTuple):
    """Who sends a request: `person` of the congress `slug`, or "" for anybody at `address`. `office`: a scribe or
    organiser.
    """

    address: str
    slug: str = ""
    person: str = ""
    office: bool = False


@dataclass(slots=True)
class BucketLevel:
    """The fill level of a bucket at an instant."""

    level: float = 0.0
    since: float = 0.0


@dataclass(frozen=True)
class Flood:
    """A number of recently refused requests of one kind, the last at `last` (seconds of the limiter's clock)."""

    kind: LimitKind
    refused: int
    askers: int
    last: float


class Limiter:
    """`hall`: people who may share one address. `factor`: multiplies every allowance; 0 for no limits at all."""

    def __init__(self, hall: int = HALL, factor: float = 1.0) -> None:
        self._address = of_an_address(hall)
        self._factor = factor
        self._levels: OrderedDict[tuple[str, ...], BucketLevel] = OrderedDict()
        self._refused: OrderedDict[tuple[str, LimitKind], deque[tuple[float, str]]] = OrderedDict()

    def take(self, kind: LimitKind, asker: Asker, now: float, vote: str = "") -> int:
        """Counts a request; 0 if it may pass, else the seconds after which to try again. `vote` names the poll and the
        voter.
        """
        if not self._factor:
            return 0
        wait = self._wait(kind, asker, now)
        if not wait and vote:
            wait = self._fill(("vote", asker.slug, vote), OF_A_VOTE, now)
        if wait:
            self._note(kind, asker, now)
        return wait

    def floods(self, slug: str, now: float) -> list[Flood]:
        """What was refused recently in a congress, by kind; refusals outside any congress are included for all."""
        found: list[Flood] = []
        for (where, kind), refused in self._refused.items():
            recent = [(when, who) for when, who in refused if now - when <= FLOOD_SECONDS]
            if where in ("", slug) and recent:
                found.append(Flood(kind, len(recent), len({who for _, who in recent}), recent[-1][0]))
        return found

    def _wait(self, kind: LimitKind, asker: Asker, now: float) -> int:
        if asker.person:
            allowance = (OF_THE_OFFICE if asker.office else OF_A_PERSON)[kind]
            return self._fill((kind.value, asker.slug, asker.person), allowance, now)
        return self._fill((kind.value, network(asker.address)), self._address[kind], now)

    def _fill(self, key: tuple[str, ...], allowance: Allowance, now: float) -> int:
        level = self._levels.setdefault(key, BucketLevel(0.0, now))
        self._levels.move_to_end(key)
        while len(self._levels) > MOST_BUCKETS:
            self._levels.popitem(last=False)
        burst, pause = allowance.burst * self._factor, allowance.pause / self._factor
        level.level = max(0.0, level.level - max(0.0, now - level.since) / pause)
        level.since = now
        if level.level + 1 > burst:
            return max(1, ceil((level.level + 1 - burst) * pause))
        level.level += 1
        return 0

    def _note(self, kind: LimitKind, asker: Asker, now: float) -> None:
        key = (asker.slug, kind)
        refused = self._refused.setdefault(key, deque(maxlen=1_000))
        self._refused.move_to_end(key)
        refused.append((now, asker.person or network(asker.address)))
        while len(self._refused) > MOST_FLOODS:
            self._refused.popitem(last=False)


def network(address: str) -> str:
    """The address as it is counted: an IPv6 customer has 2^64 addresses, which count as one."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(IPv6Address(int(found) >> 64 << 64))


__all__ = ["Allowance", "Asker", "Flood", "LimitKind", "Limiter", "network"]
