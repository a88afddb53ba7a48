"""The live channel: what changed in a congress, as server-sent events with HTML fragments.

Each fragment is rendered once per topic and language, and sent to all readers as the same bytes; while a sitting is in
camera, once for those who take part and once for the public.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field

from deliberation.kernel import ids
from deliberation.kernel.state import State
from deliberation.visibility.views import sits_in_camera

Render = Callable[[str, str, str, State, bool], Awaitable["str | None"]]
"""Renders the fragment of (slug, topic, language, state, whether for those who sit in camera); None for an unknown
topic.
"""

GATHER_SECONDS = 0.15
SLOWEST_GATHER_SECONDS = 3.0
SHARE = 8
"""After sending to many readers, wait this many times as long as it took, so that most time is left for commands."""
DRAINING = 50
"""How many times to check whether the readers received the last fragments before the next ones are rendered anyway."""
HEARTBEAT_SECONDS = 20
HEARTBEAT = b": \n\n"
MOST_TOPICS = 8
REMARKS = "remarques"
"""The topic of every comment and suggestion."""
NUMBERS = "numeros"
"""The kind of the topics of the numbers that a motion's clauses have: `numeros-2` for motion 2."""
SPEAKING = frozenset({ids.SESSION, "congres", ids.PERSON, ids.COLLEGE})
"""Kinds of documents whose entries may change the list of speakers."""
SLOWEST = 64
"""Messages that may wait for one reader before its channel is closed; it reconnects and gets the present state."""

logger = logging.getLogger("pleniere.live")


def topics_of(document: str) -> frozenset[str]:
    """The topics whose fragments an entry on this document changes."""
    kind, _, number = document.partition("-")
    seen_in_the_hall = kind not in {ids.TESTIMONY, ids.EXCERPT, ids.MAP}
    heard = ("parole", "demande") if kind in SPEAKING else ()
    hall = ("seance", "suite", "deroule", "ecran", "conduite", "vote", "presence", "ligne") if seen_in_the_hall else ()
    told = {ids.REMARK: REMARKS, ids.MOTION: f"{NUMBERS}-{number}"}
    return frozenset({document, "congres", *hall, *heard, *filter(None, [told.get(kind)])})


@dataclass(eq=False)
class LiveSubscriber:
    """One open channel, with its queue of messages. `person` is whoever is signed in, "" for nobody."""

    language: str
    topics: frozenset[str]
    person: str = ""
    waiting: asyncio.Queue[bytes | None] = field(default_factory=lambda: asyncio.Queue(SLOWEST))
    shown: dict[str, str] = field(default_factory=dict)
    """The last fragment of each topic; an identical one is not sent again."""

    def lacks(self, topic: str, language: str, html: str) -> bool:
        """Whether the reader follows that topic in that language and was not sent this very fragment last."""
        return language == self.language and topic in self.topics and self.shown.get(topic) != html

    def send(self, message: bytes) -> bool:
        """Queues a message; False if the reader is too slow."""
        try:
            self.waiting.put_nowait(message)
        except asyncio.QueueFull:
            return False
        return True


class Live:
    """The open channels by congress. `render` is set by the composition root."""

    def __init__(self, render: Render) -> None:
        self._render = render
        self._readers: dict[str, set[LiveSubscriber]] = {}
        self._changed: dict[str, set[str]] = {}
        self._states: dict[str, State] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._heart: asyncio.Task[None] | None = None

    def announce(self, slug: str, state: State, documents: Iterable[str]) -> None:
        """Announces that these documents changed; fragments are sent soon after, for all changes gathered until
        then.
        """
        if slug not in self._readers:
            return
        self._states[slug] = state
        changed = self._changed.setdefault(slug, set())
        for document in documents:
            changed |= topics_of(document)
        if slug not in self._tasks:
            self._tasks[slug] = asyncio.create_task(self._tell(slug), name=f"live {slug}")

    async def listen(
        self,
        slug: str,
        language: str,
        topics: Iterable[str],
        latest: Callable[[], State | None],
        since: int,
        person: str = "",
    ) -> AsyncIterator[bytes]:
        """The messages for one reader who has seen the record up to `since`. `person` is whoever is signed in, "" for
        nobody.

        `latest` returns the current state. It is asked once the reader is subscribed, so that a commit between the
        request and that moment is shown all the same.
        """
        reader = LiveSubscriber(language, frozenset(list(topics)[:MOST_TOPICS]), person)
        self._readers.setdefault(slug, set()).add(reader)
        if self._heart is None or self._heart.done():
            self._heart = asyncio.create_task(self._beat(), name="live heartbeat")
        try:
            yield b"retry: 2000\n\n"
            state = latest()
            if state is not None and since < state.size:
                inside = sits_in_camera(state, person)
                shown = [(t, await self._render(slug, t, language, state, inside)) for t in sorted(reader.topics)]
                news = [(topic, html) for topic, html in shown if html is not None]
                reader.shown = dict(news) | reader.shown  # what was told meanwhile is newer, and waits behind this
                yield _messages(news, state)
            while (message := await reader.waiting.get()) is not None:
                yield message
        finally:
            self._forget(slug, reader)

    def close(self) -> None:
        """Ends every channel."""
        for task in (*self._tasks.values(), *filter(None, [self._heart])):
            task.cancel()
        for readers in list(self._readers.values()):
            for reader in list(readers):
                self._let_go(reader)

    async def _beat(self) -> None:
        """Sends a comment now and then, so that no proxy closes a silent channel."""
        while self._readers:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            for readers in list(self._readers.values()):
                for reader in list(readers):
                    if reader.waiting.empty() and not reader.send(HEARTBEAT):
                        self._let_go(reader)

    async def _tell(self, slug: str) -> None:
        pause = GATHER_SECONDS
        try:
            while self._changed.get(slug):
                await asyncio.sleep(pause)
                changed, state = self._changed.pop(slug, set()), self._states[slug]
                began = time.process_time()
                await self._send(slug, changed, state)
                await self._drained(slug)
                spent = time.process_time() - began
                pause = min(max(GATHER_SECONDS, spent * SHARE), SLOWEST_GATHER_SECONDS)
        except Exception:
            logger.exception("a live fragment could not be made")
        finally:
            self._tasks.pop(slug, None)

    async def _drained(self, slug: str) -> None:
        """Waits until all but slow readers have received what was sent: writing to them is part of the cost that
        `SHARE` bounds.
        """
        for _ in range(DRAINING):
            if all(reader.waiting.empty() for reader in self._readers.get(slug, ())):
                return
            await asyncio.sleep(GATHER_SECONDS / 10)

    async def _send(self, slug: str, changed: set[str], state: State) -> None:
        readers = self._readers.get(slug, set())
        audience = {reader: sits_in_camera(state, reader.person) for reader in readers}
        wanted = {(t, reader.language, inside) for reader, inside in audience.items() for t in reader.topics & changed}
        rendered = {each: await self._render(slug, *each[:2], state, each[2]) for each in sorted(wanted)}
        for reader in list(readers):
            inside = audience.get(reader, False)
            news = [
                (t, html)
                for (t, lang, for_inside), html in rendered.items()
                if html is not None and for_inside is inside and reader.lacks(t, lang, html)
            ]
            reader.shown.update(news)
            if news and not reader.send(_messages(news, state)):
                self._let_go(reader)

    def _let_go(self, reader: LiveSubscriber) -> None:
        while not reader.waiting.empty():
            reader.waiting.get_nowait()
        reader.waiting.put_nowait(None)

    def _forget(self, slug: str, reader: LiveSubscriber) -> None:
        readers = self._readers.get(slug, set())
        readers.discard(reader)
        if not readers:
            self._readers.pop(slug, None)
            self._changed.pop(slug, None)


def _messages(news: Sequence[tuple[str, str]], state: State) -> bytes:
    """One event for each topic. Only the last bears the size of the record: a reader cut off before it gets all of them
    again.
    """
    found = []
    for rank, (topic, html) in enumerate(news, 1):
        data = json.dumps({"seq": state.size, "topic": topic, "html": html}, ensure_ascii=False)
        found.append(f"id: {state.size}\ndata: {data}\n\n" if rank == len(news) else f"data: {data}\n\n")
    return "".join(found).encode()
