"""GET /health: whether each dependency of the desk answers, and the load of the machine. For balancers and people."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooSlow
from typing import Literal

import psutil
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from apps.desk.dependencies import Desk, DeskDep
from pressroom import logs
from pressroom.errors import DeadlinePassed, PressroomError
from pressroom.model.publish_runs import Overdue

SECONDS = 3.0
"""Longest wait for one dependency, in seconds."""

FRESH_SECONDS = 2.0
"""How many seconds an answer is reused: any client may send this request, so it must cost little."""

ESSENTIAL = "database"
"""Without it nothing here works. Without the others pages can be read and edited."""

Status = Literal["ok", "failing"]

router = APIRouter(tags=["operation"])
_log = logs.get_logger("pressroom.desk")


class Dependency(BaseModel):
    """One thing the desk needs."""

    status: Status
    milliseconds: float = Field(description="Until it answered, or failed.")


class Machine(BaseModel):
    """Use of memory, CPU and disk, of this machine or of the container."""

    memory_percent: float = Field(description="Used.")
    process_bytes: int = Field(description="Memory of this process.")
    cpu_percent: float = Field(description="Used since this was last asked for.")
    disk_percent: float = Field(description="Used, where HOME is.")


class Health(BaseModel):
    """The desk's health. degraded: a dependency that the desk can do without for a while does not answer."""

    status: Literal["ok", "degraded", "failing"]
    dependencies: dict[str, Dependency]
    machine: Machine


@router.get("/health", responses={503: {"model": Health, "description": "The database does not answer."}})
def health(request: Request, desk: DeskDep, response: Response) -> Health:
    """Report whether the desk works: 200 when it does, 503 when the database does not answer. Needs no sign-in."""
    found = _kept.of(desk, request.app.state.overdue)
    response.status_code = 503 if found.status == "failing" else 200
    return found


class _Kept:
    """The last answer, while it is fresh."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: tuple[float, Desk, Health] | None = None

    def of(self, desk: Desk, overdue: Callable[[], Overdue]) -> Health:
        with self._lock:
            if self._known and self._known[1] is desk and time.monotonic() - self._known[0] < FRESH_SECONDS:
                return self._known[2]
            found = _asked(desk, overdue)
            self._known = time.monotonic(), desk, found
            return found


_kept = _Kept()


def _asked(desk: Desk, overdue: Callable[[], Overdue]) -> Health:
    checks: dict[str, Callable[[], object]] = {
        ESSENTIAL: desk.database.check,
        "store": lambda: desk.store.exists("health"),
        "prefect": desk.orchestrator.health,
        "publishing": lambda: _check_due(overdue()),
    }
    pool = ThreadPoolExecutor(len(checks), thread_name_prefix="health")
    begun = time.perf_counter()
    waiting = {name: pool.submit(_timed, name, check) for name, check in checks.items()}
    found = {}
    for name, future in waiting.items():
        try:
            found[name] = future.result(max(0.0, SECONDS - (time.perf_counter() - begun)))
        except TooSlow:
            found[name] = Dependency(status="failing", milliseconds=SECONDS * 1000)
    pool.shutdown(wait=False)
    return Health(status=_overall(found), dependencies=found, machine=_machine(desk))


def _check_due(found: Overdue) -> None:
    """Raises `DeadlinePassed` when publications are due that no worker looks at."""
    if found.count:
        raise DeadlinePassed(str(found), hint="Start a worker: `pressroom up`, or the flow `publish`.")


def _timed(name: str, check: Callable[[], object]) -> Dependency:
    begun, status = time.perf_counter(), "ok"
    try:
        check()
    except PressroomError as error:
        _log.warning("health.failing", dependency=name, code=error.code, reason=str(error))
        status = "failing"
    return Dependency.model_validate({"status": status, "milliseconds": round((time.perf_counter() - begun) * 1000, 1)})


def _overall(found: dict[str, Dependency]) -> Literal["ok", "degraded", "failing"]:
    if found[ESSENTIAL].status != "ok":
        return "failing"
    return "ok" if all(each.status == "ok" for each in found.values()) else "degraded"


def _machine(desk: Desk) -> Machine:
    home = next(
        each for each in (desk.settings.home.absolute(), *desk.settings.home.absolute().parents) if each.exists()
    )
    disk = shutil.disk_usage(home)
    return Machine(
        memory_percent=psutil.virtual_memory().percent,
        process_bytes=psutil.Process().memory_info().rss,
        cpu_percent=psutil.cpu_percent(),
        disk_percent=round(disk.used / disk.total * 100, 1),
    )
