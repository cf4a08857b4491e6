"""What the DNS says of a domain mails are sent from, asked of a real name server on this machine."""

from base64 import b64encode
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from fadeno import switchboard
from fadeno.kit.ids import new_id
from fadeno.switchboard import Account, Dns, Finding
from fadeno.switchboard.domain import asking
from fadeno.switchboard.domain.model import key_bits, read_spf, tags, with_term
from tests.switchboard.name_server import NameServer, name_server

SHOP = Account(
    new_id(), "email", "Service", "service@shop.example", 1, True, False, "service", "",
    {"address": "service@shop.example", "smtp_host": "smtp.gmail.com:465"}, {}, "unknown", None, "", "Ada", None,
)  # fmt: skip
GOOGLE = "v=spf1 ip4:64.233.160.0/19 ~all"


@pytest.fixture
async def dns() -> AsyncIterator[NameServer]:
    async with name_server() as server:
        server.says("_spf.google.com", "TXT", GOOGLE)
        yield server


async def _found(dns: NameServer, account: Account = SHOP) -> dict[str, Finding]:
    check = await switchboard.domain_check(account, Dns([dns.address]))
    return {one.about: one for one in check.findings}


def _by(server: str, **options: str) -> Account:
    return replace(SHOP, options={**SHOP.options, "smtp_host": server, **options})


def _key(bits: int) -> str:
    key = rsa.generate_private_key(65537, bits).public_key()
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return b64encode(der).decode()


async def test_a_domain_that_says_nothing_is_told_each_record_to_add(dns: NameServer) -> None:
    check = await switchboard.domain_check(SHOP, Dns([dns.address]))
    found = {one.about: one for one in check.findings}
    assert {about: one.code for about, one in found.items()} == {
        "spf": "spf_missing", "dkim": "dkim_not_found", "dmarc": "dmarc_missing", "mx": "mx_missing",
    }  # fmt: skip
    spf, dmarc = found["spf"].record, found["dmarc"].record
    assert (spf.name, spf.type, spf.value) == ("shop.example", "TXT", "v=spf1 include:_spf.google.com ~all")
    assert (dmarc.name, dmarc.value) == ("_dmarc.shop.example", "v=DMARC1; p=none; rua=mailto:service@shop.example")
    assert "fadeno signs no mails itself: Google Workspace must" in found["dkim"].words
    assert not check.is_ready


async def test_a_domain_that_says_all_of_it_is_ready(dns: NameServer) -> None:
    dns.says("shop.example", "TXT", "some other thing", "v=spf1 include:_spf.google.com ~all")
    dns.says("shop.example", "MX", "10 smtp.google.com.")
    key = _key(2048)
    dns.records["google._domainkey.shop.example", "TXT"] = [f'"v=DKIM1; k=rsa; p={key[:200]}" "{key[200:]}"']
    dns.says("_dmarc.shop.example", "TXT", "v=DMARC1; p=reject")
    check = await switchboard.domain_check(SHOP, Dns([dns.address]))
    assert {one.verdict for one in check.findings} == {"good"}
    assert check.is_ready


@pytest.mark.parametrize(
    ("records", "code", "better"),
    [
        (["v=spf1 mx -all"], "spf_server_missing", "v=spf1 mx include:_spf.google.com -all"),
        (["v=spf1 mx redirect=_spf.google.com"], "spf_good", None),
        (["v=spf1 include:_spf.google.com +all"], "spf_open", "v=spf1 include:_spf.google.com ~all"),
        (["v=spf1 include:_spf.google.com"], "spf_loose", "v=spf1 include:_spf.google.com ~all"),
        (["v=spf1 mx ~all", "v=spf1 a ~all"], "spf_double", "v=spf1 a mx ~all"),
        (["v=spf1 ipv4:1.2.3.4 ~all"], "spf_broken", None),
        (["v=spf1 include:nowhere.example ~all"], "spf_broken", None),
        (["v=spf1 " + " ".join(f"a:h{n}.example" for n in range(11)) + " ~all"], "spf_long", None),
    ],
)
async def test_each_fault_of_an_spf_record_is_told_with_the_better_one(
    dns: NameServer, records: list[str], code: str, better: str | None
) -> None:
    dns.says("shop.example", "TXT", *records)
    spf = (await _found(dns))["spf"]
    assert (spf.code, spf.record and spf.record.value) == (code, better)


async def test_a_server_of_ones_own_is_looked_for_by_its_address(dns: NameServer) -> None:
    dns.says("smtp.shop.example", "A", "93.184.216.7")
    dns.says("shop.example", "TXT", "v=spf1 include:part.shop.example -all")
    dns.says("part.shop.example", "TXT", "v=spf1 ip4:93.184.216.0/28 -all")
    assert (await _found(dns, _by("smtp.shop.example:587")))["spf"].code == "spf_good"
    dns.says("part.shop.example", "TXT", "v=spf1 ip4:203.0.113.0/24 -all")
    spf = (await _found(dns, _by("smtp.shop.example:587")))["spf"]
    assert (spf.verdict, spf.code) == ("weak", "spf_server_unnamed")
    assert spf.record.value == "v=spf1 include:part.shop.example a:smtp.shop.example -all"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("v=DKIM1; p=", "dkim_withdrawn"),
        ("v=DKIM1; p=bm8ga2V5", "dkim_broken"),
        (f"v=DKIM1; k=rsa; p={_key(1024)}", "dkim_weak"),
        ("v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", "dkim_good"),
        ("v=DKIM1; t=y:s; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", "dkim_trial"),
    ],
)
async def test_a_key_under_the_selector_that_was_set_is_judged(dns: NameServer, text: str, code: str) -> None:
    dns.says("own._domainkey.shop.example", "TXT", text)
    assert (await _found(dns, _by("smtp.gmail.com:465", dkim_selector="own")))["dkim"].code == code
    assert (await _found(dns))["dkim"].code == "dkim_not_found"


async def test_a_policy_is_looked_for_further_up_too(dns: NameServer) -> None:
    dns.says("_dmarc.shop.example", "TXT", "v=DMARC1; p=reject; sp=none")
    account = replace(SHOP, address="hello@mail.shop.example")
    assert (await _found(dns))["dmarc"].code == "dmarc_good"
    assert (await _found(dns, account))["dmarc"].code == "dmarc_watching"
    dns.says("_dmarc.shop.example", "TXT", "v=DMARC1; p=maybe")
    assert (await _found(dns))["dmarc"].code == "dmarc_broken"


@pytest.mark.parametrize("mood", ["silent", "fails", "garbage"])
async def test_a_name_server_that_does_not_answer_leaves_it_open(
    dns: NameServer, monkeypatch: pytest.MonkeyPatch, mood: str
) -> None:
    monkeypatch.setattr(asking, "ANSWER_S", 0.2)
    dns.mood = mood
    assert {one.code for one in (await _found(dns)).values()} == {"dns_silent"}


async def test_records_that_name_each_other_without_end_are_followed_so_far_only(dns: NameServer) -> None:
    dns.says("shop.example", "TXT", "v=spf1 include:a.example include:shop.example ~all")
    for n in range(30):
        dns.says("a.example" if n == 0 else f"a{n}.example", "TXT", f"v=spf1 include:a{n + 1}.example ~all")
    assert (await _found(dns))["spf"].code == "spf_long"
    assert len(dns.asked) < asking.MOST_QUESTIONS


@pytest.mark.parametrize(
    "address", ["service", "service@localhost", "service@[127.0.0.1]", "a@127.0.0.1", "a@xn--\x00.y"]
)
async def test_an_account_without_a_domain_of_its_own_is_not_checked(dns: NameServer, address: str) -> None:
    with pytest.raises(switchboard.NoDomain):
        await _found(dns, replace(SHOP, address=address))
    with pytest.raises(switchboard.NoDomain):
        await _found(dns, replace(SHOP, channel="webchat"))


@given(st.text(max_size=300))
def test_whatever_stands_in_a_record_is_read(text: str) -> None:
    read_spf(text)
    key_bits(text)
    assert all(isinstance(value, str) for value in tags(text).values())


@given(st.lists(st.sampled_from(["a", "mx", "-all", "~all", "redirect=x.example", "ip4:192.0.2.1"]), max_size=5))
def test_a_better_record_lets_one_more_send_and_nobody_fewer(words: list[str]) -> None:
    before = read_spf(" ".join(["v=spf1", *words]))
    after = read_spf(with_term(" ".join(["v=spf1", *words]), "include:x.example"))
    assert ("", "include", "x.example") in after.terms
    assert set(before.terms) <= set(after.terms)
    assert after.redirect == before.redirect
