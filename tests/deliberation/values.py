"""Hypothesis strategies for any dataclass, derived from its type hints: commands, events and states for property
tests.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Any, ClassVar, TypeVar, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

T = TypeVar("T")

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
ASCII = st.text(st.characters(codec="ascii", exclude_characters="\x00"), max_size=6)
INTEGER = st.integers(-(2**53) + 1, 2**53 - 1)


def instances(tp: type[T], **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[T]:
    """A strategy for instances of `tp`; `fields` gives other strategies for some of its fields."""
    hints = get_type_hints(tp)
    named = {name: of(hint) for name, hint in hints.items() if get_origin(hint) is not ClassVar}
    return st.builds(tp, **named | {name: found for name, found in fields.items() if name in named})


@cache
def of(tp: Any) -> st.SearchStrategy[Any]:
    """A strategy for values of that type hint."""
    origin, inner = get_origin(tp), get_args(tp)
    if tp is Any:  # a part of a value that is in no table
        return st.none()
    if origin in (Union, types.UnionType):
        return st.none() | of(next(arg for arg in inner if arg is not type(None)))
    if origin is tuple:
        return st.lists(of(inner[0]), max_size=2).map(tuple)
    if origin is not None and issubclass(origin, Mapping):
        keys = ASCII if inner[0] is str else of(inner[0])
        return st.dictionaries(keys, of(inner[1]), max_size=2)
    if isinstance(tp, type) and dataclasses.is_dataclass(tp):
        return st.deferred(lambda: instances(tp))
    if issubclass(tp, Enum):
        return st.sampled_from(list(tp))
    return {int: INTEGER, bool: st.booleans(), str: TEXT}[tp]
