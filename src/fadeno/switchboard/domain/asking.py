"""Questions to the DNS, with limits: on time, on how many, and on how long an answer may be."""

from collections.abc import Sequence

import dns.asyncresolver
import dns.exception
import dns.name
import dns.resolver
from dns.nameserver import Do53Nameserver

ANSWER_S = 4.0
MOST_QUESTIONS = 60
MOST_CHARS = 4096
MOST_RECORDS = 50


class Silent(Exception):
    """The DNS did not answer."""


class Dns:
    """Asks name servers, each thing once.

    Args:
        servers: as host:port; none = those of this machine.
    """

    def __init__(self, servers: Sequence[str] = ()) -> None:
        self._servers = tuple(servers)
        self._resolver: dns.asyncresolver.Resolver | None = None
        self._known: dict[tuple[str, str], list[str]] = {}

    async def texts(self, name: str) -> list[str]:
        """The TXT records of a name, each put together; none where there is no such name."""
        return await self._asked(name, "TXT")

    async def addresses(self, name: str) -> list[str]:
        """The IP addresses of a name."""
        return await self._asked(name, "A") + await self._asked(name, "AAAA")

    async def mail_servers(self, name: str) -> list[str]:
        """The mail servers a domain names, without those it says it does not have; `.` says it takes no mail."""
        return await self._asked(name, "MX")

    async def _asked(self, name: str, kind: str) -> list[str]:
        """What a name says.

        Raises:
            Silent: no name server answered, or we asked too much.
        """
        key = (name.lower().rstrip("."), kind)
        if key not in self._known:
            if len(self._known) >= MOST_QUESTIONS:
                raise Silent(f"more than {MOST_QUESTIONS} questions to the DNS")
            self._known[key] = await self._answered(*key)
        return self._known[key]

    async def _answered(self, name: str, kind: str) -> list[str]:
        try:
            self._resolver = self._resolver or _resolver(self._servers)
            answer = await self._resolver.resolve(dns.name.from_text(name), kind, raise_on_no_answer=False)
        except dns.resolver.NXDOMAIN:
            return []
        except (dns.exception.DNSException, OSError, ValueError) as error:
            raise Silent(f"{name}: {type(error).__name__}") from error
        rows = list(answer.rrset or ())[:MOST_RECORDS]
        if kind == "TXT":
            # Servers give several in whatever order: ours is always the same.
            return sorted(b"".join(row.strings).decode("utf-8", "replace")[:MOST_CHARS] for row in rows)
        if kind == "MX":
            return [row.exchange.to_text(omit_final_dot=True) or "." for row in rows]
        return [row.address for row in rows]


def _resolver(servers: Sequence[str]) -> dns.asyncresolver.Resolver:
    resolver = dns.asyncresolver.Resolver(configure=not servers)
    for server in servers:
        host, _, port = server.rpartition(":")
        resolver.nameservers = [*resolver.nameservers, Do53Nameserver(host.strip("[]"), int(port))]
    resolver.lifetime = ANSWER_S
    resolver.timeout = ANSWER_S / 2
    return resolver
