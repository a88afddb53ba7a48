"""Testimonies: submitted, moderated, quoted (T1–T9)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deliberation.congress.congress import LONG, SHORT
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.vocabulary import Channel, Phase, Speaker
from deliberation.testimonies.testimonies import TRANSITIONS
from tests.deliberation.congresses import (
    CONGRESS,
    CREATION,
    ELU,
    ORGANISER,
    OTHER,
    SCRIBE,
    VISITOR,
    Congress,
    opened,
)

ANNE = Speaker("Anne  Roy", "artisane", "Vallon", "12345")
TEXT = "La fibre s’arrête au bourg. La fibre manque."
ACTS: list[c.Command] = [
    c.PublishTestimony(1),
    c.SetAsideTestimony(1, "Hors sujet"),
    c.HideTestimony(1, "À vérifier"),
    c.RestoreTestimony(1, "Vérifié"),
]
REACHED: dict[str, list[c.Command]] = {
    "pending": [],
    "published": ACTS[:1],
    "set_aside": ACTS[1:2],
    "hidden": [ACTS[0], ACTS[2]],
}


@pytest.mark.parametrize("actor", [ELU, ORGANISER, SCRIBE, VISITOR])
def test_who_testifies(congress: Congress, actor: str) -> None:
    """T1"""
    said = congress.do(actor, c.SubmitTestimony("Fibre", TEXT)).testimonies[1]
    assert (said.author, said.title, said.text, said.status) == (actor, "Fibre", TEXT, "pending")


def test_visitors_testify_where_the_congress_allows_it(empty: Congress) -> None:
    """T1"""
    congress = opened(empty, replace(CREATION, visitors_may_testify=False))
    assert congress.refused(VISITOR, c.SubmitTestimony(text=TEXT)) == "testimony.members_only"
    congress.do(ELU, c.SubmitTestimony(text=TEXT))


def test_testimonies_come_during_the_collecte(congress: Congress) -> None:
    """T1, S4"""
    congress.close(Phase.COLLECT)
    for actor in (ELU, SCRIBE, VISITOR):
        assert congress.refused(actor, c.SubmitTestimony(text=TEXT)) == "phase.over"


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (c.SubmitTestimony(), "testimony.empty"),
        (c.SubmitTestimony(text=" \n\u200b", title="Fibre"), "testimony.empty"),
        (c.SubmitTestimony(video="javascript:alert(1)"), "testimony.bad_video"),
        (c.SubmitTestimony(video="https://a b"), "testimony.bad_video"),
        (c.SubmitTestimony(video="//video.example/1"), "testimony.bad_video"),
        (c.SubmitTestimony(text="x" * (LONG + 1)), "text.too_long"),
        (c.SubmitTestimony(text="x", title="x" * (SHORT + 1)), "text.too_long"),
        (c.SubmitTestimony(text="x", theme="x" * (SHORT + 1)), "text.too_long"),
        (c.SubmitTestimony(text="x", speaker=Speaker(name="x" * (SHORT + 1))), "text.too_long"),
        (c.SubmitTestimony(text="x", speaker=Speaker(code="x" * (SHORT + 1))), "text.too_long"),
    ],
)
def test_a_testimony_says_something(congress: Congress, command: c.SubmitTestimony, code: str) -> None:
    """T2, S5"""
    assert congress.refused(ELU, command) == code


def test_a_video_alone_is_a_testimony(congress: Congress) -> None:
    """T2"""
    address = "https://video.example/watch?v=1"
    said = congress.do(ELU, c.SubmitTestimony(video=f" {address} ", channel=Channel.VIDEO)).testimonies[1]
    assert (said.video, said.text, said.channel) == (address, "", Channel.VIDEO)


@pytest.mark.parametrize(
    ("actor", "consent", "speaker", "channel"),
    [
        (ELU, True, Speaker(), Channel.PAPER),
        (SCRIBE, True, replace(ANNE, name="Anne Roy"), Channel.PAPER),
        (SCRIBE, False, Speaker(), Channel.PAPER),
        (ORGANISER, True, replace(ANNE, name="Anne Roy"), Channel.PAPER),
        (CONGRESS, False, Speaker(), Channel.PAPER),
        (VISITOR, True, replace(ANNE, name="Anne Roy"), Channel.WEB),
        (VISITOR, False, Speaker(), Channel.WEB),
    ],
)
def test_a_name_enters_with_consent(
    congress: Congress, actor: str, consent: bool, speaker: Speaker, channel: Channel
) -> None:
    """T3"""
    command = c.SubmitTestimony(text=TEXT, channel=Channel.PAPER, speaker=replace(ANNE, name="Anne \n Roy"))
    said = congress.do(actor, replace(command, consent=consent)).testimonies[1]
    assert (said.speaker, said.channel) == (speaker, channel)


@pytest.mark.parametrize("status", REACHED)
@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name)
def test_moderation_follows_its_table(congress: Congress, status: str, act: c.Command) -> None:
    """T4, T5: from each status, each act either leads where the table says or is refused."""
    congress.do(ELU, c.SubmitTestimony(text=TEXT))
    for reached in REACHED[status]:
        congress.do(ORGANISER, reached)
    assert congress.state.testimonies[1].status == status
    sources, target = TRANSITIONS[type(act)]
    if status not in sources:
        assert congress.refused(ORGANISER, act) == "testimony.wrong_status"
        return
    said = congress.do(ORGANISER, act).testimonies[1]
    assert (said.status, said.reason) == (target, getattr(act, "reason", ""))


def test_moderation_is_for_organisers(congress: Congress) -> None:
    """T4, P2"""
    congress.do(ELU, c.SubmitTestimony(text=TEXT))
    for actor in (ELU, OTHER, SCRIBE):
        assert congress.refused(actor, c.PublishTestimony(1)) == "role.not_allowed"
    assert congress.refused(ORGANISER, c.PublishTestimony(2)) == "testimony.not_found"


def test_what_is_not_published_is_withheld_with_its_excerpts(congress: Congress) -> None:
    """T6"""
    congress.say(TEXT)
    entry = congress.state.testimonies[1].entry
    assert congress.state.withheld == {}
    quoted = congress.do(SCRIBE, c.QuoteExcerpt(1, "La fibre manque")).excerpts[1].entry
    assert congress.do(ORGANISER, ACTS[2]).withheld == {entry: "hidden", quoted: "hidden"}
    assert congress.do(ORGANISER, ACTS[3]).withheld == {}
    assert congress.do(ORGANISER, ACTS[1]).withheld == {entry: "set_aside", quoted: "set_aside"}
    pending = congress.do(VISITOR, c.SubmitTestimony(text="Autre")).testimonies[2].entry
    assert congress.do(ORGANISER, ACTS[0]).withheld == {pending: "pending"}


@pytest.mark.parametrize(
    ("command", "place"),
    [
        (c.QuoteExcerpt(1, "La fibre"), (0, 8)),
        (c.QuoteExcerpt(1, "La fibre", "text", 28, 36), (28, 36)),
        (c.QuoteExcerpt(1, TEXT), (0, len(TEXT))),
        (c.QuoteExcerpt(1, "On attend.", "video", 65, 90), (65, 90)),
        (c.QuoteExcerpt(1, "Bonjour.", "video", 0, 86_400), (0, 86_400)),
    ],
)
def test_an_excerpt_stands_at_a_place(congress: Congress, command: c.QuoteExcerpt, place: tuple[int, int]) -> None:
    """T7"""
    congress.do(ELU, c.SubmitTestimony(text=TEXT, video="https://video.example/1"))
    congress.do(ORGANISER, c.PublishTestimony(1))
    excerpt = congress.do(SCRIBE, command).excerpts[1]
    assert (excerpt.testimony, excerpt.quote, excerpt.author) == (1, command.quote, SCRIBE)
    assert (excerpt.start, excerpt.end) == place


def test_a_passage_is_quoted_in_the_characters_of_its_testimony(congress: Congress) -> None:
    """T7, S5: also of one that was recorded before texts were cleaned."""
    congress.do(ELU, c.SubmitTestimony(text="De\u0301ja\u0300\u200b l’e\u0301te\u0301."))
    assert congress.state.testimonies[1].text == "Déjà l’été."
    congress.do(ORGANISER, c.PublishTestimony(1))
    assert congress.do(SCRIBE, c.QuoteExcerpt(1, "l’e\u0301te\u0301")).excerpts[1].quote == "l’été"
    old, events = "L’e\u0301te\u0301.", congress.ask(ELU, c.SubmitTestimony(text="L’été."))
    assert isinstance(events, tuple)
    congress.keep(ELU, tuple(replace(event, text=old) for event in events if isinstance(event, e.TestimonySubmitted)))
    congress.do(ORGANISER, c.PublishTestimony(2))
    assert congress.do(SCRIBE, c.QuoteExcerpt(2, old)).excerpts[2].quote == old


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (c.QuoteExcerpt(1, "  "), "excerpt.empty"),
        (c.QuoteExcerpt(1, "la fibre"), "excerpt.not_verbatim"),
        (c.QuoteExcerpt(1, "La fibre", "text", 1, 9), "excerpt.not_verbatim"),
        (c.QuoteExcerpt(1, "La fibre", "text", 28, 40), "excerpt.not_verbatim"),
        (c.QuoteExcerpt(1, "La fibre", "text", 28, 0), "excerpt.not_verbatim"),
        (c.QuoteExcerpt(1, "manque", "text", -7, -1), "excerpt.not_verbatim"),
        (c.QuoteExcerpt(1, "x" * 2001), "text.too_long"),
        (c.QuoteExcerpt(1, "On attend.", "video", 1, 2), "excerpt.bad_range"),
        (c.QuoteExcerpt(1, "La fibre", "image"), "excerpt.bad_medium"),
        (c.QuoteExcerpt(9, "La fibre"), "testimony.not_found"),
    ],
)
def test_an_excerpt_is_word_for_word(congress: Congress, command: c.QuoteExcerpt, code: str) -> None:
    """T7"""
    congress.say(TEXT)
    assert congress.refused(ELU, command) == code


@pytest.mark.parametrize(("start", "end"), [(-1, 5), (5, 5), (6, 5), (0, 86_401)])
def test_a_video_has_no_such_time(congress: Congress, start: int, end: int) -> None:
    """T7"""
    congress.do(ELU, c.SubmitTestimony(video="https://video.example/1"))
    congress.do(ORGANISER, c.PublishTestimony(1))
    assert congress.refused(ELU, c.QuoteExcerpt(1, "Là", "video", start, end)) == "excerpt.bad_range"


def test_only_what_is_published_is_quoted(congress: Congress) -> None:
    """T7"""
    congress.do(ELU, c.SubmitTestimony(text=TEXT))
    assert congress.refused(ELU, c.QuoteExcerpt(1, "La fibre")) == "excerpt.not_published"


def test_a_passage_is_quoted_once(congress: Congress) -> None:
    """T8"""
    congress.say(TEXT)
    congress.do(ELU, c.QuoteExcerpt(1, "La fibre"))
    assert congress.refused(SCRIBE, c.QuoteExcerpt(1, "La fibre")) == "excerpt.exists"
    congress.do(SCRIBE, c.QuoteExcerpt(1, "La fibre", "text", 28, 36))


def test_quoting_ends_with_the_redaction(congress: Congress) -> None:
    """T8"""
    congress.say(TEXT)
    for phase in (Phase.COLLECT, Phase.MAPS):
        congress.close(phase)
    congress.do(ELU, c.QuoteExcerpt(1, "La fibre"))
    congress.close(Phase.DRAFTING)
    assert congress.refused(ELU, c.QuoteExcerpt(1, "fibre")) == "phase.over"
    assert congress.refused(VISITOR, c.QuoteExcerpt(1, "fibre")) == "person.anonymous"


def test_what_awaits_erasing_is_quoted_no_more(congress: Congress) -> None:
    """T9: otherwise the redaction would leave a quotation behind."""
    congress.say(TEXT)
    congress.do(ORGANISER, c.ProposeRedaction("temoignage-1", "RGPD", "Un nom"))
    assert congress.refused(ELU, c.QuoteExcerpt(1, "La fibre")) == "redaction.pending"
    congress.do(ORGANISER, c.DecideRedaction(1, agree=False, reason="Rien de privé"))
    congress.do(ELU, c.QuoteExcerpt(1, "La fibre"))
