"""The OpenAPI document names every route of the API."""

import httpx


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
    ):
        assert path in paths, path
