"""What a new congress takes over from an earlier one on the same server: settings, voting rule, a motion."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import State
from deliberation.kernel.vocabulary import Draft, PollRule
from exports.motion_text import standing
from server.imports.importing import import_command
from server.pages.shell import forms

CITATION = re.compile(r"\[\^[1-9][0-9]{0,8}\]")
"""A citation of an excerpt, which another congress does not have."""


def values(slug: str, earlier: State) -> dict[str, str]:
    """The form of a new congress, filled in from an earlier one."""
    settings = earlier.settings
    assert settings is not None
    return {
        "apres": slug,
        "title": settings.title,
        "place": "",
        "description": settings.description,
        "preset": "comme-avant",
        "cosignatures": str(settings.cosignatures),
        "visitors_may_testify": "oui" if settings.visitors_may_testify else "",
    }


def rule_of(earlier: State) -> PollRule:
    """Its voting rule; whoever presides there has no pseudonym in another congress."""
    assert earlier.settings is not None
    return replace(earlier.settings.rule, chair="")


def choices(earlier: State) -> list[tuple[str, str]]:
    """The motions with a frozen text, by number with their titles, latest first."""
    return [(str(n), motion.title) for n, motion in sorted(earlier.motions.items(), reverse=True) if motion.text]


async def take_over(services: Any, earlier: State | None, form: forms.Form, slug: str) -> None:
    """Brings the chosen motion of the earlier congress into the new one, as a text that awaits an élu (M16)."""
    motion = earlier.motions.get(form.integer("motion") or 0) if earlier else None
    if earlier is None or earlier.settings is None or motion is None or motion.text is None:
        return
    title, clauses = standing(motion)
    drafts = [Draft(x.kind, CITATION.sub("", x.markdown), x.addressee) for x in clauses]
    command = import_command(title, drafts, earlier.settings.title)
    request = c.Request(form.command_id(command), slug, ids.CONGRESS, command)
    outcome = await services.write_queue.submit(request)
    assert not isinstance(outcome, Refused), outcome
