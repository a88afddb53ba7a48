"""The congress and its phases (S1–S5)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deliberation.congress import congress as rules
from deliberation.congress.congress import LONG, SHORT, is_open
from deliberation.kernel import commands as c
from deliberation.kernel.plain_text import cleaned, cleaned_within, is_blank, one_line
from deliberation.kernel.vocabulary import Phase, PollRule, Role, Window
from tests.deliberation.congresses import (
    CONGRESS,
    CREATION,
    ELU,
    ORGANISER,
    SCRIBE,
    THIRD,
    Congress,
    moment,
)

CHANGE = c.ChangeCongress("Un autre titre", "Ce qui compte", "Ici", visitors_may_testify=False)

BELONGING: dict[Phase, tuple[str, c.Command]] = {
    Phase.COLLECT: (ELU, c.SubmitTestimony(text="La fibre manque.")),
    Phase.MAPS: (SCRIBE, c.CreateMap("Réseaux")),
    Phase.DRAFTING: (ELU, c.CreateMotion("Le numérique")),
    Phase.VOTE: (ORGANISER, c.OpenPoll("motion-1")),
}


def test_before_its_creation_nothing_exists(empty: Congress) -> None:
    """S1"""
    assert empty.refused(ORGANISER, c.SetPhase(Phase.VOTE)) == "congress.not_found"
    assert empty.refused(ELU, CREATION) == "person.unknown"
    state = empty.do(CONGRESS, CREATION)
    assert state.settings is not None
    assert (state.settings.slug, state.settings.title, state.settings.created) == ("essai", "Essai", moment(0))
    assert empty.refused(CONGRESS, CREATION) == "congress.exists"


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("slug", "Essai", "congress.bad_slug"),
        ("slug", "-essai", "congress.bad_slug"),
        ("slug", "a" * 64, "congress.bad_slug"),
        ("slug", "essai\n", "congress.bad_slug"),
        ("title", " ", "title.missing"),
        ("title", "x" * (SHORT + 1), "text.too_long"),
        ("place", "x" * (SHORT + 1), "text.too_long"),
        ("description", "x" * (LONG + 1), "text.too_long"),
        ("origin", "", "congress.bad_origin"),
        ("origin", "exemple fr", "congress.bad_origin"),
        ("origin", "exemple+fr", "congress.bad_origin"),
        ("timezone", "../../etc", "congress.bad_timezone"),
        ("rule", PollRule(majority_d=0), "rule.unsound"),
    ],
)
def test_a_congress_is_created_with_sound_settings(empty: Congress, field: str, value: object, code: str) -> None:
    """S1, S5, V8"""
    assert empty.refused(CONGRESS, replace(CREATION, **{field: value})) == code  # type: ignore[arg-type]


def test_organisers_change_the_settings(congress: Congress) -> None:
    """S2"""
    settings = congress.do(ORGANISER, CHANGE).settings
    assert settings is not None
    assert (settings.title, settings.place, settings.visitors_may_testify) == ("Un autre titre", "Ici", False)
    assert (settings.slug, settings.origin) == (CREATION.slug, CREATION.origin)
    assert congress.refused(ORGANISER, replace(CHANGE, title="")) == "title.missing"
    assert congress.refused(ORGANISER, replace(CHANGE, rule=PollRule(base="tous"))) == "rule.unsound"
    assert congress.refused(ELU, CHANGE) == "role.not_allowed"


def test_a_changed_rule_counts_for_later_polls(congress: Congress) -> None:
    """S2, V8"""
    congress.frozen()
    before = congress.poll("motion-1")
    congress.frozen("Demande du débit.")
    strict = PollRule(majority_n=2, majority_d=3, strict=False)
    congress.do(ORGANISER, replace(CHANGE, rule=strict))
    after = congress.poll("motion-2")
    assert (congress.state.polls[before].rule, congress.state.polls[after].rule) == (PollRule(), strict)


def test_a_phase_is_open_from_its_opening_until_before_its_end(congress: Congress) -> None:
    """S3"""
    state = congress.do(ORGANISER, c.SetPhase(Phase.VOTE, moment(100), moment(200)))
    assert [is_open(state, Phase.VOTE, moment(n)) for n in (99, 100, 199, 200)] == [False, True, True, False]
    state = congress.do(ORGANISER, c.SetPhase(Phase.VOTE, moment(100)))
    assert is_open(state, Phase.VOTE, "2999-01-01T00:00:00.000Z")
    state = congress.do(ORGANISER, c.SetPhase(Phase.VOTE))
    assert not is_open(state, Phase.VOTE, moment(150))
    assert state.phases[Phase.VOTE] == Window()
    assert congress.refused(ORGANISER, c.SetPhase(Phase.VOTE)) == "phase.unchanged"


@pytest.mark.parametrize(
    "value",
    [
        "",
        "demain",
        "2026-11-01",
        "2026-13-01T00:00:00.000Z",
        "2026-02-30T00:00:00.000Z",
        "2026-11-01T24:00:00.000Z",
        "2026-11-01T00:00:60.000Z",
        "2026-11-01T00:00:00Z",
        "2026-11-01T00:00:00.000+01:00",
        "٢٠٢٦-11-01T00:00:00.000Z",
    ],
)
def test_a_phase_begins_at_a_real_moment(congress: Congress, value: str) -> None:
    """S3"""
    assert congress.refused(ORGANISER, c.SetPhase(Phase.VOTE, value)) == "time.malformed"
    assert not rules.is_instant(value)


def test_a_phase_ends_after_it_begins(congress: Congress) -> None:
    """S3"""
    for opens, closes in ((moment(2), moment(1)), (moment(1), moment(1)), (None, moment(1))):
        assert congress.refused(ORGANISER, c.SetPhase(Phase.VOTE, opens, closes)) == "phase.ends_before_start"


@pytest.mark.parametrize("phase", BELONGING)
def test_a_command_belongs_to_its_phase(congress: Congress, phase: Phase) -> None:
    """S4: closed, not yet, over, open; phases overlap."""
    congress.frozen()
    actor, command = BELONGING[phase]
    windows = {
        "phase.closed": Window(),
        "phase.not_yet": Window(moment(5000)),
        "phase.over": Window(moment(0), congress.now),
    }
    for code, window in windows.items():
        congress.do(ORGANISER, c.SetPhase(phase, window.opens, window.closes))
        assert congress.refused(actor, command) == code
    congress.open(phase)
    congress.do(actor, command)


def test_the_congress_imports_at_any_time(congress: Congress) -> None:
    """S4, P6"""
    for phase in (Phase.COLLECT, Phase.MAPS, Phase.DRAFTING):
        congress.close(phase)
    congress.do(CONGRESS, c.SubmitTestimony(text="Une lettre."))
    congress.do(CONGRESS, c.CreateMap("Réseaux"))
    congress.do(CONGRESS, c.CreateMotion("Le numérique"))


def test_control_characters_do_not_enter(congress: Congress) -> None:
    """S5: what is hashed with U+001E and U+001F between its parts holds none; words, lines and tabs stay."""
    typed = "Un\x00 deux\r\ntrois\x1e\x1f\tquatre\rcinq\ud800\x0bsix\x85\u00a0€ 👍\u200d"
    state = congress.do(ELU, c.SubmitTestimony("Un\x1f titre\nlong", typed, theme="\x07Réseaux"))
    said = state.testimonies[1]
    assert said.text == "Un deux\ntrois\tquatre\ncinq\nsix\n\u00a0€ 👍\u200d"
    assert (said.title, said.theme) == ("Un titre long", "Réseaux")


def test_cleaning_reaches_what_is_within_and_leaves_the_rest_alone() -> None:
    """S5"""
    clean = c.InvitePerson("Zoé", Role.ELU)
    assert cleaned_within(clean) is clean
    assert cleaned_within((("a\x00",), Phase.VOTE, 3)) == (("a",), Phase.VOTE, 3)
    assert [cleaned(text) for text in ("a\tb", "a\r\n\rb", "\ufeffé")] == ["a\tb", "a\n\nb", "é"]
    assert one_line(" Vu\u00a0: \n la\t loi ") == "Vu\u00a0: la loi"
    assert [is_blank(text) for text in ("", " \u00a0\n", "\u200b\u2060", "a", ".")] == [True, True, True, False, False]


def test_a_public_reason_says_something_and_ends(congress: Congress) -> None:
    """S5"""
    congress.say()
    congress.frozen()
    congress.table("Autre chose.")
    commands = (
        (ORGANISER, lambda reason: c.HideTestimony(1, reason)),
        (ORGANISER, lambda reason: c.SetAsideTestimony(1, reason)),
        (ORGANISER, lambda reason: c.ReopenMotion(1, reason)),
        (ORGANISER, lambda reason: c.RevokePerson(THIRD, reason)),
        (CONGRESS, lambda reason: c.DeclareGap(9999, reason)),
    )
    for actor, command in commands:
        assert congress.refused(actor, command(" \x00")) == "reason.missing"
        assert congress.refused(actor, command("x" * (LONG + 1))) == "text.too_long"


def test_a_gap_is_declared_where_entries_were_lost(congress: Congress) -> None:
    """P6, R10"""
    size = congress.state.size
    assert congress.refused(CONGRESS, c.DeclareGap(size, "Rien")) == "gap.none"
    before = congress.state
    after = congress.do(CONGRESS, c.DeclareGap(size + 5, "Disque perdu"))
    assert replace(after, size=size) == before
