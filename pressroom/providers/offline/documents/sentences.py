"""Sentences of a paragraph, as its author ended them.

A full stop ends none after an abbreviation, an initial or an ordinal, inside a number, a quotation or brackets, or
before a small letter. What abbreviations there are, and which words point back, is told by `languages.toml`.
"""

from __future__ import annotations

import re

from pressroom.providers.offline.documents.tables import Language, folded

FIRST_WORDS = 7
LONGEST_QUOTATION = 400  # characters; what is further apart is two marks rather than a pair
_PAIRS = (("“", "”"), ("„", "“"), ("„", "”"), ("«", "»"), ("»", "«"), ("‹", "›"), ("「", "」"), ("『", "』"))
_BRACKETS = (("(", ")"), ("[", "]"), ("（", "）"), ("【", "】"))
_CLOSERS = "\"'”’“»«)\\]」』）】›"
_END = re.compile(rf"(?:(?<![.!?…؟])[.!?…؟]++[{_CLOSERS}]*+\s+|[。！？．｡]+[{_CLOSERS}]*\s*|[।؟]\s*)")
_LAST_WORD = re.compile(r"([^\s(\[“„«\"'‘]+)$")
_PARTICLE = re.compile(r"[っとなのはがをもにへで]")  # Japanese: what follows a quotation inside the same sentence


def split(text: str, language: Language) -> list[str]:
    """The sentences of one paragraph, in order; together they are the paragraph."""
    inside, start, found = spans(text), 0, []
    for end in _END.finditer(text):
        if end.end() < len(text) and _ends(text, end, inside, language):
            found.append(text[start : end.end()].strip())
            start = end.end()
    return [sentence for sentence in (*found, text[start:].strip()) if sentence]


def spans(text: str) -> list[tuple[int, int]]:
    """Where quotations and brackets stand: (place of the opening mark, place after the closing one)."""
    found = [(at, end) for opening, closing in (*_PAIRS, *_BRACKETS) for at, end in _pairs(text, opening, closing)]
    straight = [at for at, char in enumerate(text) if char == '"']
    found += [(at, end + 1) for at, end in zip(straight[::2], straight[1::2], strict=False)]
    return [(at, end) for at, end in found if end - at <= LONGEST_QUOTATION]


def refers(sentence: str, language: Language) -> bool:
    """True when its first words have a pronoun for a person named earlier."""
    first = sentence.split(maxsplit=FIRST_WORDS)[:FIRST_WORDS]
    words = (folded(first[0]), *first)  # a capital further on is a name, or the German polite form
    return any(word.strip(',.;:!?“”„«»"') in language.pronouns for word in words)


def repeats(sentence: str, before: str, language: Language) -> bool:
    """True when a sentence begins with `the` and a thing from the one before it."""
    words = re.findall(r"[\w’'-]+", sentence)[:2]
    if len(words) < 2 or folded(words[0]) not in language.determiners or len(words[1]) < 4:
        return False
    return re.search(rf"\b{re.escape(words[1][:6])}", before, re.IGNORECASE) is not None


def leans(sentence: str, language: Language) -> bool:
    """True when a sentence needs the one before: it begins with a word that points back, or in small letters."""
    start = folded(sentence.lstrip("\"'“„«»‹「『([¿¡– "))
    if not start or sentence.lstrip("\"'“„«»‹「『([¿¡– ")[0].islower():
        return True
    if language.pointing and language.pointing.search(start):
        return True
    word = re.split(r"[\s,;:.!?…]", start, maxsplit=1)[0]
    if word in language.leaning:
        return True
    unspaced = [word for word in language.leaning if not word.isascii() and ord(word[0]) >= 0x3000]
    return bool(unspaced) and start.startswith(tuple(unspaced))


def _ends(text: str, end: re.Match[str], inside: list[tuple[int, int]], language: Language) -> bool:
    if any(opening < end.start() < closing - 1 and closing > end.end() for opening, closing in inside):
        return False
    following, mark = text[end.end()], end.group().strip()
    if mark[0] in "。！？．｡":
        return len(mark) == 1 or not (mark[-1] in "」』）" and _PARTICLE.match(following))
    if following.islower():
        return False
    return mark != "." or not _is_abbreviated(text[: end.start()], following, language)


def _is_abbreviated(before: str, following: str, language: Language) -> bool:
    found = _LAST_WORD.search(before)
    word = found.group(1) if found else ""
    if word.isdigit():
        return language.ordinals and len(word) <= 2
    is_initial = len(word) == 1 and word.isupper() and word.isalpha() and following.isupper() and word not in "I"
    return is_initial or folded(word).lstrip("-–") in language.abbreviations


def _pairs(text: str, opening: str, closing: str) -> list[tuple[int, int]]:
    """Every opening mark with the next closing one, as long as no other opening mark comes between."""
    found, start = [], -1
    for at, char in enumerate(text):
        if char == opening:
            start = at
        elif char == closing and start >= 0:
            found.append((start, at + 1))
            start = -1
    return found
