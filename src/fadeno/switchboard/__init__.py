"""The accounts of channels, and what passes over them: a mailbox, a number, the chat of a site.

Whatever comes in is put down as it came, in a *parcel*, before anybody is answered; it is understood afterwards, by
the channel's adapter, and what can't be waits with its reason and can be read again. What goes out is written by the
adapter and carried by a *wire*: an account whose provider is down waits as a whole and slows no other, and what
may have left when a process died is said to be unknown and never sent twice. Credentials are sealed with a key outside
the database and shown to nobody. By an account in test mode nothing leaves.
"""

from fadeno.switchboard.actions import (
    add,
    change,
    dismiss,
    forget,
    pack,
    put_parcel,
    put_read,
    replay,
    set_cursor,
    set_health,
)
from fadeno.switchboard.carrying import Carried, Wire, carrying
from fadeno.switchboard.domain import Dns, DomainCheck, Finding, NoDomain, domain_check
from fadeno.switchboard.fetching import fetched
from fadeno.switchboard.model import (
    BODY_LIMIT_BYTES,
    CARRY,
    UNDERSTAND,
    Account,
    AccountOff,
    NoAccount,
    NoParcel,
    Parcel,
    Traffic,
    Went,
    lane_out,
)
from fadeno.switchboard.owners import (
    NoSignIn,
    SignInRefused,
    SignInStray,
    sign_in_page,
    signed_in_by_code,
    signed_in_by_page,
    signs_in_by,
)
from fadeno.switchboard.reading import Tools, read_mailboxes
from fadeno.switchboard.reads import account, account_named, accounts, check, credentials, parcels, traffic
from fadeno.switchboard.tasks import empty_parcels
from fadeno.switchboard.tokens import DeviceCode, Tokens
from fadeno.switchboard.trying import Step, Tried, note_tried, tried
from fadeno.switchboard.understanding import Understood, understanding
from fadeno.switchboard.wires import http, smtp

__all__ = [
    "BODY_LIMIT_BYTES",
    "CARRY",
    "UNDERSTAND",
    "Account",
    "AccountOff",
    "Carried",
    "DeviceCode",
    "Dns",
    "DomainCheck",
    "Finding",
    "NoAccount",
    "NoDomain",
    "NoParcel",
    "NoSignIn",
    "Parcel",
    "SignInRefused",
    "SignInStray",
    "Step",
    "Tokens",
    "Tools",
    "Traffic",
    "Tried",
    "Understood",
    "Went",
    "Wire",
    "account",
    "account_named",
    "accounts",
    "add",
    "carrying",
    "change",
    "check",
    "credentials",
    "dismiss",
    "domain_check",
    "empty_parcels",
    "fetched",
    "forget",
    "http",
    "lane_out",
    "note_tried",
    "pack",
    "parcels",
    "put_parcel",
    "put_read",
    "read_mailboxes",
    "replay",
    "set_cursor",
    "set_health",
    "sign_in_page",
    "signed_in_by_code",
    "signed_in_by_page",
    "signs_in_by",
    "smtp",
    "traffic",
    "tried",
    "understanding",
]
