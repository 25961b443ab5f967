"""The machine a figure was measured on, the load it was under, and the versions that were measured."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

BUSY = 0.5
"""Load average per core from which figures are no longer the program's own."""


def describe(packages: Sequence[str]) -> str:
    """Lines about the machine and the versions of `packages`."""
    now = datetime.now(UTC)
    return "\n".join(
        [
            f"{now:%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, {platform.system()} {platform.machine()}",
            f"Python {platform.python_version()}, " + ", ".join(f"{name} {_version(name)}" for name in packages),
            load(),
        ]
    )


def load() -> str:
    """The load average of the last 1, 5 and 15 minutes; a warning when the machine was busy with other things."""
    try:
        now, five, fifteen = os.getloadavg()
    except OSError:
        return "load average unknown"
    busy = now / (os.cpu_count() or 1) > BUSY
    return f"load average {now:.2f} {five:.2f} {fifteen:.2f}" + (" (busy: figures suffer)" if busy else "")


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"
