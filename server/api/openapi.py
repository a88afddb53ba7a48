"""The OpenAPI description, generated from the dataclasses that the API reads and returns."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Mapping
from enum import Enum
from functools import lru_cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation.kernel import commands
from deliberation.kernel.state import (
    Amendment,
    College,
    Division,
    Election,
    MindMap,
    Motion,
    OutsideResult,
    Person,
    Poll,
    Proxy,
    Remark,
    Slip,
    Testimony,
    Transcription,
)
from deliberation.kernel.vocabulary import Elector
from deliberation.motions.origins import OriginRun
from deliberation.thread.heard import Collectivity
from exports.dossier import PublicEntry
from server.api.answers import answer
from server.api.reading import RESOURCES

OF = {
    "temoignages": Testimony,
    "cartes": MindMap,
    "motions": Motion,
    "remarques": Remark,
    "amendements": Amendment,
    "transcriptions": Transcription,
    "scrutins": Poll,
    "scrutins/elections": Election,
    "scrutins/divisions": Division,
    "scrutins/ailleurs": OutsideResult,
    "scrutins/bulletins": Slip,
    "pouvoirs": Proxy,
    "colleges": College,
    "electeurs": Elector,
    "personnes": Person,
    "collectivites": Collectivity,
}
Json = dict[str, Any]
LAID: Json = {
    "type": "array",
    "description": "The latest frozen text in its order; a deleted clause keeps its number while the text is debated.",
    "items": {
        "type": "object",
        "properties": {
            **{name: {"type": "string"} for name in ("id", "kind", "number")},
            "deleted": {"type": "boolean"},
            "by": {"type": "array", "items": {"type": "integer"}},
        },
    },
}
DERIVED: Mapping[str, Json] = {
    "amendements": {"dispositif": {"type": "string", "description": "What it changes, as a sentence in French."}},
    "motions": {"laid_out": LAID},
}
SLUG = {"name": "slug", "in": "path", "required": True, "schema": {"type": "string", "pattern": "^[a-z0-9-]{1,63}$"}}


def schema(tp: Any, exact: bool = False) -> Json:
    """JSON Schema of a type as `codec` encodes it; `exact` forbids further fields."""
    origin = get_origin(tp)
    if origin in (Union, types.UnionType):
        inner = [arg for arg in get_args(tp) if arg is not type(None)]
        return {"anyOf": [schema(inner[0], exact), {"type": "null"}]}
    if origin is tuple:
        return {"type": "array", "items": schema(get_args(tp)[0], exact)}
    if origin is not None and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": schema(get_args(tp)[1], exact)}
    if isinstance(tp, type) and issubclass(tp, Enum):
        return {"type": "string", "enum": [member.value for member in tp]}
    if dataclasses.is_dataclass(tp):
        return _object(tp, exact)
    return {"type": {int: "integer", bool: "boolean"}.get(tp, "string")}


def _object(tp: Any, exact: bool) -> Json:
    hints = get_type_hints(tp)
    fields = dataclasses.fields(tp)
    missing = dataclasses.MISSING
    required = [f.name for f in fields if f.default is missing and f.default_factory is missing]
    found: Json = {"type": "object", "properties": {f.name: schema(hints[f.name], exact) for f in fields}}
    if exact:
        found["additionalProperties"] = False
    return {**found, "required": required} if required else found


def _described(resource: str) -> Json:
    """The schema of a resource, with the fields that are computed."""
    of = schema(OF[resource])
    return {**of, "properties": {**of["properties"], **DERIVED.get(resource, {})}}


@lru_cache(maxsize=1)
def description() -> Json:
    """The whole OpenAPI 3.1 document."""
    paths: Json = {
        "/": {"get": _get("Congresses", {"type": "object"}, [])},
        "/c/{slug}/": {"get": _get("A congress: settings, phases, counts", {"type": "object"}, [SLUG])},
        "/c/{slug}/seance": {"get": _get("What the hall discusses now", {"type": "object"}, [SLUG])},
        "/c/{slug}/motions/{key}/origines": {
            "get": _get("Where each word of a frozen text comes from", _sourced(), [SLUG, _key("key"), VERSION])
        },
        "/c/{slug}/restitution": {"get": _get("Coverage, and where the archive is", {"type": "object"}, [SLUG])},
        "/c/{slug}/registre": {"get": _get("The record in words", _listed(schema(PublicEntry)), [SLUG, *PAGES])},
        "/c/{slug}/registre/{index}": {"get": _get("An entry", {"type": "object"}, [SLUG, _key("index")])},
        "/c/{slug}/commandes": {"post": _post()},
    }
    for resource in RESOURCES:
        of = _described(resource.name)
        paths[f"/c/{{slug}}/{resource.name}"] = {"get": _get(resource.summary, _listed(of), [SLUG, *PAGES])}
        one = _get(resource.summary, of, [SLUG, _key("key", resource.key)])
        paths[f"/c/{{slug}}/{resource.name}/{{key}}"] = {"get": one}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Plénière", "version": "1", "description": "Public reading needs no token; commands do."},
        "servers": [{"url": "/api/v1"}],
        "paths": paths,
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    }


SEEN = (
    "What you saw of the object of an act, as the field `vu` of its form says it. Where it changed since, the act "
    "is refused (`seen.changed`). Left out, the act answers the present state."
)


def _get(summary: str, of: Json, parameters: list[Json]) -> Json:
    responses = {"200": {"description": "Found", "content": {"application/json": {"schema": of}}}}
    if parameters:
        responses["404"] = _error("Nothing there")
    return {"summary": summary, "parameters": parameters, "responses": responses}


def _post() -> Json:
    kinds = [(name, kind) for name, kind in commands.NAMES.items() if kind.public]
    bodies = [
        {
            "type": "object",
            "properties": {
                "id": {"type": "string"},
                "name": {"const": name},
                "data": schema(kind, exact=True),
                "seen": {"type": "string", "description": SEEN},
            },
            "required": ["name", "data"],
        }
        for name, kind in kinds
    ]
    receipt = {
        "type": "object",
        "properties": {"entries": {"type": "array"}, "time": {"type": "string"}, "repeated": {"type": "boolean"}},
        "required": ["entries", "time"],
    }
    refused = {code: _error(why) for code, why in REFUSALS.items()}
    return {
        "summary": "A command; the same id sent again happens once",
        "parameters": [SLUG],
        "security": [{"token": []}],
        "requestBody": {"required": True, "content": {"application/json": {"schema": {"oneOf": bodies}}}},
        "responses": {
            "200": {"description": "Durable", "content": {"application/json": {"schema": receipt}}},
            **refused,
        },
    }


REFUSALS = {
    "400": "Not JSON of that form",
    "401": "Nobody is known by that token or session",
    "403": "Not for this role",
    "404": "Nothing there",
    "409": "Not now",
    "413": "Too large",
    "422": "Not with these values",
    "503": "Nothing can be stored for the moment",
}


def _error(why: str) -> Json:
    fields = {name: {"type": "string"} for name in ("code", "message", "field")}
    of = {"type": "object", "properties": fields, "required": ["code", "message"]}
    return {"description": why, "content": {"application/json": {"schema": of}}}


def _key(name: str, tp: type = int) -> Json:
    return {"name": name, "in": "path", "required": True, "schema": schema(tp)}


def _query(name: str) -> Json:
    return {"name": name, "in": "query", "schema": {"type": "integer", "minimum": 1}}


PAGES = [_query("page"), _query("taille")]
VERSION = _query("version")


def _sourced() -> Json:
    numbers = {name: {"type": "integer"} for name in ("motion", "version")}
    return {"type": "object", "properties": {**numbers, "words": {"type": "array", "items": schema(OriginRun)}}}


def _listed(of: Json) -> Json:
    numbers = {name: {"type": "integer"} for name in ("total", "page", "size")}
    return {"type": "object", "properties": {"items": {"type": "array", "items": of}, **numbers}}


async def describe(request: Request) -> Response:
    return answer(description())


routes = [Route("/api/v1/openapi.json", describe, name="openapi")]
