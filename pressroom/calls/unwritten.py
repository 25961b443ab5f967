"""Answers that are paid for and could not be written: the database was full, or away for longer than it is waited for.

They are kept beside it: in memory, and in small files of the home (of the machine's temporary folder where the home is
full, too), so that a later call, also in the next process, writes them down before it asks for anything again.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any

from pressroom.errors import DatabaseUnusable
from pressroom.settings import settings

FOLDER = "unwritten"
TIMES = ("answered_at",)

LOGGER = logging.getLogger("pressroom.ledger")

_lock = Lock()
_held: dict[tuple[str, str], dict[str, Any]] = {}
"""By database and call."""


def put_by(database: str, call_id: str, values: dict[str, Any]) -> None:
    """Keep the columns of that call for later. database: its address, of which only a hash is kept."""
    with _lock:
        _held[_hash(database), call_id] = values
        kept = next((str(one) for one in _folders(database) if _saved(one, call_id, values)), "memory alone")
    LOGGER.error("The database can't be written: a paid answer is kept in %s until it can.", kept)


def holds(database: str, call_id: str) -> bool:
    return (_hash(database), call_id) in _held


def write_down(database: str, update: Callable[..., None]) -> None:
    """Write what was put by, here or by an earlier process; whatever can't be written yet stays.

    update: of a call by its id, with its columns.
    """
    with _lock, suppress(DatabaseUnusable):
        key = _hash(database)
        mine = {call_id: values for (where, call_id), values in _held.items() if where == key}
        for call_id, values in {**_found(database), **mine}.items():
            update(call_id, **values)
            _held.pop((key, call_id), None)
            for folder in _folders(database):
                with suppress(OSError):
                    (folder / f"{call_id}.json").unlink()


def _folders(database: str) -> tuple[Path, ...]:
    """Places for them, the best first; the last one lies on another disk, often."""
    mine = f"pressroom-{os.getuid()}" if hasattr(os, "getuid") else "pressroom"
    homes = (settings().home.absolute(), Path(tempfile.gettempdir()) / mine)
    return tuple(home / FOLDER / _hash(database) for home in homes)


def _hash(database: str) -> str:
    return hashlib.sha256(database.encode()).hexdigest()[:12]


def _saved(folder: Path, call_id: str, values: dict[str, Any]) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = folder / f".{call_id}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(values, file, default=datetime.isoformat)
        draft.replace(folder / f"{call_id}.json")
    except OSError:
        return False
    return True


def _found(database: str) -> dict[str, dict[str, Any]]:
    found = {}
    for folder in _folders(database):
        if not folder.is_dir() or folder.stat().st_uid != os.getuid():  # another user's folder isn't read
            continue
        for file in sorted(folder.glob("*.json")):
            with suppress(OSError, ValueError):
                found[file.stem] = _times(json.loads(file.read_text("utf-8")))
    return found


def _times(values: dict[str, Any]) -> dict[str, Any]:
    return {name: datetime.fromisoformat(value) if name in TIMES else value for name, value in values.items()}
