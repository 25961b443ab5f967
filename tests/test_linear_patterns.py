"""No text keeps a pattern busy: each takes at most a second of one core for a megabyte of whatever repeats."""

from __future__ import annotations

import ast
import importlib
import os
import pkgutil
import re
import signal
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import regex

import apps
import pressroom

Pattern = re.Pattern[str]

LENGTH, MEGABYTE = 300, 1_000_000
SECOND, SECONDS = 1.0, 3.0
"""Of CPU, for a megabyte of one character, or of several that repeat.

Shorter texts are tried first: one that takes less than its share is no suspect."""

PREFIXES = ("", "x ", "1", "(", "http://", "<a ", "[", '"', "#", "@", "$", "<!--", "\n", "a: ", "key=", "sk-")
THOROUGH = bool(os.environ.get("TESTS_ALL_FAULTS"))
BEGINNINGS = len(PREFIXES) if THOROUGH else 4
UNITS = (  # a character, or several
    *"aA1 \n\t\r.,-_$#@*'\"([{<>)]}`/\\:;!?&%+=~|^°€éß한中のカاไ９½²“’–…。\u200b\u00a0\u00ad\U0001f44d\ufe0f",
    *("a.", "a-", "a ", "aa ", "1,", "1.", "1 ", "1:", "A ", "@a", "#a", " \n", "\r\n", "a\n", "_a", "a/", "<a ", "]("),
    *("[a](b", "**", "$!", "1/", "http://", "www.a", "&a;", "a, ", "x='", "key=", "<!--", "{{", "三", "1万", "中。"),
    *("one ", "1st ", "10:00 ", "- ", "1) ", "a@", "a'", "$1", "%a", "```", "~~~\n", "```\n", "I am ", "A. "),
)
USUAL = (*"a1 \n.,-_$#@(<[`{/:*三", "a ", "1,", "a.", "<a ", "$!")
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


def _run(pattern: Pattern, methods: set[str], texts: Iterable[str]) -> None:
    for text in texts:
        _run_over(pattern, methods, text)


def _run_over(pattern: Pattern, methods: set[str], text: str) -> None:
    data: Any = text.encode() if isinstance(pattern.pattern, bytes) else text
    for method in methods & {"match", "fullmatch", "search"}:
        getattr(pattern, method)(data)
    if not methods or methods - {"match", "fullmatch", "search"}:
        for _ in pattern.finditer(data):
            pass


def _is_slow(pattern: Pattern, methods: set[str], texts: Sequence[str], seconds: float) -> bool:
    def stop(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGVTALRM, stop)
    begun = time.process_time()
    try:
        signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
        try:
            _run(pattern, methods, texts)
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    except TimeoutError:
        return True
    finally:
        signal.signal(signal.SIGVTALRM, before)
    return time.process_time() - begun > seconds


def _takes_long(pattern: Pattern, methods: set[str], *texts: str, most: float = SECOND) -> bool:
    """Whether it takes more than the texts' share of a megabyte's second; of short ones, than half of that."""
    length = sum(map(len, texts))
    return _is_slow(pattern, methods, texts, most * length / MEGABYTE / (1 if len(texts[0]) > LENGTH * 20 else 2))


def _is_slow_from(prefix: str, unit: str, pattern: Pattern, methods: set[str]) -> bool:
    most = SECOND if len(unit) == 1 else SECONDS
    texts = (f"{prefix}{unit * (length // len(unit))}\0" for length in (MEGABYTE // 120, MEGABYTE))
    return all(_takes_long(pattern, methods, text, most=most) for text in texts)


def _texts(unit: str, length: int, methods: set[str]) -> list[str]:
    """Runs of `unit` after each beginning, each with an end that fits nothing; as one text where all are looked for."""
    run = unit * (length // len(unit))
    texts = [f"{prefix}{run}\0" for prefix in PREFIXES[:BEGINNINGS]]
    return texts if methods & {"match", "fullmatch", "search"} else ["\n".join(texts)]


@pytest.mark.timeout(300)
def test_a_megabyte_of_anything_that_repeats_takes_a_pattern_at_most_a_second() -> None:
    slow = []
    patterns = _patterns()
    assert len(patterns) > 200
    for pattern, (name, methods) in patterns.items():
        texts = [text for unit in (UNITS if THOROUGH else USUAL) for text in _texts(unit, LENGTH, methods)]
        if not _takes_long(pattern, methods, *texts):
            continue
        for unit in UNITS if THOROUGH else USUAL:
            if any(_takes_long(pattern, methods, text) for text in _texts(unit, LENGTH, methods)) and any(
                _is_slow_from(prefix, unit, pattern, methods) for prefix in PREFIXES[:BEGINNINGS]
            ):
                slow.append(f"{name}: {unit!r}")
                break
    assert slow == []
