"""Owners of claims and leases: one process on one machine, and whether it still runs."""

from __future__ import annotations

import os
import socket
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from uuid import uuid4

from sqlalchemy import text
from sqlmodel import Session

from pressroom.store.tables import utc_now


@lru_cache(maxsize=1)
def _here() -> tuple[int, str]:
    """This process: its id (so that a fork is noticed) and its name."""
    return os.getpid(), f"{_machine()}/{os.getpid()}/{_started(os.getpid())}/{uuid4().hex[:8]}"


def _machine() -> str:
    """Where process ids mean the same: containers may share a host's name, yet number their processes apart."""
    try:
        space = Path("/proc/self/ns/pid").readlink().name.strip("pid:[]")
    except OSError:
        return socket.gethostname()
    return f"{socket.gethostname()}@{space}"


def this_process() -> str:
    """`host/pid/start/random`: unlike that of every other process, living or dead."""
    if _here()[0] != os.getpid():
        _here.cache_clear()
    return _here()[1]


def is_gone(owner: str, expires_at: datetime | None, now: datetime) -> bool:
    """True when `owner` no longer holds its claim.

    Another process of this machine holds it for as long as it runs, whatever any clock says. A process of another
    machine, and this process, which may have forgotten, hold it until `expires_at`.

    now: by the database's clock, as `expires_at` is: see `clock`.
    """
    if expires_at is None:
        return True
    machine, pid, started, _ = owner.split("/")
    if owner != this_process() and machine == _machine() and (state := _started(int(pid))) != "running":
        return state != started
    return expires_at <= now


def clock(session: Session) -> datetime:
    """The time that all processes agree on: the database server's; of SQLite, which has none, this machine's."""
    if session.get_bind().dialect.name == "sqlite":
        return utc_now()
    now: datetime = session.connection().scalar(text("SELECT clock_timestamp()"))
    return now.astimezone(UTC)


def process_here(owner: str) -> int | None:
    """The process id of an owner that lives on this machine; None for one elsewhere or gone."""
    machine, pid, started, _ = owner.split("/")
    here = machine == _machine() and _started(int(pid)) in {started, "running"}
    return int(pid) if here else None


def _started(pid: int) -> str:
    """When a process of this machine started, in clock ticks since boot.

    `gone` when there is no such process, `running` when there is one and nothing more can be learned.
    """
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return _started_without_proc(pid)
    return "gone" if state[0] == "Z" else state[19]


def _started_without_proc(pid: int) -> str:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return "gone"
    except PermissionError:
        pass
    return "running"
