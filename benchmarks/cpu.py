"""Processor time of a serving process and of its database: what stays true on a machine that is shared."""

import os
from dataclasses import dataclass
from pathlib import Path

TICKS_PER_S = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of processor time, user and system."""

    server_s: float
    database_s: float

    def since(self, before: "Spent") -> "Spent":
        """What was spent from then to now."""
        return Spent(self.server_s - before.server_s, self.database_s - before.database_s)


def spent(pid: int) -> Spent:
    """What a process has used so far, and everything it started; nothing where there is no /proc."""
    seen: dict[int, tuple[int, float, float]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended while we looked
        own, ended = (sum(map(int, fields[a:b])) / TICKS_PER_S for a, b in ((11, 13), (13, 15)))
        seen[int(entry.parent.name)] = (int(fields[1]), own, ended)
    below = {pid}
    while more := {p for p, (parent, _, _) in seen.items() if parent in below} - below:
        below |= more
    database_s = sum(own + ended for p, (_, own, ended) in seen.items() if p in below and p != pid)
    return Spent(seen[pid][1] if pid in seen else 0.0, database_s)
