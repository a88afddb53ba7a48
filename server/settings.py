"""What the operator sets, from the environment and the command line."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Settings:
    """`origin` is the public address, scheme and host, without a slash at its end. `data` holds all that is kept."""

    data: Path = Path("data")
    database: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    origin: str = ""
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_user: str = ""
    smtp_password: str = ""
    mail_from: str = "pleniere@localhost"

    @property
    def database_url(self) -> str:
        """SQLite in the data folder unless the operator chose another."""
        return self.database or f"sqlite:///{(self.data / 'pleniere.sqlite').absolute()}"

    @property
    def public_origin(self) -> str:
        """Where links in mails and records point to."""
        return self.origin or f"http://localhost:{self.port}"

    @property
    def is_https(self) -> bool:
        return self.public_origin.startswith("https://")

    def record_origin(self, slug: str) -> str:
        """The name of a congress's log and key: its address without the scheme."""
        return f"{urlsplit(self.public_origin).netloc}/c/{slug}/registre"


class BadSetting(ValueError):
    """A setting that cannot be used; the message names it."""


def from_environment(environment: Mapping[str, str] = os.environ) -> Settings:
    """Settings from `PORT` and the `PLENIERE_…` variables; BadSetting naming the one that is wrong."""
    return Settings(
        data=Path(environment.get("PLENIERE_DATA") or "data"),
        database=environment.get("PLENIERE_DATABASE", ""),
        host=environment.get("PLENIERE_HOST") or "127.0.0.1",
        port=_port(environment, "PORT", 8000),
        origin=_origin(environment.get("PLENIERE_ORIGIN", "")),
        smtp_host=environment.get("PLENIERE_SMTP_HOST", ""),
        smtp_port=_port(environment, "PLENIERE_SMTP_PORT", 587),
        smtp_user=environment.get("PLENIERE_SMTP_USER", ""),
        smtp_password=environment.get("PLENIERE_SMTP_PASSWORD", ""),
        mail_from=environment.get("PLENIERE_MAIL_FROM") or "pleniere@localhost",
    )


def _port(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name) or str(default)
    if not text.isdecimal() or not 0 < int(text) < 65_536:
        raise BadSetting(f"{name}: not a port number: {text!r}")
    return int(text)


def _origin(text: str) -> str:
    if not text:
        return ""
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path.strip("/") or parts.query:
        raise BadSetting(f"PLENIERE_ORIGIN: not an address such as https://congres.example: {text!r}")
    return f"{parts.scheme}://{parts.netloc}"
