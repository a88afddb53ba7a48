"""No output contains anything that is withheld or erased."""

from __future__ import annotations

import pytest

from deliberation.kernel import commands as c
from deliberation.kernel.state import State
from deliberation.kernel.vocabulary import Choice
from deliberation.visibility.views import public_view
from exports import moments, naming
from exports.dossier import compile_dossier
from exports.translations import words_for
from tests.exports.sample import ELU, ORGANISER, SECRET, Congress, amend, open_congress, speak, whole, write


@pytest.fixture(scope="module")
def congress() -> Congress:
    return whole()


def test_contents_that_are_not_public_are_empty_and_their_fate_remains(congress: Congress) -> None:
    shown = public_view(congress.state).testimonies
    empty = {n: x.status for n, x in shown.items() if not x.text}
    assert empty == {4: "pending", 5: "set_aside", 6: "hidden", 7: "redacted", 8: "pending"}
    assert shown[5].reason == "Hors du sujet."
    assert shown[1].speaker.name == "Léa Roc"


def test_a_quote_from_a_hidden_testimony_is_not_shown(congress: Congress) -> None:
    assert [x.quote for x in public_view(congress.state).excerpts.values()] == [
        "La fibre s’arrête au bourg.",
        "L’école ferme",
        "",
    ]


def test_nothing_secret_stands_anywhere_in_the_dossier(congress: Congress) -> None:
    assert SECRET in repr(congress.record)
    assert SECRET not in repr(compile_dossier(congress.state, congress.record))


def test_an_open_poll_shows_no_ballots_and_a_closed_one_does() -> None:
    congress = open_congress()
    for part in (speak, write, amend):
        part(congress)
    congress.act(ORGANISER, c.OpenPoll("amendement-1"))
    congress.act(ELU, c.CastBallot(1, Choice.FOR))
    assert public_view(congress.state).polls[1].ballots == {}
    line = compile_dossier(congress.state, congress.record).lines[-1]
    assert (line.words, line.absence) == ("Awa Diallo vote au scrutin n°\u00a01.", "open_poll")
    congress.act(ORGANISER, c.ClosePoll(1))
    assert public_view(congress.state).polls[1].ballots == {ELU: Choice.FOR}


def test_every_kind_of_entry_has_words(congress: Congress) -> None:
    lines = compile_dossier(congress.state, congress.record).lines
    assert len(lines) == len(congress.record)
    ends = (".", "!", "?", "…", "»", "”")
    assert [line for line in lines if not line.words.endswith(ends) or not line.words_en.endswith(ends)] == []
    assert not any(".." in line.words + line.words_en for line in lines)
    assert all(line.words != line.words_en for line in lines)


def speaker(shown: State, number: int) -> tuple[str, str]:
    said = naming.said_by(shown, words_for("fr"), shown.testimonies[number])
    return said.name, naming.office(said)


def test_who_speaks_is_the_speaker_named_else_the_elu_else_nobody(congress: Congress) -> None:
    shown = public_view(congress.state)
    assert speaker(shown, 1) == ("Léa Roc", "")
    assert speaker(shown, 2) == ("Awa Diallo", "Maire, Saint-Flour")
    assert speaker(shown, 8)[0] == "Une visiteuse ou un visiteur"


def test_moments_are_french_and_local() -> None:
    assert moments.moment("2026-02-28T23:05:00.000Z", "Europe/Paris") == "1er\u00a0mars\u00a02026 à 0\u00a0h\u00a005"
    assert moments.day("2026-07-14T10:00:00.000Z", "nowhere") == "14\u00a0juillet\u00a02026"
