"""Pictures that were ordered and are fetched later, by their number."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from uuid import uuid4

MOST = 100
"""Pictures kept; the oldest make way, as they do at the provider after a day."""

_made: OrderedDict[str, str] = OrderedDict()
_lock = Lock()


def keep(picture: str) -> str:
    """The number by which `picture`, in base64, is fetched."""
    number = f"{uuid4().hex}{uuid4().hex}"
    with _lock:
        _made[number] = picture
        while len(_made) > MOST:
            _made.popitem(last=False)
    return number


def kept(number: str) -> str | None:
    """The picture with this number, any number of times; None when not found."""
    with _lock:
        return _made.get(number)
