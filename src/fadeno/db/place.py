"""Where one embedded server keeps its data and its socket, and how its own account gets there."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fadeno.db.binaries import Account, ServerError

_SOCKET_PATH_CHARS = 103  # what the shortest system allows for a socket's whole path
_SOCKET = ".s.PGSQL.5432"


@dataclass(frozen=True, slots=True)
class Place:
    """The folders of one server. `account` is None when it runs as we do."""

    data: Path
    sockets: Path
    account: Account | None

    @classmethod
    def of(cls, data_dir: Path, name: str, account: Account | None) -> "Place":
        """The place of the server called `name` in a data directory."""
        data = data_dir.resolve() / name
        sockets = data_dir.resolve() / f"{name}.run"
        if len(str(sockets / _SOCKET).encode()) > _SOCKET_PATH_CHARS:
            digest = hashlib.sha256(str(sockets).encode()).hexdigest()[:16]
            sockets = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()) / f"fadeno-{digest}"
            if len(str(sockets / _SOCKET).encode()) > _SOCKET_PATH_CHARS:
                sockets = Path("/tmp") / sockets.name  # noqa: S108 - made 0700 and checked below
        return cls(data, sockets, account)

    def own(self, account: Account | None = None) -> None:
        """Give the data to the account that serves them, where it is not already theirs."""
        account = account or self.account
        if account is None or not self.data.exists():
            return
        for folder, _, files in os.walk(self.data):
            for path in [folder, *(os.path.join(folder, file) for file in files)]:
                if os.lstat(path).st_uid != account.uid:
                    os.lchown(path, account.uid, account.gid)

    @contextmanager
    def seen(self, folder: Path) -> Iterator[tuple[str, list[int]]]:
        """A path to `folder` for the server's account, and the descriptors it must inherit.

        An account without way through the parents (a data directory under /root) gets the open folder itself: no
        parent is ever opened to others.
        """
        if self.account is None:
            yield str(folder), []
            return
        if not os.path.isdir("/proc/self/fd"):
            raise ServerError("here PostgreSQL can't be started by root", hint="run fadeno as an ordinary user")
        fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            yield f"/proc/self/fd/{fd}", [fd]
        finally:
            os.close(fd)

    def make_sockets(self) -> Path:
        """The folder of the socket, which only the server's account (and root) can enter.

        Raises:
            ServerError: somebody else made a folder of that name.
        """
        uid = self.account.uid if self.account else os.geteuid()
        self.sockets.mkdir(mode=0o700, exist_ok=True)
        state = self.sockets.lstat()
        if state.st_uid not in (uid, os.geteuid()) or not self.sockets.is_dir() or self.sockets.is_symlink():
            raise ServerError(
                f"{self.sockets} belongs to somebody else", hint="remove it, or choose a shorter data directory"
            )
        if self.account:
            os.chown(self.sockets, self.account.uid, self.account.gid)
        self.sockets.chmod(0o700)
        return self.sockets

    def forget_sockets(self) -> None:
        """Leave nothing in the socket's folder behind."""
        shutil.rmtree(self.sockets, ignore_errors=True)

    def postmaster(self) -> int | None:
        """The process that serves these data now, whoever started it."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
            os.kill(pid, 0)
        except (OSError, ValueError):
            return None
        if os.path.isdir("/proc/self"):
            try:
                # The number may have gone to another process since: PostgreSQL works in its data folder.
                ours = os.path.samefile(f"/proc/{pid}/cwd", self.data)
            except OSError:
                ours = False
            if not ours:
                (self.data / "postmaster.pid").unlink(missing_ok=True)
                return None
        return pid

    def ready(self, pid: int) -> bool:
        """Whether the PostgreSQL of this process says of itself that it takes connections.

        One that was killed leaves what it said behind; it is not of the next one.
        """
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) >= 8 and lines[0].strip() == str(pid) and lines[7].strip() == "ready"
