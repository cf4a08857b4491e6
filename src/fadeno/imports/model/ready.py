"""A row as it comes from the process that reads the file."""

from uuid import UUID

import msgspec

from fadeno.customers import Introduction
from fadeno.imports.model.saying import Saying
from fadeno.imports.model.shapes import Item

_decode = msgspec.msgpack.Decoder(Saying).decode


class Ready(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a row says of somebody nobody has heard of, in the database's words.

    Attributes:
        event: as COPY takes it.
    """

    introduction: Introduction
    event_id: UUID
    event: bytes
    is_late: bool


class Packed(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a row says, opened only where it is needed: most rows of most files are of somebody new, or say nothing new.

    Attributes:
        said: the `Saying` as MessagePack.
    """

    said: bytes
    ready: Ready | None


def opened(item: Item) -> Item:
    """The row with what it says, whichever way it came."""
    return item._replace(said=_decode(item.said.said)) if isinstance(item.said, Packed) else item
