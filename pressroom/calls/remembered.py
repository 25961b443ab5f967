"""The process keeps what it learns of the models at an endpoint in memory, and in a file of the home for the next one.

Losing the file costs a refused request or two, which are free. A fact is forgotten after a month: endpoints grow.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from datetime import timedelta
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import Any
from uuid import uuid4

from pressroom.settings import settings
from pressroom.store.tables import utc_now

FILE = "endpoints.json"
KEPT = timedelta(days=30)

_lock = Lock()
_known: dict[Path, dict[str, dict[str, Any]]] = {}


def facts(address: str, model: str) -> dict[str, Any]:
    """Returns the facts of `model` at `address`; empty for a new one."""
    with _lock:
        return dict(_all().get(_key(address, model), {}))


def remember(address: str, model: str, known: dict[str, Any]) -> None:
    """Put `known` in the place of what was known. A home that can't be written is no reason to fail."""
    with _lock:
        entry = {"model": model, "learnt": utc_now().date().isoformat(), **known}
        _all()[_key(address, model)] = entry
        path = _path()
        with suppress(OSError):
            _write(path, {**_read(path), _key(address, model): entry})


def forget() -> None:
    """Clears the memory; the file stays."""
    with _lock:
        _known.clear()


@lru_cache(maxsize=1)
def models() -> dict[str, Any]:
    """`models.json`: the models that documentation names, those that think, and the day it was checked."""
    data: dict[str, Any] = json.loads(files("pressroom.calls").joinpath("models.json").read_text("utf-8"))
    return data


def _all() -> dict[str, dict[str, Any]]:
    path = _path()
    if path not in _known:
        oldest = (utc_now().date() - KEPT).isoformat()
        _known[path] = {key: entry for key, entry in _read(path).items() if str(entry.get("learnt")) >= oldest}
    return _known[path]


def _path() -> Path:
    return (settings().home / FILE).absolute()


def _key(address: str, model: str) -> str:
    """No address stands in the file: it may hold a password."""
    return hashlib.sha256(f"{address}\n{model}".encode()).hexdigest()[:16]


def _read(path: Path) -> dict[str, dict[str, Any]]:
    try:
        value = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return {key: entry for key, entry in value.items() if isinstance(entry, dict)} if isinstance(value, dict) else {}


def _write(path: Path, value: dict[str, dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{uuid4().hex[:8]}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(value, file, indent=1, sort_keys=True)
    draft.replace(path)
