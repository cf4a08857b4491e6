"""What can be set, read once from `FADENO_*`; every fault is reported at once. docs/settings.md lists them."""

import base64
import binascii
import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from fadeno.kit.errors import FadenoError

KEY_BYTES = 32
KEY_FILE = "secret.key"
MOST_PORT = 65535


class SettingsError(FadenoError):
    """Something is set wrongly."""

    code = "settings"


@dataclass(frozen=True, slots=True)
class Settings:
    """How this installation is set up.

    Attributes:
        data_dir: database, keys, attachments and automatic backups.
        database_url: a PostgreSQL of your own; None runs the embedded one in `data_dir`.
        files_url: where attachments lie, as s3://bucket/prefix; None is the folder `files` in `data_dir`.
        public_url: how people reach us from outside, for links in mails; None is the address we listen on.
        secret_key: 32 bytes that seal what the database alone must not give away.
        journal_days: how long raw parcels can be read again.
        behind_proxy: believe X-Forwarded-For and -Proto of the proxy before us.
        allow_private: let outgoing requests reach private addresses (webhooks inside your own network).
        backup_first: save the database before a migration changes it.
        pool_size: connections to the database at most.
        language: whose alphabet lists of customers follow, such as `hu` or `sr-Latn`.
        dns: the name servers asked about domains mails are sent from, as host:port; none = those of this machine.
        smtp_listen: where mail servers may hand in mails, as (host, port); None = nowhere.
        smtp_certificate, smtp_key: files for STARTTLS there, both or none.
        smtp_relays: networks of our own mail servers, whose word about a sender counts and whose number of mails
            has no limit.
    """

    data_dir: Path
    database_url: str | None
    files_url: str | None
    host: str
    port: int
    public_url: str | None
    secret_key: bytes
    journal_days: int
    behind_proxy: bool
    allow_private: bool
    backup_first: bool
    pool_size: int
    language: str
    dns: tuple[str, ...]
    smtp_listen: tuple[str, int] | None
    smtp_certificate: Path | None
    smtp_key: Path | None
    smtp_relays: tuple[IPv4Network | IPv6Network, ...]
    log_level: str

    def __repr__(self) -> str:
        return f"Settings(data_dir={str(self.data_dir)!r}, host={self.host!r}, port={self.port})"


def load(
    environ: Mapping[str, str] | None = None,
    *,
    data_dir: str | Path | None = None,
    host: str | None = None,
    port: int | None = None,
    make_key: bool = True,
) -> Settings:
    """Read the settings; what is given here goes before the environment.

    Args:
        environ: None is the environment of the process.
        make_key: write a secret key on the first day; without it a missing key is empty bytes.

    Raises:
        SettingsError: one or more are wrong; the message names all of them.
    """
    environ = os.environ if environ is None else environ
    faults = [
        f"{name}: there is no such setting"
        for name in sorted(environ)
        if name.startswith("FADENO_") and not name.startswith("FADENO_TEST_") and name not in _KNOWN
    ]
    given = {"data_dir": data_dir, "host": host, "port": port}
    values: dict[str, Any] = {}
    for name, (key, default, read) in _FIELDS.items():
        text = given.get(name) if given.get(name) is not None else environ.get(key)
        try:
            values[name] = default() if text is None or text == "" else read(str(text))
        except ValueError as error:
            faults.append(f"{key}: {error}")
    if "data_dir" in values:
        try:
            values["secret_key"] = _secret_key(values["data_dir"], environ.get("FADENO_SECRET_KEY"), make=make_key)
        except (ValueError, OSError) as error:
            faults.append(f"FADENO_SECRET_KEY: {error}")
    if bool(values.get("smtp_certificate")) != bool(values.get("smtp_key")) and not faults:
        faults.append("FADENO_SMTP_CERTIFICATE: must be given together with FADENO_SMTP_KEY")
    if faults:
        raise SettingsError("; ".join(faults), hint="`fadeno serve --help` and docs/settings.md list every setting")
    return Settings(**values)


def _secret_key(data_dir: Path, text: str | None, *, make: bool) -> bytes:
    if text:
        return _key(text)
    path = data_dir / KEY_FILE
    try:
        return _key(path.read_text("ascii"))
    except FileNotFoundError:
        pass
    if not make:
        return b""
    if (data_dir / "postgres").exists():
        raise ValueError(f"{path} is missing although there are data; put it back from a backup")
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    making = data_dir / f".{KEY_FILE}.{os.getpid()}"
    write_key(making, secrets.token_bytes(KEY_BYTES))
    try:
        os.link(making, path)  # fails when another process was quicker; then its key counts
    except FileExistsError:
        pass
    finally:
        making.unlink()
    return _key(path.read_text("ascii"))


def key_of(data_dir: Path) -> bytes | None:
    """The key kept in a data directory; None where it comes from the environment."""
    path = data_dir / KEY_FILE
    return _key(path.read_text("ascii")) if path.exists() else None


def write_key(path: Path, key: bytes) -> None:
    """Write a secret key so that only its owner can read it."""
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(fd, "w", encoding="ascii") as file:
        file.write(base64.b64encode(key).decode() + "\n")
        file.flush()
        os.fsync(file.fileno())


def _key(text: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except binascii.Error:
        key = b""
    if len(key) != KEY_BYTES:
        raise ValueError(f"must be {KEY_BYTES} bytes in base64")
    return key


def _home() -> Path:
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "fadeno"


def _path(text: str) -> Path:
    return Path(text).expanduser().absolute()


def _number(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
            raise ValueError(f"must be a number from {low} to {high}, is {text!r}")
        return int(text)

    return read


def _yes_no(text: str) -> bool:
    if text.lower() in ("1", "yes", "true", "on"):
        return True
    if text.lower() in ("0", "no", "false", "off"):
        return False
    raise ValueError(f"must be yes or no, is {text!r}")


def _web_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(f"must be an address like https://fadeno.example.com, is {text!r}")
    return text.rstrip("/")


def _database(text: str) -> str:
    if not text.startswith(("postgresql://", "postgres://")):
        raise ValueError("must begin with postgresql://")
    return text


def _storage(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme != "s3" or not parts.netloc or parts.query or parts.fragment:
        raise ValueError(f"must be like s3://bucket/prefix, is {text!r}")
    return text


def _language(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", text):
        raise ValueError(f"must be a language such as hu or sr-Latn, is {text!r}")
    return text


def _listen(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not colon or not host or not port.isascii() or not port.isdigit() or int(port) > MOST_PORT:
        raise ValueError(f"must be like 127.0.0.1:2525 or [::]:25, is {text!r}")
    return host, int(port)


def _server(text: str) -> str:
    """A name server as host:port."""
    try:
        host, port = str(ip_address(text.removeprefix("[").removesuffix("]"))), 53
    except ValueError:
        host, port = _listen(text)
    return f"[{ip_address(host)}]:{port}" if ":" in host else f"{ip_address(host)}:{port}"


def _several(read: Callable[[str], Any]) -> Callable[[str], tuple[Any, ...]]:
    return lambda text: tuple(read(part.strip()) for part in text.split(",") if part.strip())


def _readable_file(text: str) -> Path:
    path = _path(text)
    if not os.access(path, os.R_OK) or not path.is_file():
        raise ValueError(f"{path} is no file that can be read")
    return path


def _level(text: str) -> str:
    if text.lower() not in ("debug", "info", "warning", "error"):
        raise ValueError(f"must be debug, info, warning or error, is {text!r}")
    return text.lower()


_FIELDS: dict[str, tuple[str, Callable[[], Any], Callable[[str], Any]]] = {
    "data_dir": ("FADENO_DATA_DIR", _home, _path),
    "database_url": ("FADENO_DATABASE_URL", lambda: None, _database),
    "files_url": ("FADENO_FILES_URL", lambda: None, _storage),
    "host": ("FADENO_HOST", lambda: "127.0.0.1", str),
    "port": ("FADENO_PORT", lambda: 8000, _number(0, MOST_PORT)),
    "public_url": ("FADENO_PUBLIC_URL", lambda: None, _web_address),
    "journal_days": ("FADENO_JOURNAL_DAYS", lambda: 14, _number(1, 365)),
    "behind_proxy": ("FADENO_BEHIND_PROXY", lambda: False, _yes_no),
    "allow_private": ("FADENO_ALLOW_PRIVATE", lambda: False, _yes_no),
    "backup_first": ("FADENO_BACKUP_FIRST", lambda: True, _yes_no),
    "pool_size": ("FADENO_POOL_SIZE", lambda: 16, _number(2, 200)),
    "language": ("FADENO_LANGUAGE", lambda: "", _language),
    "dns": ("FADENO_DNS", tuple, _several(_server)),
    "smtp_listen": ("FADENO_SMTP_LISTEN", lambda: None, _listen),
    "smtp_certificate": ("FADENO_SMTP_CERTIFICATE", lambda: None, _readable_file),
    "smtp_key": ("FADENO_SMTP_KEY", lambda: None, _readable_file),
    "smtp_relays": ("FADENO_SMTP_RELAYS", tuple, _several(ip_network)),
    "log_level": ("FADENO_LOG_LEVEL", lambda: "info", _level),
}
_KNOWN = {key for key, _, _ in _FIELDS.values()} | {"FADENO_SECRET_KEY"}
