"""Connections: what is asked of them besides carrying statements."""

import os

from fadeno.db import Database

BY = 7


async def test_the_servers_processes_give_way_where_it_was_asked(url: str):
    levels = []
    for nice in (BY, 0):
        database = Database(url, size=1, nice=nice)
        await database.open()
        async with database.pool.connection() as connection:
            levels.append(os.getpriority(os.PRIO_PROCESS, connection.info.backend_pid))
        await database.close()
    assert levels[0] == max(levels[1], BY)
