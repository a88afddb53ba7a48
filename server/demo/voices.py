"""What people say: testimonies sent, moderated, quoted; hidden or erased where they must be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from deliberation.kernel import codec, ids
from deliberation.kernel import commands as c
from deliberation.kernel.vocabulary import Channel, Speaker
from server.demo.acts import Names, StoryAct, act
from server.demo.content import Content, Data
from server.demo.timeline import Timeline, scatter

MODERATORS = ("bastien", "helene")
READERS = ("noemie", "youssef", "noemie", "solange", "guillaume", "agathe")


def acts(content: Content, timeline: Timeline) -> Iterator[StoryAct]:
    for data in content.testimonies:
        yield _submission(data, timeline)
        yield from _moderation(data, timeline)
        yield from _quotes(data, timeline)
    for data in content.congress["redactions"]:
        yield from _redaction(data, timeline)


def _submission(data: Data, timeline: Timeline) -> StoryAct:
    command = c.SubmitTestimony(
        title=data["title"],
        text=data["text"],
        video=data.get("video", ""),
        channel=Channel(data["channel"]),
        speaker=codec.decode(Speaker, data.get("speaker", {})),
        theme=data["theme"],
        consent=True,
    )
    at = timeline.at(data["at"], scatter(data["key"], 60))
    return replace(act(at, f"testify-{data['key']}", data["by"], command), gives=f"{ids.TESTIMONY}/{data['key']}")


def _moderation(data: Data, timeline: Timeline) -> Iterator[StoryAct]:
    """Organisers read on the next morning."""
    key, fate = data["key"], data.get("fate", "published")
    moderator = MODERATORS[scatter(key, len(MODERATORS))]
    morning = timeline.next_day(data["at"], 9, scatter(f"moderation {key}", 3000))
    if fate == "set_aside":
        yield _on(key, morning, "set-aside", moderator, lambda n: c.SetAsideTestimony(n, data["reason"]))
    elif fate != "pending":
        yield _on(key, morning, "publish", moderator, c.PublishTestimony)
    if fate == "hidden":
        at = timeline.at(data["at_hidden"])
        yield _on(key, at, "hide", moderator, lambda n: c.HideTestimony(n, data["reason"]))


def _on(key: str, at: ids.Instant, word: str, actor: str, make: Any) -> StoryAct:
    """An act on a testimony, from its number."""
    return StoryAct(at, f"{word}-{key}", actor, lambda names: make(names.number(f"{ids.TESTIMONY}/{key}")))


def _quotes(data: Data, timeline: Timeline) -> Iterator[StoryAct]:
    """Passages are chosen after publication, from eleven to two."""
    reader = READERS[scatter(f"reader {data['key']}", len(READERS))]
    start = scatter(f"quotes {data['key']}", 9000)
    for rank, (key, quote) in enumerate(data.get("excerpts", {}).items()):
        at = timeline.next_day(data["at"], 11, start + rank * 47 + scatter(key, 30))
        quoted = _on(data["key"], at, f"quote-{key}", reader, _quotation(quote))
        yield replace(quoted, id=f"quote-{key}", gives=f"{ids.EXCERPT}/{key}")


def _quotation(quote: Any) -> Any:
    if isinstance(quote, str):
        return lambda number: c.QuoteExcerpt(number, quote)
    return lambda number: c.QuoteExcerpt(number, quote["quote"], "video", quote["from"], quote["to"])


def _redaction(data: Data, timeline: Timeline) -> Iterator[StoryAct]:
    key = f"{ids.REDACTION}/{data['key']}"

    def propose(names: Names) -> c.Command:
        target = names.document(f"{ids.TESTIMONY}/{data['testimony']}")
        return c.ProposeRedaction(target, data["ground"], data["statement"])

    def decide(names: Names) -> c.Command:
        return c.DecideRedaction(names.number(key), agree=True, reason=data["reason"])

    yield StoryAct(timeline.at(data["at"]), f"redaction-{data['key']}", data["by"], propose, key)
    yield StoryAct(timeline.at(data["decided_at"]), f"redact-{data['key']}", data["decided_by"], decide)
