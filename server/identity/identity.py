"""Sign-in links, sessions and access tokens (I1–I6)."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update
from sqlmodel import SQLModel
from starlette.requests import HTTPConnection
from starlette.responses import Response

from server.identity.tables import ContactRow, LinkRow, MembershipRow, TokenRow
from server.store.batch_loader import BatchLoader
from server.store.clock import Clock, instant, moment
from server.store.database import Database
from server.store.log import column

COOKIE = "pleniere"
LINK_LIFE = timedelta(days=3)
SESSION_LIFE = timedelta(days=30)
TOKEN_LIFE = timedelta(days=90)
AT_ONCE = 500
"""Sessions in one query."""


class Identity:
    """Blocking calls; the async ones run them in threads."""

    def __init__(self, database: Database, clock: Clock, secure_cookies: bool) -> None:
        self._database = database
        self._clock = clock
        self._secure = secure_cookies
        self._sessions = BatchLoader(self._memberships)

    def make_link(self, slug: str, person: str, email: str = "") -> str:
        """A fresh one-time token for that person; keeps the address that it is sent to."""
        token = secrets.token_urlsafe(24)
        with self._database.write() as connection:
            _add(connection, LinkRow, token=_hash(token), congress=slug, person=person, expires=self._in(LINK_LIFE))
            if email:
                _drop(connection, ContactRow, congress=slug, person=person)
                _add(connection, ContactRow, congress=slug, person=person, email=email)
        return token

    def email(self, slug: str, person: str) -> str:
        """Where that person's links are sent; "" when unknown."""
        query = select(column(ContactRow, "email")).where(
            column(ContactRow, "congress") == slug, column(ContactRow, "person") == person
        )
        with self._database.read() as connection:
            return str(connection.execute(query).scalar() or "")

    def consume(self, token: str) -> tuple[str, str] | None:
        """The (congress, person) of a link, once; None when it is unknown, used or expired."""
        with self._database.write() as connection:
            found = self._find(connection, LinkRow, token)
            first = _drop(connection, LinkRow, token=_hash(token)) == 1  # of two at once, one finds it gone
        return found if first else None

    def open_session(self, session: str | None, slug: str, person: str) -> str:
        """The token of a session in which that person is signed in.

        Always a new one, which takes over what `session` was in other congresses: the old one may have been planted.
        """
        token = secrets.token_urlsafe(24)
        with self._database.write() as connection:
            if session:
                _drop(connection, MembershipRow, session=_hash(session), congress=slug)
                old = column(MembershipRow, "session") == _hash(session)
                connection.execute(update(MembershipRow).where(old).values(session=_hash(token)))
            _add(
                connection,
                MembershipRow,
                session=_hash(token),
                congress=slug,
                person=person,
                expires=self._in(SESSION_LIFE),
            )
        return token

    def memberships(self, session: str | None) -> dict[str, str]:
        """The person that this session is, by congress."""
        return self._memberships([session])[session] if session else {}

    def _memberships(self, sessions: Collection[str]) -> dict[str, dict[str, str]]:
        """The same of many sessions at once."""
        by_hash = {_hash(session): session for session in sessions}
        hashes = list(by_hash)
        found: dict[str, dict[str, str]] = {session: {} for session in sessions}
        names, now = ("session", "congress", "person", "expires"), self._clock.now()
        session, columns = column(MembershipRow, "session"), [column(MembershipRow, name) for name in names]
        with self._database.read() as connection:
            for at in range(0, len(hashes), AT_ONCE):
                query = select(*columns).where(session.in_(hashes[at : at + AT_ONCE]))
                for hashed, congress, person, expires in connection.execute(query):
                    if expires > now:
                        found[by_hash[hashed]][str(congress)] = str(person)
        return found

    def close_session(self, session: str) -> None:
        with self._database.write() as connection:
            _drop(connection, MembershipRow, session=_hash(session))

    def make_token(self, slug: str, person: str) -> str:
        """An access token for a program that acts as that person."""
        token = secrets.token_urlsafe(32)
        with self._database.write() as connection:
            _add(connection, TokenRow, token=_hash(token), congress=slug, person=person, expires=self._in(TOKEN_LIFE))
        return token

    def token_owner(self, token: str) -> tuple[str, str] | None:
        """The (congress, person) of an access token that stands."""
        with self._database.read() as connection:
            return self._find(connection, TokenRow, token)

    def end_access(self, slug: str, person: str) -> None:
        """Ends every link, session and token of that person."""
        self._end(slug, person, (LinkRow, MembershipRow, TokenRow))

    def revoke(self, slug: str, person: str) -> None:
        """The same for good: where links were sent is forgotten too."""
        self._end(slug, person, (LinkRow, MembershipRow, TokenRow, ContactRow))

    def _end(self, slug: str, person: str, tables: Sequence[type[SQLModel]]) -> None:
        with self._database.write() as connection:
            for table in tables:
                _drop(connection, table, congress=slug, person=person)

    def standing(self, slug: str, people: Collection[str]) -> set[str]:
        """Those of these people whom a session or a token signs in now."""
        found: set[str] = set()
        with self._database.read() as connection:
            for table in (MembershipRow, TokenRow):
                person = column(table, "person")
                query = select(person).where(column(table, "congress") == slug, person.in_(people))
                found |= set(connection.execute(query.where(column(table, "expires") > self._clock.now())).scalars())
        return found

    async def person(self, connection: HTTPConnection, slug: str) -> str | None:
        """Who asks, in that congress: by bearer token, by `?token=` on a WebSocket, or by the session cookie."""
        token = _bearer(connection)
        if token is not None:
            owner = await asyncio.to_thread(self.token_owner, token)
            return owner[1] if owner and owner[0] == slug else None
        session = connection.cookies.get(COOKIE)
        return (await self._sessions.ask(session)).get(slug) if session else None

    async def congresses(self, connection: HTTPConnection) -> dict[str, str]:
        """The person that this browser is, by congress."""
        return await asyncio.to_thread(self.memberships, connection.cookies.get(COOKIE))

    def set_cookie(self, response: Response, session: str) -> None:
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
        response.delete_cookie(COOKIE, path="/", secure=self._secure, httponly=True, samesite="lax")

    def _find(self, connection: Connection, table: type[SQLModel], token: str) -> tuple[str, str] | None:
        query = select(*(column(table, name) for name in ("congress", "person", "expires"))).where(
            column(table, "token") == _hash(token)
        )
        row = connection.execute(query).first()
        return (str(row[0]), str(row[1])) if row and row[2] > self._clock.now() else None

    def _in(self, life: timedelta) -> str:
        return instant(moment(self._clock.now()) + life)


def _bearer(connection: HTTPConnection) -> str | None:
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return token.strip()
    return connection.query_params.get("token") if connection.scope["type"] == "websocket" else None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _add(connection: Connection, table: type[SQLModel], **values: Any) -> None:
    connection.execute(insert(table), [values])


def _drop(connection: Connection, table: type[SQLModel], **values: Any) -> int:
    """How many rows there were."""
    statement = delete(table)
    for name, value in values.items():
        statement = statement.where(column(table, name) == value)
    return connection.execute(statement).rowcount
