"""Which source a write key opens."""

import base64
import binascii
import time
from collections import OrderedDict
from dataclasses import dataclass

from fadeno import access, sources
from fadeno.app import App
from fadeno.kit.errors import FadenoError
from fadeno.sources import Source

KEY_MEMORY_S = 5
KEYS_KNOWN = 2000


class WrongKey(FadenoError):
    """This write key is not known here."""

    code = "unknown_key"
    status = 401
    hint = "Make one with `fadeno keys create NAME --scope collect --source SOURCE`; send it as the user of Basic auth."


class WrongScope(FadenoError):
    """This key may not send events."""

    code = "wrong_scope"
    status = 403
    hint = "Make a key with the scope collect and a source."


class Disabled(FadenoError):
    """The source of this key is switched off."""

    code = "source_disabled"
    status = 404


@dataclass(frozen=True, slots=True)
class _Known:
    source: Source
    until: float
    times_said: int


class Keys:
    """Write keys seen lately and what they open, so that a busy client costs no query a request."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, _Known] = OrderedDict()

    async def source(self, app: App, key: str | None) -> Source:
        """The source this key sends for.

        Raises:
            WrongKey: nobody knows it; WrongScope: it is for something else; Disabled: the source is switched off.
        """
        if not key or len(key) > 200:
            raise WrongKey
        known = self._known.get(key)
        times_said = access.times_said()
        if known is None or known.until < time.monotonic() or known.times_said != times_said:
            known = _Known(await _look_up(app, key), time.monotonic() + KEY_MEMORY_S, times_said)
            self._known[key] = known
            while len(self._known) > KEYS_KNOWN:
                self._known.popitem(last=False)
        if not known.source.enabled:
            raise Disabled
        return known.source


async def _look_up(app: App, key: str) -> Source:
    async with app.db.transaction() as tx:
        actor = await access.key_actor(tx, key)
        if actor is None:
            raise WrongKey
        if actor.source_id is None or not access.may(actor, "change", "events"):
            raise WrongScope
        return await sources.get(tx, actor.source_id)


def header_key(headers: dict[bytes, bytes]) -> str | None:
    """The write key in the headers: Basic user, Bearer, X-Write-Key (to its first colon), in this order.

    Raises:
        WrongKey: there is an Authorization nobody can read.
    """
    said = headers.get(b"authorization", b"").decode("latin-1")
    scheme, _, rest = said.partition(" ")
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(rest.strip(), validate=True).decode("utf-8").split(":", 1)[0] or None
        except (binascii.Error, UnicodeDecodeError):
            raise WrongKey("The Authorization header can't be read.") from None
    if scheme.lower() == "bearer" and rest.strip():
        return rest.strip()
    return headers.get(b"x-write-key", b"").decode("latin-1").partition(":")[0] or None
