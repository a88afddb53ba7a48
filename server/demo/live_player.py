"""Plays a live sitting on a running server: each act is a command over its API, by the person whose act it is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from deliberation.kernel import codec
from server.demo.live_sitting import LiveAct

TIMEOUT_SECONDS = 20.0


class PlayStopped(Exception):
    """The server cannot be reached, or refused an act: a sentence for the person."""


@dataclass(frozen=True)
class LivePlayer:
    """`origin` is the server's address, `tokens` the access token of each person; `wait` waits so many seconds."""

    origin: str
    slug: str
    tokens: Mapping[str, str]
    wait: Callable[[float], None]

    def play(self, acts: Iterable[LiveAct], pace: float) -> int:
        """Sends the acts in order and leaves each on the screen for its paces of `pace` seconds; how many it sent."""
        count = 0
        for act in acts:
            data = {"name": act.command.name, "data": codec.encode(act.command)}
            self._ask(f"/api/v1/c/{self.slug}/commandes", act.actor, data)
            self.wait(pace * act.paces)
            count += 1
        return count

    def clauses(self) -> tuple[str, ...]:
        """The ids of the clauses of the frozen motion."""
        motion = self._ask(f"/api/v1/c/{self.slug}/motions/1", next(iter(self.tokens)))
        return tuple(clause["id"] for clause in motion["frozen"][-1]["clauses"])

    def _ask(self, path: str, actor: str, data: dict[str, Any] | None = None) -> Any:
        headers = {"Authorization": f"Bearer {self.tokens[actor]}", "Content-Type": "application/json"}
        body = None if data is None else json.dumps(data).encode()
        request = Request(f"{self.origin}{path}", body, headers)  # noqa: S310 - the operator's own origin
        try:
            with urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
                return json.loads(answer.read())
        except HTTPError as error:
            raise PlayStopped(f"{data and data['name']} : {error.code} {error.read().decode()[:300]}") from error
        except (URLError, OSError) as error:
            raise PlayStopped(f"{self.origin} ne répond pas : lancez d’abord « pleniere serve »") from error
