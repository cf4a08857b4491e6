"""What keeps a mailbox from being read, in plain words."""

import imaplib
import re
import ssl

from imapclient import exceptions

_CODE = re.compile(r"^\[([A-Z-]+)[^\]]*\]\s*")
# Source: RFC 5530 section 3 (response codes), read 2026-11-24.
_FOR_NOW = frozenset({"UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "CONTACTADMIN"})


class CantRead(Exception):
    """A mailbox can't be read now.

    Attributes:
        needs_person: trying again changes nothing, or may lock the account: somebody must look at its settings.
    """

    def __init__(self, words: str, *, needs_person: bool = False) -> None:
        super().__init__(words)
        self.words = words
        self.needs_person = needs_person


def refused(error: Exception, host: str, login: str) -> CantRead:
    """The server did not let us in."""
    said = words_of(error)
    code = _CODE.match(said)
    if code and code[1] in _FOR_NOW:
        return CantRead(f"{host} can't let us in now: {said}")
    advice = "; with two steps to sign in it takes an app password, made in the mailbox's security settings"
    return CantRead(f"{host} refuses {login or 'no name'} with this password: {said}{advice}", needs_person=True)


def in_words(error: BaseException, host: str, port: int) -> CantRead:
    """Any other fault, seen from outside."""
    if isinstance(error, CantRead):
        return error
    if isinstance(error, ssl.SSLCertVerificationError):
        said = f"the certificate of {host} is not trusted: {error.verify_message or error.reason}"
        return CantRead(said, needs_person=True)
    if isinstance(error, ssl.SSLError):
        said = f"{host}:{port} does not speak TLS: look at the port, mostly 993, and at imap_tls"
        return CantRead(said, needs_person=True)
    if isinstance(error, ConnectionRefusedError):
        return CantRead(f"{host} takes no connections at port {port}: look at the port, mostly 993")
    if isinstance(error, TimeoutError):
        return CantRead(f"{host}:{port} does not answer")
    if isinstance(error, imaplib.IMAP4.abort | OSError | EOFError):
        return CantRead(f"{host} broke off: {words_of(error)}")
    if isinstance(error, exceptions.IMAPClientError):
        return CantRead(f"{host} said: {words_of(error)}")
    return CantRead(f"{host} talks nonsense ({type(error).__name__})")


def words_of(error: BaseException) -> str:
    """What a server said, without the marks of the library it went through."""
    text = str(error).strip()
    found = re.search(r"""b'(.*)'|b"(.*)\"""", text)
    text = (found[1] or found[2] or "") if found else text
    return "".join(c for c in text if c.isprintable())[:300] or type(error).__name__
