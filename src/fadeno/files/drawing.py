"""Run as `python -m fadeno.files.drawing`: reads a picture, writes width and height, a line break, and a small WebP.

No other module imports this one, as the library that draws is needed nowhere else.
"""

import io
import resource
import sys

from PIL import Image, ImageOps

LONGEST_PX = 480
MOST_PIXELS = 64_000_000
MEMORY_BYTES = 1024**3
CPU_S = 10
FORMATS = ("PNG", "JPEG", "GIF", "WEBP")


def drawn(content: bytes) -> bytes:
    """What the program writes.

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
    return f"{width} {height}\n".encode() + small.getvalue()


def main() -> int:
    """Read a picture, write the small one; 1 where there can be none."""
    content = sys.stdin.buffer.read()
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    try:
        said = drawn(content)
    except Exception:  # a decoder may raise anything on a broken picture, and all mean the same
        return 1
    sys.stdout.buffer.write(said)
    return 0


if __name__ == "__main__":
    sys.exit(main())
