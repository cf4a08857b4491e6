"""A domain mails are sent from, looked at as the servers that receive them do."""

import asyncio
import ipaddress
import tomllib
from collections.abc import Awaitable
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

import idna

from fadeno import channels
from fadeno.switchboard.domain import sender_policy
from fadeno.switchboard.domain.asking import Dns, Silent
from fadeno.switchboard.domain.model import (
    GOOD_KEY_BITS,
    SHORTEST_KEY_BITS,
    About,
    DomainCheck,
    Finding,
    NoDomain,
    Record,
    Verdict,
    key_bits,
    tags,
)
from fadeno.switchboard.model import Account

ALL_S = 20.0
_COMMON_SELECTORS = ("default", "mail", "dkim", "s1", "selector1", "google", "k1")
_LABELS = 8  # Source: draft-ietf-dmarc-dmarcbis-41 section 4.10 (how far up a policy is looked for), 2026-11-24
_POLICIES = ("none", "quarantine", "reject")


@dataclass(frozen=True, slots=True)
class Provider:
    """Who mails leave by, as far as its name tells."""

    title: str
    spf: str
    selectors: tuple[str, ...]
    alias: str = ""


async def domain_check(account: Account, dns: Dns) -> DomainCheck:
    """What the DNS says of the domain an account sends from, and which records to add.

    Raises:
        NoDomain: the account sends from none.
    """
    domain = _domain(account)
    server = account.options.get("smtp_host", "").rpartition(":")[0] or account.options.get("smtp_host", "")
    provider = provider_of(server)
    asked: tuple[tuple[About, Awaitable[Finding]], ...] = (
        ("spf", sender_policy.spf(dns, domain, server, provider.spf if provider else "")),
        ("dkim", _dkim(dns, domain, account.options.get("dkim_selector", ""), server, provider)),
        ("dmarc", _dmarc(dns, domain, account.address)),
        ("mx", _mx(dns, domain)),
    )
    found = await asyncio.gather(*(_within(about, asking) for about, asking in asked))
    return DomainCheck(domain, server, tuple(found))


async def _within(about: About, asking: Awaitable[Finding]) -> Finding:
    try:
        async with asyncio.timeout(ALL_S):
            return await asking
    except (Silent, TimeoutError) as error:
        why = str(error) if isinstance(error, Silent) else f"no answer within {ALL_S:g} s"
        return Finding(about, "unknown", "dns_silent", f"The DNS did not answer ({why}); try again later.")


def _domain(account: Account) -> str:
    if channels.adapter(account.channel).label.transport != "smtp":
        raise NoDomain
    domain = account.address.rpartition("@")[2].strip().lower().rstrip(".")
    try:
        domain = idna.encode(domain, uts46=True).decode()
    except (UnicodeError, ValueError) as error:  # idna's own faults are kinds of these
        raise NoDomain from error
    if "@" not in account.address or "." not in domain or _is_ip(domain):
        raise NoDomain
    return domain


def _is_ip(text: str) -> bool:
    try:
        ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return False
    return True


@cache
def _providers() -> tuple[tuple[tuple[str, ...], Provider], ...]:
    text = (files(__package__) / "providers.toml").read_text("utf-8")
    return tuple(
        (tuple(one["servers"]), Provider(one["title"], one["spf"], tuple(one["selectors"]), one.get("alias", "")))
        for one in tomllib.loads(text)["provider"]
    )


def provider_of(server: str) -> Provider | None:
    """The provider a mail server belongs to, where its name tells."""
    name = server.lower().rstrip(".")
    for servers, provider in _providers():
        if any(name == one or name.endswith(f".{one}") for one in servers):
            return provider
    return None


# Whether what the server signs can be checked ----------------------------------------------------------------------


async def _dkim(dns: Dns, domain: str, selector: str, server: str, provider: Provider | None) -> Finding:
    selectors = (selector,) if selector else (*(provider.selectors if provider else ()), *_COMMON_SELECTORS)
    for name in dict.fromkeys(selectors):
        for text in await dns.texts(f"{name}._domainkey.{domain}"):
            if "p" in tags(text):
                return _key(f"{name}._domainkey.{domain}", text)
    who = provider.title if provider else server or "your mail server"
    record = None
    if provider and provider.alias:
        name = selector or provider.selectors[0]
        record = Record(f"{name}._domainkey.{domain}", "CNAME", provider.alias.format(selector=name, domain=domain))
    if selector:
        return Finding(
            "dkim", "missing", "dkim_missing",
            f"There is no key at {selector}._domainkey.{domain}. fadeno signs no mails itself; {who} does, "
            "and says which record belongs there.", record=record,
        )  # fmt: skip
    return Finding(
        "dkim", "missing", "dkim_not_found",
        f"No DKIM key of {domain} was found under the usual names. fadeno signs no mails itself: {who} must sign them, "
        "and says under which selector its key stands. If it does, set dkim_selector of the account; if it can't, "
        "send by a server that signs.", record=record,
    )  # fmt: skip


def _key(name: str, text: str) -> Finding:
    bits = key_bits(text)
    verdict: Verdict = "good"
    if bits is None:
        verdict, code, words = "wrong", "dkim_broken", f"The key at {name} can't be read; put it there anew."
    elif bits == 0:
        verdict, code, words = "wrong", "dkim_withdrawn", f"The key at {name} was withdrawn; put a new one there."
    elif bits < SHORTEST_KEY_BITS:
        verdict, code, words = "wrong", "dkim_short", f"The key at {name} has {bits} bits; receivers ignore it."
    elif bits < GOOD_KEY_BITS:
        verdict, code, words = "weak", "dkim_weak", f"The key at {name} has {bits} bits; {GOOD_KEY_BITS} are better."
    elif "y" in tags(text).get("t", "").split(":"):
        verdict, code, words = "weak", "dkim_trial", f"The key at {name} says it is only tried out (t=y)."
    else:
        code, words = "dkim_good", f"What the mail server signs can be checked with the key at {name}."
    return Finding("dkim", verdict, code, words, text)


# What shall become of mails that are not ours ----------------------------------------------------------------------


async def _dmarc(dns: Dns, domain: str, address: str) -> Finding:
    name = f"_dmarc.{domain}"
    labels = domain.split(".")
    for at in range(max(len(labels) - _LABELS, 0), len(labels) - 1):
        texts = await dns.texts(f"_dmarc.{'.'.join(labels[at:])}")
        found = [text for text in texts if tags(text).get("v", "").upper() == "DMARC1"]
        if found:
            return _policy(name, ".".join(labels[at:]), found, is_own=at == 0)
    record = Record(name, "TXT", f"v=DMARC1; p=none; rua=mailto:{address}")
    words = "Nothing says what shall become of mails that others send in your name. Begin by watching; see p=none."
    return Finding("dmarc", "missing", "dmarc_missing", words, record=record)


def _policy(name: str, at: str, found: list[str], *, is_own: bool) -> Finding:
    text, said = found[0], tags(found[0])
    policy = (said.get("p", "") if is_own else said.get("sp", said.get("p", ""))).lower()
    if len(found) > 1:
        words = f"There are {len(found)} DMARC records at _dmarc.{at}; receivers then follow none. Keep one."
        return Finding("dmarc", "wrong", "dmarc_double", words, " | ".join(found))
    if policy not in _POLICIES:
        words = "The DMARC record says no policy (p=none, quarantine or reject)."
        return Finding("dmarc", "wrong", "dmarc_broken", words, text, Record(name, "TXT", "v=DMARC1; p=none", text))
    if policy == "none":
        words = "Forged mails are only watched (p=none). Once the reports show only your own servers, take quarantine."
        better = text.replace("p=none", "p=quarantine", 1) if is_own else "v=DMARC1; p=quarantine"
        record = Record(name, "TXT", better, text if is_own else "")
        return Finding("dmarc", "weak", "dmarc_watching", words, text, record)
    return Finding("dmarc", "good", "dmarc_good", f"Forged mails are kept from your customers (p={policy}).", text)


# Whether answers arrive --------------------------------------------------------------------------------------------


async def _mx(dns: Dns, domain: str) -> Finding:
    servers = await dns.mail_servers(domain)
    if [one for one in servers if one != "."]:
        return Finding("mx", "good", "mx_good", f"Answers go to {', '.join(servers[:3])}.", ", ".join(servers[:10]))
    if not servers and await dns.addresses(domain):
        words = f"{domain} names no mail server (MX); answers go to the machine of its website. Name one."
        return Finding("mx", "weak", "mx_by_address", words)
    words = f"{domain} takes no mail: customers can't answer, and many servers refuse mails from such a domain."
    return replace(Finding("mx", "wrong", "mx_missing", words), found=", ".join(servers))
