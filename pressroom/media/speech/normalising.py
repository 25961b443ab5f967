"""Written words as they are spoken: numbers, money, dates, units, abbreviations, addresses, hashtags, acronyms.

Each rule looks at one word with its neighbours, and says its spoken form or that it is not its own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pressroom.media.speech.numbers import (
    Language,
    clock,
    date,
    digits_of,
    money,
    ordinal_of,
    quantity,
    words_of,
)

__all__ = ["Language", "spoken_forms"]

_BEFORE = "\"'“”„«»‘’‚([{<¿¡*_~`|>"
_AFTER = ".,;:!?…\"'“”»«’)]}>*_~`|。！？、，；：」』"
"""Signs that may stand before and after a word without being part of it."""

_KEPT = set(".,;:!?…。！？、，；：")
"""Punctuation that a voice hears."""

_DASHES = {"-", "–", "—", "--", "―"}
_TLDS = "com|org|net|io|ai|dev|app|co|uk|de|fr|es|it|nl|eu|at|ch|edu|gov|info|me|tv|us|example|shop|blog|pl|pt|br|jp"
_ADDRESS = re.compile(rf"^(?:https?://)?(?:[\w-]+\.)+(?:{_TLDS})(?:[/?#]\S*)?$", re.I)
_WEB = re.compile(r"^(?:https?://|www\.)\S+$", re.I)
_EMAIL = re.compile(r"^[\w.+-]+@[\w-]+(?:\.[\w-]+)+$")
_CAMEL = re.compile(r"[A-ZÄÖÜ]{2,}(?=[A-ZÄÖÜ][a-zäöüß])|[A-ZÄÖÜ]?[^\W\d_A-ZÄÖÜ]+|[A-ZÄÖÜ]+|\d+|[^\W\d_]+")
_MIXED = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)*")
_VOWELS = re.compile(r"[AEIOUYÄÖÜÀÉÈÍÓÚ]")
LONGEST_ACRONYM = 6


@dataclass(frozen=True)
class Word:
    """A word to be spoken. core: without the punctuation around it; tail: that behind it. before, after: the cores of
    its neighbours. loud: its neighbours are in capitals too, hence it is a shout and no acronym.
    """

    core: str
    tail: str
    before: str
    after: str
    loud: bool
    language: Language

    @property
    def ends(self) -> bool:
        """True when a full stop behind it may end a sentence, too."""
        return not self.after or (self.after[:1].isupper() and f"{self.core}." not in self.language.never_ending)


@dataclass(frozen=True)
class Found:
    """A spoken form. dot: a full stop behind the word belongs to it; always: even before a capital letter.

    carry: spoken behind the next word.
    """

    spoken: str
    dot: bool = False
    always: bool = False
    carry: str = ""


def _parts(token: str) -> tuple[str, str]:
    """The word within a token, and the signs after it; the signs before it are dropped."""
    inner = token.lstrip(_BEFORE)
    core = inner.rstrip(_AFTER)
    return core, inner[len(core) :]


def spoken_forms(tokens: Sequence[str], language: Language, own: Mapping[str, str]) -> list[str]:
    """The spoken form of each token; empty for an emoji and the like. own: by a word in small letters, what to say."""
    split = [_parts(_without_emoji(token)) for token in tokens]
    cores = [core for core, _ in split]
    forms: list[str] = []
    carry = ""
    for place, (core, tail) in enumerate(split):
        word = Word(
            core,
            tail,
            cores[place - 1] if place else "",
            cores[place + 1] if place + 1 < len(cores) else "",
            _is_loud(cores, place),
            language,
        )
        form, following = _form(word, tokens[place], own)
        forms.append(f"{form} {carry}".strip() if carry and form else form)
        carry = following or (carry if not form else "")
        last = next((one for one in range(place - 1, -1, -1) if forms[one]), None)
        if tokens[place] in _DASHES and last is not None and forms[last][-1:].isalnum():
            forms[last] += ","  # a dash is a pause
    return forms


def _form(word: Word, token: str, own: Mapping[str, str]) -> tuple[str, str]:
    for written in (token, word.core, word.core + word.tail):
        if written.casefold() in own:
            return _closed(own[written.casefold()], word.tail), ""
    owned = re.fullmatch(r"(.+)(['’]s)", word.core)
    if owned and owned[1].casefold() in own:
        return _closed(own[owned[1].casefold()] + "'s", word.tail), ""
    for rule in RULES:
        if (found := rule(word)) is not None:
            inside = found.dot and word.tail[:1] == "." and (bool(word.after) if found.always else not word.ends)
            tail = word.tail[1:] if inside else word.tail
            return _closed(" ".join(found.spoken.split()), tail), found.carry
    return (_closed(word.core, word.tail), "") if any(map(str.isalnum, word.core)) else ("", "")


def _closed(spoken: str, tail: str) -> str:
    return spoken + next((sign for sign in tail if sign in _KEPT), "") if spoken else ""


def _without_emoji(token: str) -> str:
    return "".join(
        char
        for char in token
        if char in "°№"
        or (unicodedata.category(char) not in ("So", "Sk", "Cs", "Cn", "Co", "Cc") and char not in "\ufe0f\u200d\u20e3")
    )


def _is_loud(cores: Sequence[str], place: int) -> bool:
    """True where most letters around are capitals."""
    near = "".join([*cores[max(0, place - 3) : place], *cores[place + 1 : place + 4]])
    letters = [char for char in near if char.isalpha()]
    return len(letters) > 3 and sum(map(str.isupper, letters)) > 0.7 * len(letters)


# Rules, in the order they are tried


def _sign(word: Word) -> Found | None:
    language = word.language
    if word.core in language.currencies and _is_number(word.before, language):
        if _is_amount(word.before, language):
            return Found("")  # it was spoken between the whole and the hundredths
        return Found(language.currencies[word.core][word.before != "1"])
    if word.core in language.units and _is_number(word.before, language) and not word.core.isdecimal():
        return Found(language.units[word.core][word.before != "1"])
    if word.core in language.signs:
        return Found(language.signs[word.core])
    return Found(language.fractions[word.core]) if word.core in language.fractions else None


def _abbreviation(word: Word) -> Found | None:
    table = word.language.abbreviations
    if word.tail[:1] == "." and f"{word.core}.{word.after}." in table:  # `z. B.`
        return Found(table[f"{word.core}.{word.after}."], dot=True, always=True)
    if word.tail[:1] == "." and f"{word.before}.{word.core}." in table:
        return Found("")
    if word.tail[:1] == "." and f"{word.core}." in table:
        return Found(table[f"{word.core}."], dot=True)
    if word.core in table:
        return Found(table[word.core])
    if re.fullmatch(r"(?:[^\W\d_]\.)+[^\W\d_]", word.core) and word.tail[:1] == ".":
        return Found(word.core.replace(".", " ").upper(), dot=True)
    return None


def _address(word: Word) -> Found | None:
    if _EMAIL.match(word.core) or _WEB.match(word.core) or _ADDRESS.match(word.core):
        return Found(_spelt_address(word.core, word.language))
    return None


def _spelt_address(address: str, language: Language) -> str:
    bare = re.split(r"[?#]", re.sub(r"^https?://", "", address, flags=re.I))[0].rstrip("/")
    signs = {".": language.dot, "@": language.at, "/": language.slash, "-": language.dash, "_": language.underscore}
    pieces = re.findall(r"[^\W_]+|[.@/_-]", bare)
    spoken = []
    for place, piece in enumerate(pieces):
        short = place > 0 and pieces[place - 1] == "." and len(piece) == 2 and piece.isalpha()
        letters = " ".join(piece.upper()) if short or piece.lower() == "www" else _camel(piece, language)
        spoken.append(signs.get(piece, letters))
    return " ".join(spoken)


def _tag(word: Word) -> Found | None:
    if match := re.fullmatch(r"([#@])(\w+)", word.core):
        called = word.language.hashtag if match[1] == "#" else word.language.at
        return Found(f"{called} {_camel(match[2], word.language)}")
    return None


def _camel(text: str, language: Language) -> str:
    return " ".join(_piece(piece, language) for piece in _CAMEL.findall(text))


def _money(word: Word) -> Found | None:
    language = word.language
    signs = "|".join(re.escape(sign) for sign in sorted(language.currencies, key=len, reverse=True))
    sizes = "|".join(re.escape(size) for size in sorted(language.magnitudes, key=len, reverse=True)) or "(?!)"
    if not signs:
        return None
    match = re.fullmatch(rf"(?:US)?({signs})({language.number})({sizes})?", word.core) or re.fullmatch(
        rf"({language.number})({sizes})?({signs})", word.core
    )
    if match is None:
        return None
    sign = next(part for part in match.groups() if part in language.currencies)
    size = next((part for part in match.groups() if part in language.magnitudes), "")
    number = next(part for part in match.groups() if part and part[0].isdecimal())
    many = language.currencies[sign][1]
    if size:
        return Found(f"{words_of(number, language)} {language.magnitudes[size]} {many}")
    if word.after in language.magnitude_words:
        return Found(words_of(number, language), carry=many)
    return Found(money(number, sign, language))


def _percent(word: Word) -> Found | None:
    language = word.language
    match = re.fullmatch(rf"([-+−])?({language.number})%", word.core)
    if match is None or not language.percent:
        return None
    sign = {"-": language.minus, "−": language.minus, "+": language.signs.get("+", "")}.get(match[1] or "", "")
    return Found(f"{sign} {words_of(match[2], language)} {language.percent}")


def _date(word: Word) -> Found | None:
    language = word.language
    if match := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", word.core):
        return _or_none(date(match[1], int(match[2]), int(match[3]), language, word.before))
    match = re.fullmatch(r"(\d{1,2})\.(\d{1,2})(?:\.(\d{4}))?", word.core)
    if match and language.decimal == "," and (match[3] or word.tail[:1] == "."):
        return _or_none(date(match[3] or "", int(match[2]), int(match[1]), language, word.before), dot=not match[3])
    if match := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", word.core):
        first, second = int(match[1]), int(match[2])
        month, day = (first, second) if language.tag == "en" and first <= 12 else (second, first)
        return _or_none(date(match[3], month, day, language, word.before))
    return None


def _or_none(spoken: str, *, dot: bool = False) -> Found | None:
    return Found(spoken, dot=dot) if spoken else None


def _time(word: Word) -> Found | None:
    language = word.language
    if match := re.fullmatch(r"([01]?\d|2[0-4])[:h]([0-5]\d)(am|pm|AM|PM)?", word.core):
        return Found(clock(match[1], match[2], language, match[3] or ""))
    if match := re.fullmatch(r"(\d{1,2})(am|pm|AM|PM)", word.core):
        return Found(clock(match[1], "0", language, match[2]))
    if word.core in ("am", "pm") and re.fullmatch(r"\d{1,2}(?::[0-5]\d)?", word.before):
        return Found(" ".join(word.core))
    if word.core == language.time and re.fullmatch(r"\d{1,2}:[0-5]\d", word.before):
        return Found("")  # it was spoken between the hour and the minutes
    return None


def _ordinal(word: Word) -> Found | None:
    language = word.language
    ends = "|".join(re.escape(end) for end in sorted(language.ordinals, key=len, reverse=True) if end != ".")
    if ends and (match := re.fullmatch(rf"(\d{{1,4}})(?:{ends})", word.core)):
        return Found(ordinal_of(int(match[1]), language))
    if not re.fullmatch(r"\d{1,2}", word.core) or not 1 <= int(word.core) <= 31:
        return None
    by_dot = "." in language.ordinals and word.tail[:1] == "." and bool(word.after)
    if by_dot and language.month(word.after):
        return Found(ordinal_of(int(word.core), language, word.before), dot=True, always=True)
    near = language.month(word.after) or (language.month(word.before) and language.tag == "en")
    if near and language.number_before_month == "ordinal" and "." not in language.ordinals:
        return Found(ordinal_of(int(word.core), language))
    return None


def _range(word: Word) -> Found | None:
    language = word.language
    match = re.fullmatch(rf"({language.number})[-–]({language.number})(%)?", word.core)
    if match is None or not language.to or match[1].startswith("0") or "-" in word.core.replace("-", "", 1):
        return None
    first, second = (words_of(part, language, year=True) for part in match.groups()[:2])
    return Found(f"{first} {language.to} {second} {language.percent if match[3] else ''}")


def _phone(word: Word) -> Found | None:
    count = sum(map(str.isdecimal, word.core))
    parted = re.fullmatch(r"\d{3}-\d{4}|\(?\d+\)?(?:[-./]\d+){2,}", word.core) and count >= 7
    if (re.fullmatch(r"\+\d[\d()./-]*", word.core) and count > 1) or parted or _is_identifier(word.core):
        plus = word.language.signs.get("+", "") if word.core[0] == "+" else ""
        return Found(f"{plus} {digits_of(word.core, word.language)}")
    return None


def _is_identifier(core: str) -> bool:
    """True for a long number without separators that is not round."""
    return core.isdecimal() and len(core) >= 7 and not core.endswith("000")


def _measure(word: Word) -> Found | None:
    language = word.language
    match = re.fullmatch(rf"({language.number})(\D+)", word.core.lstrip("-−"))
    minus = language.minus if word.core[:1] in ("-", "−") else ""
    if match and match[2] in language.units:
        return Found(f"{minus} {quantity(match[1], language.units[match[2]], language)}")
    if match and match[2] in language.magnitudes:
        return Found(f"{words_of(match[1], language)} {language.magnitudes[match[2]]}")
    if match and match[2] == "°":
        return Found(f"{words_of(match[1], language)} {language.signs.get('°', '')}")
    return None


def _number(word: Word) -> Found | None:
    language = word.language
    match = re.fullmatch(rf"([-−+])?({language.number})", word.core)
    if match is None:
        return None
    if language.thousands == " " and re.fullmatch(r"\d{3}", word.core) and re.fullmatch(r"\d{1,3}", word.before):
        return Found("") if word.before != "" and int(word.before) > 0 else None
    number = match[2]
    if language.thousands == " " and re.fullmatch(r"\d{1,3}", number) and re.fullmatch(r"\d{3}", word.after):
        number += word.after
    minus = language.minus if match[1] in ("-", "−") else ""
    if word.after in language.currencies and _is_amount(number, language):
        return Found(money(number, word.after, language))
    counted = word.after in language.counted
    if number == "1" and counted and language.one:
        return Found(language.one)
    return Found(f"{minus} {words_of(number, language, year=not counted)}")


def _acronym(word: Word) -> Found | None:
    match = re.fullmatch(r"([A-ZÄÖÜ]{2,})(s|['’]s)?", word.core)
    if match is None or word.loud:
        return Found(word.core.lower()) if match else None
    if len(match[1]) > LONGEST_ACRONYM:
        return None
    if spelt := _acronym_letters(match[1], word.language):
        return Found(f"{spelt}'s" if match[2] else spelt)
    return (
        Found(word.core.lower())
        if len(word.core) == 2 or word.core.lower() in _small_words(word.language.tag)
        else None
    )


def _acronym_letters(letters: str, language: Language) -> str:
    """`A P I`; empty for one that is spoken as a word, such as NASA, or is a word, such as NOT."""
    vowels = len(_VOWELS.findall(letters))
    if letters not in language.spelt:
        if letters in language.pronounced or letters.lower() in _small_words(language.tag):
            return ""
        if len(letters) > 3 and vowels / len(letters) >= 0.25 and not re.match(r"[^AEIOUYÄÖÜ]{3}", letters):
            return ""
    return " ".join(letters)


@lru_cache(maxsize=16)
def _small_words(tag: str) -> frozenset[str]:
    import stopwordsiso

    listed = stopwordsiso.stopwords(tag) if stopwordsiso.has_lang(tag) else ()
    return frozenset(word for word in listed if len(word) > 2 or tag != "en")  # English ones name each country: AI, UK


def _mixed(word: Word) -> Found | None:
    """`GPT-5`, `B2B`, `24/7`, `and/or`, `OpenAI`: its parts, one after another."""
    core, language = word.core, word.language
    if not any(map(str.isalnum, core)):
        return None
    digits, letters = any(map(str.isdecimal, core)), any(map(str.isalpha, core))
    if match := re.fullmatch(r"([A-Z][a-zäöüß]+)([A-Z]{2,4})", core):
        return Found(f"{match[1]} {' '.join(match[2])}")
    if digits and (letters or re.search(r"[/.,:x-]", core)):
        return Found(" ".join(_piece(piece, language) for piece in _MIXED.findall(core)))
    if "/" in core or re.search(r"\b[A-Z]{2,4}-|-[A-Z]{2,4}\b", core):
        return Found(" ".join(_piece(piece, language) for piece in re.split(r"[/-]", core)))
    return None


def _piece(piece: str, language: Language) -> str:
    if piece[:1].isdecimal():
        return (
            words_of(piece, language, year=True) if re.fullmatch(language.number, piece) else digits_of(piece, language)
        )
    if piece.isupper() and 1 < len(piece) <= LONGEST_ACRONYM:
        return " ".join(piece) if len(piece) <= 3 else _acronym_letters(piece, language) or piece
    return piece


def _is_amount(core: str, language: Language) -> bool:
    """True for a number with hundredths."""
    return _is_number(core, language) and bool(re.search(rf"{re.escape(language.decimal)}\d\d$", core))


def _is_number(core: str, language: Language) -> bool:
    return bool(re.fullmatch(language.number, core))


RULES: tuple[Callable[[Word], Found | None], ...] = (
    _sign,
    _abbreviation,
    _address,
    _tag,
    _money,
    _percent,
    _date,
    _time,
    _ordinal,
    _phone,
    _range,
    _measure,
    _number,
    _acronym,
    _mixed,
)
