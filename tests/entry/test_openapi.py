"""The OpenAPI document names every route of the API."""

import httpx
import pytest


async def test_everything_is_in_the_document(http: httpx.AsyncClient) -> None:
    paths = (await http.get("/api/openapi.json")).json()["paths"]
    for path in (
        "/api/customers",
        "/api/customers/{customer_id}",
        "/api/customers/{customer_id}/thread",
        "/api/customers/merge",
        "/api/customers/split",
        "/api/sources",
        "/api/sources/{source_id}/accounts",
        "/api/quarantine",
        "/api/members",
        "/api/keys",
        "/api/audit",
        "/api/webhooks",
        "/api/stream",
        "/v1/batch",
        "/v1/alias",
        "/healthz",
        "/readyz",
        "/metrics",
    ):
        assert path in paths, path


async def test_what_is_described_by_hand_is_what_is_there(http: httpx.AsyncClient, keys: dict[str, str]) -> None:
    document = (await http.get("/api/openapi.json")).json()
    event = {"type": "track", "event": "Looked", "userId": "ada"}
    bodies = {"Batch": {"batch": [event]}, "Event": event}
    for path, item in document["paths"].items():
        if not path.startswith("/api/"):
            ((verb, said),) = item.items()
            ask = {"auth": (keys["collect"], "")} if said["security"] else {}
            if "requestBody" in said:
                ask["json"] = bodies[
                    said["requestBody"]["content"]["application/json"]["schema"]["$ref"].split("/")[-1]
                ]
            answer = await http.request(verb, path, **ask)
            assert answer.status_code == 200, path
            (kind,) = said["responses"]["200"]["content"]
            assert answer.headers["content-type"].startswith(kind), path


async def test_the_short_path_shows_the_same_document_and_nothing_from_elsewhere(http: httpx.AsyncClient) -> None:
    document = (await http.get("/api/openapi.json")).json()
    for path in ("/api/openapi", "/api/openapi/openapi.json"):
        shown = await http.get(path, headers={"accept": "text/html,*/*;q=0.8"})
        assert shown.headers["content-type"] == "application/json"
        assert shown.json() == document
    viewer = await http.get("/api/openapi/swagger")
    assert viewer.status_code == 404
    assert "cdn" not in viewer.text


@pytest.mark.parametrize("path", ["/api/nothing", "/api/customers/zzz"])
async def test_nothing_there_says_where_to_look(http: httpx.AsyncClient, keys: dict[str, str], path: str):
    answer = await http.get(path, headers={"authorization": f"Bearer {keys['read']}"})
    assert answer.status_code == 404
    assert answer.json()["message"] == "There is nothing at this address."
    assert "/api/openapi.json" in answer.json()["hint"]
