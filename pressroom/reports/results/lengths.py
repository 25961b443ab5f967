"""How long a post is to its platform, in a line."""

from __future__ import annotations

from pressroom.writing.hashtags.posts import known, length, longest, post_form, unit


def length_line(platform: str, post: str) -> str:
    """`412 of 2,200 characters`, with a warning when it is too long; plain characters where nothing is known."""
    if not known(platform):
        return f"{len(post):,} characters"
    used, most, counted = length(platform, post), longest(platform), unit(platform)
    if most is None:
        return f"The {post_form(platform).called}: {used:,} {counted}"
    warning = f"; {used - most:,} too long, shorten it before you post" if used > most else ""
    return f"The {post_form(platform).called}: {used:,} of {most:,} {counted}{warning}"
