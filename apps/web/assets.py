"""Stylesheet, script and fonts, at addresses that hold the hash of what is there: browsers may keep them for ever."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

ROUTE = "/static/{name:path}"

_HASH_DIGITS = 12
_YEAR = 365 * 24 * 3600
_TYPES = MappingProxyType(
    {
        ".css": "text/css; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".svg": "image/svg+xml",
        ".woff2": "font/woff2",
    }
)
_HASHED = re.compile(rf"(?P<stem>.+)\.(?P<hash>[0-9a-f]{{{_HASH_DIGITS}}})(?P<suffix>\.\w+)$")
_IMPORT = re.compile(r'from "\./(?P<name>[\w.-]+\.js)"')
_URL = re.compile(r'url\("(?P<name>[^":]+)"\)')


@dataclass(frozen=True)
class Asset:
    """A file as it is sent. `address`: where, with the hash of its bytes."""

    address: str
    media_type: str
    content: bytes


@cache
def asset(name: str) -> Asset:
    """The asset called `name`, e.g. `desk.css`: all of `css/*.css` in the order of their names.

    Raises:
        KeyError: there is no such asset.
    """
    stem, dot, suffix = name.rpartition(".")
    media_type = _TYPES[dot + suffix]
    content = _stylesheet() if name == "desk.css" else _script(name) if suffix == "js" else _read(name)
    digits = hashlib.sha256(content).hexdigest()[:_HASH_DIGITS]
    return Asset(f"/static/{stem}.{digits}.{suffix}", media_type, content)


def address(name: str) -> str:
    """Where the asset called `name` is, for templates."""
    return asset(name).address


def serve(request: Request, name: str) -> Response:
    """An asset by its address. With the hash of another version it is sent, but not kept."""
    found = _HASHED.fullmatch(name)
    try:
        wanted = asset(f"{found['stem']}{found['suffix']}" if found else name)
    except KeyError:
        raise HTTPException(404) from None
    is_current = wanted.address == request.url.path
    kept = f"public, max-age={_YEAR}, immutable" if is_current else "no-cache"
    return Response(wanted.content, media_type=wanted.media_type, headers={"Cache-Control": kept})


def _folder() -> Traversable:
    return files("apps.web").joinpath("static")


@cache
def _names() -> frozenset[str]:
    """Every file that may be asked for: a name that is not among them never reaches the file system."""
    return frozenset(_below(_folder(), ""))


def _below(folder: Traversable, path: str) -> list[str]:
    found: list[str] = []
    for entry in folder.iterdir():
        found += _below(entry, f"{path}{entry.name}/") if entry.is_dir() else [path + entry.name]
    return found


def _read(name: str) -> bytes:
    if name not in _names():
        raise KeyError(name)
    return _folder().joinpath(name).read_bytes()


def _script(name: str) -> bytes:
    """A script whose imports of others name the addresses that these have."""
    return _IMPORT.sub(lambda found: f'from "{address(found["name"])}"', _read(name).decode()).encode()


def _stylesheet() -> bytes:
    sheets = sorted(name for name in _names() if name.startswith("css/"))
    text = "\n".join(_read(name).decode() for name in sheets)
    return _URL.sub(lambda found: f'url("{address(found["name"])}")', text).encode()
