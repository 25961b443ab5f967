"""Pressroom reads an endpoint's refusal in any shape: its words, its codes and the fields it names.

Providers that speak the same protocol refuse in a dozen shapes: an object `error`, a text `error`, FastAPI's `detail`,
a list of either, JSON inside of a text, a page of a proxy. All of them are read here, and nowhere else.
"""

from __future__ import annotations

import html
import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

_WORDS = (
    "message",
    "msg",
    "detail",
    "error",
    "error_msg",
    "error_description",
    "errors",
    "description",
    "title",
    "raw",
)
_CODES = ("code", "type", "status", "reason", "name", "error_code", "errorcode", "finish_reason", "quotaid")
_NAMED = ("param", "field", "fields", "loc")

_PAGE = re.compile(r"^\s*(<!doctype html|<html|<head|<body|<\?xml[^>]{0,80}>\s*<!doctype html)", re.IGNORECASE)
_TITLE = re.compile(r"<(title|h1)\b[^>]{0,200}>([^<]{1,300})<", re.IGNORECASE)
_MOST_READ = 20_000
"""Characters of a body that are looked at; a refusal is short."""

_WAIT = re.compile(
    r"(?:try again|retry|wait|reset)[a-z ]{0,24}?((?:\d+(?:\.\d+)?\s*(?:ms|h|m|s)[a-z]*\s*)+)", re.IGNORECASE
)
_LENGTH = re.compile(r"(?<![\d.])(\d++(?:\.\d++)?+)\s*+(ms|h|m|s)", re.IGNORECASE)
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


@dataclass(frozen=True)
class Refusal:
    """An endpoint's refusal.

    words: the endpoint's own, on one line. codes: its codes, types and reasons, in small letters. fields: parts of the
    request that it names. headers: those of the answer, names in small letters. page: it is a web page, `words` its
    title. status: that of HTTP, 0 where none was sent.
    """

    status: int
    words: str = ""
    codes: frozenset[str] = frozenset()
    fields: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    page: bool = False

    @property
    def text(self) -> str:
        """Codes and words, to be searched."""
        return f"{' '.join(sorted(self.codes))} {self.words}".lower()


def refusal_of(status: int, body: str, headers: Mapping[str, str] | None = None) -> Refusal:
    """Reads `body`. Any text can be read: what is not JSON is its own words."""
    known = {name.lower(): value for name, value in (headers or {}).items()}
    body = body[:_MOST_READ].lstrip("\ufeff")
    if _PAGE.match(body) or "text/html" in known.get("content-type", ""):
        titles = (html.unescape(found[2]) for found in _TITLE.finditer(body))
        return Refusal(status, _line(next(titles, "")), headers=known, page=True)
    found: dict[str, list[str]] = {"words": [], "codes": [], "fields": [], "waits": []}
    value = _as_json(body)
    for kind, said in _said(value) if value is not None else [("words", body)]:
        found[kind].append(said)
    words = "; ".join(dict.fromkeys(filter(None, map(_line, found["words"]))))
    inner = _headers_in(value) | ({"retry-after": found["waits"][0]} if found["waits"] else {})
    codes = frozenset(code.lower() for code in found["codes"] if len(code) < 100)
    return Refusal(status, words or _line(body), codes, tuple(dict.fromkeys(found["fields"])), {**known, **inner})


def error_in(body: str, headers: Mapping[str, str]) -> Refusal | None:
    """Finds an error or a web page in an answer with a good status, with the status it names itself."""
    refusal = refusal_of(HTTPStatus.OK, body, headers)
    if refusal.page:
        return refusal
    value = _as_json(body)
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    error = value.get("error") if isinstance(value, dict) else None
    return error_of(error, refusal) if error else None


def error_of(error: Any, refusal: Refusal | None = None) -> Refusal:
    """An error's own status, codes and words. refusal: what is around it."""
    known = refusal or refusal_of(0, json.dumps({"error": error}))
    code = str(error.get("code", error.get("status"))) if isinstance(error, dict) else ""
    return replace(known, status=int(code) if code.isdigit() and 400 <= int(code) < 600 else 0)


def _as_json(text: str) -> Any:
    """The list or object in `text`; None where it holds neither."""
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _said(value: Any, key: str = "message", depth: int = 0) -> Iterator[tuple[str, str]]:
    """(`words`, `codes`, `fields` or `waits`, what stands there), at most ten levels down."""
    if depth > 10:
        return
    match value:
        case dict():
            for name, item in value.items():
                yield from _said(item, str(name).lower(), depth + 1)
        case list() if key == "loc":
            yield "fields", ".".join(str(part) for part in value if part != "body")
        case list():
            for item in value:
                yield from _said(item, key, depth + 1)
        case str() if key in _WORDS:
            inner = _as_json(value)
            yield from [("words", value)] if inner is None else _said(inner, key, depth + 1)
        case str() if key in _NAMED:
            yield "fields", value
        case str() if key == "retrydelay":  # Gemini's, in seconds: `7s`
            yield "waits", value.removesuffix("s")
        case str() | int() if key in _CODES and not isinstance(value, bool):
            yield "codes", str(value)


def _headers_in(value: Any) -> dict[str, str]:
    """Headers of the provider behind, which a router hands on in its body."""
    error = value.get("error") if isinstance(value, dict) else None
    metadata = error.get("metadata") if isinstance(error, dict) else None
    inner = metadata.get("headers") if isinstance(metadata, dict) else None
    return {str(name).lower(): str(item) for name, item in inner.items()} if isinstance(inner, dict) else {}


def _line(text: str) -> str:
    return " ".join(text.replace("\x00", " ").split())  # PostgreSQL keeps no NUL


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that `Retry-After-Ms` or `Retry-After` asks for, the latter in seconds or as a date; None without."""
    milliseconds = _number(headers.get("retry-after-ms", ""))
    if milliseconds is not None:
        return milliseconds / 1000
    value = headers.get("retry-after", "").strip()
    seconds = _number(value)
    if seconds is not None:
        return seconds
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None


def wait_of(refusal: Refusal) -> float | None:
    """Seconds until another try: by the headers, else by the words, else by the limits that are used up."""
    if "perday" in "".join(refusal.codes):  # Gemini says a few seconds for it, too
        return math.inf
    asked = retry_after(refusal.headers)
    if asked is not None:
        return asked
    if said := _WAIT.search(refusal.words):
        return sum(float(number) * _SECONDS[unit.lower()] for number, unit in _LENGTH.findall(said[1]))
    if re.search(r"per.?day|daily", refusal.text):
        return _reset(refusal.headers) or math.inf
    return _reset(refusal.headers)


def _reset(headers: Mapping[str, str]) -> float | None:
    """When the limit is full again that has nothing left; of several the latest."""
    waits = []
    for name, value in headers.items():
        if "ratelimit" in name and "reset" in name:
            left = headers.get(name.replace("reset", "remaining"))
            if left is None or _number(left) == 0:
                waits.append(_until(value.strip()))
    return max((wait for wait in waits if wait is not None), default=None)


def _until(value: str) -> float | None:
    """Seconds from a number of them, a length (`6m0s`), a time since 1970 in seconds or milliseconds, or a date."""
    number, now = _number(value), datetime.now(UTC)
    if number is not None:
        since = number / 1000 if number > 1e11 else number
        return max(0.0, since - now.timestamp()) if since > 1e9 else since
    if _LENGTH.fullmatch(value) or re.fullmatch(r"(\d+(\.\d+)?(ms|h|m|s))+", value):
        return sum(float(size) * _SECONDS[unit.lower()] for size, unit in _LENGTH.findall(value))
    try:
        return max(0.0, (datetime.fromisoformat(value) - now).total_seconds())
    except (ValueError, TypeError):
        return None


def _number(value: str) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    return max(0.0, number) if not math.isnan(number) else None
