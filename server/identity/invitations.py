"""Invitations: codes short enough to be typed, and what became of each person's: made, mailed, used."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from server.identity.tables import ContactRow, InvitationRow, LinkRow, MembershipRow
from server.store.columns import column, row

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32, without I, L, O and U."""
LENGTH = 20
"""Characters of a code: 100 bits."""
GROUP = 4
CODE = re.compile(f"[{LETTERS}]{{{LENGTH}}}")
MISREAD = str.maketrans("ILO", "110")
AT_ONCE = 500
"""People named in one statement."""


@dataclass(frozen=True)
class Invitation:
    """Instants; "" for what did not happen. `came`: whether the person ever did. `expires` is the end of the last link
    that still signs in.
    """

    made: str = ""
    mailed: str = ""
    came: bool = False
    expires: str = ""
    email: str = ""


def new_code() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def grouped(code: str) -> str:
    """A code in groups, as it is printed."""
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def typed_code(typed: str) -> str:
    """The code that somebody typed, with any spaces, hyphens and case; "" if it is none."""
    code = re.sub(r"[\s\-–—]+", "", typed).upper().translate(MISREAD)
    return code if CODE.fullmatch(code) else ""


def note(connection: Connection, slug: str, people: Sequence[str], **when: str) -> None:
    """Notes these instants (`made`, `mailed`, `came`) of each person."""
    known: set[str] = set()
    for part in _parts(people):
        of = column(InvitationRow.congress) == slug, column(InvitationRow.person).in_(part)
        known |= set(connection.execute(select(column(InvitationRow.person)).where(*of)).scalars())
        connection.execute(update(InvitationRow).where(*of).values(**when))
    blank = {"made": "", "mailed": "", "came": ""}
    fresh = [{"congress": slug, "person": person} | blank | when for person in dict.fromkeys(people)]
    if new := [each for each in fresh if each["person"] not in known]:
        connection.execute(insert(InvitationRow), new)


def note_arrival(connection: Connection, slug: str, person: str, at: str) -> None:
    """Notes when somebody came, the first time."""
    of = column(InvitationRow.congress) == slug, column(InvitationRow.person) == person
    came = connection.execute(select(column(InvitationRow.came)).where(*of)).scalar()
    if not came:
        note(connection, slug, [person], came=at)


def keep_addresses(connection: Connection, slug: str, addresses: Mapping[str, str]) -> None:
    """Replaces the e-mail addresses of these people."""
    for part in _parts(list(addresses)):
        of = column(ContactRow.congress) == slug, column(ContactRow.person).in_(part)
        connection.execute(delete(ContactRow).where(*of))
    rows = [
        row((ContactRow.congress, slug), (ContactRow.person, person), (ContactRow.email, email))
        for person, email in addresses.items()
    ]
    if rows:
        connection.execute(insert(ContactRow), rows)


def end_links(connection: Connection, slug: str, people: Sequence[str]) -> None:
    for part in _parts(people):
        of = column(LinkRow.congress) == slug, column(LinkRow.person).in_(part)
        connection.execute(delete(LinkRow).where(*of))


def read(connection: Connection, slug: str, now: str) -> dict[str, Invitation]:
    """What became of each person's invitation; whoever is signed in counts as come, also by a way not noted here."""
    columns = (InvitationRow.person, InvitationRow.made, InvitationRow.mailed, InvitationRow.came)
    asked = select(*map(column, columns)).where(column(InvitationRow.congress) == slug)
    noted = {str(person): tuple(map(str, rest)) for person, *rest in connection.execute(asked)}
    expiring = _by_person(connection, slug, LinkRow, now)
    signed_in = _by_person(connection, slug, MembershipRow, now)
    query = select(column(ContactRow.person), column(ContactRow.email)).where(column(ContactRow.congress) == slug)
    emails = {str(person): str(email) for person, email in connection.execute(query)}
    people = noted.keys() | expiring.keys() | signed_in.keys() | emails.keys()
    found = {}
    for person in people:
        made, mailed, came = noted.get(person, ("", "", ""))
        has_come = bool(came) or person in signed_in
        found[person] = Invitation(made, mailed, has_come, expiring.get(person, ""), emails.get(person, ""))
    return found


def _by_person(
    connection: Connection, slug: str, table: type[LinkRow] | type[MembershipRow], now: str
) -> dict[str, str]:
    """The latest end of each person's links or sessions that are valid now."""
    query = select(column(table.person), column(table.expires)).where(
        column(table.congress) == slug, column(table.expires) > now
    )
    found: dict[str, str] = {}
    for person, expires in connection.execute(query):
        found[str(person)] = max(found.get(str(person), ""), str(expires))
    return found


def _parts(people: Sequence[str]) -> Iterator[Sequence[str]]:
    return (people[at : at + AT_ONCE] for at in range(0, len(people), AT_ONCE))
