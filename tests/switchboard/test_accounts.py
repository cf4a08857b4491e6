"""What may be said of an account, and how all of them fare at one look."""

import pytest

from fadeno import access, channels, switchboard
from fadeno.db import Database
from fadeno.intake import Journal
from fadeno.kit.errors import Invalid
from fadeno.kit.seal import Seal
from fadeno.switchboard.model import checked


@pytest.mark.parametrize("sites", ["*", "https://shop.example.com", "http://localhost:8080 https://www.shop.example"])
def test_sites_are_written_as_browsers_name_them(sites: str):
    checked(channels.adapter("webchat").label, "Chat", "service", "", {"sites": sites})


@pytest.mark.parametrize(
    "site",
    ["shop.example.com", "https://shop.example.com/", "https://a@b.c", "https://x:99999", "ftp://x.y", "https://"],
)
def test_a_site_that_no_browser_names_so_is_refused_in_its_field(site: str):
    with pytest.raises(Invalid) as refused:
        checked(channels.adapter("webchat").label, "Chat", "service", "", {"sites": f"https://ok.example {site}"})
    assert (refused.value.field, refused.value.word) == ("sites", "bad_origin")


def test_a_choice_that_is_none_is_refused_with_those_there_are():
    said = {"address": "a@b.c", "smtp_host": "b.c:587", "imap_tls": "ssl"}
    with pytest.raises(Invalid) as refused:
        checked(channels.adapter("email").label, "Mail", "service", "", said)
    assert refused.value.values["choices"] == "tls, starttls, none"


async def test_what_waits_and_what_failed_is_counted_for_all_accounts_at_once(
    db: Database, vault: Seal, journal: Journal
):
    async with db.transaction() as tx:
        made = [
            await switchboard.add(tx, access.SYSTEM, vault, channel="webchat", name=name, credentials={"sites": "*"})
            for name in ("One", "Two")
        ]
    packed = await switchboard.pack(db, journal, b"{}")
    async with db.transaction() as tx:
        await switchboard.put_parcel(tx, made[0], packed)
        found = await switchboard.traffic(tx, made)
    assert (found[made[0].id].waiting_in, found[made[0].id].last_in_at is not None) == (1, True)
    assert found[made[1].id] == switchboard.Traffic()
