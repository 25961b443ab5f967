"""Numbers, money, dates and times as words of a language; num2words says each number."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from importlib.resources import files
from tomllib import loads
from typing import Self

from pydantic import Field

from pressroom.model import Frozen

MOST_DIGITS = 15
"""A longer number is an identifier: its digits are spoken one by one."""

FIRST_YEAR, LAST_YEAR = 1900, 2099
NO_YEARS = {"ja", "ko", "th"}
"""Their years count by eras or bear a word; as plain numbers they are understood."""

Forms = tuple[str, str]


class Language(Frozen):
    """How a language speaks what is written in signs: see `spoken.toml`."""

    tag: str = "en"
    thousands: str = ","
    decimal: str = "."
    point: str = ""
    percent: str = ""
    conjunction: str = Field(default="", alias="and")
    to: str = ""
    at: str = ""
    dot: str = ""
    slash: str = ""
    dash: str = ""
    underscore: str = ""
    hashtag: str = ""
    minus: str = ""
    oclock: str = ""
    time: str = ""
    zero_minutes: str = ""
    one: str = ""
    number_before_month: str = ""
    ordinals: tuple[str, ...] = ()
    ordinal_endings: dict[str, str] = Field(default={})
    magnitudes: dict[str, str] = Field(default={})
    magnitude_words: tuple[str, ...] = ()
    months: tuple[str, ...] = ()
    months_short: tuple[str, ...] = ()
    currencies: dict[str, Forms] = Field(default={})
    cents: dict[str, Forms] = Field(default={})
    fractions: dict[str, str] = Field(default={})
    signs: dict[str, str] = Field(default={})
    units: dict[str, Forms] = Field(default={})
    abbreviations: dict[str, str] = Field(default={})
    pronounced: frozenset[str] = frozenset()
    spelt: frozenset[str] = frozenset()
    never_ending: frozenset[str] = frozenset()

    @classmethod
    def of(cls, tag: str) -> Self:
        """The language of a tag such as `en`; one that is not declared speaks its numbers alone."""
        return cls.model_validate({"tag": tag, **_declared().get(tag, {})})

    @cached_property
    def counted(self) -> frozenset[str]:
        """Words and signs of units and currencies."""
        forms = (form for table in (self.units, self.currencies) for pair in table.values() for form in pair)
        return frozenset((*self.units, *self.currencies, *forms))

    @cached_property
    def number(self) -> str:
        """The pattern of a number in digits."""
        group = re.escape(self.thousands) if self.thousands.strip() else "\u00a0"
        return rf"\d{{1,3}}(?:{group}\d{{3}})+(?:{re.escape(self.decimal)}\d+)?|\d+(?:{re.escape(self.decimal)}\d+)?"

    def month(self, word: str) -> bool:
        return word in self.months or word in self.months_short


@lru_cache(maxsize=1)
def _declared() -> dict[str, dict[str, object]]:
    return loads(files("pressroom.media.speech").joinpath("spoken.toml").read_text("utf-8"))


def words_of(number: str, language: Language, *, year: bool = False) -> str:
    """A number of digits, with the language's signs in it, as words; the digits themselves where that is unknown."""
    plain = number.replace(language.thousands, "") if language.thousands.strip() else number
    whole, _, rest = plain.partition(language.decimal)
    if len(whole) > MOST_DIGITS or (whole.startswith("0") and len(whole) > 1 and not rest):
        return digits_of(whole, language)
    is_year = year and not rest and number.isdecimal() and FIRST_YEAR <= int(whole) <= LAST_YEAR
    spoken = in_words(int(whole), language, "year" if is_year and language.tag not in NO_YEARS else "cardinal")
    return (
        f"{spoken} {language.point} {digits_of(rest, language)}"
        if rest and language.point
        else spoken
        if not rest
        else number
    )


def digits_of(number: str, language: Language) -> str:
    return " ".join(in_words(int(digit), language) for digit in number if digit.isdecimal())


def ordinal_of(number: int, language: Language, before: str = "") -> str:
    """before: the word in front, by which some languages choose an ending."""
    endings = language.ordinal_endings
    return in_words(number, language, "ordinal") + endings.get(before.casefold(), endings.get("", ""))


def quantity(number: str, forms: Forms, language: Language) -> str:
    """A number of something: `one metre`, `two metres`."""
    if number == "1":
        return f"{language.one or in_words(1, language)} {forms[0]}"
    return f"{words_of(number, language)} {forms[1]}"


def money(number: str, sign: str, language: Language) -> str:
    """An amount: `four dollars and fifty cents`."""
    forms, cents = language.currencies[sign], language.cents.get(sign)
    whole, _, rest = number.partition(language.decimal)
    if len(rest) != 2:
        return quantity(number, forms, language)
    spoken = quantity(whole, forms, language)
    if rest == "00":
        return spoken
    fine = rest.lstrip("0")
    behind = quantity(fine, cents, language) if cents else words_of(fine, language)
    return " ".join(filter(None, (spoken, language.conjunction if cents else "", behind)))


def date(year: str, month: int, day: int, language: Language, before: str = "") -> str:
    """A day in words; empty where there is no such day, or the language's months are not known."""
    if not (language.months and 1 <= month <= 12 and 1 <= day <= 31):
        return ""
    name, ordinal = language.months[month - 1], language.number_before_month == "ordinal"
    number = ordinal_of(day, language, before) if ordinal else in_words(day, language)
    parts = (name, number) if language.tag == "en" else (number, name)
    return " ".join((*parts, words_of(year, language, year=True))) if year else " ".join(parts)


def clock(hour: str, minutes: str, language: Language, half: str = "") -> str:
    """A time of day. half: `am` or `pm`, behind it."""
    spoken = [in_words(int(hour), language)]
    if int(minutes):
        zero = [language.zero_minutes] if language.zero_minutes and int(minutes) < 10 else []
        spoken += [language.time, *zero, in_words(int(minutes), language)]
    elif not half:
        spoken.append(language.oclock or language.time)
    return " ".join(filter(None, (*spoken, *half.lower().replace(".", ""))))


@lru_cache(maxsize=4096)
def _num2words(number: int, tag: str, form: str) -> str:
    from num2words import num2words  # 60 ms

    try:
        return str(num2words(number, lang=tag, to=form)).replace(",", "")
    except (NotImplementedError, OverflowError, ValueError, TypeError, KeyError, IndexError):
        return _num2words(number, tag, "cardinal") if form != "cardinal" else str(number)


def in_words(number: int, language: Language, form: str = "cardinal") -> str:
    """A whole number in words; in digits where num2words doesn't know the language."""
    return _num2words(number, language.tag, form)
