"""Responses of the API: JSON, errors with a stable code, caching by the size of the record."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response

from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import State
from deliberation.visibility.views import public_view
from server.web.admission import retry_after

if TYPE_CHECKING:
    from server.services import Services

CODES = {
    "not_found": 404,
    "anonymous": 401,
    "unknown": 401,
    "elus_only": 403,
    "not_allowed": 403,
    "members_only": 403,
    "not_entitled": 403,
    "not_author": 403,
}


def services_of(request: Request) -> Services:
    """The services of the application."""
    services: Services = request.app.state.services
    return services


async def congress_of(request: Request) -> tuple[str, State] | Response:
    """The slug in the address and the congress's public view, or a 404."""
    slug = str(request.path_params["slug"])
    state = await services_of(request).write_queue.state(slug) if ids.SLUG.fullmatch(slug) else None
    return (
        (slug, public_view(state))
        if state is not None
        else refusal(Refused("congress.not_found", "Ce congrès n’existe pas."))
    )


def answer(data: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON response. A lone surrogate, which only a request can have contained, becomes « ? »."""
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return Response(body.encode("utf-8", "replace"), status, headers, media_type="application/json")


def refusal(refused: Refused) -> Response:
    """{"code", "message", "field"}.

    404 for what does not exist, 401 and 403 for a lack of rights, 409 for the wrong time, 422 for invalid data, 429 for
    too many requests, 503 if nothing can be stored.
    """
    kind, _, why = refused.code.partition(".")
    if (again := retry_after(refused)) is not None:
        said = {"code": refused.code, "message": refused.message.format(**refused.params), "field": ""}
        return answer(said, 429, {"Retry-After": str(again)})
    is_late = kind == "phase" or why in {"wrong_status", "frozen", "settled", "closed"}
    otherwise = 503 if kind in ("storage", "record") else 409 if is_late else 422
    status = CODES.get(why, otherwise)
    return answer({"code": refused.code, "message": str(refused), "field": refused.field}, status)


def cached(request: Request, state: State, data: Any) -> Response:
    """The response, or 304 if the client has it for this size of the record."""
    tag = f'"{state.size}"'
    headers = {"ETag": tag, "Cache-Control": "public, max-age=0, must-revalidate"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return answer(data, headers=headers)
