"""Forms: read within limits, shown again as typed, turned into commands."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from python_multipart.multipart import parse_options_header
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from deliberation.kernel import codec
from deliberation.kernel.commands import CastSecret, Command
from deliberation.kernel.errors import Refused
from deliberation.kernel.plain_text import number_in
from exports.translations import N_

C = TypeVar("C", bound=Command)

LIMIT = 1_000_000
"""Bytes of an ordinary form."""
UPLOAD_LIMIT = 32_000_000
"""Bytes of a form with a file."""
MAX_FIELDS = 400

COMMAND = "commande"
SEEN = "vu"
"""Name of the field with the mark of what the page showed of the act's object (`deliberation.seen`)."""
UNSHOWN = frozenset({COMMAND, SEEN, "lien"})
"""Fields that are never shown again: the form's own id, the mark, and the sign-in link."""

MALFORMED = N_("Cette valeur n’est pas utilisable ici.")


@dataclass(frozen=True)
class Form:
    """What was typed, with the id of the command that this form will send."""

    values: Mapping[str, str] = field(default_factory=dict)
    refused: Refused | None = None
    files: Mapping[str, bytes] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def commande(self) -> str:
        """A new command id, except while the same words are being corrected."""
        return self.values.get(COMMAND) or secrets.token_urlsafe(16)

    def get(self, name: str, default: str = "") -> str:
        return self.values.get(name, default)

    def integer(self, name: str) -> int | None:
        return number_in(self.get(name).strip())

    def answered(self, refused: Refused) -> Form:
        """The same form with a refusal to show beside its field."""
        return Form(self.values, refused, self.files, self.names)

    def command(self, kind: type[C], **data: Any) -> C | Refused:
        """The command of that type with this data; Refused if a value is malformed."""
        try:
            return codec.decode(kind, data)
        except codec.MalformedValue as error:
            return Refused("form.malformed", MALFORMED, error.path.replace(".", "_"))

    def command_id(self, command: Command) -> str:
        """The id under which this command is sent: the same form with the same words counts once, other words are a new
        command.
        """
        said = json.dumps([self.commande, command.name, _said(command)], sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()[:40]


def _said(command: Command) -> Any:
    """What the id of a form's command depends on; of a secret vote only the voter, so that nothing stored depends on
    the choice.
    """
    return [command.poll, command.voter] if isinstance(command, CastSecret) else codec.encode(command)


async def read(request: Request, limit: int = LIMIT) -> Form:
    r"""The form sent: 413 beyond `limit` bytes, 400 if it cannot be read. Line ends become `\n`."""
    request.state.form = form = await _read(request, limit)
    return form


async def _read(request: Request, limit: int) -> Form:
    content_type, options = parse_options_header(request.headers.get("content-type", ""))
    body = await _body(request, limit)
    if options.get(b"charset", b"utf-8").lower() not in (b"utf-8", b"utf8"):
        raise HTTPException(415)
    if content_type == b"multipart/form-data":
        return await _multipart(request, body)
    if content_type in (b"application/x-www-form-urlencoded", b""):
        return Form(_urlencoded(body))
    raise HTTPException(415)


async def written(request: Request) -> list[str]:
    """What a person wrote in the form of a refused request, to be shown on the error page; choices are left out."""
    if request.method != "POST":
        return []
    if not hasattr(request.state, "form"):
        try:
            await read(request)
        except (HTTPException, ClientDisconnect, RuntimeError):  # RuntimeError: it was read and was no form
            return []
    return kept_words(request)


def kept_words(request: Request) -> list[str]:
    """The same for a form that was read already: every text of more than one word."""
    form: Form = getattr(request.state, "form", Form())
    return [value for name, value in form.values.items() if name not in UNSHOWN and len(value.split()) > 1]


async def _body(request: Request, limit: int) -> bytes:
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared[:12]) > limit:
        raise HTTPException(413)
    parts: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise HTTPException(413)
        parts.append(chunk)
    return b"".join(parts)


def _urlencoded(body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except ValueError as error:
        raise HTTPException(400) from error
    return {name: _clean(value) for name, value in pairs}


async def _multipart(request: Request, body: bytes) -> Form:
    if not body.rstrip(b"\r\n").endswith(b"--"):  # cut short: what was meant is not known
        raise HTTPException(400)

    async def stream() -> AsyncGenerator[bytes, None]:
        yield body

    parser = MultiPartParser(
        request.headers, stream(), max_files=4, max_fields=MAX_FIELDS, max_part_size=max(len(body), 1)
    )
    try:
        sent = await parser.parse()
    except (MultiPartException, KeyError, ValueError, AssertionError, UnicodeError) as error:
        raise HTTPException(400) from error
    values: dict[str, str] = {}
    files: dict[str, bytes] = {}
    names: dict[str, str] = {}
    for name, value in sent.multi_items():
        if isinstance(value, str):
            values[name] = _clean(value)
        elif value.filename:
            files[name] = await value.read()
            names[name] = value.filename
    await sent.close()
    if not files and not _is_utf8(body):
        raise HTTPException(400)
    return Form(values, None, files, names)


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _clean(value: str) -> str:
    r"""Line ends as `\n`. Characters that are not allowed are left for the command's own check."""
    return value.replace("\r\n", "\n").replace("\r", "\n")


def whole_number(form: Form, name: str, present: int) -> int:
    """The number typed; `present` if the form lacks the field, and -1, which the rules refuse, for anything else."""
    if name not in form.values:
        return present
    typed = form.integer(name)
    return -1 if typed is None else typed


def plain(value: Any) -> dict[str, Any]:
    """A value of the vocabulary as data for a command."""
    data: dict[str, Any] = codec.encode(value)
    return data
