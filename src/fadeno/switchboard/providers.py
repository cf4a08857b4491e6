"""Who signs mailboxes in by a page of their own, and where. Pure.

Source: https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth,
https://developers.google.com/workspace/gmail/imap/xoauth2-protocol, read 2026-11-24.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from fadeno.kit.errors import Invalid


@dataclass(frozen=True, slots=True)
class Provider:
    """Who signs mailboxes in.

    Attributes:
        device_url: where a code is asked for that is typed in on any other screen; empty where mailboxes can't be
            signed in that way.
        page_asks: what its page is asked besides, so that it shows itself and gives what lasts.
    """

    title: str
    token_url: str
    page_url: str = ""
    device_url: str = ""
    scope: str = ""
    page_asks: str = ""


PROVIDERS: Mapping[str, Provider] = {
    "microsoft": Provider(
        "Microsoft",
        "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",
        "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize",
        "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/devicecode",
        "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access",
        # Not consent: that asks each person anew, and where only administrators may agree it lets nobody in.
        "prompt=select_account",
    ),
    "google": Provider(
        "Google",
        "https://oauth2.googleapis.com/token",
        "https://accounts.google.com/o/oauth2/v2/auth",
        scope="https://mail.google.com/",
        page_asks="access_type=offline&prompt=consent",
    ),
}
WAYS = ("password", *PROVIDERS, "other")


def provider(options: Mapping[str, str]) -> Provider | None:
    """Who signs an account in; None where a password does.

    Raises:
        Invalid: `field` names the setting that can't be.
    """
    way = options.get("sign_in", "").strip().lower() or "password"
    if way not in WAYS:
        raise Invalid(f"One signs in by {', '.join(WAYS)}.", field="sign_in", word="bad_choice")
    if way == "password":
        return None
    if not options.get("client_id", "").strip():
        raise Invalid("client_id is missing.", field="client_id", word="credential_missing")
    if way == "other":
        if not options.get("token_url", "").strip():
            raise Invalid("token_url is missing.", field="token_url", word="credential_missing")
        given = {name: options.get(name, "").strip() for name in ("token_url", "page_url", "device_url", "scope")}
        return Provider("The provider", **given)
    known, tenant = PROVIDERS[way], options.get("tenant", "").strip() or "common"
    if not all(c.isalnum() or c in ".-" for c in tenant):
        raise Invalid("A tenant is a name or an id.", field="tenant", word="bad_credential")
    urls = {name: getattr(known, name).format(tenant=tenant) for name in ("token_url", "page_url", "device_url")}
    return replace(known, **urls)
