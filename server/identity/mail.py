"""Sends sign-in links by SMTP, when the operator configured it."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage

import aiosmtplib

from server.settings import ServerSettings

SUBJECT = "Votre accès à {congress}"
BODY = """Bonjour {name},

Voici votre lien personnel pour {congress} :

{link}

Il ouvre votre accès une seule fois et reste valable trois jours. Ne le transmettez à personne : qui l’ouvre
parle, écrit et vote en votre nom. S’il ne fonctionne plus, demandez-en un autre à l’organisation.
"""
logger = logging.getLogger("pleniere.mail")


@dataclass(frozen=True)
class Letter:
    """A sign-in link for one person, and where it is sent."""

    person: str
    email: str
    name: str
    link: str


async def send_link(settings: ServerSettings, email: str, name: str, congress: str, link: str) -> bool:
    """Sends a sign-in link; False if no mail server is configured. SMTP errors are raised."""
    if not settings.smtp_host:
        return False
    async with _server(settings) as server:
        await server.send_message(_message(settings, congress, Letter("", email, name, link)))
    return True


async def send_links(settings: ServerSettings, congress: str, letters: Sequence[Letter]) -> set[str]:
    """The people whose letter the mail server took, over one connection; none if none is configured. Raises if it
    cannot be reached.
    """
    if not settings.smtp_host or not letters:
        return set()
    sent: set[str] = set()
    async with _server(settings) as server:
        for letter in letters:
            try:
                await server.send_message(_message(settings, congress, letter))
            except (
                aiosmtplib.SMTPResponseException,
                aiosmtplib.SMTPRecipientsRefused,
                smtplib.SMTPException,
                ValueError,
            ):
                logger.exception("a sign-in link could not be mailed")
            else:
                sent.add(letter.person)
    return sent


def _server(settings: ServerSettings) -> aiosmtplib.SMTP:
    return aiosmtplib.SMTP(
        hostname=settings.smtp_host,
        port=settings.smtp_port,
        username=settings.smtp_user or None,
        password=settings.smtp_password or None,
    )


def _message(settings: ServerSettings, congress: str, letter: Letter) -> EmailMessage:
    message = EmailMessage()
    message["From"] = settings.mail_from
    message["To"] = letter.email
    message["Subject"] = SUBJECT.format(congress=congress)
    message.set_content(BODY.format(name=letter.name, congress=congress, link=letter.link))
    return message
