"""Whether the origins that an archive gives to each word are those that follow from its record (R29)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import Any

from deliberation.kernel import events as e
from deliberation.kernel.state import State
from deliberation.motions import origins
from deliberation.record.report import Finding

PATH = "data/origines.json"
NAMED, LATER = origins.COLUMNS[:7], origins.COLUMNS[7:]
"""The columns of every archive, and those that archives of records without accepted suggestions may lack."""


def findings(data: bytes, state: State, record: Iterable[e.Recorded]) -> Iterator[Finding]:
    """What is wrong with that file: the first word whose origin is another one."""
    try:
        stated = [(*(one[name] for name in NAMED), *map(one.get, LATER)) for one in json.loads(data)]
    except (ValueError, KeyError, TypeError, RecursionError):
        yield Finding("origins.bad", PATH)
        return
    recomputed: Iterable[Any] = origins.rows(state, origins.latest(record, state))
    for line, (said, found) in enumerate(zip_longest(stated, recomputed), start=2):
        if said != found:
            yield Finding("origins.differs", PATH, line=line)
            return
