"""A real dovecot of this test run: every name has a mailbox, whose password is `right`."""

import contextlib
import imaplib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from imapclient import imap_utf7

PROGRAM = shutil.which("dovecot") or next(iter(p for p in ("/usr/sbin/dovecot",) if os.path.exists(p)), None)
MISSING = "needs dovecot with IMAP: tests/prepare installs Debian's dovecot-imapd"
PASSWORD = "right"

_CONF = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2 oauthbearer
auth_failure_delay = 0
auth_verbose = yes
mail_location = sdbox:~/sdbox
first_valid_uid = 1
first_valid_gid = 1
imap_idle_notify_interval = 29 mins
mailbox_list_index = no
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {folder}/oauth2.conf
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={mail_uid} gid={mail_gid} home={folder}/mail/%u
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
"""
_OAUTH2 = """
introspection_mode = post
introspection_url = {url}
username_attribute = username
active_attribute = active
active_value = true
"""


@dataclass
class Dovecot:
    """It listens on this machine: IMAP with STARTTLS at `port`, TLS at `tls_port`, whose certificate nobody trusts."""

    folder: Path
    port: int = 0
    tls_port: int = 0

    @contextlib.contextmanager
    def box(self, name: str) -> Iterator[imaplib.IMAP4]:
        """The mailbox as its owner's own program sees it."""
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=10)
        client.login(name, PASSWORD)
        try:
            yield client
        finally:
            client.logout()

    def put(self, name: str, *mails: bytes, folder: str = "INBOX", days_ago: float = 0) -> None:
        """Have mails arrive."""
        with self.box(name) as client:
            if folder != "INBOX":
                client.create(_named(folder))
            came = imaplib.Time2Internaldate(time.time() - days_ago * 86400)
            for mail in mails:
                assert client.append(_named(folder), None, came, mail)[0] == "OK"

    def flags(self, name: str, folder: str = "INBOX") -> Sequence[bytes]:
        """The flags of each mail of a folder."""
        with self.box(name) as client:
            (count,) = client.select(_named(folder), readonly=True)[1]
            return client.fetch("1:*", "(FLAGS)")[1] if int(count) else []


@contextlib.contextmanager
def running(introspection_url: str = "http://127.0.0.1:9/") -> Iterator[Dovecot]:
    """Start one, and end it."""
    folder = Path(tempfile.mkdtemp(prefix="fadeno-dovecot-"))
    ours = pwd.getpwuid(os.getuid())
    is_root = ours.pw_uid == 0
    mail = pwd.getpwnam("nobody") if is_root else ours
    server = Dovecot(folder, *_free_ports())
    folder.chmod(0o755)
    (folder / "mail").mkdir()
    os.chown(folder / "mail", mail.pw_uid, mail.pw_gid)
    _certificate(folder)
    (folder / "oauth2.conf").write_text(_OAUTH2.format(url=introspection_url))
    users = {"internal": "dovecot", "internal_group": "dovecot", "login": "dovenull"}
    if not is_root:
        group = subprocess.run(["id", "-gn"], capture_output=True, text=True, check=True).stdout.strip()
        users = {"internal": ours.pw_name, "internal_group": group, "login": ours.pw_name}
    conf = _CONF.format(
        folder=folder, port=server.port, tls_port=server.tls_port, password=PASSWORD,
        mail_uid=mail.pw_uid, mail_gid=mail.pw_gid, **users,
    )  # fmt: skip
    (folder / "dovecot.conf").write_text(conf)
    process = subprocess.Popen([PROGRAM, "-F", "-c", str(folder / "dovecot.conf")], stderr=subprocess.PIPE)
    try:
        _wait_for(server, process)
        yield server
    finally:
        process.terminate()
        process.wait(10)
        process.stderr.close()
        shutil.rmtree(folder, ignore_errors=True)


def _named(folder: str) -> str:
    return f'"{imap_utf7.encode(folder).decode()}"'


def _wait_for(server: Dovecot, process: subprocess.Popen) -> None:
    for _ in range(100):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", server.port), 1) as line:
            if line.recv(4) == b"* OK":
                return
        if process.poll() is not None:
            raise RuntimeError(f"dovecot ended: {process.stderr.read().decode()}")
        time.sleep(0.05)
    raise RuntimeError((server.folder / "log").read_text())


def _free_ports() -> tuple[int, int]:
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        return one.getsockname()[1], other.getsockname()[1]


def _certificate(folder: Path) -> None:
    make = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    make += ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-days", "2"]
    make += ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run(make, check=True, capture_output=True)
