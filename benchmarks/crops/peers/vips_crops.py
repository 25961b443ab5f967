"""Where libvips would crop: reads [path, width, height] rows as JSON, writes the left and upper edge of each."""

from __future__ import annotations

import json
import sys

import pyvips


def _corner(path: str, width: int, height: int, interesting: str) -> tuple[int, int]:
    """Left and upper edge, in pixels of the picture; libvips tells them as the offsets of what it cut out."""
    picture = pyvips.Image.new_from_file(path)
    cut = picture.smartcrop(width, height, interesting=interesting)
    return -cut.xoffset, -cut.yoffset


def main() -> None:
    interesting = sys.argv[1]
    rows = json.load(sys.stdin)
    json.dump([_corner(path, width, height, interesting) for path, width, height in rows], sys.stdout)


if __name__ == "__main__":
    main()
