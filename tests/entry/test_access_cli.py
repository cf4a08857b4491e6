"""`fadeno members` and `fadeno keys`."""

import io
import json
from pathlib import Path
from urllib.parse import urlencode

import pytest
from psycopg.conninfo import conninfo_to_dict

from fadeno.entry import cli

PASSWORD = "three plain words\n"


def _as_url(conninfo: str) -> str:
    parts = conninfo_to_dict(conninfo)
    return f"postgresql:///{parts.pop('dbname')}?{urlencode(parts)}"


@pytest.fixture
def run(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Run one command; its status, what it printed, and what it said beside."""
    monkeypatch.setenv("FADENO_DATABASE_URL", _as_url(url))
    monkeypatch.setenv("FADENO_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("FADENO_PUBLIC_URL", "https://fadeno.example")
    monkeypatch.setattr("os.nice", lambda by: 0)  # it would be this process, for all tests to come

    def run(*args: str, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        status = cli.main(list(args))
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


def test_a_member_is_added_listed_and_removed(run):
    status, _, err = run("members", "add", "ana@x.example", "--role", "admin", "--password-stdin", stdin=PASSWORD)
    assert status == 0, err
    run("members", "add", "ivo@x.example", "--role", "shop", "--name", "Ivo", "--password-stdin", stdin=PASSWORD)
    listed = json.loads(run("members", "list", "--json")[1])
    assert [(m["name"], m["role"]) for m in listed["items"]] == [("ana", "admin"), ("Ivo", "shop")]
    assert "password" not in str(listed)
    assert run("members", "remove", "ivo@x.example")[0] == 0
    assert "Ivo" not in run("members", "list")[1]


@pytest.mark.parametrize("stdin", ["", "short\n", "ana@x.example\n"])
def test_a_bad_password_makes_no_member(run, stdin: str):
    status, out, err = run("members", "add", "ana@x.example", "--role", "admin", "--password-stdin", stdin=stdin)
    assert (status, out) == (1, "")
    assert err.startswith("fadeno: ")


def test_a_password_is_never_an_argument(run):
    with pytest.raises(SystemExit):
        run("members", "add", "ana@x.example", "--role", "admin", "--password", "three plain words")


def test_a_reset_prints_only_the_link(run):
    run("members", "add", "ana@x.example", "--role", "admin", "--password-stdin", stdin=PASSWORD)
    status, out, err = run("members", "reset", "Ana@X.example", "--without-codes")
    assert status == 0
    assert out.startswith("https://fadeno.example/reset/")
    assert len(out.splitlines()) == 1
    assert "24 hours" in err
    assert run("members", "reset", "eve@x.example")[0] == 1


def test_a_key_is_printed_alone_listed_without_its_secret_and_revoked(run):
    status, key, _ = run("keys", "create", "crm", "--scope", "read")
    assert status == 0
    assert key.startswith("fdn_read_")
    assert len(key.splitlines()) == 1
    assert key.strip() not in run("keys", "list")[1] + run("keys", "list", "--json")[1]
    assert run("keys", "revoke", "crm")[0] == 0
    assert run("keys", "revoke", "crm")[0] == 1
    assert "revoked" in run("keys", "list")[1]


def test_a_collecting_key_without_a_source_gets_one_of_its_own_name(run):
    status, key, said = run("keys", "create", "website", "--scope", "collect")
    assert status == 0
    assert len(key.splitlines()) == 1
    assert "made the source website" in said
    assert json.loads(run("keys", "list", "--json")[1])["items"][0]["source_id"] == 1
    assert run("keys", "create", "again", "--scope", "collect", "--source", "website")[0] == 0
    assert run("keys", "create", "lost", "--scope", "collect", "--source", "nowhere")[0] == 1
