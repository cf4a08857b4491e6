"""The database: its server, connections, transactions, named SQL, migrations, backups.

Every room reaches PostgreSQL through here. `Database.transaction()` is opened at a door and handed down as `tx`.
`reached` gives a command the running database or starts one for it; `hold` is for the process that serves.
"""

from fadeno.db.arrays import NULL, array, copied
from fadeno.db.backup import BackupError, load, save
from fadeno.db.binaries import ServerError
from fadeno.db.holder import Held, Hold, hold, reached, who
from fadeno.db.laws import CHECKS
from fadeno.db.migrate import MigrationError
from fadeno.db.pool import Database, Tx, Unkeepable, Unreachable
from fadeno.db.prepare import migrated
from fadeno.db.sql import Queries, Query

__all__ = [
    "CHECKS",
    "NULL",
    "BackupError",
    "Database",
    "Held",
    "Hold",
    "MigrationError",
    "Queries",
    "Query",
    "ServerError",
    "Tx",
    "Unkeepable",
    "Unreachable",
    "array",
    "copied",
    "hold",
    "load",
    "migrated",
    "reached",
    "save",
    "who",
]
