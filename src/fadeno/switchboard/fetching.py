"""Fetching what customers sent from where their provider keeps it, as the channel's adapter says how."""

import httpx
import structlog

from fadeno import channels, files
from fadeno.channels import Answer, Attachment
from fadeno.kit.errors import FadenoError
from fadeno.switchboard.carrying import AccountFails, Unsure
from fadeno.switchboard.wires import asked

MOST_STEPS = 4
STEP_S = 15.0

log = structlog.get_logger(__name__)


async def fetched(
    client: httpx.AsyncClient, channel: str, account: channels.Account, file: Attachment, *, allow_private: bool
) -> bytes | None:
    """The bytes of a file; None where it is gone, too large or not to be had now."""
    adapter, answers = channels.adapter(channel), list[Answer]()
    try:
        while (call := adapter.fetch(file, account, answers)) is not None:
            if len(answers) == MOST_STEPS:
                return None
            answers.append(
                await asked(client, call, allow_private=allow_private, most_bytes=files.LIMIT_BYTES, total_s=STEP_S)
            )
    except (AccountFails, Unsure, FadenoError) as fault:
        log.warning("file can't be fetched", channel=channel, error=type(fault).__name__)
        return None
    whole = answers[-1].content if answers else b""
    return whole if whole and len(whole) <= files.LIMIT_BYTES else None
