"""A title as people read it, without what its site puts around it; and in which language it is."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from functools import lru_cache
from html import unescape
from importlib.resources import files
from typing import Any

LONGEST = 300
"""Characters of a title that are read: a post of a network has no title and gives its text."""
UNSPACED = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
"""Scripts that are written without spaces."""
TELLING = 0.5
"""Weight of small words from which they tell the language."""
JOINERS = "\u200c\u200d"
_TAGS = re.compile(r"<(/?[a-zA-Z][^<>]*|!--.{0,500}?--)>")
_HASHTAG = re.compile(r"[#＃](\w+)")
_CAMEL = re.compile(r"(?<=[a-zà-ÿ]{2})(?=[A-ZÀ-Þ0-9])|(?<=[A-ZÀ-Þ])(?=[A-ZÀ-Þ][a-zà-ÿ])|_+")
_BRACKETS = re.compile(r"\[[^\][]{1,24}\]|【[^】]{1,8}】|\((?:video|photos?|updated?|live|\d{4}|pdf)\)", re.IGNORECASE)
_LABEL = re.compile(r"^[^\w'’-]*([\w'’-]+(?: HN| in)?)(?: \d)?\s*[:：|–—!-]\s*(?=\S)")
_TAIL = re.compile(r"(?:\s{1,3}[-–—|·•]|\s{0,3}[|｜_]|\s{1,3}::?)\s{0,3}([^|｜·•_]{2,40})$")
_DOMAIN = re.compile(r"[\w-]+(\.[a-z]{2,})+", re.IGNORECASE)
_UNSPACED_LETTER = re.compile(f"[{UNSPACED}]")
_SMALL = frozenset(("of", "the", "and", "for", "&", "de", "del", "der", "die", "das", "la", "le", "les", "y", "und"))
_SCRIPTS = (
    ("ja", "HIRAGANA KATAKANA", 0.05),
    ("ko", "HANGUL", 0.3),
    ("zh", "CJK", 0.3),
    ("he", "HEBREW", 0.3),
    ("ar", "ARABIC", 0.3),
    ("th", "THAI", 0.3),
    ("el", "GREEK", 0.3),
    ("hi", "DEVANAGARI", 0.3),
    ("ru", "CYRILLIC", 0.3),
)
"""(language, scripts, share of the letters from which a title is in it)"""


def clean(title: str, publisher: str = "") -> str:
    """`title` as text in NFKC, on one line: no tags, entities, hidden marks, label in front or name of the site behind.

    Hashtags become words. Never empty unless nothing visible is in `title`.
    """
    plain = _plain(title)
    bare = _without_site(_BRACKETS.sub(" ", _HASHTAG.sub(_in_words, plain)).strip(), publisher)
    label = _LABEL.match(bare)
    while label and label[1].casefold().replace(" ", "-") in _words("labels"):
        bare = bare[label.end() :]
        label = _LABEL.match(bare)
    return " ".join(bare.split()).strip(" -–—|·") or plain


def fold(text: str) -> str:
    """`text` without case, accents, vowel points and tatweel, for comparing."""
    text = text.casefold()
    if text.isascii():
        return text
    bare = (c for c in unicodedata.normalize("NFKD", text) if unicodedata.category(c) not in ("Mn", "Cf") or c in "゙゚")
    return unicodedata.normalize("NFC", "".join(bare)).replace("ـ", "")


def language_of(title: str) -> str:
    """The language that the script or the small words of a title show; empty when they show none."""
    if by_script := script_of(title):
        return by_script
    said = set(re.findall(r"[^\W\d_]+", title.casefold()))
    counted = sorted((-sum(_telling(word) for word in said & stops), name) for name, stops in stop_words().items())
    clear = -counted[0][0] >= TELLING and counted[0][0] < counted[1][0]
    return counted[0][1] if clear else ""


def script_of(title: str) -> str:
    """The language that is written in the script of a title; empty for Latin letters."""
    if title.isascii():
        return ""
    names = Counter(unicodedata.name(c, "").partition(" ")[0] for c in title if c.isalpha())
    total = names.total()
    for language, scripts, share in _SCRIPTS:
        if sum(names[script] for script in scripts.split()) > share * total > 0:
            return language
    return ""


@lru_cache(maxsize=4096)
def _telling(word: str) -> float:
    """How much a small word says about the language: 1 shared out over the languages that have it."""
    return 1 / sum(word in stops for stops in stop_words().values())


@lru_cache(maxsize=1)
def stop_words() -> dict[str, frozenset[str]]:
    """By language, the words that carry no meaning."""
    return {language: frozenset(words.split()) for language, words in data()["stop"].items()}


@lru_cache(maxsize=1)
def data() -> dict[str, Any]:
    """The word lists of `words.toml`."""
    return tomllib.loads(files("pressroom.sources.topics").joinpath("words.toml").read_text("utf-8"))


@lru_cache(maxsize=4)
def _words(name: str) -> frozenset[str]:
    return frozenset(data()[name].split())


def _plain(title: str) -> str:
    text = unescape(unescape(title[: 4 * LONGEST]))
    text = unicodedata.normalize("NFKC", _TAGS.sub(" ", text))
    shown = text if text.isprintable() else "".join(map(_visible, text))
    return " ".join(shown.split())[:LONGEST].strip()


def _visible(character: str) -> str:
    """`character`, a space for one that breaks the line, nothing for a hidden one; the joiners of scripts stay."""
    kind = unicodedata.category(character)
    if kind in ("Cc", "Zl", "Zp"):
        return " "
    return "" if kind == "Cf" and character not in JOINERS else character


def _in_words(tag: re.Match[str]) -> str:
    return _CAMEL.sub(" ", tag[1])


def _without_site(title: str, publisher: str) -> str:
    """`title` without a name of a site at its end: the publisher's own, a domain, or a few words that look like one."""
    tail = _TAIL.search(title)
    head = title[: tail.start()] if tail else ""
    if not tail or (len(head.split()) < 3 and len(_UNSPACED_LETTER.findall(head)) < 6):
        return title
    return head if _is_site(tail[1].strip(), publisher, tail[0].strip()[:1]) else title


def _is_site(name: str, publisher: str, mark: str) -> bool:
    if publisher and (fold(name) in fold(publisher) or fold(publisher) in fold(name)):
        return True
    if _DOMAIN.fullmatch(name) or mark in "|｜_·•":
        return len(name.split()) <= 5
    words = name.split()
    return len(words) <= 4 and all(word[:1].isupper() or not word.isascii() or word in _SMALL for word in words)
