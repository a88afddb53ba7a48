"""What the official list says of a code, put into the commands that name one: no sender can say it (P20)."""

from __future__ import annotations

from dataclasses import replace

from deliberation.kernel import commands as c
from deliberation.kernel.territory import Territory
from server.territories.reference import Load


def completed(command: c.Command, load: Load) -> c.Command:
    """The command with the territory of its code; an unknown code stays as it was typed, without a territory. The list
    is loaded only where there is a code.
    """
    if isinstance(command, (c.InvitePerson, c.CorrectPerson)):
        name, code, territory = _described(command.collectivity, command.code, load)
        return replace(command, collectivity=name, code=code, territory=territory)
    if isinstance(command, (c.SubmitTestimony, c.ChangeNaming)):
        name, code, territory = _described(command.speaker.collectivity, command.speaker.code, load)
        return replace(command, speaker=replace(command.speaker, collectivity=name, code=code, territory=territory))
    return command


def _described(name: str, code: str, load: Load) -> tuple[str, str, Territory | None]:
    """The name as it is shown, the code and the territory; a name that was typed is not replaced."""
    found = _found(code, load) if code.strip() else None
    return (name, code, None) if found is None else (name.strip() or found.name, found.code, found)


def _found(code: str, load: Load) -> Territory | None:
    places = load()
    place = places.find(code) if places else None
    return place.territory if place else None
