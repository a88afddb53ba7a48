"""Authors change how they are named, correct and withdraw their testimonies (T22–T25)."""

from __future__ import annotations

import pytest

from deliberation.evolve import replay
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.territory import Naming, Territory, TerritoryKind
from deliberation.kernel.vocabulary import Phase, Revision, Speaker
from deliberation.revising import naming_of
from tests.deliberation.congresses import ELU, ORGANISER, OTHER, SCRIBE, SECOND, VISITOR, Congress

TEXT = "La fibre s’arrête au bourg. Les cars manquent."
HERE = Territory(TerritoryKind.VILLAGE, "25529", "Sainte-Colombe", 354, 2025, "25", "Doubs", "R27", "Bourgogne")
ANNE = Speaker("Anne Roy", "artisane", "Sainte-Colombe", "25529", HERE)
UNNAMED = Speaker("", "artisane", "Sainte-Colombe", "25529", HERE)
KIND_ALONE = Speaker(territory=Territory(TerritoryKind.VILLAGE, year=2025, region="R27", region_name="Bourgogne"))


def spoken(congress: Congress, actor: str = VISITOR, publish: bool = True) -> int:
    """A testimony signed by name; returns the index of its entry."""
    congress.do(actor, c.SubmitTestimony("Fibre", TEXT, speaker=ANNE, naming=Naming.NAME))
    if publish:
        congress.do(ORGANISER, c.PublishTestimony(1))
    return congress.state.testimonies[1].entry


def without(congress: Congress) -> list[e.Recorded]:
    """The record as it is kept: entries that were erased have no content."""
    gone = congress.state.redacted
    return [e.Recorded(*(*_head(r), None if r.index in gone else r.event)) for r in congress.record]


def _head(r: e.Recorded) -> tuple[int, str, str, str, str]:
    return r.index, r.time, r.actor, r.kind, r.document


@pytest.mark.parametrize(
    ("naming", "speaker"), [(Naming.OFFICE, UNNAMED), (Naming.KIND, KIND_ALONE), (Naming.ANONYMOUS, Speaker())]
)
def test_a_name_is_taken_back_at_once_and_its_entry_erased(
    congress: Congress, naming: Naming, speaker: Speaker
) -> None:
    """T22, T23: the words stay public under less of a signature; nothing of the entry with the name is left."""
    named = spoken(congress)
    said = congress.do(VISITOR, c.ChangeNaming(1, naming)).testimonies[1]
    assert (said.speaker, said.text, said.status) == (speaker, TEXT, "published")
    assert congress.state.redacted == {named: 0}
    assert said.entry == congress.state.size - 1
    assert naming_of(said.speaker) is naming
    assert replay(without(congress)) == congress.state
    assert not congress.state.withheld


def test_who_is_named_again_awaits_moderation(congress: Congress) -> None:
    """T23, T6: a name that nobody has moderated is not public, nor are the words meanwhile."""
    spoken(congress)
    congress.do(ELU, c.QuoteExcerpt(1, "Les cars manquent."))
    congress.do(VISITOR, c.ChangeNaming(1, Naming.KIND))
    said = congress.do(VISITOR, c.ChangeNaming(1, Naming.NAME, Speaker("Zoé", "", "Sainte-Colombe", "25529", HERE)))
    assert said.testimonies[1].speaker == Speaker("Zoé", "", "Sainte-Colombe", "25529", HERE)
    assert said.testimonies[1].status == "pending"
    assert said.withheld == {said.testimonies[1].entry: "pending", said.excerpts[1].entry: "pending"}
    congress.do(ORGANISER, c.PublishTestimony(1))
    assert not congress.state.withheld
    assert replay(without(congress)) == congress.state


def test_a_signature_is_changed_before_moderation_as_well(congress: Congress) -> None:
    """T22, T6"""
    spoken(congress, SCRIBE, publish=False)
    said = congress.do(SCRIBE, c.ChangeNaming(1, Naming.ANONYMOUS))
    assert said.withheld == {said.testimonies[1].entry: "pending"}
    assert congress.refused(SCRIBE, c.ChangeNaming(1, Naming.ANONYMOUS)) == "testimony.same_naming"


def test_only_the_author_revises(congress: Congress) -> None:
    """T22: others with an account may not, organisers neither."""
    spoken(congress, SCRIBE)
    acts: list[c.Command] = [
        c.ChangeNaming(1, Naming.KIND),
        c.CorrectTestimony(1, text="Autre chose"),
        c.WithdrawTestimony(1),
    ]
    for act in acts:
        assert {congress.refused(actor, act) for actor in (ELU, OTHER, ORGANISER)} == {"testimony.not_yours"}
    assert congress.refused(VISITOR, c.WithdrawTestimony(9)) == "testimony.not_found"


def test_an_elu_testifies_in_their_own_name(congress: Congress) -> None:
    """T22, T3: they correct and withdraw; the signature is their account."""
    congress.do(ELU, c.SubmitTestimony("Fibre", TEXT))
    assert congress.refused(ELU, c.ChangeNaming(1, Naming.KIND)) == "testimony.own_name"
    congress.do(ELU, c.CorrectTestimony(1, "Fibre", "La fibre manque."))
    assert congress.state.testimonies[1].text == "La fibre manque."


def test_until_the_restitution_is_closed(congress: Congress) -> None:
    """T22"""
    spoken(congress)
    congress.close(Phase.RESTITUTION)
    assert congress.refused(VISITOR, c.ChangeNaming(1, Naming.KIND)) == "testimony.too_late"


def test_nothing_is_revised_while_its_erasing_is_proposed(congress: Congress) -> None:
    """T22, T9: a proposal names the entry that holds the words; it must still hold them when it is decided."""
    spoken(congress)
    congress.do(ORGANISER, c.ProposeRedaction("temoignage-1", "RGPD", "Une adresse"))
    assert congress.refused(VISITOR, c.CorrectTestimony(1, text="Autre chose")) == "redaction.pending"
    congress.do(SECOND, c.DecideRedaction(1, True))
    assert congress.refused(VISITOR, c.WithdrawTestimony(1)) == "testimony.gone"


def test_what_was_revised_is_redacted_where_it_stands_now(congress: Congress) -> None:
    """T23, R7"""
    spoken(congress)
    congress.do(VISITOR, c.CorrectTestimony(1, text="Autre chose"))
    congress.do(ORGANISER, c.PublishTestimony(1))
    congress.do(ORGANISER, c.ProposeRedaction("temoignage-1", "RGPD", "Une adresse"))
    congress.do(SECOND, c.DecideRedaction(1, True))
    said = congress.state.testimonies[1]
    assert (said.status, said.text, congress.state.redacted[said.entry]) == ("redacted", "", 1)


def test_a_correction_is_moderated_again_and_quotes_find_their_place(congress: Congress) -> None:
    """T24"""
    spoken(congress)
    for quote in ("Les cars manquent.", "La fibre s’arrête au bourg."):
        congress.do(ELU, c.QuoteExcerpt(1, quote))
    corrected = "Chez nous, les trains passent. Les cars manquent."
    state = congress.do(VISITOR, c.CorrectTestimony(1, "Cars", corrected, theme="Transports"))
    said, moved, outdated = state.testimonies[1], state.excerpts[1], state.excerpts[2]
    assert (said.title, said.text, said.theme, said.status, said.speaker) == (
        "Cars",
        corrected,
        "Transports",
        "pending",
        ANNE,
    )
    assert corrected[moved.start : moved.end] == moved.quote
    assert (moved.outdated, outdated.outdated, outdated.quote) == (False, True, "La fibre s’arrête au bourg.")
    assert set(state.withheld) == {said.entry, moved.entry, outdated.entry}
    assert congress.refused(ELU, c.QuoteExcerpt(1, "Les cars")) == "excerpt.not_published"
    congress.do(ORGANISER, c.PublishTestimony(1))
    assert replay(without(congress)) == congress.state
    back = congress.do(VISITOR, c.CorrectTestimony(1, text=TEXT)).excerpts[2]
    assert not back.outdated
    assert TEXT[back.start : back.end] == back.quote


def test_another_video_makes_its_excerpts_outdated(congress: Congress) -> None:
    """T24"""
    congress.do(VISITOR, c.SubmitTestimony(video="https://videos.exemple.fr/1"))
    congress.do(ORGANISER, c.PublishTestimony(1))
    congress.do(ELU, c.QuoteExcerpt(1, "Rien ne va", "video", 3, 9))
    congress.do(VISITOR, c.CorrectTestimony(1, "Un titre", video="https://videos.exemple.fr/1"))
    assert not congress.state.excerpts[1].outdated
    congress.do(VISITOR, c.CorrectTestimony(1, "Un titre", video="https://videos.exemple.fr/2"))
    assert congress.state.excerpts[1].outdated


@pytest.mark.parametrize("text", ["", "x" * 20_001, TEXT])
def test_a_correction_says_something_else(congress: Congress, text: str) -> None:
    """T24, T2"""
    spoken(congress)
    refused = congress.refused(VISITOR, c.CorrectTestimony(1, "Fibre", text))
    assert refused in {"testimony.empty", "text.too_long", "testimony.same_words"}
    assert congress.state.testimonies[1].text == TEXT


def test_what_is_withdrawn_is_gone_with_its_quotes(congress: Congress) -> None:
    """T25"""
    named = spoken(congress)
    congress.do(ELU, c.QuoteExcerpt(1, "Les cars manquent."))
    quote = congress.state.excerpts[1].entry
    state = congress.do(VISITOR, c.WithdrawTestimony(1, "Je me suis  trompée"))
    said = state.testimonies[1]
    assert (said.status, said.title, said.text, said.speaker) == ("withdrawn", "", "", Speaker())
    assert (said.number, said.author, said.reason) == (1, VISITOR, "Je me suis trompée")
    assert state.redacted == {named: 0, quote: 0}
    assert state.excerpts[1].quote == ""
    act = congress.record[-1].event
    assert isinstance(act, e.TestimonyRevised)
    assert act.act is Revision.WITHDRAWAL
    assert congress.refused(VISITOR, c.CorrectTestimony(1, text="Si")) == "testimony.gone"
    assert congress.refused(ORGANISER, c.PublishTestimony(1)) == "testimony.wrong_status"
    assert replay(without(congress)) == congress.state
