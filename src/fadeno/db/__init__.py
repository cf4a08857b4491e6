"""The database: its server, connections, transactions, named SQL, migrations, backups.

Every room reaches PostgreSQL through here. `Database.transaction()` is opened at a door and handed down as `tx`.
"""

from fadeno.db.pool import Database, Tx
from fadeno.db.sql import Queries, Query

__all__ = ["Database", "Queries", "Query", "Tx"]
