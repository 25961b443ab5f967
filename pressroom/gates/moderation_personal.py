"""Personal data in a text: e-mail addresses, IBANs, payment cards, US social security numbers, telephone numbers.

Each kind is a pattern and a check (check digits, numbering plans). What one kind took is hidden from the next.
Hashtags and handles are not personal data.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial

REGIONS = ("US", "GB", "DE", "FR", "ES", "IT", "NL", "IN", "AU", "BR")
"""The countries whose national numbers are recognised; a number with a `+` may be of any country."""

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+%-]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_]{2,24}(?![\w@])")
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[A-Z\d]{11,30}|(?: [A-Z\d]{4}){2,7}(?: [A-Z\d]{1,3})?)\b")
_CARD = re.compile(  # in one piece, or parted as printed on the card: 4-4-4-4, 4-4-4-4-3, 4-6-5, 4-6-4
    r"(?<![\w.,+-])(?:\d{13,19}|\d{4}([ -])(?:\d{4}\1\d{4}\1\d{4}(?:\1\d{3})?|\d{6}\1\d{4,5}))(?![\w-]|[.,]\d)"
)
_SSN = re.compile(r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])")
_PHONE = re.compile(r"(?<![\w.,/:$€£#-])(?:\+|\(|\d)[\d ().\u00a0/\-]{5,20}\d(?![\w%]|[.,:]\d)")
_PHONE_CUE = re.compile(
    r"(?:\b(?:call|phone|tel|telephone|mobile|cell|whatsapp|text|fax|ring|dial)\b|[☎📞📱]).{0,24}$", re.I
)
_PHONE_SHAPE = re.compile(r"\(\d{2,5}\)|0\d|\d{3}[-. ]\d{3}[-. ]\d{4}$")

# Leading digits and lengths of the card networks, ISO/IEC 7812.
_NETWORKS = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}"
    r"|6(?:011|4[4-9]\d|5\d\d)\d{12,15}|35(?:2[89]|[3-8]\d)\d{12,15}|3(?:0[0-5]|[689]\d)\d{11,16}|62\d{14,17}"
)


def personal_data(text: str) -> Iterator[tuple[str, str]]:
    """(what it is, masked), e.g. ("An e-mail address", "j***@example.com"), kind by kind."""
    text, found = _take(text, _EMAIL, _email)
    yield from found
    text = _LINK.sub(_blank, text)
    if not any(c.isdigit() for c in text):
        return
    for pattern, check in ((_IBAN, _iban), (_CARD, _card), (_SSN, _ssn), (_PHONE, partial(_phone, text))):
        text, found = _take(text, pattern, check)
        yield from found


Check = Callable[[re.Match[str]], tuple[str, str] | None]


def _take(text: str, pattern: re.Pattern[str], check: Check) -> tuple[str, list[tuple[str, str]]]:
    """The findings of `pattern` and `check`, and the text with them blanked out, at the same length."""
    found: list[tuple[str, str]] = []

    def look(match: re.Match[str]) -> str:
        result = check(match)
        if result is None:
            return match[0]
        found.append(result)
        return _blank(match)

    return pattern.sub(look, text), found


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())


def _email(match: re.Match[str]) -> tuple[str, str]:
    name, _, domain = match[0].rpartition("@")
    return "An e-mail address", f"{name[0]}***@{domain}"


def _iban(match: re.Match[str]) -> tuple[str, str] | None:
    from stdnum import iban  # 50 ms with the country tables

    number = match[0].replace(" ", "")
    for length in range(len(number), 14, -1):  # the pattern may have run on into a word in capitals
        if iban.is_valid(number[:length], check_country=False):
            return "A bank account (IBAN)", f"{number[:4]} … {number[length - 2 : length]}"
    return None


def _card(match: re.Match[str]) -> tuple[str, str] | None:
    from stdnum import luhn

    number = _digits(match[0])
    if not _NETWORKS.fullmatch(number) or len(set(number)) < 2 or not luhn.is_valid(number):
        return None
    return "A payment card", f"•••• {number[-4:]}"


def _ssn(match: re.Match[str]) -> tuple[str, str] | None:
    from stdnum.us import ssn

    return ("A US social security number", f"***-**-{match[0][-4:]}") if ssn.is_valid(match[0]) else None


def _phone(text: str, match: re.Match[str]) -> tuple[str, str] | None:
    """A number valid in some numbering plan; a national one must also look like one, or follow a cue."""
    raw = match[0]
    if not 7 <= len(_digits(raw)) <= 15:
        return None
    if not raw.lstrip("(").startswith("+"):
        cue = _PHONE_CUE.search(text, max(0, match.start() - 40), match.start())
        if not cue and not _PHONE_SHAPE.match(raw):
            return None
    regions = (None,) if raw.lstrip("(").startswith("+") else REGIONS
    if any(_is_number(raw, region) for region in regions):
        return "A telephone number", f"{raw.strip()[:3]}… {_digits(raw)[-2:]}"
    return None


def _is_number(raw: str, region: str | None) -> bool:
    from phonenumbers import Leniency, PhoneNumberMatcher  # 50 ms

    return any(True for _ in PhoneNumberMatcher(raw, region, leniency=Leniency.VALID))
