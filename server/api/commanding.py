"""Commands from programs and from the client's islands: one address, the same rules as for forms."""

from __future__ import annotations

import json
import re
import secrets
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation.kernel import codec, commands, ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import State
from server.api.answers import answer, congress_of, refusal, services_of
from server.services import Services

LARGEST = 1_000_000
DEEPEST = 32
STRING = re.compile(r'"(?:[^"\\]|\\.?)*(?:"|\Z)', re.DOTALL)
"""A JSON string. One without an end matches to the end of the text, so that one pass is enough."""
BRACKET = re.compile(r"[\[\]{}]")


class UnreadableBody(Exception):
    """The body cannot be used; carries the refusal and its status."""

    def __init__(self, code: str, message: str, status: int) -> None:
        super().__init__(message)
        self.answer = answer({"code": code, "message": message, "field": ""}, status)


async def receive(request: Request) -> Response:
    """Takes a command as JSON; answers with its receipt or refusal."""
    slug = str(request.path_params["slug"])
    if services_of(request).write_queue.peek(slug) is None:  # what is known here exists: the writer looks for the rest
        found = await congress_of(request)
        if isinstance(found, Response):
            return found
    try:
        body = _object(await _body(request))
    except UnreadableBody as stop:
        return stop.answer
    services = services_of(request)
    actor = await services.identity.person(request, slug)
    if actor is None and "authorization" in request.headers:
        return refusal(Refused("token.unknown", "Ce jeton d’accès n’est pas valable pour ce congrès."))
    command = _command(body)
    if isinstance(command, Refused):
        return refusal(command)
    limited = services.admission.refuse_command(request, slug, actor, services.write_queue.peek(slug), command)
    if limited is not None:
        return refusal(limited)
    author = _author(services, slug, actor, command, body)
    if isinstance(author, Refused):
        return refusal(author)
    asked = _request(body, slug, author, command)
    if isinstance(asked, Refused):
        return refusal(asked)
    result = await services.write_queue.submit(asked)
    if isinstance(result, Refused):
        return refusal(result)
    told = {"entries": result.entries, "time": result.time, "repeated": result.repeated}
    return answer(told | _author_key(services, services.write_queue.peek(slug), command, result))


def _author_key(services: Services, state: State | None, command: commands.Command, result: Any) -> dict[str, Any]:
    """For a testimony that was sent, the key with which its author may revise it (T26)."""
    if state is None or not isinstance(command, commands.SubmitTestimony):
        return {}
    return {"key": services.admission.author_key(state, ids.split(result.document)[1])}


def _author(
    services: Services, slug: str, actor: str | None, command: commands.Command, body: dict[str, Any]
) -> str | Refused:
    """In whose name the command is sent, once presence in the hall or the key of a testimony is shown where it must."""
    state = services.write_queue.peek(slug)
    if state is None:
        return actor or ids.VISITOR
    absent = services.admission.refuse_absent(state, actor, command, str(body.get("presence", "")))
    return absent or services.admission.author(state, actor, command, str(body.get("key", "")))


def _request(body: dict[str, Any], slug: str, actor: str, command: commands.Command) -> commands.Request | Refused:
    id_, seen = body.get("id", secrets.token_urlsafe(16)), body.get("seen", "")
    if not isinstance(id_, str) or not 0 < len(id_) <= 100:
        return Refused("command.bad_id", "L’identifiant de la commande n’est pas utilisable.", "id")
    if not isinstance(seen, str):
        return Refused("form.malformed", "Cette valeur n’est pas utilisable ici.", "seen")
    return commands.Request(id_, slug, actor, command, seen)


async def _body(request: Request) -> bytes:
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > LARGEST:
            raise UnreadableBody("body.too_large", "Cet envoi est trop volumineux.", 413)
    return bytes(data)


def _object(data: bytes) -> dict[str, Any]:
    """The JSON object; refused before parsing if it is nested too deeply."""
    try:
        text = data.decode("utf-8")
        if _depth(text) > DEEPEST:
            raise UnreadableBody("body.too_deep", "Cet envoi n’est pas du JSON utilisable.", 400)
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableBody("body.not_json", "Cet envoi n’est pas du JSON utilisable.", 400) from error
    if not isinstance(value, dict) or not isinstance(value.get("data", {}), dict):
        raise UnreadableBody("body.not_object", "Un objet {id, name, data} est attendu.", 400)
    return value


def _depth(text: str) -> int:
    """The nesting of brackets outside of strings."""
    deepest = depth = 0
    for match in BRACKET.finditer(STRING.sub("", text)):
        depth += 1 if match.group() in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _command(body: dict[str, Any]) -> commands.Command | Refused:
    kind = commands.NAMES.get(str(body.get("name")))
    if kind is None or not kind.public:
        return Refused("command.not_found", "Cette commande n’existe pas.", "name")
    try:
        return codec.decode(kind, body.get("data", {}))
    except codec.MalformedValue as error:
        message = "Le champ « {name} » n’a pas la forme attendue ({expected})."
        return Refused("command.malformed", message, error.path, {"name": error.path, "expected": error.expected})


routes = [Route("/api/v1/c/{slug}/commandes", receive, methods=["POST"], name="api commands")]
