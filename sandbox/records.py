"""A log of the requests to the server, with counts."""

from __future__ import annotations

import hashlib
import time
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from threading import Lock
from typing import Any

SECRET_HEADERS = frozenset(
    {"authorization", "x-api-key", "api-key", "xi-api-key", "x-goog-api-key", "ocp-apim-subscription-key", "cookie"}
)
PICTURED = ("data", "url")
"""Fields that hold a picture in base64, or a data address with one."""
LONGEST_FIELD = 200


@dataclass
class Record:
    """One request and what became of it.

    started: Unix time, seconds; seconds: until the answer was ready; in_flight: requests under way when it
    arrived, itself included; status: 0 while none was sent; outcome: `answered`, `scripted`, `refused` (key,
    model, rate or shape), `client_gone`, or a fault's name; said: the model's text as sent, output_tokens: its
    length; counted: tokens the provider counts against those a minute.
    """

    number: int
    dialect: str
    method: str
    path: str
    headers: dict[str, str]
    started: float
    in_flight: int
    body: Any = None
    purpose: str = ""
    format: str = ""
    model: str = ""
    status: int = 0
    outcome: str = ""
    seconds: float = 0.0
    said: str = ""
    output_tokens: int = 0
    counted: int = 0
    _clock: float = field(default_factory=time.perf_counter, repr=False)

    def as_dict(self) -> dict[str, Any]:
        return {key: value for key, value in asdict(self).items() if not key.startswith("_")}


def without_secrets(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name not in SECRET_HEADERS}


def without_pictures(value: Any) -> Any:
    """A body as it is remembered: pictures in it by their length and hash, since a hundred of them fill the memory."""
    match value:
        case dict():
            return {key: _brief(item) if key in PICTURED else without_pictures(item) for key, item in value.items()}
        case list():
            return [without_pictures(item) for item in value]
        case _:
            return value


def _brief(value: Any) -> Any:
    if not isinstance(value, str) or len(value) < LONGEST_FIELD or " " in value:
        return without_pictures(value)
    head, _, data = value.rpartition(",")  # a data address begins with its type
    return f"{head or 'base64'}, {len(data)} characters, {hashlib.sha256(data.encode()).hexdigest()}"


class Log:
    """History and counts; safe to read from any thread while the server works."""

    def __init__(self, size: int) -> None:
        self._lock = Lock()
        self._records: deque[Record] = deque(maxlen=size)
        self._counts: dict[str, Counter[str]] = {}
        self._open = self._peak = self._total = 0

    def begin(self, dialect: str, method: str, path: str, headers: Mapping[str, str]) -> Record:
        with self._lock:
            self._total += 1
            self._open += 1
            self._peak = max(self._peak, self._open)
            shown = without_secrets(headers)
            record = Record(self._total, dialect, method, path, shown, time.time(), self._open)
            self._records.append(record)
            return record

    def end(self, record: Record) -> None:
        with self._lock:
            self._open -= 1
            record.seconds = round(time.perf_counter() - record._clock, 6)
            for by, key in (
                ("dialect", record.dialect),
                ("path", record.path),
                ("purpose", record.purpose),
                ("format", record.format),
                ("model", record.model),
                ("status", str(record.status)),
                ("outcome", record.outcome),
            ):
                if key:
                    self._counts.setdefault(by, Counter())[key] += 1

    def history(self) -> list[Record]:
        with self._lock:
            return list(self._records)

    def counts(self) -> dict[str, Any]:
        """`total`, `in_flight`, `peak`, and numbers by dialect, path, purpose, format, model, status, outcome."""
        with self._lock:
            by = {key: dict(counter) for key, counter in self._counts.items()}
            return {"total": self._total, "in_flight": self._open, "peak": self._peak, **by}
