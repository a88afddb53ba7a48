"""Who is shown in the rooms of shared texts, told to the other processes and heard from them.

Notifications may be lost: a process listens late, its connection breaks, its queue is full, it stands still. So what a
process says of presence is numbered, and each beat bears the last number: whoever misses one asks for all of it again.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from server.realtime import presence
from server.realtime.hub import Hub, Place
from server.realtime.presence import GONE, AwarenessEntry

GATHER_SECONDS = 0.05
"""What happens within so many seconds is told at once."""

LOST_BEATS = 4
"""Beats of this process without a word from another one, after which those who came through it are shown no more.

Its own beats, not seconds: a process that stood still itself has heard nobody, and nobody is lost by that.
"""

MOST_ENTRIES_BYTES = 5_000
"""Bytes of presence in one notification, which base64 makes a third longer."""

BEAT, FACES, ASK, BEGIN, END = "beat", "faces", "ask", "begin", "end"
"""Words that open a message: a sign of life; changes in a room; a request to tell everything; and, around an answer to
it, its begin and its end. All but the request bear a number: the count of numbered messages that were said so far.
"""

Faces = dict[Place, dict[int, AwarenessEntry]]


@dataclass
class ClusterPeer:
    """Another process, and whom it shows in which room.

    `heard`: the number of its last message; None while one is missing. `stale`: whom it showed before it began to tell
    everything again. `silence`: beats of this process since it was heard.
    """

    faces: Faces = field(default_factory=dict)
    stale: Faces = field(default_factory=dict)
    heard: int | None = None
    silence: int = 0

    def shows(self, place: Place, client: int) -> bool:
        return client in self.faces.get(place, {}) or client in self.stale.get(place, {})


class PresenceExchange:
    """`say(*words)` brings words to the other processes, unless they are lost. `node` is the name of this process."""

    def __init__(self, hub: Hub, node: str, say: Callable[..., object]) -> None:
        self._hub = hub
        self._node = node
        self._say = say
        self._said = 0
        self._changed: Faces = {}
        self._asked = False
        self._gathering: asyncio.TimerHandle | None = None
        self._peers: dict[str, ClusterPeer] = {}

    def knows(self, node: str) -> bool:
        """Whether that process was heard lately."""
        return node in self._peers

    def close(self) -> None:
        if self._gathering is not None:
            self._gathering.cancel()

    # What is said

    def shown(self, slug: str, document: str, entry: AwarenessEntry) -> None:
        """Told in a moment, with what else happens until then."""
        self._changed.setdefault((slug, document), {})[entry.client] = entry
        self._gather()

    def beat(self) -> None:
        """A sign of life; and a look at who gave none."""
        self._say(BEAT, str(self._said))
        for name, peer in list(self._peers.items()):
            peer.silence += 1
            if peer.silence > LOST_BEATS:
                del self._peers[name]
                self._leave(peer.faces)
                self._leave(peer.stale)

    def _gather(self) -> None:
        if self._gathering is None:
            self._gathering = asyncio.get_running_loop().call_later(GATHER_SECONDS, self._tell_gathered)

    def _tell_gathered(self) -> None:
        self._gathering = None
        changed, self._changed = self._changed, {}
        asked, self._asked = self._asked, False
        if asked:
            self._tell(BEGIN)
            self._tell_faces({place: {each.client: each for each in here} for place, here in self._hub.shown()})
            self._tell(END)
        self._tell_faces(changed)

    def _tell_faces(self, faces: Faces) -> None:
        for place, entries in faces.items():
            for some in _portions(entries.values()):
                self._tell(FACES, *place, base64.b64encode(presence.encode(some)).decode())

    def _tell(self, kind: str, *words: str) -> None:
        self._said += 1
        self._say(kind, str(self._said), *words)

    # What is heard

    def opened(self, slug: str, document: str) -> None:
        """A room was opened here: it shows who is in it elsewhere."""
        for peer in self._peers.values():
            self._hub.show_elsewhere(slug, document, peer.faces.get((slug, document), {}).values())

    def hear(self, speaker: str, words: Sequence[str]) -> None:
        """Any words of another process; those that are not about presence are a sign of life."""
        if speaker not in self._peers:
            self._peers[speaker] = ClusterPeer()
            self._ask(speaker)
        peer = self._peers[speaker]
        peer.silence = 0
        match words:
            case [what, node] if what == ASK and node == self._node:
                self._asked = True
                self._gather()
            case [what, said] if what == BEAT and peer.heard != int(said):
                self._ask(speaker)
            case [what, number, *rest] if what in (BEGIN, FACES, END):
                self._hear_numbered(speaker, what, int(number), rest)

    def _hear_numbered(self, speaker: str, what: str, number: int, words: Sequence[str]) -> None:
        peer = self._peers[speaker]
        follows = what == BEGIN or (peer.heard is not None and number == peer.heard + 1)
        if not follows and peer.heard is not None:
            self._ask(speaker)
        peer.heard = number if follows else None
        match words:
            case [slug, document, data]:
                self._take(peer, (slug, document), presence.decode(base64.b64decode(data)))
            case _ if what == BEGIN:
                self._begin(peer)
            case _ if follows:
                stale, peer.stale = peer.stale, {}
                self._leave(stale)

    def _begin(self, peer: ClusterPeer) -> None:
        for place, faces in peer.faces.items():
            peer.stale.setdefault(place, {}).update(faces)
        peer.faces = {}

    def _ask(self, speaker: str) -> None:
        """Asks for everything; each beat asks again until the answer has come whole."""
        self._peers[speaker].heard = None
        self._say(ASK, speaker)

    def _take(self, peer: ClusterPeer, place: Place, entries: list[AwarenessEntry]) -> None:
        faces = peer.faces.setdefault(place, {})
        for entry in entries:
            peer.stale.get(place, {}).pop(entry.client, None)
            if entry.state == GONE:
                faces.pop(entry.client, None)
            else:
                faces[entry.client] = entry
        if not faces:
            del peer.faces[place]
        self._hub.show_elsewhere(*place, [each for each in entries if not self._stays(place, each)])

    def _stays(self, place: Place, entry: AwarenessEntry) -> bool:
        """Whether somebody who left one process is shown through another one."""
        return entry.state == GONE and any(peer.shows(place, entry.client) for peer in self._peers.values())

    def _leave(self, faces: Faces) -> None:
        """These are shown no more, but for those whom a process still shows."""
        for place, shown in faces.items():
            gone = [entry._replace(state=GONE) for entry in shown.values()]
            self._hub.show_elsewhere(*place, [each for each in gone if not self._stays(place, each)])


def _portions(entries: Iterable[AwarenessEntry]) -> Iterator[list[AwarenessEntry]]:
    """As many at a time as fit into a notification."""
    some: list[AwarenessEntry] = []
    size = 0
    for entry in entries:
        more = len(presence.encode([entry]))
        if some and size + more > MOST_ENTRIES_BYTES:
            yield some
            some, size = [], 0
        some.append(entry)
        size += more
    if some:
        yield some
