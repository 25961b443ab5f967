"""Parts of a whole and amounts that have words of their own: `two thirds`, `one in four`, `half an hour`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache

from pressroom.gates.grounding.data import rules
from pressroom.gates.grounding.digits import SHARING, Amount
from pressroom.gates.grounding.figure import Figure
from pressroom.gates.grounding.roles import BARE
from pressroom.gates.grounding.spans import Span

_FRACTION = re.compile(r"(?<![\d/.,])(?<!\d )(\d{1,2})[/⁄](\d{1,2})(?![\d/])")


def shares(text: str, language: str) -> Iterator[Figure]:
    """Parts of a whole: `two thirds`, `2/3`, `die Hälfte`."""
    for pattern, part in _share_patterns(language):
        for match in pattern.finditer(text):
            yield Figure(Span(match[0], *match.span()), frozenset({Fraction(part)}), frozenset({"share"}))
    for match in _FRACTION.finditer(text):
        if 0 < int(match[1]) < int(match[2]):
            value = frozenset({Fraction(int(match[1]), int(match[2]))})
            yield Figure(Span(match[0], *match.span()), value, frozenset({"share"}))


def ratios(text: str, language: str) -> Iterator[Figure]:
    """Parts of a whole by two numbers, `one in four`, and those two numbers by themselves; `every fourth`."""
    for pattern in _ratio_patterns(language):
        for match in pattern.finditer(text):
            found = match.groupdict()
            if "part" in found:
                parts, whole = 1, _index(found["part"], "ordinals", language) + 1
            else:
                parts, whole = (_index(found[name], "numbers", language) for name in ("n", "m"))
            if not 0 < parts < whole <= 100:
                continue
            value = frozenset({Fraction(parts, whole)})
            yield Figure(Span(match[0], *match.span()), value, frozenset({"share"}))
            for name in ("n", "m") if "n" in found else ():
                span = Span(match[name], *match.span(name))
                worth = frozenset({Fraction(_index(found[name], "numbers", language))})
                yield Figure(span, worth, roles=frozenset({BARE}), within=True)


def _index(word: str, table: str, language: str) -> int:
    """The number that a word of a ratio stands for: its place in the table, from one on."""
    if word.isdecimal():
        return int(word)
    forms = rules()["ratios"][table][language].split()
    return next(at for at, form in enumerate(forms, 1) if re.fullmatch(form, word, re.I))


@lru_cache(maxsize=8)
def _ratio_patterns(language: str) -> tuple[re.Pattern[str], ...]:
    own = rules()["ratios"]
    if language not in own:
        return ()
    numbers = "|".join(own["numbers"][language].split())
    ordinals = "|".join(own["ordinals"].get(language, "").split())
    named = {"{n}": rf"(?P<n>\d{{1,2}}|{numbers})", "{m}": rf"(?P<m>\d{{1,3}}|{numbers})"}
    named["{ordinal}"] = f"(?P<part>{ordinals})"
    whole = "{}" if language == "ja" else r"(?<![\w.,/-]){}(?![\w/-]|[.,]\d)"
    return tuple(re.compile(whole.replace("{}", _filled(form, named)), re.I) for form in own[language])


def _filled(form: str, named: dict[str, str]) -> str:
    for name, pattern in named.items():
        form = form.replace(name, pattern)
    return form


@lru_cache(maxsize=8)
def _set_patterns(language: str) -> tuple[tuple[re.Pattern[str], str, str], ...]:
    edges = ("", "") if language == "ja" else (r"(?<![\w-])", r"(?![\w-])")
    own = rules()["amounts"].get(language, [])
    return tuple((re.compile(f"(?:{pattern})".join(edges), re.I), value, unit) for pattern, value, unit in own)


@lru_cache(maxsize=8)
def _share_patterns(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    own = rules()["shares"].get(language, [])
    edge = "" if language == "ja" else r"(?![\w-])"
    start = "" if language == "ja" else r"(?<![\w-])"
    return tuple((re.compile(rf"{start}(?:{pattern}){edge}", re.I), value) for pattern, value in own)


def set_amounts(text: str, language: str) -> Iterator[Amount]:
    """Amounts that have words of their own: `half an hour`, `half a million`."""
    for pattern, value, unit in _set_patterns(language):
        for match in pattern.finditer(text):
            scale = Fraction(value) if Fraction(value) >= SHARING else Fraction(1)
            yield Amount(Span(match[0], *match.span()), frozenset({Fraction(value)}), scale, worded=True, unit=unit)
