"""Numbers in kanji: `三千二百`, `十二`, and digits before a kanji scale: `3億5000万`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from pressroom.gates.grounding.spans import Span

_DIGITS = {kanji: value for value, kanji in enumerate("〇一二三四五六七八九")}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "億": 10**8, "兆": 10**12}
_PLAIN = "(?:[0-9][0-9,]{0,29}+(?:[.][0-9]{1,9}+)?+|[〇一二三四五六七八九]{1,30}+)"
_STEP = f"(?:{_PLAIN}[十百千]?+|[十百千])"
_GROUP = f"{_STEP}{{1,6}}+"
_NUMBER = re.compile(
    "(?<![0-9〇一二三四五六七八九十百千])(?<![0-9][,.])"
    f"(?:(?:{_GROUP}兆)?(?:{_GROUP}億)?{_GROUP}万(?:{_GROUP})?|(?:{_GROUP}兆)?{_GROUP}億(?:{_GROUP})?"
    f"|{_GROUP}兆(?:{_GROUP})?|[〇一二三四五六七八九十百千]{{1,30}})"
)
"""The larger scale first: `3万一億` is two numbers."""

_ANY = re.compile(f"[{''.join((*_DIGITS, *_SMALL, *_LARGE))}]")
_STEPS = re.compile(f"({_PLAIN})?([十百千])?")
_COUNTED = re.compile(
    r"(?:人|年|月|日|円|個|件|社|回|時|分|秒|歳|台|本|枚|倍|割|度|か|カ|ヶ|週|世帯|つ|名|店|校|冊|階|位|キロ|メートル|パーセント|%|ドル|ユーロ)"
)


def kanji_numbers(text: str) -> Iterator[tuple[Span, Fraction]]:
    """Numbers with a kanji in them; of one or two kanji only what something is counted with."""
    if not _ANY.search(text):
        return
    for match in _NUMBER.finditer(text):
        if len(match[0]) > 2 or _COUNTED.match(text, match.end()):
            yield Span(match[0], *match.span()), worth(match[0])


def worth(number: str) -> Fraction:
    """`三千二百` as 3200."""
    total, rest = Fraction(0), number
    for kanji, scale in sorted(_LARGE.items(), key=lambda item: -item[1]):
        if kanji in rest:
            group, _, rest = rest.partition(kanji)
            total += _group(group) * scale
    return total + (_group(rest) if rest else 0)


def _group(number: str) -> Fraction:
    """The value of the digits before one scale: `三千二百`, `2.5`, `5千`."""
    steps = (match.groups() for match in _STEPS.finditer(number))
    return sum((_value(digits) * _SMALL.get(scale, 1) for digits, scale in steps if digits or scale), Fraction(0))


def _value(digits: str | None) -> Fraction:
    if digits is None:
        return Fraction(1)
    return Fraction("".join(str(_DIGITS.get(one, one)) for one in digits if one != ","))
