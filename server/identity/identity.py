"""Sign-in links, sessions and access tokens (I1–I6)."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update
from starlette.requests import HTTPConnection
from starlette.responses import Response

from server.identity import invitations
from server.identity.tables import ContactRow, InvitationRow, LinkRow, MembershipRow, TokenRow
from server.store.batch_loader import BatchLoader
from server.store.clock import Clock, instant, moment
from server.store.columns import column, row
from server.store.database import Database

COOKIE = "pleniere"
LINK_LIFE = timedelta(days=3)
SESSION_LIFE = timedelta(days=30)
TOKEN_LIFE = timedelta(days=90)
FOUNDING_LIFE = timedelta(days=1)
FOUNDING = ""
"""Stands for the congress in the rows of the right to make the server's first congress; no congress has this name."""
FOUNDER = "fondateur"
"""Stands for the person in those rows."""
AT_ONCE = 500
"""Sessions looked up in one query."""

OfToken = type[LinkRow] | type[TokenRow]
OfPerson = OfToken | type[MembershipRow] | type[ContactRow] | type[InvitationRow]
SIGNING_IN: tuple[type[MembershipRow] | type[TokenRow], ...] = (MembershipRow, TokenRow)
"""Tables whose rows sign a person in until they expire."""


class Identity:
    """Methods block, except the async ones, which run them in threads."""

    def __init__(self, database: Database, clock: Clock, secure_cookies: bool) -> None:
        self._database = database
        self._clock = clock
        self._secure = secure_cookies
        self._sessions = BatchLoader(self._memberships)

    def make_link(self, slug: str, person: str, email: str = "") -> str:
        """A new one-time token for that person; stores the e-mail address to which it is sent."""
        token = secrets.token_urlsafe(24)
        with self._database.write() as connection:
            self._keep_token(connection, LinkRow, token, slug, person, LINK_LIFE)
            invitations.note(connection, slug, [person], made=self._clock.now())
            if email:
                invitations.keep_addresses(connection, slug, {person: email})
        return token

    def make_codes(
        self, slug: str, people: Sequence[str], life: timedelta, addresses: Mapping[str, str]
    ) -> dict[str, str]:
        """A new one-time code for each of these people, in one transaction; their earlier links end. A code is short
        enough to be typed, and the token of a link as well. `addresses`: the e-mail addresses that became known.
        """
        codes = {person: invitations.new_code() for person in people}
        with self._database.write() as connection:
            invitations.end_links(connection, slug, people)
            for person, code in codes.items():
                self._keep_token(connection, LinkRow, code, slug, person, life)
            invitations.note(connection, slug, people, made=self._clock.now())
            invitations.keep_addresses(connection, slug, addresses)
        return codes

    def note_mailed(self, slug: str, people: Sequence[str]) -> None:
        """Their links were mailed now."""
        with self._database.write() as connection:
            invitations.note(connection, slug, people, mailed=self._clock.now())

    def invited(self, slug: str) -> dict[str, invitations.Invitation]:
        """What became of each person's invitation."""
        with self._database.read() as connection:
            return invitations.read(connection, slug, self._clock.now())

    def make_founding_link(self) -> str:
        """A new one-time token for whoever makes the server's first congress; earlier ones, and the sessions that they
        opened, end.
        """
        token = secrets.token_urlsafe(24)
        self._end(FOUNDING, FOUNDER, (LinkRow, MembershipRow))
        with self._database.write() as connection:
            self._keep_token(connection, LinkRow, token, FOUNDING, FOUNDER, FOUNDING_LIFE)
        return token

    def take_founding(self, session: str | None) -> bool:
        """Ends the right of this session to make the first congress; whether it had it. Of two at once, one had it."""
        own = column(MembershipRow.session) == _hash(session or "")
        valid = column(MembershipRow.expires) > self._clock.now()
        with self._database.write() as connection:
            return _drop(connection, MembershipRow, own, column(MembershipRow.congress) == FOUNDING, valid) == 1

    def email(self, slug: str, person: str) -> str:
        """The e-mail address for that person's links; "" if unknown."""
        query = select(column(ContactRow.email)).where(
            column(ContactRow.congress) == slug, column(ContactRow.person) == person
        )
        with self._database.read() as connection:
            return str(connection.execute(query).scalar() or "")

    def consume(self, token: str) -> tuple[str, str] | None:
        """The (congress, person) of a link, once; None if it is unknown, used or expired."""
        with self._database.write() as connection:
            found = self._find(connection, LinkRow, token)
            first = (
                _drop(connection, LinkRow, column(LinkRow.token) == _hash(token)) == 1
            )  # of two at once, one finds it gone
            if found and first and found[0] != FOUNDING:
                invitations.note_arrival(connection, *found, at=self._clock.now())
        return found if first else None

    def open_session(self, session: str | None, slug: str, person: str) -> str:
        """The token of a new session in which that person is signed in.

        Never the given `session`, which may have been planted by somebody else (session fixation); the new one takes
        over its memberships in other congresses.
        """
        token = secrets.token_urlsafe(24)
        with self._database.write() as connection:
            if session:
                old = column(MembershipRow.session) == _hash(session)
                _drop(connection, MembershipRow, old, column(MembershipRow.congress) == slug)
                connection.execute(update(MembershipRow).where(old).values(session=_hash(token)))
            membership = row(
                (MembershipRow.session, _hash(token)),
                (MembershipRow.congress, slug),
                (MembershipRow.person, person),
                (MembershipRow.expires, self._in(FOUNDING_LIFE if slug == FOUNDING else SESSION_LIFE)),
            )
            connection.execute(insert(MembershipRow), [membership])
        return token

    def memberships(self, session: str | None) -> dict[str, str]:
        """The person whom this session signs in, by congress."""
        return self._memberships([session])[session] if session else {}

    def _memberships(self, sessions: Collection[str]) -> dict[str, dict[str, str]]:
        """The same for many sessions in one query."""
        by_hash = {_hash(session): session for session in sessions}
        hashes = list(by_hash)
        found: dict[str, dict[str, str]] = {session: {} for session in sessions}
        session, now = column(MembershipRow.session), self._clock.now()
        columns = session, column(MembershipRow.congress), column(MembershipRow.person), column(MembershipRow.expires)
        with self._database.read() as connection:
            for at in range(0, len(hashes), AT_ONCE):
                query = select(*columns).where(session.in_(hashes[at : at + AT_ONCE]))
                for hashed, congress, person, expires in connection.execute(query):
                    if expires > now:
                        found[by_hash[hashed]][str(congress)] = str(person)
        return found

    def close_session(self, session: str) -> None:
        """Signs the session out everywhere."""
        with self._database.write() as connection:
            _drop(connection, MembershipRow, column(MembershipRow.session) == _hash(session))

    def make_token(self, slug: str, person: str) -> str:
        """An access token for a program that acts as that person."""
        token = secrets.token_urlsafe(32)
        with self._database.write() as connection:
            self._keep_token(connection, TokenRow, token, slug, person, TOKEN_LIFE)
        return token

    def token_owner(self, token: str) -> tuple[str, str] | None:
        """The (congress, person) of a valid access token; None for another."""
        with self._database.read() as connection:
            return self._find(connection, TokenRow, token)

    def end_access(self, slug: str, person: str) -> None:
        """Ends every link, session and token of that person."""
        self._end(slug, person, (LinkRow, MembershipRow, TokenRow))

    def revoke(self, slug: str, person: str) -> None:
        """Ends every link, session and token of that person, and deletes their e-mail address."""
        self._end(slug, person, (LinkRow, MembershipRow, TokenRow, ContactRow, InvitationRow))

    def _end(self, slug: str, person: str, tables: Sequence[OfPerson]) -> None:
        with self._database.write() as connection:
            for table in tables:
                _drop(connection, table, *_of_person(table, slug, person))

    def standing(self, slug: str, people: Collection[str]) -> set[str]:
        """Those of these people for whom a session or a token is valid now."""
        found: set[str] = set()
        with self._database.read() as connection:
            for table in SIGNING_IN:
                person = column(table.person)
                query = select(person).where(column(table.congress) == slug, person.in_(people))
                found |= set(connection.execute(query.where(column(table.expires) > self._clock.now())).scalars())
        return found

    async def person(self, connection: HTTPConnection, slug: str) -> str | None:
        """The pseudonym of the sender in that congress: by bearer token, by `?token=` on a WebSocket, or by the session
        cookie.
        """
        token = _bearer(connection)
        if token is not None:
            owner = await asyncio.to_thread(self.token_owner, token)
            return owner[1] if owner and owner[0] == slug else None
        session = connection.cookies.get(COOKIE)
        return (await self._sessions.ask(session)).get(slug) if session else None

    async def congresses(self, connection: HTTPConnection) -> dict[str, str]:
        """The pseudonyms of this browser's session, by congress."""
        members = await asyncio.to_thread(self.memberships, connection.cookies.get(COOKIE))
        return {congress: person for congress, person in members.items() if congress != FOUNDING}

    async def is_founder(self, connection: HTTPConnection) -> bool:
        """Whether this browser came by the link for making the server's first congress."""
        return FOUNDING in await asyncio.to_thread(self.memberships, connection.cookies.get(COOKIE))

    def set_cookie(self, response: Response, session: str) -> None:
        """Adds the session cookie to a response."""
        response.set_cookie(
            COOKIE,
            session,
            max_age=int(SESSION_LIFE.total_seconds()),
            path="/",
            secure=self._secure,
            httponly=True,
            samesite="lax",
        )

    def clear_cookie(self, response: Response) -> None:
        """Removes the session cookie."""
        response.delete_cookie(COOKIE, path="/", secure=self._secure, httponly=True, samesite="lax")

    def _keep_token(
        self, connection: Connection, table: OfToken, token: str, slug: str, person: str, life: timedelta
    ) -> None:
        kept = row(
            (table.token, _hash(token)),
            (table.congress, slug),
            (table.person, person),
            (table.expires, self._in(life)),
        )
        connection.execute(insert(table), [kept])

    def _find(self, connection: Connection, table: OfToken, token: str) -> tuple[str, str] | None:
        columns = column(table.congress), column(table.person), column(table.expires)
        query = select(*columns).where(column(table.token) == _hash(token))
        found = connection.execute(query).first()
        return (str(found[0]), str(found[1])) if found and found[2] > self._clock.now() else None

    def _in(self, life: timedelta) -> str:
        return instant(moment(self._clock.now()) + life)


def _bearer(connection: HTTPConnection) -> str | None:
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return token.strip()
    return connection.query_params.get("token") if connection.scope["type"] == "websocket" else None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _of_person(table: OfPerson, slug: str, person: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return column(table.congress) == slug, column(table.person) == person


def _drop(connection: Connection, table: OfPerson, *conditions: ColumnElement[bool]) -> int:
    """Deletes the rows that meet these conditions; how many there were."""
    return connection.execute(delete(table).where(*conditions)).rowcount
