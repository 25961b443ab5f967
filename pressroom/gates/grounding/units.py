"""Units and currencies beside a number, and when a figure in one unit is grounded by a figure in another."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache

from pressroom.gates.grounding.data import rules
from pressroom.gates.grounding.spans import folded

_BEFORE = re.compile(r"(US\$|A\$|\$|€|£|¥|USD|EUR|GBP|JPY|CHF) ?$")


def unit_before(text: str, start: int) -> tuple[str, int]:
    """The currency in front of a number and where it begins; `("", start)` for none."""
    found = _BEFORE.search(text, max(0, start - 5), start)
    return (_units()[found[1].lower()], found.start()) if found else ("", start)


def unit_behind(text: str, end: int) -> tuple[str, int]:
    """The unit behind a number and where it ends; `("", end)` for none."""
    found = _behind().match(text, end)
    return (_units()[folded(found[1])], found.end()) if found else ("", end)


@lru_cache(maxsize=256)
def worth(unit: str) -> tuple[tuple[str, Fraction], ...]:
    """The things that `unit` measures, with how much one of it is: `hour` as 3600 of `time`."""
    own = rules()["units"]["worth"].get(unit)
    return tuple((measured, Fraction(much)) for measured, much in own.items()) if own else ((unit, Fraction(1)),)


def left_out(said: str, known: str) -> bool:
    """True when `said` and `known` agree where one of them is bare: any unit may be missing but the strict ones.

    A bare figure may be said for one with a unit, unless that is a part of a whole.
    """
    if said:
        return not known and said not in rules()["units"]["strict"]
    return worth(known)[0][0] != "share"


@lru_cache(maxsize=1)
def _units() -> dict[str, str]:
    return {folded(form): unit for unit, forms in rules()["units"]["forms"].items() for form in forms}


@lru_cache(maxsize=1)
def _behind() -> re.Pattern[str]:
    forms = "|".join(re.escape(form) for form in sorted(_forms(), key=len, reverse=True))
    return re.compile(rf"[ -]?(?:(?:de |of )|d['’])?({forms})(?![A-Za-z\u00c0-\u024f\d])", re.I)


def _forms() -> set[str]:
    return {form for forms in rules()["units"]["forms"].values() for one in forms for form in (one, folded(one))}
