"""Settings are read once, and every fault is told at once."""

import stat
from pathlib import Path

import pytest

from fadeno import settings
from fadeno.settings import SettingsError
from tests.house.rules import ROOT


def test_nothing_set_is_a_whole_setting(tmp_path: Path):
    loaded = settings.load({}, data_dir=tmp_path)
    assert (loaded.host, loaded.port, loaded.database_url, loaded.journal_days) == ("127.0.0.1", 8000, None, 14)


def test_what_is_given_goes_before_the_environment(tmp_path: Path):
    loaded = settings.load({"FADENO_PORT": "9000", "FADENO_DATA_DIR": "/elsewhere"}, data_dir=tmp_path, port=9001)
    assert (loaded.data_dir, loaded.port) == (tmp_path, 9001)


def test_every_fault_is_told_at_once(tmp_path: Path):
    environ = {
        "FADENO_PORT": "eighty",
        "FADENO_JOURNAL_DAYS": "0",
        "FADENO_PUBLIC_URL": "fadeno.example.com",
        "FADENO_DATABASE_URL": "mysql://x",
        "FADENO_SECRET_KEY": "short",
        "FADENO_LANGUAGE": "in Hungarian",
        "FADENO_DNS": "dns.example",
        "FADENO_SMTP_LISTEN": "2525",
        "FADENO_SMTP_CERTIFICATE": "/nowhere.pem",
        "FADENO_SMTP_RELAYS": "10.0.0.1/8",
        "FADENO_PROT": "8000",
    }
    with pytest.raises(SettingsError) as caught:
        settings.load(environ, data_dir=tmp_path)
    for name in environ:
        assert f"{name}:" in caught.value.message


def test_where_mails_are_handed_in_is_said_in_whole(tmp_path: Path):
    (tmp_path / "cert.pem").touch()
    environ = {
        "FADENO_SMTP_LISTEN": "[::1]:2525",
        "FADENO_SMTP_RELAYS": "10.0.0.7, fd00::/8",
        "FADENO_DNS": "9.9.9.9,::1",
    }
    loaded = settings.load(environ, data_dir=tmp_path)
    assert (loaded.smtp_listen, [str(one) for one in loaded.smtp_relays]) == (
        ("::1", 2525),
        ["10.0.0.7/32", "fd00::/8"],
    )
    assert loaded.dns == ("9.9.9.9:53", "[::1]:53")
    with pytest.raises(SettingsError, match="together with FADENO_SMTP_KEY"):
        settings.load({"FADENO_SMTP_CERTIFICATE": str(tmp_path / "cert.pem")}, data_dir=tmp_path)


def test_the_secret_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path):
    first = settings.load({}, data_dir=tmp_path / "new")
    assert len(first.secret_key) == 32
    assert settings.load({}, data_dir=tmp_path / "new").secret_key == first.secret_key
    assert stat.S_IMODE((tmp_path / "new" / "secret.key").stat().st_mode) == 0o600
    assert str(first.secret_key) not in repr(first)


def test_a_lost_key_is_not_replaced_by_another_when_there_are_data(tmp_path: Path):
    (tmp_path / "postgres").mkdir()
    with pytest.raises(SettingsError, match=r"secret\.key is missing although there are data"):
        settings.load({}, data_dir=tmp_path)


def test_every_setting_is_documented():
    page = (ROOT / "docs" / "settings.md").read_text("utf-8")
    missing = [name for name in sorted(settings._KNOWN) if f"`{name}`" not in page]
    assert not missing
