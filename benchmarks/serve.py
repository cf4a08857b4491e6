"""`python -m benchmarks.serve all|alone|nothing DATA_DIR`: serve, with a gate changed for comparison."""

import asyncio
import sys

import uvloop

from fadeno import settings
from fadeno.entry.serve import serve
from fadeno.intake import Gate, Parcel


async def _nothing(self: Gate, parcel: Parcel) -> None:
    """Read everything, keep nothing: what the door alone costs."""
    await asyncio.sleep(0)


async def _alone(self: Gate, parcel: Parcel) -> None:
    """One parcel, one transaction, as many at once as there are connections."""
    await self.write([parcel])
    self._live.poke()


def _main() -> None:
    storing, folder = sys.argv[1:]
    if storing == "nothing":
        Gate.submit = _nothing
    elif storing == "alone":
        Gate.submit = _alone
    uvloop.run(serve(settings.load(data_dir=folder, host="127.0.0.1", port=0)))


if __name__ == "__main__":
    _main()
