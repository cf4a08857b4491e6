"""The mail door: mail servers hand in mails for our mailboxes; nothing is ever passed on.

A mail is kept before it is answered with 250, once for each mailbox it is for, however many addresses it names and
however often it comes. Whoever hands it in proves nothing about its sender, unless it is one of our own mail servers.
"""

import asyncio
import logging
from functools import partial

import structlog

from fadeno.app import App
from fadeno.entry.smtp.certificate import Certificate
from fadeno.entry.smtp.speaking import Line
from fadeno.entry.smtp.taking import Taking

__all__ = ["listen", "opened"]

_log = structlog.get_logger(__name__)
# The library tells every command, and with it who writes to whom.
logging.getLogger("mail.log").setLevel(logging.CRITICAL)


async def opened(app: App, host: str, port: int) -> asyncio.Server:
    """A door mails are taken at until it is closed.

    Raises:
        OSError: it can't be opened there.
    """
    taking, certificate = Taking(app), Certificate(app.settings.smtp_certificate, app.settings.smtp_key)
    return await asyncio.get_running_loop().create_server(partial(_line, taking, certificate), host, port)


def _line(taking: Taking, certificate: Certificate) -> Line:
    return Line(taking, certificate.context())


async def listen(app: App) -> None:
    """Take mails until `app.stopping`, where the settings say."""
    host, port = app.settings.smtp_listen or ("", 0)
    server = await opened(app, host, port)
    _log.info("mails are taken", host=host, port=port)
    try:
        await app.stopping.wait()
    finally:
        server.close()
