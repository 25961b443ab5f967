"""Addresses that may stand in a link."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

_SCHEMES = {"", "http", "https", "file"}


def address(target: str, base: str = "") -> str | None:
    """`target` below `base`, safe inside Markdown and HTML; None when no browser should follow it."""
    whole = f"{base.rstrip('/')}/{target}" if base else target
    try:
        scheme = urlsplit(whole).scheme
    except ValueError:
        return None
    return quote(whole, safe=":/?#@!$&*+,;=%~", errors="replace") if scheme in _SCHEMES else None
