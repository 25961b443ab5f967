"""One spelling for all addresses of one page, so that two sources that link to it are seen to mean the same."""

from __future__ import annotations

import re
from functools import lru_cache
from posixpath import normpath
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

_TRACKING = re.compile(
    r"(utm|at|hsa|mc|mtm|ns|pk|wt|guce|amp)_\w+|(fb|g|ig|d|y|tw)clid|msclkid|(oc|s_c|c)id|igsh(id)?|ref|ref_?(src|url)"
    r"|cmp(id)?|spm|_g[al]|ito|smid|taid|xtor|guccounter|amp|outputtype|feature|fromrss",
    re.IGNORECASE,
)
_HOST_PREFIX = re.compile(r"^(?:(?:www\d?|m|mobile|amp|old|new|np)\.)+(?=[^.]+\.[^.]+)")
_AMP_PATH = re.compile(r"^/amp(?=/)|/amp/?$|\.amp(?=\.html?$|$)", re.IGNORECASE)
_INDEX = re.compile(r"/(index|default)\.(html?|php|aspx?)$", re.IGNORECASE)
_VIDEO = re.compile(r"^/(?:shorts|embed|live|v)/([\w-]{6,})")
_WRAPPED = re.compile(r"^/(?:amp|[cv])/(s/)?(?=[^/]+\.[^/]+)")
_REDIRECTS = {"google.com/url": ("q", "url"), "l.facebook.com/l.php": ("u",), "facebook.com/l.php": ("u",)}
_SECOND_LEVEL = frozenset(["ac", "co", "com", "edu", "gob", "gov", "gv", "ne", "net", "nom", "or", "org"])
DEEPEST = 3
"""Addresses inside addresses that are opened."""


@lru_cache(maxsize=16_384)
def canonical(address: str) -> str:
    """`address` as https, without tracking, mobile and AMP variants, fragment and closing slash; never an error.

    Redirects are not followed: only an address that stands inside another one is taken out. What is no address of the
    web comes back without surrounding spaces. The answer's own canonical address is itself.
    """
    for _ in range(DEEPEST):
        parts = _split(address)
        inner = _inside(parts) if parts else ""
        if not inner:
            break
        address = inner
    return _spelling(parts) if parts else address.strip()


def is_page(address: str) -> bool:
    """True for the canonical address of one page rather than of a whole site."""
    _, mark, rest = address.partition("://")
    return bool(mark) and ("/" in rest or "?" in rest)


@lru_cache(maxsize=8192)
def domain(address: str) -> str:
    """The part of an address's host that is registered: `example.co.uk`; empty when it has no host."""
    parts = _split(address)
    labels = (parts.hostname or "").split(".") if parts else []
    several = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL
    return ".".join(labels[-3:] if several else labels[-2:])


def _split(address: str) -> SplitResult | None:
    """The parts of an http or https address with a host; None for everything else."""
    try:
        parts = urlsplit(address.replace("&amp;", "&").strip())
        host = (parts.hostname or "").rstrip(".")
        usable = parts.scheme.lower() in ("http", "https") and host and not re.search(r"[\s\x00-\x20]", host)
        _ = parts.port
    except ValueError:
        return None
    return parts if usable else None


def _inside(parts: SplitResult) -> str:
    """The address that an AMP cache or a redirect of a known service carries; empty when it carries none."""
    host = (parts.hostname or "").removeprefix("www.")
    if host.endswith(".cdn.ampproject.org") or (host == "google.com" and parts.path.startswith("/amp/")):
        found = _WRAPPED.match(parts.path)
        return f"https://{parts.path[found.end() :]}?{parts.query}".rstrip("?") if found else ""
    names = _REDIRECTS.get(host + parts.path, ())
    given = dict(parse_qsl(parts.query))
    return next((given[name] for name in names if _split(given.get(name, ""))), "")


def _spelling(parts: SplitResult) -> str:
    host, path = _host(parts), _path(parts.path)
    query = sorted(pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.fullmatch(pair[0]))
    if host == "youtu.be" and len(path) > 1:
        host, path, query = "youtube.com", "/watch", [("v", path.strip("/"))]
    elif host == "youtube.com" and (video := _VIDEO.match(path)):
        path, query = "/watch", [("v", video[1])]
    elif host == "youtube.com" and path == "/watch":
        query = [pair for pair in query if pair[0] == "v"]
    return f"https://{host}{path}" + (f"?{urlencode(query)}" if query else "")


def _host(parts: SplitResult) -> str:
    name = (parts.hostname or "").rstrip(".")
    name = _HOST_PREFIX.sub("", name).replace(".m.wikipedia.", ".wikipedia.")
    if ":" in name:
        name = f"[{name}]"
    return f"{name}:{parts.port}" if parts.port not in (None, 80, 443) else name


def _path(path: str) -> str:
    """Percent signs in one form, no dots, double slashes, index file, AMP mark or closing slash."""
    path = quote(unquote(path), safe="/:@!$&'()*+,;=~-._")
    while (shorter := _AMP_PATH.sub("", _INDEX.sub("", path))) != path:
        path = shorter
    path = normpath(f"/{path.lstrip('/')}") if path else "/"
    return "" if path == "/" else path
