"""What must hold of the database itself. `fadeno check` asks each: what was looked at, and every fault found."""

from fadeno.db import migrate
from fadeno.db.pool import Tx


async def migrations_are_applied(tx: Tx) -> tuple[str, list[str]]:
    """Is the schema the one this version knows?"""
    cursor = await tx.connection.execute("SELECT name, checksum FROM db.migration")
    applied = dict(await cursor.fetchall())
    known = {migration.name: migration.checksum for migration in migrate.migrations()}
    faults = [f"migration {name} is missing" for name in sorted(known.keys() - applied.keys())]
    faults += [f"migration {name} is not known here" for name in sorted(applied.keys() - known.keys())]
    changed = [name for name in sorted(known.keys() & applied.keys()) if known[name] != applied[name]]
    faults += [f"migration {name} was changed" for name in changed]
    return f"{len(known)} migrations", faults


async def indexes_are_whole(tx: Tx) -> tuple[str, list[str]]:
    """Is any index left half made?"""
    cursor = await tx.connection.execute("SELECT indexrelid::regclass::text, indisvalid FROM pg_index")
    rows = await cursor.fetchall()
    return f"{len(rows)} indexes", [f"{name} is not valid: REINDEX INDEX {name}" for name, valid in rows if not valid]


CHECKS = (migrations_are_applied, indexes_are_whole)
