"""No text keeps a pattern busy: the time it takes grows with the length of whatever repeats, not with its square."""

from __future__ import annotations

import ast
import importlib
import os
import pkgutil
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import regex

import apps
import pressroom

Pattern = re.Pattern[str]

SHORT = 1_500
NOTHING, STOP = 0.0004, 1.0
"""Seconds of CPU: what a linear pattern takes at most for a short text, and after which a long one is ended."""

PREFIXES = ("", "x ", "1", "(", "http://", "<a ", "[", '"', "#", "@", "$", "<!--", "\n", "a: ", "key=", "sk-")
BEGINNINGS = PREFIXES if os.environ.get("TESTS_ALL_FAULTS") else PREFIXES[:1]
UNITS = (  # a character, or several
    *"aA1 \n\t\r.,-_$#@*'\"([{<>)]}`/\\:;!?&%+=~|^°€éß한中のカاไ９½²“’–…。\u200b\u00a0\u00ad\U0001f44d\ufe0f",
    *("a.", "a-", "a ", "aa ", "1,", "1.", "1 ", "1:", "A ", "@a", "#a", " \n", "\r\n", "a\n", "_a", "a/", "<a ", "]("),
    *("[a](b", "**", "$!", "1/", "http://", "www.a", "&a;", "a, ", "x='", "key=", "<!--", "{{", "三", "1万", "中。"),
    *("one ", "1st ", "10:00 ", "- ", "1) ", "a@", "a'", "$1", "%a", "```", "~~~\n", "```\n", "I am ", "A. "),
)
METHODS = ("match", "search", "sub", "subn", "fullmatch", "findall", "finditer", "split")


def _modules() -> Iterator[ModuleType]:
    for package in (pressroom, apps):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not re.search(r"\.(testing|migrations|__main__)", found.name):
                yield importlib.import_module(found.name)


def _held(value: Any, depth: int = 0) -> Iterator[Pattern]:
    """The patterns in a module's value: itself, or what it holds."""
    if isinstance(value, (re.Pattern, regex.Pattern)):
        yield value
    elif depth < 4 and isinstance(value, (list, tuple, set, frozenset)):
        for each in value:
            yield from _held(each, depth + 1)
    elif depth < 4 and hasattr(value, "items") and not isinstance(value, type):
        yield from _held(list(value.values()) if isinstance(value, dict) else [], depth + 1)
    elif depth < 4 and type(value).__module__.startswith(("pressroom.", "apps.")) and hasattr(value, "__dict__"):
        yield from _held(list(vars(value).values()), depth + 1)


def _written(tree: ast.Module) -> Iterator[tuple[Pattern, str]]:
    """Patterns that are given to a function of `re` where they are used, and that function's name."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id in {"re", "regex"}
            and node.func.attr in METHODS
            and node.args
            and isinstance(node.args[0], ast.Constant)
        ):
            yield (re if node.func.value.id == "re" else regex).compile(node.args[0].value), node.func.attr


def _made() -> Iterator[tuple[str, Pattern]]:
    """Patterns that functions make of data."""
    from pressroom.gates import moderation_words

    yield "innocent phrases", moderation_words._settings()["innocent"]
    for language in ("chinese", "japanese"):
        unspaced = moderation_words._list(language).unspaced
        assert unspaced
        yield f"words in {language}", unspaced


def _patterns() -> dict[Pattern, tuple[str, set[str]]]:
    """Every pattern of the product: where it is, and by which methods it is used."""
    found: dict[Pattern, tuple[str, set[str]]] = {pattern: (name, {"finditer"}) for name, pattern in _made()}
    for module in _modules():
        source = Path(module.__file__ or "").read_text("utf-8")
        for name, value in list(vars(module).items()):
            used = set(re.findall(rf"\b{re.escape(name)}\.({'|'.join(METHODS)})\b", source))
            for pattern in _held(value):
                found.setdefault(pattern, (f"{module.__name__}.{name}", set()))[1].update(used)
        for pattern, method in _written(ast.parse(source)):
            found.setdefault(pattern, (f"{module.__name__}, inline", set()))[1].add(method)
    return found


def _run_over(pattern: Pattern, methods: set[str], text: str) -> None:
    data: Any = text.encode() if isinstance(pattern.pattern, bytes) else text
    for method in methods & {"match", "fullmatch", "search"}:
        getattr(pattern, method)(data)
    if not methods or methods - {"match", "fullmatch", "search"}:
        for _ in pattern.finditer(data):
            pass


def _seconds(pattern: Pattern, methods: set[str], text: str) -> float:
    """Of CPU, at most `STOP`."""

    def stop(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGVTALRM, stop)
    begun = time.process_time()
    signal.setitimer(signal.ITIMER_VIRTUAL, STOP)
    try:
        _run_over(pattern, methods, text)
    except TimeoutError:
        pass
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    return time.process_time() - begun


def _grows(pattern: Pattern, methods: set[str], beginning: str, unit: str) -> bool:
    """Whether a text eight times as long takes more than sixteen times as long, twice."""

    def once() -> bool:
        short, long = (f"{beginning}{unit * (length // len(unit))}\0" for length in (SHORT, 8 * SHORT))
        first = _seconds(pattern, methods, short)
        return first > NOTHING and _seconds(pattern, methods, long) > 16 * first

    return once() and once()


@pytest.mark.timeout(300)
def test_a_text_that_repeats_takes_a_pattern_no_more_than_its_length() -> None:
    patterns = _patterns()
    assert len(patterns) > 200
    slow = [
        f"{name}: {beginning + unit!r}"
        for pattern, (name, methods) in patterns.items()
        for unit in UNITS
        for beginning in BEGINNINGS
        if _grows(pattern, methods, beginning, unit)
    ]
    assert slow == []
