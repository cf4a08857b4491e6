"""Signing in at a mailbox, by password or by the token a provider gave."""

from imapclient import IMAPClient, exceptions

from fadeno import channels
from fadeno.switchboard.reading.faults import CantRead, refused, words_of
from fadeno.switchboard.reading.line import Line


async def signed_in(line: Line, account: channels.Account) -> None:
    """Sign in.

    Raises:
        CantRead: the server refuses name or password, in plain words.
    """
    token = account.secrets.get("access_token", "")
    if token:
        await line.do(lambda client: _by_token(client, line.place.login, token))
    else:
        await line.do(lambda client: _by_password(client, line.place.login, account.secrets.get("password", "")))


def _by_password(client: IMAPClient, login: str, password: str) -> None:
    try:
        if login.isascii() and password.isascii() and not client.has_capability("LOGINDISABLED"):
            client.login(login, password)
        else:  # LOGIN knows ASCII only. Source: RFC 4616 (PLAIN), read 2026-11-24
            client.sasl_login("PLAIN", lambda _: f"\0{login}\0{password}")
    except exceptions.IMAPClientAbortError:
        raise
    except exceptions.IMAPClientError as error:
        raise refused(error, client.host, login) from error


def _by_token(client: IMAPClient, login: str, token: str) -> None:
    """Source: RFC 7628 (OAUTHBEARER); https://developers.google.com/gmail/imap/xoauth2-protocol, read 2026-11-24."""
    said: list[bytes] = []
    if client.has_capability("AUTH=OAUTHBEARER") and not client.has_capability("AUTH=XOAUTH2"):
        name = login.replace("=", "=3D").replace(",", "=2C")
        mechanism, first, end = "OAUTHBEARER", f"n,a={name},\1auth=Bearer {token}\1\1", "\1"
    else:
        mechanism, first, end = "XOAUTH2", f"user={login}\1auth=Bearer {token}\1\1", ""

    def answer(challenge: bytes) -> str:
        # What it says after the token is why it refuses it; it then waits for a word to say no.
        said.append(challenge)
        return first if len(said) == 1 else end

    try:
        client.sasl_login(mechanism, answer)
    except exceptions.IMAPClientAbortError:
        raise
    except exceptions.IMAPClientError as error:
        words = f"{client.host} refuses the sign-in of {login}: {words_of(error)}; sign in again"
        raise CantRead(words, needs_person=True) from error
