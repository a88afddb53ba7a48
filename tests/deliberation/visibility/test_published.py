"""A field is private until somebody publishes it, whatever its type (D1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

import pytest

from deliberation.kernel.state import Excerpt, InCamera, Motion, Person, Poll, Remark, Slip, State, Testimony
from deliberation.visibility.published import PUBLIC, PUBLISHED, Publication, nothing
from deliberation.visibility.remains import ERASED, PARTICIPATION, WITHHELD
from tests.marks import MARK, marked, value_types

TYPES = sorted(set(value_types()), key=lambda of: of.__name__)
FIELDS = [(of, each.name) for of in TYPES for each in fields(of)]
UNPUBLISHED: Mapping[type, set[str]] = {State: {"writing"}, InCamera: {"public"}}
"""What no reader is ever shown, on purpose."""
PRIVATE_WHILE_WITHHELD: Mapping[type, set[str]] = {
    Testimony: {"title", "text", "video", "speaker", "theme"},
    Excerpt: {"start", "end", "quote"},
    Remark: {"motion", "clause", "text", "quote", "anchor", "reply_to", "base", "proposal", "client", "addressed"},
    Motion: {"draft", "order", "writers"},
    Slip: {"signer", "voter", "choice"},
    Poll: {"ballots", "cast", "by_proxy", "counts", "tally", "closed", "cancelled", "papers", "votes"},
}
LOST_WHEN_ERASED: Mapping[type, set[str]] = {
    Testimony: {"title", "text", "video", "channel", "speaker", "theme"},
    Excerpt: {"testimony", "medium", "start", "end", "quote", "outdated"},
    Remark: {"motion", "clause", "text", "quote", "anchor", "reply_to", "base", "proposal", "client", "addressed"},
    Person: {"name", "mandate", "collectivity", "code", "territory"},
}


def names(of: type) -> set[str]:
    return {each.name for each in fields(of)}


@pytest.mark.parametrize("of", TYPES)
def test_every_field_is_published_or_private_on_purpose(of: type) -> None:
    """D1: whoever adds a field says here or in the table what becomes of it."""
    assert PUBLISHED[of] | UNPUBLISHED.get(of, set()) == names(of)
    assert not PUBLISHED[of] & UNPUBLISHED.get(of, set())


def test_the_table_names_the_types_of_the_state_and_no_other() -> None:
    assert set(PUBLISHED) == set(TYPES)


@pytest.mark.parametrize(("of", "name"), FIELDS)
def test_a_field_that_nobody_published_is_empty(of: type, name: str) -> None:
    """D1: for every field of every type, as if it had just been added."""
    before = Publication({**PUBLISHED, of: PUBLISHED[of] - {name}})
    full = marked(nothing(of))
    shown = before.published(full)
    assert type(shown) is of
    assert set(MARK.findall(repr(getattr(shown, name)))) == set()
    assert all(getattr(shown, other) == getattr(full, other) for other in PUBLISHED[of] - {name})


@pytest.mark.parametrize("of", TYPES)
def test_a_type_that_nobody_published_is_empty_wherever_it_stands(of: type) -> None:
    """D1"""
    before = Publication({each: names for each, names in PUBLISHED.items() if each is not of})
    own = set(MARK.findall(repr(marked(nothing(of)))))
    shown = before.published(marked(nothing(of)))
    assert own.isdisjoint(MARK.findall(repr(shown)))
    assert not before.is_wholly_published(of)
    assert not before.is_wholly_published(State)


@pytest.mark.parametrize("of", [x for x in TYPES if x not in UNPUBLISHED])
def test_what_is_wholly_published_is_shared(of: type) -> None:
    """Views cost nothing for what is public: the thing itself is shown."""
    value = marked(nothing(of))
    assert PUBLIC.published(value) is value


@pytest.mark.parametrize(("table", "private"), [(WITHHELD, PRIVATE_WHILE_WITHHELD), (ERASED, LOST_WHEN_ERASED)])
def test_what_is_left_is_said_field_by_field(
    table: Mapping[type, frozenset[str]], private: Mapping[type, set[str]]
) -> None:
    """D2: a new field of what can be withheld or erased stands on one side or the other."""
    assert table.keys() == private.keys()
    for of, left in table.items():
        told = left | (PARTICIPATION if (of, table) == (Poll, WITHHELD) else frozenset())
        assert told | private[of] == names(of), of
        assert not told & private[of], of


@pytest.mark.parametrize("table", [WITHHELD, ERASED])
def test_what_is_left_of_a_thing_holds_nothing_else(table: Mapping[type, frozenset[str]]) -> None:
    """D2"""
    for of, left in table.items():
        shown = PUBLIC.keep_only(marked(nothing(of)), left)
        empty = nothing(of)
        assert all(getattr(shown, name) == getattr(empty, name) for name in names(of) - left), of


@dataclass(frozen=True)
class Inner:
    said: str


@dataclass(frozen=True)
class Outer:
    """A value with a field of each kind of type."""

    number: int
    of: Inner
    maybe: Inner | None
    several: tuple[Inner, ...]
    by_name: Mapping[str, Inner] = field(default_factory=dict)


@pytest.mark.parametrize("is_public", [True, False])
def test_values_within_values_are_made_anew(is_public: bool) -> None:
    table = {Outer: frozenset(names(Outer)), Inner: frozenset({"said"} if is_public else ())}
    one = Inner("dit")
    shown = Publication(table).published(Outer(1, one, one, (one,), {"a": one}))
    assert repr(shown).count("dit") == (4 if is_public else 0)
    assert (shown.number, len(shown.several), list(shown.by_name)) == (1, 1, ["a"])


def test_a_declaration_that_nobody_knows_is_refused() -> None:
    with pytest.raises(TypeError):
        Publication({}).shown([Inner("dit")], list[Inner])
