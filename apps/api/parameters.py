"""Kinds of parameters that several routes take, kept to what a database takes too."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Path
from pydantic import AfterValidator, AwareDatetime

FIRST_YEAR, LAST_YEAR = 1970, 2999


def _in_reach(moment: datetime) -> datetime:
    """Returns `moment` if its year is in range: at the ends of the calendar a moment may have no equivalent in UTC.

    Raises:
        ValueError: the year is out of range.
    """
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError(f"The year must be between {FIRST_YEAR} and {LAST_YEAR}")
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(_in_reach)]
"""A time with its zone."""

ID = r"^[0-9a-f]{1,32}$"
Id = Annotated[str, Path(pattern=ID, examples=["4f0c2e9a7b3d4c1e8f6a5b4c3d2e1f00"])]
"""The id of a row, in the address."""
