"""Converting between dataclasses and JSON: input must have the declared shape, output can be read back (S7, S8)."""

from __future__ import annotations

import json
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberation.kernel import codec
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.state import State
from deliberation.kernel.vocabulary import Choice, Phase, Role, Speaker
from deliberation.record import canonical
from tests.deliberation.values import instances

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@given(st.sampled_from([*e.KINDS.values()]).flatmap(instances))
def test_events_survive_the_record(event: e.Event) -> None:
    """S8: through canonical JSON and back."""
    data = canonical.encode(codec.encode(event))
    assert e.decode(event.kind, canonical.parse(data)) == event


@given(st.sampled_from([*c.NAMES.values()]).flatmap(instances))
def test_commands_survive_json(command: c.Command) -> None:
    """S7"""
    assert c.decode(command.name, json.loads(json.dumps(codec.encode(command)))) == command


@given(st.sampled_from(sorted(c.NAMES)), JSON)
def test_anything_is_decoded_or_malformed(name: str, data: object) -> None:
    """S7: a program may send any JSON."""
    try:
        command = c.decode(name, data)  # type: ignore[arg-type]
    except codec.MalformedValue:
        return
    assert type(command) is c.NAMES[name]


@given(st.sampled_from(sorted(name for name, command in c.NAMES.items() if fields(command))), st.data())  # type: ignore[arg-type]
def test_a_wrong_field_is_named(name: str, data: st.DataObject) -> None:
    """S7"""
    command = data.draw(instances(c.NAMES[name]))
    given_ = codec.encode(command)
    field = data.draw(st.sampled_from(sorted(given_)))
    wrong = data.draw(JSON.filter(lambda value: not decodes(name, given_ | {field: value})))
    with pytest.raises(codec.MalformedValue) as malformed:
        c.decode(name, given_ | {field: wrong})
    assert malformed.value.path.split(".")[0] == field
    assert malformed.value.expected in str(malformed.value)


def decodes(name: str, data: dict[str, object]) -> bool:
    try:
        return bool(c.decode(name, data))
    except codec.MalformedValue:
        return False


@pytest.mark.parametrize(
    ("name", "data", "path"),
    [
        ("ballot.cast", [], ""),
        ("ballot.cast", {"poll": 1}, "choice"),
        ("ballot.cast", {"poll": True, "choice": "pour"}, "poll"),
        ("ballot.cast", {"poll": 2**53, "choice": "pour"}, "poll"),
        ("ballot.cast", {"poll": 1.0, "choice": "pour"}, "poll"),
        ("ballot.cast", {"poll": 1, "choice": "oui"}, "choice"),
        ("ballot.cast", {"poll": 1, "choice": ["pour"]}, "choice"),
        ("ballot.cast", {"poll": 1, "choice": "pour", "person": "p4"}, "person"),
        ("testimony.submit", {"text": "a\x00b"}, "text"),
        ("testimony.submit", {"text": "\ud800"}, "text"),
        ("testimony.submit", {"speaker": {"name": 3}}, "speaker.name"),
        ("testimony.submit", {"consent": 1}, "consent"),
        ("motion.write", {"motion": 1, "update": "", "clients": "12", "changes": []}, "clients"),
        ("motion.write", {"motion": 1, "update": "", "clients": [1, "2"], "changes": []}, "clients.1"),
    ],
)
def test_what_is_wrong_is_told(name: str, data: object, path: str) -> None:
    """S7"""
    with pytest.raises(codec.MalformedValue) as malformed:
        c.decode(name, data)  # type: ignore[arg-type]
    assert malformed.value.path == path


def test_an_unknown_name_is_no_command() -> None:
    """S7"""
    with pytest.raises(KeyError):
        c.decode("congress.destroy", {})


def test_defaults_may_be_left_out_but_are_written() -> None:
    """S8: an old record replays after a field is added."""
    assert codec.decode(Speaker, {}) == Speaker()
    assert codec.encode(c.SetPhase(Phase.VOTE)) == {"phase": "vote", "opens": None, "closes": None}
    assert codec.encode(e.BallotCast(1, "p3", Choice.FOR)) == {"poll": 1, "voter": "p3", "choice": "pour"}


@given(instances(State))
def test_a_state_survives_its_tables(state: State) -> None:
    """S8: integer keys of mappings included."""
    assert codec.decode(State, json.loads(json.dumps(codec.encode(state)))) == state


def test_a_mapping_has_the_keys_it_declares() -> None:
    """S8"""
    for data in ({"x": "pending"}, [["1", "pending"]]):
        with pytest.raises(codec.MalformedValue):
            codec.decode(State, {"withheld": data})


def test_a_type_that_json_does_not_know_is_a_mistake() -> None:
    """S7: misuse raises."""
    with pytest.raises(TypeError):
        codec.decode(float, 1.5)
    assert Role("elu") is Role.ELU
