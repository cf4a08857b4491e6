"""Small pictures of pictures, asked of a process of its own with little memory and time: any picture may be a trap."""

import asyncio
import sys
from dataclasses import dataclass

WALL_S = 30
PROGRAM = "fadeno.files.drawing"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A small picture (WebP), and how large the whole one is in pixels."""

    picture: bytes
    width: int
    height: int


async def draw(content: bytes) -> Drawn | None:
    """A small picture of a picture; None where there can be none."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", PROGRAM,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        said, _ = await asyncio.wait_for(process.communicate(content), WALL_S)
    except TimeoutError:
        return None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    sizes, _, picture = said.partition(b"\n")
    if process.returncode or not picture:
        return None
    width, _, height = sizes.partition(b" ")
    return Drawn(picture, int(width), int(height))
