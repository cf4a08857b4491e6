"""A row in the database's own words, as it comes from the process that reads the file."""

from uuid import UUID

import msgspec

from fadeno.customers import Introduction
from fadeno.imports.model.saying import Saying
from fadeno.imports.model.shapes import Item

_decode = msgspec.msgpack.Decoder(Saying).decode


class Ready(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a row says of somebody, all of it ready to be written if nobody has heard of them.

    Attributes:
        said: the `Saying` as MessagePack, opened only where it is needed: of few rows of most files.
        event: as COPY takes it.
    """

    said: bytes
    introduction: Introduction
    event_id: UUID
    event: bytes
    is_late: bool


def opened(item: Item) -> Item:
    """The row with what it says, whichever way it came."""
    return item._replace(said=_decode(item.said.said)) if isinstance(item.said, Ready) else item
