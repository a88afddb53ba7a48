"""What the operator sets, by environment variables and on the command line."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from deliberation.record import note
from deliberation.record.cosignature import Witness, parse_witness
from server.web.limits import HALL

MAX_WITNESSES = 16
LOOPBACK = "127.0.0.1,::1"


@dataclass(frozen=True)
class WitnessAddress:
    """A witness that cosigns this server's records: its address, without a trailing slash, and its public key."""

    url: str
    key: Witness


@dataclass(frozen=True)
class ServerSettings:
    """`origin` is the public address, scheme and host, without a trailing slash. `data` is the folder that holds
    everything.

    `proxies`: addresses of trusted proxies, separated by commas. `hall`: people who may share one address. `marks`: the
    folder outside `data` that holds a second copy of the high-water marks; None for no second copy. `limits` multiplies
    how much a person and an address may ask for; 0 for no limits.
    """

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
    witnesses: tuple[WitnessAddress, ...] = ()
    proxies: str = ""
    hall: int = HALL
    limits: float = 0.0
    marks: Path | None = None

    @property
    def database_url(self) -> str:
        """SQLite in the data folder unless the operator chose another."""
        return self.database or f"sqlite:///{(self.data / 'pleniere.sqlite').absolute()}"

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def public_origin(self) -> str:
        """The address to which links in mails and records point."""
        return self.origin or f"http://localhost:{self.port}"

    @property
    def is_https(self) -> bool:
        return self.public_origin.startswith("https://")

    def record_origin(self, slug: str) -> str:
        """The name of a congress's log and key: its address without the scheme."""
        return f"{urlsplit(self.public_origin).netloc}/c/{slug}/registre"


class BadSetting(ValueError):
    """A setting that cannot be used; the message names it."""


def from_environment(environment: Mapping[str, str] = os.environ) -> ServerSettings:
    """Settings from `PORT` and the `PLENIERE_…` variables; BadSetting naming the one that is wrong."""
    return ServerSettings(
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
        witnesses=_witnesses(environment.get("PLENIERE_WITNESSES", "")),
        proxies=_proxies(environment),
        hall=_number(environment, "PLENIERE_HALL", HALL),
        limits=float(_number(environment, "PLENIERE_LIMITS", 1, least=0)),
        marks=_marks(environment),
    )


def _marks(environment: Mapping[str, str]) -> Path | None:
    """`PLENIERE_MARKS`, else the system's folder for the state of programs; None where there is none."""
    if given := environment.get("PLENIERE_MARKS"):
        return Path(given)
    if base := environment.get("XDG_STATE_HOME"):
        return Path(base) / "pleniere"
    home = environment.get("HOME", "")
    return Path(home) / ".local" / "state" / "pleniere" if home.startswith("/") else None


def _port(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name) or str(default)
    if not text.isdecimal() or not 0 < int(text) < 65_536:
        raise BadSetting(f"{name}: not a port number: {text!r}")
    return int(text)


def _number(environment: Mapping[str, str], name: str, default: int, least: int = 1) -> int:
    text = environment.get(name) or str(default)
    if not (text.isascii() and text.isdecimal()) or not least <= int(text) <= 1_000_000:
        raise BadSetting(f"{name}: not a whole number from {least} on: {text!r}")
    return int(text)


def _proxies(environment: Mapping[str, str]) -> str:
    """The default for `proxies`: with HTTPS, a proxy on this machine; without, none, as local requests speak for
    themselves.
    """
    https = environment.get("PLENIERE_ORIGIN", "").startswith("https://")
    return environment.get("PLENIERE_PROXIES", LOOPBACK if https else "")


def _origin(text: str) -> str:
    if not text:
        return ""
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path.strip("/") or parts.query:
        raise BadSetting(f"PLENIERE_ORIGIN: not an address such as https://congres.example: {text!r}")
    return f"{parts.scheme}://{parts.netloc}"


def _witnesses(text: str) -> tuple[WitnessAddress, ...]:
    """Pairs of address and key separated by spaces, or the name of a file with one pair on each line."""
    if text and not text.startswith(("http://", "https://")):
        text = _without_comments(Path(text))
    words = text.split()
    if len(words) % 2 or len(words) > 2 * MAX_WITNESSES:
        raise BadSetting(f"PLENIERE_WITNESSES: not pairs of address and key, {MAX_WITNESSES} at most")
    found = tuple(_witness(url, vkey) for url, vkey in zip(words[::2], words[1::2], strict=True))
    if len({witness.key for witness in found}) < len(found):
        raise BadSetting("PLENIERE_WITNESSES: the same witness twice")
    return found


def _without_comments(path: Path) -> str:
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting(f"PLENIERE_WITNESSES: neither an address nor a file that can be read: {error}") from error
    return " ".join(line for line in lines if not line.startswith("#"))


def _witness(url: str, vkey: str) -> WitnessAddress:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
        raise BadSetting(f"PLENIERE_WITNESSES: not an address such as https://temoin.example: {url!r}")
    try:
        return WitnessAddress(url.rstrip("/"), parse_witness(vkey))
    except note.BadNote as error:
        raise BadSetting(f"PLENIERE_WITNESSES: {vkey!r}: {error}") from error
