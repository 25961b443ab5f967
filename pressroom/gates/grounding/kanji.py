"""Numbers in kanji: `三千二百`, `十二`, and digits before a kanji scale: `3億5000万`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from pressroom.gates.grounding.spans import Span

_DIGITS = {kanji: value for value, kanji in enumerate("〇一二三四五六七八九")}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "億": 10**8, "兆": 10**12}
_NUMBER = re.compile(
    r"(?:(?:\d[\d,.]*|[〇一二三四五六七八九十百千]+)[万億兆])+(?:\d[\d,]*|[〇一二三四五六七八九十百千]+)?|[〇一二三四五六七八九十百千]+"
)
_COUNTED = re.compile(
    r"(?:人|年|月|日|円|個|件|社|回|時|分|秒|歳|台|本|枚|倍|割|度|か|カ|ヶ|週|世帯|つ|名|店|校|冊|階|位|キロ|メートル|パーセント|%|ドル|ユーロ)"
)


def kanji_numbers(text: str) -> Iterator[tuple[Span, Fraction]]:
    """Numbers with a kanji in them; of one or two kanji only what something is counted with."""
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
    if number[0].isascii():
        return Fraction(number.replace(",", "").rstrip("."))
    if not set(number) & set(_SMALL):
        return Fraction(int("".join(str(_DIGITS[kanji]) for kanji in number)))
    total, digit = 0, 0
    for kanji in number:
        if kanji in _SMALL:
            total, digit = total + (digit or 1) * _SMALL[kanji], 0
        else:
            digit = _DIGITS[kanji]
    return Fraction(total + digit)
