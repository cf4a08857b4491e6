"""Shapes of a check of a domain, and what a single DNS record says. Pure."""

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Literal

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from fadeno.kit.errors import Invalid

About = Literal["spf", "dkim", "dmarc", "mx"]
Verdict = Literal["good", "weak", "missing", "wrong", "unknown"]
SHORTEST_KEY_BITS, GOOD_KEY_BITS = 1024, 2048
_ED25519_BYTES = 32
_TERM = re.compile(r"([-+~?]?)(all|include|a|mx|ptr|ip4|ip6|exists)((?:[:/]\S*)?)", re.IGNORECASE)
_MODIFIER = re.compile(r"([a-z][a-z0-9._-]*)=(\S*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Record:
    """A DNS record to put there, as a form of a DNS provider asks for it.

    Attributes:
        replaces: the record that stands there now and goes; empty where none does.
    """

    name: str
    type: Literal["TXT", "CNAME"]
    value: str
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found about one thing.

    Attributes:
        code: names it for programs and translations, such as `spf_missing`.
        words: the same in English, with what to do.
        found: the record as it stands in the DNS.
        record: what to put there instead; None where nothing is to be done, or only the mail provider knows it.
    """

    about: About
    verdict: Verdict
    code: str
    words: str
    found: str = ""
    record: Record | None = None


@dataclass(frozen=True, slots=True)
class DomainCheck:
    """What the DNS says of a domain mails are sent from."""

    domain: str
    server: str
    findings: tuple[Finding, ...]

    @property
    def is_ready(self) -> bool:
        """Whether nothing is missing or wrong; what is weak may stay."""
        return not any(one.verdict in ("missing", "wrong") for one in self.findings)


class NoDomain(Invalid):
    """This account sends from no domain of its own."""

    code = "no_domain"
    hint = "Only accounts that send mails from an address such as service@shop.example are checked."


@dataclass(frozen=True, slots=True)
class Spf:
    """One SPF record, read.

    Attributes:
        terms: (sign, mechanism, value) in their order.
        redirect: where it goes on if nothing fits; empty = nowhere.
        fault: the word that makes it void for everybody who reads it.
    """

    terms: tuple[tuple[str, str, str], ...]
    redirect: str = ""
    fault: str = ""

    @property
    def ending(self) -> str:
        """The sign before `all`; empty where it has none."""
        return next((sign or "+" for sign, name, _ in self.terms if name == "all"), "")


def is_spf(text: str) -> bool:
    """Whether a TXT record is an SPF record. Source: RFC 7208 section 4.5, 2026-11-24."""
    return text.lower() == "v=spf1" or text.lower().startswith("v=spf1 ")


def read_spf(text: str) -> Spf:
    """An SPF record's terms. Source: RFC 7208 sections 4.6 and 12, 2026-11-24."""
    terms, redirect = [], ""
    for word in text.split()[1:]:
        if match := _TERM.fullmatch(word):
            sign, name, value = match.groups()
            terms.append((sign, name.lower(), value.removeprefix(":")))
        elif match := _MODIFIER.fullmatch(word):
            redirect = match[2] if match[1].lower() == "redirect" else redirect
        else:
            return Spf(tuple(terms), redirect, word[:80])
    return Spf(tuple(terms), redirect)


def with_term(text: str, term: str) -> str:
    """An SPF record that lets one more send: the term stands before what answers for everybody else."""
    words = text.split()
    at = next((n for n, word in enumerate(words) if word.lower().lstrip("+-~?") == "all"), None)
    at = at or next((n for n, word in enumerate(words) if word.lower().startswith("redirect=")), None)
    return " ".join([*words[:at], term, *words[at:]] if at else [*words, term, "~all"])


def tags(text: str) -> dict[str, str]:
    """`v=DKIM1; k=rsa; p=…` by names. Source: RFC 6376 section 3.2, 2026-11-24."""
    pairs = (part.partition("=") for part in text.split(";"))
    return {name.strip().lower(): "".join(value.split()) for name, equals, value in pairs if equals}


def key_bits(text: str) -> int | None:
    """How strong a DKIM key is, in bits as RSA counts them; 0 where it was withdrawn, None where it is none.

    Source: RFC 6376 section 3.6.1, RFC 8463, RFC 8301 section 3.2, 2026-11-24.
    """
    said = tags(text)
    if said.get("v", "DKIM1") != "DKIM1" or "p" not in said:
        return None
    try:
        raw = base64.b64decode(said["p"], validate=True)
    except (binascii.Error, ValueError):
        return None
    if not raw:
        return 0
    if said.get("k", "rsa").lower() == "ed25519":
        return 3072 if len(raw) == _ED25519_BYTES else None
    try:
        key = load_der_public_key(raw)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None
    return key.key_size if isinstance(key, RSAPublicKey) else None
