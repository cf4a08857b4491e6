"""What the framework can't say of itself, described by hand: the event API, the live stream, health and figures.

These take raw requests, so their parts of the OpenAPI document stand here. Segment's other ways in (letters for kinds,
pixels, the settings its browser clients start with) are left out: who generates a client needs one way.
"""

from typing import Any

from fadeno.intake import BATCH_LIMIT_BYTES, BATCH_LIMIT_EVENTS

Part = dict[str, Any]

EVENT_KINDS = {
    "track": "Something a person did.",
    "identify": "Who a person is, and what is known of them.",
    "page": "A page of a website was looked at.",
    "screen": "A screen of an app was looked at.",
    "group": "A person belongs to a group, such as a company.",
    "alias": "Two ids are one person's.",
}
_OPEN: list[Part] = []
_OBJECT = {"type": "object", "additionalProperties": True}
_TIME = {"type": "string", "format": "date-time"}
_ID = {"type": "string", "minLength": 1}
_WRITE_KEY = [{"write_key": []}, {"key": []}]

SECURITY = {
    "write_key": {
        "type": "http",
        "scheme": "basic",
        "description": "a source's write key as the user, no password: fadeno keys create --scope collect",
    }
}
SCHEMAS: Part = {
    "Event": {
        "type": "object",
        "description": "One event. Who it is about is said by userId, anonymousId or context.externalIds.",
        "properties": {
            "type": {"type": "string", "enum": list(EVENT_KINDS)},
            "messageId": {**_ID, "description": "the same id twice is one event"},
            "userId": {**_ID, "description": "the id the sender knows the person by"},
            "anonymousId": {**_ID, "description": "the id of a browser or device nobody signed in on"},
            "previousId": {**_ID, "description": "of an alias: the earlier id"},
            "groupId": {**_ID, "description": "of a group: its id"},
            "event": {"type": "string", "description": "of a track call: what was done"},
            "name": {"type": "string", "description": "of a page or screen: which"},
            "properties": _OBJECT,
            "traits": _OBJECT,
            "context": _OBJECT,
            "timestamp": {**_TIME, "description": "when it happened, by the sender's clock"},
            "sentAt": {**_TIME, "description": "when it was sent, by the same clock: a wrong clock is put right by it"},
        },
        "additionalProperties": True,
    },
    "Batch": {
        "type": "object",
        "required": ["batch"],
        "properties": {
            "batch": {"type": "array", "maxItems": BATCH_LIMIT_EVENTS, "items": {"$ref": "#/components/schemas/Event"}},
            "context": {**_OBJECT, "description": "what holds for all events; each has the last word"},
            "sentAt": _TIME,
        },
    },
    "Taken": {"type": "object", "required": ["success"], "properties": {"success": {"type": "boolean", "const": True}}},
    "Health": {"type": "object", "required": ["status"], "properties": {"status": {"type": "string"}}},
}


def _answered(description: str, kind: str, schema: Part) -> Part:
    return {"description": description, "content": {kind: {"schema": schema}}}


def _named(name: str) -> Part:
    return {"$ref": f"#/components/schemas/{name}"}


def _taking(operation: str, summary: str, body: str) -> Part:
    return {
        "post": {
            "tags": ["Event API"],
            "summary": summary,
            "description": "Answered with 200 once it is committed. An event that can't be read waits in quarantine and"
            f" fails no other. At most {BATCH_LIMIT_BYTES // 1024} KiB; gzip is understood. On 429 and 503 wait as"
            " many seconds as Retry-After says, then send the same again.",
            "operationId": operation,
            "security": _WRITE_KEY,
            "requestBody": {"required": True, "content": {"application/json": {"schema": _named(body)}}},
            "responses": {"200": _answered("It is kept.", "application/json", _named("Taken"))},
        }
    }


def _health(operation: str, summary: str, **more: Part) -> Part:
    answers = {"200": _answered("Yes.", "application/json", _named("Health")), **more}
    return {"get": {"tags": ["Health"], "summary": summary, "operationId": operation, "security": _OPEN,
                    "responses": answers}}  # fmt: skip


_STREAM: Part = {
    "get": {
        "tags": ["Events"],
        "summary": "Every event after a position, live.",
        "description": "Server-sent events, each with its position as `id` and the event as JSON in `data`. Who gives"
        " the last position seen, in Last-Event-ID or `after`, misses nothing.",
        "operationId": "StreamEvents",
        "parameters": [
            {"name": "after", "in": "query", "schema": {"type": "integer", "minimum": 0},
             "description": "the last position seen; without one, from now on"},
            {"name": "kind", "in": "query", "schema": {"type": "string"}, "description": "only these kinds, by commas"},
            {"name": "Last-Event-ID", "in": "header", "schema": {"type": "integer", "minimum": 0},
             "description": "the same as `after`, as browsers send it"},
        ],
        "responses": {"200": _answered("It goes on till one of both leaves.", "text/event-stream", {"type": "string"})},
    }
}  # fmt: skip
_METRICS: Part = {
    "get": {
        "tags": ["Health"],
        "summary": "Figures for Prometheus; none of them names a person.",
        "operationId": "Metrics",
        "security": _OPEN,
        "responses": {"200": _answered("In Prometheus' text format.", "text/plain", {"type": "string"})},
    }
}
PATHS: Part = {
    "/api/stream": _STREAM,
    "/v1/batch": _taking("SendBatch", "Events of every kind, many at once.", "Batch"),
    **{f"/v1/{kind}": _taking(f"Send{kind.title()}", said, "Event") for kind, said in EVENT_KINDS.items()},
    "/healthz": _health("IsAlive", "Does the process live?"),
    "/readyz": _health(
        "IsReady",
        "Does the database answer, and do we go on?",
        **{"503": _answered("Not now.", "application/json", _named("Health"))},
    ),
    "/metrics": _METRICS,
}
