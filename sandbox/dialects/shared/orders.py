"""Jobs: pictures that are ordered, take a while, and are fetched later by their number."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from uuid import uuid4

MOST = 100
"""Jobs kept; the oldest make way, as they do at the provider after a day."""


@dataclass
class Job:
    """picture: in base64. looks: how often it is asked about in vain. key: the client's own name for it, or ""."""

    number: str
    picture: str
    looks: int
    key: str = ""


_jobs: OrderedDict[str, Job] = OrderedDict()
_lock = Lock()


def order(picture: str, *, looks: int = 0, key: str = "") -> str:
    """The number by which `picture` is fetched; that of the job which came with the same `key`, if there is one."""
    with _lock:
        earlier = next((job for job in _jobs.values() if key and job.key == key), None)
        job = earlier or Job(f"{uuid4().hex}{uuid4().hex}", picture, looks, key)
        _jobs[job.number] = job
        while len(_jobs) > MOST:
            _jobs.popitem(last=False)
        return job.number


def is_known(number: str) -> bool:
    return number in _jobs


def fetched(number: str) -> str | None:
    """The picture with this number, any number of times; None while it is being made."""
    with _lock:
        job = _jobs[number]
        job.looks -= 1
        return job.picture if job.looks < 0 else None


def forget() -> None:
    """Every job: who comes with the key of one gets another."""
    with _lock:
        _jobs.clear()
