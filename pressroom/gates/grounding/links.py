"""Addresses in a text, and when two of them are the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from pressroom.gates.grounding.data import rules
from pressroom.gates.grounding.spans import Span

_TAIL = ".,;:!?'\"”’»…)]}>」』。、*_"
_HOST = r"(?:[^\W_][\w-]{0,62}\.){1,8}"
_ADDRESS = re.compile(
    rf"(?<![\w@.-])(?:https?://[^\s<>\"“”«»「」]+|www\.[^\s<>\"“”«»「」]+"
    rf"|{_HOST}(?:{'|'.join(rules()['domains'])})(?![\w-]|\.\w)(?:[/?#][^\s<>\"“”«»「」]*)?)",
    re.I | re.A,
)
_MAIL = re.compile(rf"(?<![\w.+-])[\w.+%-]{{1,64}}@{_HOST}[a-z]{{2,24}}(?![\w@])", re.I | re.A)


def links(text: str) -> Iterator[Span]:
    """Addresses of the web and of mail, without the punctuation of the sentence they stand in."""
    for match in (*_MAIL.finditer(text), *_ADDRESS.finditer(text)):
        found = _ended(match[0])
        yield Span(found, match.start(), match.start() + len(found))


def _ended(found: str) -> str:
    while found and found[-1] in _TAIL and not (found[-1] == ")" and found.count("(") >= found.count(")")):
        found = found[:-1]
    return found


def canonical(address: str) -> str:
    """The address as one to compare: no scheme, `www.`, trailing slash, fragment or tracking parameter."""
    full = address if "://" in address else f"https://{address}"
    try:
        parts = urlsplit(full)
    except ValueError:  # a bracket in the host, which no document's own link has
        return address
    host = parts.netloc.lower().removeprefix("www.")
    query = urlencode(sorted(pair for pair in parse_qsl(parts.query) if not _tracks(pair[0])))
    return host + unquote(parts.path).rstrip("/") + (f"?{query}" if query else "")


def _tracks(name: str) -> bool:
    return name.lower().startswith("utm_") or name.lower() in rules()["tracking"]
