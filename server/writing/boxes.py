"""Ballot boxes of secret polls, read and written inside the writer's transaction."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from deliberation.kernel import commands as c
from deliberation.kernel.state import State
from deliberation.votes import secret
from deliberation.votes.ways import of as way_of
from server.store.ballot_box import BallotBox, erase
from server.store.keys import Keys


class OpenBoxes:
    """The ballot boxes of one congress's open secret polls. Each is read on first use and written at most once."""

    def __init__(self, connection: Connection, congress: str, keys: Keys) -> None:
        self._connection = connection
        self._congress = congress
        self._keys = keys
        self._boxes: dict[int, BallotBox] = {}

    def of(self, state: State, number: int) -> BallotBox | None:
        """The box of that poll; None when it is no secret poll that is open."""
        poll = state.polls.get(number)
        if poll is None or not way_of(poll).in_box or not poll.is_open:
            return None
        if number not in self._boxes:
            key = self._keys.urn(self._congress, number)
            self._boxes[number] = BallotBox(self._connection, self._congress, number, secret.sorts(poll), key)
        return self._boxes[number]

    def counted(self, state: State, request: c.Request) -> c.Request:
        """The same request; a request to close a secret poll is completed with the count of its box, which only the
        server knows.
        """
        if not isinstance(request.command, c.ClosePoll):
            return request
        number = request.command.poll
        box = self.of(state, number)
        return replace(request, command=c.CountBox(number, box.papers)) if box else request

    def erase(self, number: int) -> None:
        """Deletes the box of a poll that is over: its papers are in the record by now, or were discarded with a
        cancelled poll.
        """
        self._boxes.pop(number, None)
        erase(self._connection, self._congress, number)

    def write(self) -> None:
        """Seals the boxes that changed and stores them, in the caller's transaction."""
        for box in self._boxes.values():
            box.write()
