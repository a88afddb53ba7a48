"""Sends sign-in links by SMTP, when the operator configured it."""

from __future__ import annotations

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


async def send_link(settings: ServerSettings, email: str, name: str, congress: str, link: str) -> bool:
    """Sends a sign-in link; False if no mail server is configured. SMTP errors are raised."""
    if not settings.smtp_host:
        return False
    message = EmailMessage()
    message["From"] = settings.mail_from
    message["To"] = email
    message["Subject"] = SUBJECT.format(congress=congress)
    message.set_content(BODY.format(name=name, congress=congress, link=link))
    await aiosmtplib.send(
        message,
        hostname=settings.smtp_host,
        port=settings.smtp_port,
        username=settings.smtp_user or None,
        password=settings.smtp_password or None,
    )
    return True
