"""Unmodified node clients: every kind of call arrives once, on one thread."""

import subprocess
from pathlib import Path

import pytest

from tests.clients.conftest import HERE, Served

ALL = {"alias", "group", "identify", "page", "screen", "track"}


@pytest.mark.parametrize(
    ("client", "kinds"),
    [("segment", ALL), ("rudder", ALL), ("posthog", ALL), ("jitsu", ALL - {"alias", "screen"})],
)
def test_node_clients_send_every_kind_of_call(served: Served, node_modules: Path, client: str, kinds: set[str]) -> None:
    source_id, key = served.source(f"{client}-node")
    done = subprocess.run(
        ["node", "node_client.cjs", client, served.address, key],
        cwd=HERE,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    thread = served.thread(f"email:ida.{client}@example.com")
    assert sorted(item["kind"] for item in thread if item["kind"] != "regrouped") == sorted(kinds)
    accounts = served.accounts(source_id)
    assert (accounts["received"], accounts["accepted"]) == (len(kinds), len(kinds))
