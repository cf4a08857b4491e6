"""What must hold of the database itself; `fadeno check` looks."""

from fadeno.db import migrate
from fadeno.db.pool import Tx
from fadeno.kit.laws import Checked


async def every_migration_is_applied(tx: Tx) -> Checked:
    """The schema is the one this version knows."""
    cursor = await tx.connection.execute("SELECT name, checksum FROM db.migration")
    applied = dict(await cursor.fetchall())
    known = {migration.name: migration.checksum for migration in migrate.migrations()}
    faults = [f"{name} is missing" for name in sorted(known.keys() - applied.keys())]
    faults += [f"{name} is not known here" for name in sorted(applied.keys() - known.keys())]
    faults += [f"{name} was changed" for name in sorted(known.keys() & applied.keys()) if known[name] != applied[name]]
    return Checked("every migration is applied, unchanged", len(known), "migrations", faults)


async def every_index_is_whole(tx: Tx) -> Checked:
    """No index was left half made."""
    cursor = await tx.connection.execute("SELECT indexrelid::regclass::text, indisvalid FROM pg_index")
    rows = await cursor.fetchall()
    faults = [f"{name} is not valid; REINDEX INDEX {name}" for name, valid in rows if not valid]
    return Checked("every index is whole", len(rows), "indexes", faults)


CHECKS = (every_migration_is_applied, every_index_is_whole)
