"""Owners of claims and leases: one process on one machine, and whether it still runs."""

from __future__ import annotations

import os
import socket
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from uuid import uuid4

from pressroom.errors import RunBusy

if TYPE_CHECKING:
    from sqlmodel import Session


class Leased(Protocol):
    """A run, as far as its lease goes."""

    id: str
    day: date
    lease_owner: str | None
    lease_expires_at: datetime | None


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


def check_free(run: Leased, now: datetime) -> None:
    """Raises RunBusy when a process is making this run."""
    if run.lease_owner and not is_gone(run.lease_owner, run.lease_expires_at, now):
        machine, process, *_ = run.lease_owner.split("/")
        raise RunBusy(
            f"Run {run.id[:8]} for {run.day} is being made by process {process} on {machine.partition('@')[0]}.",
            hint=f"Wait, or run `pressroom cancel {run.id[:8]}`. If that process has died, the run frees itself.",
        )


def clock(session: Session) -> datetime:
    """The time that all processes agree on: the database server's; of SQLite, which has none, this machine's."""
    if session.get_bind().dialect.name == "sqlite":
        return datetime.now(UTC)
    from sqlalchemy import text

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
