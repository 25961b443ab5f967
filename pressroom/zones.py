"""Time zones by their IANA names, and countries by their codes, with the newest rules that are at hand.

They are the system's, or those of the package tzdata. Python asks the system first: where it is old, a country that
has given up its summer time since would be an hour off, in what is shown and in what is planned.
"""

from __future__ import annotations

import os
import re
import zoneinfo
from functools import cache
from importlib import import_module, resources
from pathlib import Path
from zoneinfo import ZoneInfo

from pressroom.errors import WrongInput

_VERSION = re.compile(r"\d{4}[a-z]+")


def zone_of(name: str) -> ZoneInfo:
    """The IANA zone called `name`. Raises WrongInput where no zone has that name."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # what it raises differs with what the name looks like
        raise WrongInput(f"{name[:60]!r} is not a time zone.", hint="Use an IANA name such as Europe/Berlin.") from None


@cache
def countries() -> frozenset[str]:
    """Codes of all countries by ISO 3166-1 alpha-2, as the time zone database lists them."""
    lines = resources.files("tzdata").joinpath("zoneinfo/iso3166.tab").read_text("utf-8").splitlines()
    return frozenset(line[:2] for line in lines if not line.startswith("#"))


def use_newest() -> str:
    """Have this process read zones from the newer database, and return its version, as `2026b`; '' where not known.

    A database that `PYTHONTZPATH` names is used as it is.
    """
    system, package = _system_version(), _package_version()
    if package > system and "PYTHONTZPATH" not in os.environ:
        zoneinfo.reset_tzpath(to=())
        ZoneInfo.clear_cache()
        return package
    return system or package


def _system_version() -> str:
    """Of the folder that Python reads first; '' where there is no such folder, or it does not say."""
    for folder in map(Path, zoneinfo.TZPATH):
        for name in ("tzdata.zi", "+VERSION"):  # Linux, macOS and BSD
            if (folder / name).is_file():
                with (folder / name).open(encoding="utf-8", errors="replace") as file:
                    found = _VERSION.search(file.readline())
                return found[0] if found else ""
    return ""


def _package_version() -> str:
    try:
        return str(import_module("tzdata").IANA_VERSION)
    except ModuleNotFoundError:
        return ""
