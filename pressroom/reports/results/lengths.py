"""How long a post is to its platform, in a line."""

from __future__ import annotations

from pressroom import platforms


def length_line(platform: str, post: str) -> str:
    """`412 of 2,200 characters`, with a warning when it is too long; plain characters for an unknown platform."""
    known = platforms.find(platform)
    if known is None:
        return f"{len(post):,} characters"
    used, unit = round(known.post_measure.count(post)), known.post_measure.unit
    if not known.post_limits:
        return f"The {known.words.post}: {used:,} {unit}"
    most = known.post_limits[0].most
    warning = f"; {used - most:,} too long, shorten it before you post" if used > most else ""
    return f"The {known.words.post}: {used:,} of {most:,} {unit}{warning}"
