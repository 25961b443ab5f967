"""No secret in anything that is shown or stored: known values, telling names and telling shapes become `***`.

Values are known from the settings, the environment and every account that is made; names (`api_key`, `token`, ...)
and shapes (`sk-...`, `Bearer ...`, a password in an address) catch those that were never registered.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import lru_cache
from typing import Any
from urllib.parse import quote, unquote

MASK = "***"
SHORTEST = 6
"""Fewer characters are no secret worth the name, and masking them would make every text unreadable."""

OFTEN = 48
"""Texts up to so many characters are ids and names, which come again and again: they are remembered."""

DEEPEST = 6
"""Levels of nesting that are looked into; what lies deeper is shown as masked text."""

_SECRET_NAME = re.compile(
    r"(api_?key|access_?key|private_?key|token|password|passwd|pwd|authorization|auth_string|cookie|signature)$"
    r"|secret|credential"
)
_OURS = re.compile(r"^(PRESSROOM|PREFECT|AWS|OPENAI|ANTHROPIC|GEMINI|GOOGLE|AZURE|STABILITY|ELEVENLABS|CLOUDINARY)_")
_SHAPES = re.compile(
    r"(?<![A-Za-z0-9])sk-[\w-]{8,}"  # OpenAI, Anthropic
    r"|(?<![A-Za-z0-9])AIza[\w-]{20,}"  # Google
    r"|(?i:(?<=bearer ))[\w.~+/=-]{6,}"
    r"|(?i:(?<=basic ))(?=\S*[0-9A-Z=])[A-Za-z0-9+/]{8,}={0,2}"
    r"|(?<=://)[^\s/?#@:\"']*+:[^\s/?#\"']*(?=@)"  # user:password@host
    r"|(?<=://)[^\s/?#@:\"']{16,}(?=@)"  # token@host
)
_ASSIGNED = re.compile(
    r"(?i)((?:api|access|private)[_-]?key|secret(?:[_-]?key)?|password|passwd|token|authorization|signature)"
    r"([\"']?\s*[:=]\s*[\"']?(?:(?:bearer|basic)\s+)?)([^\s\"'&,;)}\]]+)"
)
_HINTS = ("sk-", "aiza", "bearer", "basic", "://", "key", "token", "secret", "passw", "authorization", "signature")
"""One of these is in every text that the two patterns above change: most texts are spared them."""

MOST_PASSING = 500
"""Secrets that others take the place of (an access token an hour) are known up to this number, newest first."""

_known: dict[str, None] = {}
_passing: dict[str, None] = {}
_longest_first: tuple[str, ...] = ()
_generation = 0  # of what is known: what was masked before a secret was known is masked again
_registering = threading.Lock()


def register_secret(value: object, *, passing: bool = False) -> None:
    """Have `value` masked wherever it appears from now on: as it is, percent-encoded, and as `repr` shows it.

    passing: it is one of many that follow each other, and may be forgotten after `MOST_PASSING` others.
    """
    text = reveal(value).strip()
    if len(text) >= SHORTEST and text not in _known and not (passing and text in _passing):
        _know(dict.fromkeys((text, quote(text, safe=""), unquote(text), repr(text)[1:-1])), passing=passing)


def _know(more: dict[str, None], *, passing: bool) -> None:
    global _known, _passing, _longest_first, _generation  # noqa: PLW0603 (one registry a process)
    with _registering:
        if passing:
            newest = list({**_passing, **more})[-MOST_PASSING:]
            _passing = dict.fromkeys(newest)
        else:
            _known = {**_known, **more}
        _longest_first = tuple(sorted({**_known, **_passing}, key=len, reverse=True))
        _generation += 1


def register_address(address: str) -> None:
    """Have the password (or the token in its place) of an address masked, if it has one."""
    user, _, password = _user_info(address).partition(":")
    register_secret(password or (user if len(user) >= 16 else ""))


def register_environment(environment: Mapping[str, str] = os.environ) -> None:
    """Have every variable masked that is ours (or a library's of ours) and is called like a secret."""
    for name, value in environment.items():
        if _OURS.match(name) and is_secret_name(name):
            register_secret(value)


def register_fields(holder: Any) -> None:
    """Have every secret among the fields of a pydantic model masked, and the passwords in its addresses."""
    for name in type(holder).model_fields:
        _register_all(getattr(holder, name, None))


def _register_all(value: object) -> None:
    if hasattr(value, "get_secret_value"):
        register_secret(value)
        register_address(reveal(value))
    elif isinstance(value, str):
        if "://" in value:
            register_address(value)
    elif isinstance(value, Mapping):
        _register_each(value.values())
    elif isinstance(value, (list, tuple)):
        _register_each(value)
    elif hasattr(type(value), "model_fields"):
        register_fields(value)


def _register_each(values: Iterable[object]) -> None:
    for value in values:
        _register_all(value)


def forget() -> None:
    """Know no secret any more: for tests."""
    global _known, _passing, _longest_first, _generation  # noqa: PLW0603
    with _registering:
        _known, _passing, _longest_first = {}, {}, ()
        _generation += 1


def reveal(value: object) -> str:
    """The text of a `SecretStr`, or of anything else."""
    get = getattr(value, "get_secret_value", None)
    found = get() if get else value
    return found.decode("utf-8", "replace") if isinstance(found, bytes) else str(found)


@lru_cache(maxsize=2048)
def is_secret_name(name: str) -> bool:
    return _SECRET_NAME.search(name.lower().replace("-", "_")) is not None


def mask(text: str) -> str:
    """`text` without secrets."""
    return _mask_often(text, _generation) if len(text) <= OFTEN else _mask(text)


def _mask(text: str) -> str:
    for secret in _longest_first:  # one pattern of them all took a third of a millisecond a secret to make again
        if secret in text:
            text = text.replace(secret, MASK)
    folded = text.lower()
    if not any(hint in folded for hint in _HINTS):
        return text
    return _ASSIGNED.sub(rf"\1\2{MASK}", _SHAPES.sub(MASK, text))


@lru_cache(maxsize=2048)
def _mask_often(text: str, _generation: int) -> str:
    return _mask(text)


def scrub(value: object, depth: int = 0) -> Any:
    """`value` as plain data (numbers, text, lists, dicts) without secrets: fit for JSON, whatever it was."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if hasattr(value, "get_secret_value"):
        return MASK
    if isinstance(value, Mapping) and depth < DEEPEST:
        return {mask(str(name)): scrub_named(str(name), each, depth + 1) for name, each in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)) and depth < DEEPEST:
        return [scrub(each, depth + 1) for each in value]
    return mask(f"{type(value).__name__}: {value}" if isinstance(value, BaseException) else reveal(value))


def scrub_named(name: str, value: object, depth: int = 0) -> Any:
    """`value`, masked whole when what it is called says that it is a secret."""
    if value is None or isinstance(value, bool) or not is_secret_name(name):
        return scrub(value, depth)
    return MASK


def clean(error: BaseException) -> None:
    """Mask what an error and its causes say, in place: others print them, and keep them."""
    seen: set[int] = set()
    at: BaseException | None = error
    while at is not None and id(at) not in seen:
        seen.add(id(at))
        at.args = tuple(_cleaned(value) for value in at.args)
        for name, value in list(vars(at).items()):
            with suppress(AttributeError, TypeError):  # some errors' fields can't be set
                setattr(at, name, _cleaned(value))
        at = at.__cause__ or at.__context__


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return mask(value)
    if type(value) in (list, tuple):
        return type(value)(_cleaned(each) for each in value)
    return value


def _user_info(address: str) -> str:
    """The part of an address before the last `@` of its host part; empty without one."""
    authority = re.split(r"[/?#]", address.partition("://")[2], maxsplit=1)[0]
    return authority.rpartition("@")[0]
