"""The OpenAPI document: what the API takes and answers, with our one shape of errors."""

import copy
from typing import Any

import msgspec
from litestar import Request, get
from litestar.openapi.plugins import OpenAPIRenderPlugin

from fadeno.entry.api import described

ERROR = {
    "type": "object",
    "required": ["code", "message", "field", "hint"],
    "properties": {
        "code": {"type": "string", "description": "a stable word for programs"},
        "message": {"type": "string", "description": "what is wrong"},
        "field": {"type": ["string", "null"], "description": "where it is wrong"},
        "hint": {"type": ["string", "null"], "description": "what to do next"},
    },
}
REFUSAL = {
    "description": "It can't be done; the body says why and what to do next.",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
}
KEY = {"type": "http", "scheme": "bearer", "description": "fadeno keys create"}
VERBS = ("get", "post", "put", "patch", "delete")


@get("/api/openapi.json", include_in_schema=False)
async def openapi(request: Request) -> dict[str, Any]:
    """The document, for people's tools and client generators."""
    return _ours(request.app.openapi_schema.to_schema())


class Document(OpenAPIRenderPlugin):
    """The same document under the shorter path; the framework's own viewers load theirs from elsewhere."""

    def __init__(self) -> None:
        super().__init__(path=["/", "/openapi.json"], media_type="application/json")

    def render(self, request: Request, openapi_schema: dict[str, Any]) -> bytes:
        """The document as JSON."""
        return msgspec.json.encode(_ours(openapi_schema))


def _ours(document: dict[str, Any]) -> dict[str, Any]:
    components = document.setdefault("components", {})
    components["schemas"] = components.get("schemas", {}) | described.SCHEMAS | {"Error": ERROR}
    components["securitySchemes"] = {"key": KEY} | described.SECURITY
    document["security"] = [{"key": []}]
    ours = {path: item for path, item in document["paths"].items() if path.startswith("/api/")}
    for item in ours.values():
        for verb in VERBS:
            if verb in item:
                answers = item[verb].get("responses", {})
                item[verb]["responses"] = {at: said for at, said in answers.items() if not at.startswith(("4", "5"))}
    document["paths"] = ours | copy.deepcopy(described.PATHS)
    for item in document["paths"].values():
        for verb in VERBS:
            if verb in item:
                item[verb]["responses"]["4XX"] = REFUSAL
    return document


routes = [openapi]
