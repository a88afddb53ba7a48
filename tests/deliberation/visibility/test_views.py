"""What each reader sees of a congress with a withheld object of every kind (D1–D4, T4, T5, R7, H2, K5, V4)."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, get_args, get_type_hints

import pytest

from deliberation.kernel import codec
from deliberation.kernel.state import Excerpt, Person, Poll, Remark, State, Testimony
from deliberation.kernel.vocabulary import Choice, Hands, Role, Way
from deliberation.visibility.published import PUBLIC
from deliberation.visibility.remains import ERASED, WITHHELD, erased
from deliberation.visibility.views import View, progress, public_view, view_of
from exports import restitution
from tests.exports.sample import ELU, ORGANISER, OTHER, Congress, whole
from tests.marks import MARK, marked
from tests.secrets import with_secrets

STRANGER = "p99"


@pytest.fixture(scope="module")
def congress() -> Congress:
    return whole()


@pytest.fixture(scope="module")
def state(congress: Congress) -> State:
    return with_secrets(congress.state, ELU, OTHER)


def seen(value: Any) -> set[str]:
    return set(MARK.findall(repr(value)))


def opened(state: State, way: Way) -> Poll:
    (found,) = (poll for poll in state.polls.values() if poll.is_open and poll.way is way)
    return found


def test_there_is_something_to_hide_of_every_kind(state: State) -> None:
    kinds = ("testimony", "excerpt", "camera", "poll")
    assert [kind for kind in kinds if not any(f"Secret{kind}" in word for word in seen(state))] == []


@pytest.mark.parametrize("who", ["", STRANGER, "visiteur"])
def test_the_public_and_people_of_other_congresses_see_nothing_of_it(state: State, who: str) -> None:
    """D1, D2: a person of another congress is nobody here."""
    assert view_of(state, who) is public_view(state)
    assert seen(public_view(state)) == set()
    assert seen(codec.encode(public_view(state).polls)) == set()


def test_another_elu_reads_what_is_written_in_camera_and_nothing_else(state: State) -> None:
    """D3, H2"""
    found = seen(view_of(state, OTHER))
    assert found
    assert {word for word in found if "camera" not in word} == set()


def test_a_person_whose_access_is_revoked_is_the_public(state: State) -> None:
    gone = replace(state, people={**state.people, OTHER: replace(state.people[OTHER], revoked=True)})
    assert seen(view_of(gone, OTHER)) == set()


def test_an_organiser_reads_the_testimonies_to_moderate_and_no_ballot(state: State) -> None:
    """D3, T4, V4"""
    view = view_of(state, ORGANISER)
    assert view.testimonies is state.testimonies
    assert not any("poll" in word for word in seen(view))
    assert view.polls == {**public_view(state).polls}


def test_who_sent_a_testimony_reads_it_while_it_waits(state: State) -> None:
    """D3"""
    own = view_of(state, ELU).testimonies
    mine = {n for n, x in state.testimonies.items() if x.author == ELU and x.status not in ("published", "redacted")}
    assert {n for n, x in own.items() if seen(x)} == mine != set()


def test_no_file_of_an_archive_holds_any_of_it(state: State, congress: Congress) -> None:
    """D1"""
    files = restitution.files(state, congress.record)
    assert {path for path, data in files.items() if MARK.search(data.decode("utf-8", "replace"))} == set()


def test_an_open_poll_tells_nobody_for_whom_somebody_voted(state: State) -> None:
    """D4: neither the ballot cast by proxy nor that there was one; whoever voted sees both, and no other choice."""
    for who in ("", ORGANISER, "p5"):
        roll = opened(view_of(state, who), Way.PUBLIC)
        assert (roll.ballots, roll.cast, roll.by_proxy, roll.bearers) == ({}, {}, {}, {})
    assert opened(view_of(state, ELU), Way.PUBLIC).ballots == {ELU: Choice.FOR, OTHER: Choice.AGAINST}
    given = opened(view_of(state, OTHER), Way.PUBLIC)
    assert (given.ballots, given.by_proxy) == ({}, {OTHER: ELU}), "who gave the proxy knows that it was used"


def test_a_rule_that_keeps_participation_keeps_it_from_all_but_those_who_conduct(state: State) -> None:
    """V17, D3"""
    public, own, conducting = (view_of(state, who) for who in ("", OTHER, ORGANISER))
    for view in (public, conducting):
        secret = opened(view, Way.SECRET)
        assert (secret.entries, secret.signed, secret.borne) == ((), {}, {})
    assert opened(own, Way.SECRET).signed == {OTHER: 1}
    assert progress(public, opened(public, Way.SECRET)).voted is None
    assert progress(conducting, opened(conducting, Way.SECRET)).voted == 2
    assert progress(public, opened(public, Way.PUBLIC)).voted == 2


def test_counts_of_hands_are_known_to_whoever_counted_and_to_the_chair_once_two_are_in(state: State) -> None:
    """D3, W8"""
    number = opened(state, Way.HANDS).number
    for who, known in (("", 0), (OTHER, 0), (ORGANISER, 0), (ELU, 1)):
        view = view_of(state, who)
        assert len(view.polls[number].counts) == known, who
        assert progress(view, view.polls[number]).counted == (ELU,)
    counts = {ELU: Hands(1, 0, 0, 2), OTHER: Hands(0, 1, 0, 2)}
    both = replace(state, polls={**state.polls, number: replace(state.polls[number], counts=counts)})
    assert view_of(both, ORGANISER).polls[number].counts == counts
    assert view_of(both, "p5").polls[number].counts == {}


@pytest.mark.parametrize("kind", [Testimony, Excerpt, Remark, Person])
def test_what_is_erased_leaves_nothing_in_the_state(state: State, kind: type) -> None:
    """R7, D2: every text of the thing was a marker, and none is left."""
    (name,) = (f.name for f in fields(State) if get_args(get_type_hints(State)[f.name])[-1:] == (kind,))
    things = getattr(state, name)
    key, thing = next((n, x) for n, x in things.items() if seen(x) or kind is Person)
    full = marked(thing, ERASED[kind], "erased")
    changed: dict[str, Any] = {name: {**things, key: full}}
    before = replace(state, **changed)
    after = getattr(erased(before, full.entries[-1] if kind is Person else full.entry), name)[key]
    assert seen(full)
    assert seen(after) == set()
    assert all(getattr(after, name) == getattr(full, name) for name in ERASED[kind] - {"status"})


def test_a_person_named_again_keeps_the_present_name(state: State) -> None:
    person = Person("p1", "Awa", Role.ELU, "", "", "", "", (3, 8))
    people = replace(state, people={**state.people, "p1": person})
    assert erased(people, 3) is people


def test_the_same_state_gives_the_same_view_and_unchanged_parts_are_shared(state: State) -> None:
    """Pages are kept by the identity of what they show."""
    before = public_view(state)
    assert public_view(state) is before
    after = public_view(
        replace(state, size=state.size + 1, floor="motion-1", withheld={**state.withheld, 0: "open_poll"})
    )
    parts = [f.name for f in fields(State) if f.name not in ("size", "floor", "withheld", "writing")]
    assert [name for name in parts if getattr(after, name) is not getattr(before, name)] == []
    assert (before.amendments, before.people) == (state.amendments, state.people)


def test_what_is_left_of_a_thing_is_made_once(state: State) -> None:
    """The others of its kind come by the thousand."""
    one = next(n for n, x in state.testimonies.items() if x.status == "pending")
    said = replace(state.testimonies[one], number=99, entry=0)
    more = replace(state, testimonies={**state.testimonies, 99: said})
    assert public_view(more).testimonies[one] is public_view(state).testimonies[one]
    published = replace(more, testimonies={**more.testimonies, 99: replace(said, status="published")})
    assert public_view(published).testimonies[99].text == said.text
    assert public_view(more).testimonies[99].text == ""


def test_a_view_of_a_view_shows_no_more(state: State) -> None:
    again = public_view(public_view(state))
    assert isinstance(again, View)
    assert seen(again) == set()


def test_what_is_withheld_is_of_the_same_type_and_number(state: State) -> None:
    view = public_view(state)
    for name in ("testimonies", "excerpts", "remarks", "motions", "polls"):
        assert getattr(view, name).keys() == getattr(state, name).keys()
    shown = PUBLIC.keep_only(state.testimonies[4], WITHHELD[Testimony])
    assert view.testimonies[4] == shown
