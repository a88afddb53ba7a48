"""Tables of identity. Tokens are stored as SHA-256 only: whoever reads the database cannot sign in with them."""

from __future__ import annotations

from sqlmodel import Field, SQLModel


class LinkRow(SQLModel, table=True):
    """A one-time sign-in link for one person of one congress."""

    __tablename__ = "sign_in_link"
    token: str = Field(primary_key=True)
    congress: str
    person: str
    expires: str


class MembershipRow(SQLModel, table=True):
    """A browser's session: one person per congress."""

    __tablename__ = "membership"
    session: str = Field(primary_key=True)
    congress: str = Field(primary_key=True)
    person: str
    expires: str


class TokenRow(SQLModel, table=True):
    """An access token for programs."""

    __tablename__ = "access_token"
    token: str = Field(primary_key=True)
    congress: str
    person: str
    expires: str


class InvitationRow(SQLModel, table=True):
    """What became of a person's invitation: when the last link was made and mailed, and when they first came;
    "" for what did not happen.
    """

    __tablename__ = "invitation"
    congress: str = Field(primary_key=True)
    person: str = Field(primary_key=True)
    made: str = ""
    mailed: str = ""
    came: str = ""


class ContactRow(SQLModel, table=True):
    """Where a person's links are sent."""

    __tablename__ = "contact"
    congress: str = Field(primary_key=True)
    person: str = Field(primary_key=True)
    email: str
