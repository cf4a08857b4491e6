"""SPF: whether the server mails leave by may send for a domain.

Source: RFC 7208 (sections 4.6.4: at most ten look-ups; 5: mechanisms), 2026-11-24.
"""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass, field

from fadeno.kit import outward
from fadeno.switchboard.domain.asking import Dns
from fadeno.switchboard.domain.model import Finding, Record, Spf, is_spf, read_spf, with_term

MOST_LOOKUPS = 10
_ASKING = frozenset({"include", "a", "mx", "ptr", "exists"})


@dataclass(slots=True)
class _Walk:
    """A record followed as receivers do.

    Attributes:
        wanted: the addresses of the server mails leave by.
        included: the domains it takes over from.
        passes: one of the addresses may send.
    """

    dns: Dns
    wanted: frozenset[ipaddress.IPv4Address | ipaddress.IPv6Address]
    lookups: int = 0
    included: set[str] = field(default_factory=set)
    passes: bool = False
    fault: str = ""


async def spf(dns: Dns, domain: str, server: str, include: str) -> Finding:
    """What the SPF record of a domain says of a server.

    Args:
        include: the term the server's provider asks for; empty where its provider is not known.
    """
    addresses = [] if include or not server else await _addresses(dns, server)
    term = include or (f"a:{server}" if addresses and not _is_ip(server) else _ip_term(addresses))
    found = [text for text in await dns.texts(domain) if is_spf(text)]
    if not found:
        record = Record(domain, "TXT", f"v=spf1 {term or 'mx'} ~all")
        return Finding("spf", "missing", "spf_missing", "Nothing says which servers may send for you.", record=record)
    if len(found) > 1:
        words = f"There are {len(found)} SPF records; receivers then follow none. Make one of them."
        whole = Record(domain, "TXT", _joined(found), " | ".join(found))
        return Finding("spf", "wrong", "spf_double", words, " | ".join(found), whole)
    walk = _Walk(dns, frozenset(map(ipaddress.ip_address, addresses)))
    read = read_spf(found[0])
    await _follow(walk, domain, read)
    return _judged(domain, server, term, found[0], read, walk)


def _judged(domain: str, server: str, term: str, text: str, read: Spf, walk: _Walk) -> Finding:
    may_send = walk.passes or term.removeprefix("include:").lower() in walk.included
    better = Record(domain, "TXT", with_term(text, term), text) if term and not may_send else None
    if walk.fault:
        return Finding("spf", "wrong", "spf_broken", f"{walk.fault}; receivers then follow none of it.", text)
    if walk.lookups > MOST_LOOKUPS:
        words = f"It takes {walk.lookups} look-ups and receivers stop at {MOST_LOOKUPS}. Take out what no longer sends."
        return Finding("spf", "wrong", "spf_long", words, text)
    if read.ending == "+":
        shut = Record(domain, "TXT", _ended(text, "~all"), text)
        return Finding("spf", "wrong", "spf_open", "It lets everybody send in your name (+all).", text, shut)
    if term and not may_send:
        words = f"{server} is not among the servers that may send for {domain}."
        if term.startswith("include:"):
            return Finding("spf", "wrong", "spf_server_missing", words, text, better)
        words += " Add it, unless it hands mails on by another server that is."
        return Finding("spf", "weak", "spf_server_unnamed", words, text, better)
    if (not read.ending and not read.redirect) or read.ending == "?":
        shut = Record(domain, "TXT", _ended(text, "~all"), text)
        words = "It says nothing of servers it does not name; let it end with ~all."
        return Finding("spf", "weak", "spf_loose", words, text, shut)
    if not term:
        words = "There is a record; whether it names your mail server could not be seen, as its address is not known."
        return Finding("spf", "weak", "spf_unseen", words, text)
    return Finding("spf", "good", "spf_good", f"{server} may send for {domain}.", text)


async def _follow(walk: _Walk, domain: str, read: Spf) -> None:
    """Go through a record and what it takes over, as far as receivers would."""
    if read.fault:
        walk.fault = walk.fault or f"“{read.fault}” in the record of {domain} is nothing SPF knows"
    for sign, name, value in read.terms:
        if walk.fault or walk.lookups > MOST_LOOKUPS:
            return
        walk.lookups += name in _ASKING
        if name == "include":
            await _taken_over(walk, value)
        elif sign in ("", "+") and not walk.passes:
            walk.passes = bool(walk.wanted) and _fits(walk.wanted, await _named(walk.dns, domain, name, value))
    if read.redirect and not read.ending and not walk.fault:
        walk.lookups += 1
        await _taken_over(walk, read.redirect)


async def _taken_over(walk: _Walk, domain: str) -> None:
    domain = domain.lower().rstrip(".")
    if domain in walk.included or "%" in domain or walk.lookups > MOST_LOOKUPS:
        return
    walk.included.add(domain)
    found = [text for text in await walk.dns.texts(domain) if is_spf(text)]
    if len(found) != 1:
        walk.fault = walk.fault or f"{domain}, which it includes, has {'no' if not found else 'more than one'} record"
        return
    await _follow(walk, domain, read_spf(found[0]))


async def _named(dns: Dns, domain: str, name: str, value: str) -> list[str]:
    """The networks a mechanism names; none for those that only a mail on its way could answer."""
    if name in ("ip4", "ip6"):
        return [value]
    if name not in ("a", "mx") or "%" in value:
        return []
    host, _, length = value.partition("/")
    hosts = [host or domain] if name == "a" else (await dns.mail_servers(host or domain))[:MOST_LOOKUPS]
    found = [address for one in hosts if one != "." for address in await dns.addresses(one)]
    v4, _, v6 = length.partition("//")
    return [f"{one}/{v6 or 128}" if ":" in one else f"{one}/{v4 or 32}" for one in found]


def _fits(wanted: Iterable[ipaddress.IPv4Address | ipaddress.IPv6Address], networks: Iterable[str]) -> bool:
    for text in networks:
        try:
            network = ipaddress.ip_network(text, strict=False)
        except ValueError:
            continue
        if any(one in network for one in wanted if one.version == network.version):
            return True
    return False


async def _addresses(dns: Dns, server: str) -> list[str]:
    """The addresses the world may see; one of our own network tells nothing of where mails come out."""
    found = [server] if _is_ip(server) else await dns.addresses(server)
    return [one for one in found if outward.is_public(one)]


def _ip_term(addresses: list[str]) -> str:
    return f"ip{ipaddress.ip_address(addresses[0]).version}:{addresses[0]}" if addresses else ""


def _is_ip(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _ended(text: str, ending: str) -> str:
    return " ".join([*(word for word in text.split() if word.lower().lstrip("+-~?") != "all"), ending])


def _joined(found: list[str]) -> str:
    """All terms of several records in one, each once, ended as the first ends that does."""
    words = [word for text in found for word in text.split()[1:]]
    ending = next((word for word in words if word.lower().lstrip("+-~?") == "all"), "~all")
    terms = dict.fromkeys(word for word in words if word.lower().lstrip("+-~?") != "all")
    return " ".join(["v=spf1", *terms, ending])
