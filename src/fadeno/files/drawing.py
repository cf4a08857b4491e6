"""Small pictures of pictures, made in a process of its own with little memory and time: any picture may be a trap.

Run as `python -m fadeno.files.drawing` it reads a picture and writes width and height, a line break, and a small one.
"""

import asyncio
import io
import resource
import sys
from dataclasses import dataclass

from PIL import Image, ImageOps

LONGEST_PX = 480
MOST_PIXELS = 64_000_000
MEMORY_BYTES = 1024**3
CPU_S = 10
WALL_S = 30
FORMATS = ("PNG", "JPEG", "GIF", "WEBP")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A small picture (WebP), and how large the whole one is in pixels."""

    picture: bytes
    width: int
    height: int


async def draw(content: bytes) -> Drawn | None:
    """A small picture of a picture; None where there can be none."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", __name__,
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


def drawn(content: bytes) -> Drawn:
    """The same in this process.

    Raises:
        ValueError, OSError, MemoryError: it is no picture, a broken one, or too large.
    """
    with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
        width, height = picture.size
        if width * height > MOST_PIXELS:
            raise ValueError("too many pixels")
        picture.draft("RGB", (LONGEST_PX, LONGEST_PX))
        upright = ImageOps.exif_transpose(picture)
        if upright.size != picture.size and upright.width == picture.height:
            width, height = height, width
        upright = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
        upright.thumbnail((LONGEST_PX, LONGEST_PX))
        small = io.BytesIO()
        upright.save(small, "WEBP", quality=80)
    return Drawn(small.getvalue(), width, height)


def main() -> int:
    """Read a picture, write the small one; 1 where there can be none."""
    content = sys.stdin.buffer.read()
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    try:
        found = drawn(content)
    except Exception:  # a decoder may raise anything on a broken picture, and all mean the same
        return 1
    sys.stdout.buffer.write(f"{found.width} {found.height}\n".encode() + found.picture)
    return 0


if __name__ == "__main__":
    sys.exit(main())
