"""Offensive words in a text, by a maintained word list with our own corrections in `moderation.json`.

The list's own matcher takes 13 ms for 3,000 characters and misses plurals; this one looks words up in sets.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

from pressroom.gates.similarity import fold

_RUN = re.compile(r"[\w@$!*’']+|🖕")
_HANDLE_OR_LINK = re.compile(r"https?://\S+|(?<!\w)@\w+")
_SPELLED_OUT = re.compile(r"(?<!\w)(?:[^\W\d_][ .\-_]){3,}[^\W\d_](?!\w)")
_STRETCHED = re.compile(r"(\w)\1{2,}")
_LEET = str.maketrans("03457@$!1", "oeastasii")
_HAS_LEET = re.compile(r"[03457@$!1]")
_ENDINGS = ("ers", "ing", "ed", "er", "es", "s", "y")
_LEAST_DISGUISED = 4  # letters; shorter ones, such as A55, are more often product names
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]{2,}")
_KATAKANA = re.compile(r"[\u30a0-\u30ff]+")


class _List(NamedTuple):
    """The words of a list: whole words; phrases by their first word; words of scripts without spaces, as a pattern."""

    words: frozenset[str]
    phrases: dict[str, tuple[tuple[str, ...], ...]]
    unspaced: re.Pattern[str] | None


def offensive_words(text: str, language: str = "en") -> Iterator[str]:
    """Each offensive word or phrase of `text` as it is written there; English ones and those of `language`."""
    text = _HANDLE_OR_LINK.sub(" ", _without_innocent(unicodedata.normalize("NFKC", text)))
    tokens = _tokens(text)
    english = _list("english")
    for at, token in enumerate(tokens):
        if _is_offensive(token.casefold()) and not _is_name(tokens, at):
            yield token
    yield from _phrases(tokens, english)
    yield from (spelled[0] for spelled in _SPELLED_OUT.finditer(text) if _joined(spelled[0]) in english.words)
    name = _settings()["languages"].get(language.partition("-")[0].casefold(), "english")
    if name != "english":
        yield from _of_language(text, tokens, _list(name))


def _tokens(text: str) -> list[str]:
    """Words, with the signs inside that stand for letters; of signs at their ends `$` before and `*` after."""
    found = (run.lstrip("_@!*’'").rstrip("@$!’'") for run in _RUN.findall(text))
    whole = (token if len(token) > 2 else token.lstrip("$") for token in found)
    return [one for one in whole if one == "🖕" or any(sign.isalnum() for sign in one)]


def _of_language(text: str, tokens: Sequence[str], own: _List) -> Iterator[str]:
    yield from (token for token in tokens if token.casefold() in own.words)
    yield from _phrases(tokens, own)
    if own.unspaced:
        yield from (match[0] for match in own.unspaced.finditer(text))


@lru_cache(maxsize=16_384)
def _is_offensive(plain: str) -> bool:
    """True when the list has an English word in any of its forms; cached, since texts share most of their words."""
    words = _list("english").words
    return any(form in words for form in _forms(plain)) or ("*" in plain and _masked(plain, words))


def _forms(plain: str) -> Iterator[str]:
    """The word as it is, without accents, without an ending, and with the letters that disguises stand for."""
    yield plain
    inflected = _settings()["inflected"]
    for form in {plain, fold(plain), *_undisguised(plain)}:
        yield form
        for ending in _ENDINGS:
            base = form.removesuffix(ending)
            if base in inflected or (base and base != form and base[:-1] in inflected and base[-2:-1] == base[-1]):
                yield base if base in inflected else base[:-1]


def _undisguised(plain: str) -> Iterator[str]:
    if len(plain) < _LEAST_DISGUISED:
        return
    if _HAS_LEET.search(plain) and sum(c.isdigit() for c in plain) <= len(plain) / 2:
        yield plain.translate(_LEET)
        yield plain.replace("1", "l").translate(_LEET)
    if _STRETCHED.search(plain):
        yield _STRETCHED.sub(r"\1", plain)
        yield _STRETCHED.sub(r"\1\1", plain)


def _masked(plain: str, words: Iterable[str]) -> bool:
    """True for sh*t and the like: at least half of the letters shown, all of them fitting a listed word."""
    if len(plain) < _LEAST_DISGUISED or plain.count("*") > len(plain) / 2 or not plain[0].isalpha():
        return False
    pattern = re.compile(re.escape(plain).replace(r"\*", "."))
    return any(pattern.fullmatch(word) for word in words if len(word) == len(plain))


def _joined(spelled: str) -> str:
    return re.sub(r"[ .\-_]", "", spelled).casefold()


def _is_name(tokens: Sequence[str], at: int) -> bool:
    """True for a first or family name beside another one: Dick Cheney, John Lee Hooker."""
    if tokens[at].casefold() not in _settings()["names"] or not tokens[at].istitle():
        return False
    beside = [*tokens[max(0, at - 1) : at], *tokens[at + 1 : at + 2]]
    return any(token.istitle() for token in beside)


def _phrases(tokens: Sequence[str], words: _List) -> Iterator[str]:
    plain = [token.casefold() for token in tokens]
    for at, first in enumerate(plain):
        for phrase in words.phrases.get(first, ()):
            if tuple(plain[at : at + len(phrase)]) == phrase:
                yield " ".join(tokens[at : at + len(phrase)])


def _without_innocent(text: str) -> str:
    pattern: re.Pattern[str] = _settings()["innocent"]
    return pattern.sub(" ", text)


@lru_cache(maxsize=1)
def _settings() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(files("pressroom.gates").joinpath("moderation.json").read_text("utf-8"))
    innocent = "|".join(re.escape(phrase).replace(r"\ ", r"[\s-]+") for phrase in _split(data["innocent_phrases"]))
    data["innocent"] = re.compile(rf"\b(?:{innocent})s?\b", re.IGNORECASE)
    data["inflected"] = frozenset(" ".join(data["inflected"]).split())
    data["names"] = frozenset(" ".join(data["names"]).split())
    return data


def _split(lines: Sequence[str]) -> list[str]:
    return [phrase.strip() for phrase in " ".join(lines).split("|") if phrase.strip()]


@lru_cache(maxsize=16)
def _list(name: str) -> _List:
    """The list called `name`, without what we ignore and with what we add."""
    from glin_profanity.data.dictionary import dictionary  # 50 ms

    ignored = {word.casefold() for word in _split(_settings()["ignored"].get(name, ()))}
    listed = {word.strip().casefold() for word in dictionary.get_words(name)} - ignored
    listed |= set(_split(_settings()["added"].get(name, ())))
    unspaced = sorted((word for word in listed if _UNSPACED.fullmatch(word)), key=len, reverse=True)
    phrases: dict[str, tuple[tuple[str, ...], ...]] = {}
    for word in listed:
        tokens = tuple(_tokens(word))
        if len(tokens) > 1:
            phrases[tokens[0]] = (*phrases.get(tokens[0], ()), tokens)
    pattern = re.compile(_one_of(unspaced)) if unspaced else None
    return _List(frozenset(listed) - set(unspaced), phrases, pattern)


def _one_of(words: Sequence[str]) -> str:
    """A pattern that looks at no character with which none of `words` begins."""
    first = "".join(re.escape(sign) for sign in sorted({word[0] for word in words}))
    loans = "|".join(word for word in words if _KATAKANA.fullmatch(word))  # stand alone, in no longer loanword
    others = "|".join(re.escape(word) for word in words if not _KATAKANA.fullmatch(word))
    alone = rf"(?<![\u30a0-\u30ff])(?:{loans})(?![\u30a0-\u30ff])"
    return f"(?=[{first}])(?:{'|'.join(filter(None, (others, loans and alone)))})"
