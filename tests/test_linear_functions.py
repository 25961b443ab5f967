"""No text that repeats keeps a function busy: the time of each that reads users' words grows with their length."""

from __future__ import annotations

import importlib
import inspect
import os
import pkgutil
import signal
import time
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any, get_type_hints

import pytest

from pressroom import gates, platforms, sources, writing
from pressroom.gates.grounding import Source
from pressroom.model import Document, Excerpt, Idea, Part, Preferences, Section
from pressroom.sources.shared.declare import Content
from tests.test_linear_patterns import UNITS

Run = Callable[[str], object]

EVERY = bool(os.environ.get("TESTS_ALL_FAULTS"))
SHORT = 6_250 if EVERY else 500
NOTHING, STOP = 0.004, 8.0
"""Seconds of CPU: what a linear function takes at most for a short text, and after which a long one is ended."""
MORE = ("#1 ", "1 ", '"a" ', "Ann Lee ", "1 May ", "one in ", "½", "not ", "10% ", "@a #b ", "+49 30 12 ", "Ann said ")
FEW = ("a", " ", "[", "*", "<a ", "(", "中", *MORE[:7])
CHOSEN = (*UNITS, *MORE) if EVERY else FEW

_ELSEWHERE = (
    "fetching",
    "isolation",
    "worker",
    "files",
    "following",
    "reading",
    "batch_gate",
    "declare",
    "sources.pictures",
)
"""Modules that fetch, open files or start processes, rather than read words."""
_PROSE = "The workshop repaired 40 cargo bikes in May 2025, and Ann Lee said “each one rides again” at 9:30. " * 10


def _document(text: str) -> Document:
    return Document(source="a", kind="text", title="Bikes", sections=(Section(text=text),))


_SOURCE = Source.of(_document(_PROSE))
_IDEA = Idea(title="Bikes", description="Of bikes.", category="bikes")
_TEXTS: dict[object, Callable[[str], object]] = {
    str: lambda text: text,
    bytes: str.encode,
    Document: _document,
    Excerpt: lambda text: Excerpt(title="Bikes", text=text),
    Idea: lambda text: Idea(title=text, description=text, category="bikes"),
    Part: lambda text: Part(label="Text", text=text),
    Content: lambda text: Content(text.encode(), "a", "https://example.net/a"),
}
_OTHERS: dict[object, object] = {Source: _SOURCE, Preferences: Preferences(), int: 5_000, bool: False}


def _modules() -> Iterator[ModuleType]:
    for package in (gates, writing, sources, platforms):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not any(f".{name}" in found.name for name in _ELSEWHERE):
                yield importlib.import_module(found.name)


def _functions() -> Iterator[tuple[str, Run]]:
    """Every public function that can be called with a text, by its name."""
    for module in _modules():
        for name, value in vars(module).items():
            own = inspect.isfunction(value) and value.__module__ == module.__name__ and not name.startswith("_")
            if own and (run := _run(value)) is not None:
                yield f"{module.__name__}.{name}", run


def _run(function: Callable[..., object]) -> Run | None:
    """Calls `function` with a text for the first argument that takes one; None where an argument is unknown."""
    try:
        hints = get_type_hints(function)
    except NameError:
        return None
    needed = [
        each for each in inspect.signature(function).parameters.values() if each.default is inspect.Parameter.empty
    ]
    makers: dict[str, Callable[[str], object]] = {}
    for parameter in needed:
        if (maker := _maker(parameter.name, hints.get(parameter.name))) is None:
            return None
        makers[parameter.name] = maker
    if not any(hints[name] in _TEXTS or "str" in str(hints[name]) or "Part" in str(hints[name]) for name in makers):
        return None

    def run(text: str) -> object:
        made = {name: maker(text) for name, maker in makers.items()}
        first = [made.pop(each.name) for each in needed if each.kind is not inspect.Parameter.KEYWORD_ONLY]
        found = function(*first, **made)
        return list(found) if isinstance(found, Iterator) else found

    return run


def _maker(name: str, hint: Any) -> Callable[[str], object] | None:
    if name in ("language", "lang", "code"):
        return lambda _: "en"
    if hint in _OTHERS:
        return lambda _: _OTHERS[hint]
    if hint in _TEXTS:
        return _TEXTS[hint]
    inner = getattr(hint, "__args__", ())
    if inner and inner[0] in (str, Part) and getattr(hint, "__origin__", None) is not dict:
        return lambda text: (_TEXTS[inner[0]](text),)
    return None


def _seconds(run: Run, text: str) -> float:
    """Of CPU, at most `STOP`."""

    def stop(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGVTALRM, stop)
    begun = time.process_time()
    signal.setitimer(signal.ITIMER_VIRTUAL, STOP)
    try:
        run(text)
    except Exception:  # a refusal is an answer too
        pass
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    return time.process_time() - begun


def _grows(run: Run, unit: str) -> bool:
    """Whether a text eight times as long takes more than sixteen times as long, three times over."""

    def once() -> bool:
        short, long = ((unit * (length // len(unit) + 1))[:length] + "\0." for length in (SHORT, 8 * SHORT))
        allowed = 16 * max(NOTHING, _seconds(run, short))
        return _seconds(run, long) > allowed

    return all(once() for _ in range(3))


@pytest.mark.timeout(300)
def test_a_text_that_repeats_takes_a_function_no_more_than_its_length() -> None:
    functions = dict(_functions())
    assert len(functions) > 100
    for run in functions.values():
        _seconds(run, _PROSE)  # reads its lists of words
    assert [f"{name}: {unit!r}" for name, run in functions.items() for unit in CHOSEN if _grows(run, unit)] == []
