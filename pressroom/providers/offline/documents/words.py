"""Words of a sentence, with what terms are told by; scripts without spaces by runs of one kind of character."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pressroom.platforms import counting
from pressroom.providers.offline.documents.tables import Language, folded

STEM = 6  # characters by which forms of a word are taken for the same one (truncation stemming)
_LINK = re.compile(r"(?:https?://|www\.)\S+|(?<!\S)@*+[^\s@]++@\S+\.\w+")
_WORD = re.compile(r"\w+(?:['’.\-‐]\w+)*")
_GAP = re.compile(r"^[ \u00a0]+$")
_RUN = re.compile(r"[\u4e00-\u9fff々〆ヶ]+|[\u30a1-\u30fa\u30fc]{2,}|[A-Za-z0-9Ａ-Ｚａ-ｚ]+(?:[ .-][A-Za-z0-9]+)*")


@dataclass(frozen=True)
class Word:
    """`joined`: only a space stands between it and the word before; `named`: its capital is not the sentence's."""

    text: str
    joined: bool
    named: bool
    after_determiner: bool
    stop: bool


def words_of(sentence: str, language: Language) -> tuple[Word, ...]:
    """The words of a sentence, links and addresses left out."""
    plain = _LINK.sub(" , ", sentence)
    if counting.is_unspaced(plain):
        return tuple(_unspaced(plain, language))
    words = list(_spaced(plain, language))
    return tuple(words if language.head_first else _with_later_nouns(words))


def stem(word: str) -> str:
    """Returns the beginning that different forms of a word share."""
    word = folded(word)
    if counting.is_unspaced(word):
        return word
    return word[:STEM].rstrip("s") if len(word) > 3 else word


def meaning(words: tuple[Word, ...]) -> list[str]:
    """The stems of the words that carry meaning; of scripts without spaces, pairs of characters as well."""
    stems: list[str] = []
    for word in words:
        if word.stop:
            continue
        stems.append(stem(word.text))
        if counting.is_unspaced(word.text):
            stems += [word.text[at : at + 2] for at in range(len(word.text) - 2)]
    return stems


def _with_later_nouns(words: list[Word]) -> list[Word]:
    """An article belongs to the noun, which comes after its adjectives: `a trained mechanic`."""
    for at, word in enumerate(words[:-1]):
        following = words[at + 1]
        if word.after_determiner and following.joined and not following.stop:
            words[at] = replace(word, after_determiner=False)
            words[at + 1] = replace(following, after_determiner=True)
    return words


def _spaced(text: str, language: Language) -> Iterator[Word]:
    end, before, opening = -1, "", True
    for found in _WORD.finditer(text):
        word, joined = found.group(), end >= 0 and bool(_GAP.match(text[end : found.start()]))
        article, _, rest = word.replace("’", "'").partition("'")
        if rest and folded(article) in language.elided:
            before, word, joined = article, rest, False
        word = re.sub(r"['’]s?$", "", word)
        determined = folded(before) in language.determiners
        named = not opening and word[:1].isupper()
        stop = folded(word) in language.stop or len(word) < 2 or word[:1].isdigit()
        yield Word(word, joined, named, determined, stop)
        before, end = found.group(), found.end()
        opening = bool(re.match(r"\W*[.!?:…“„«\"]", text[end : end + 3]))


def _unspaced(text: str, language: Language) -> Iterator[Word]:
    end = -1
    for found in _RUN.finditer(text):
        word = found.group()
        stop = word in language.stop or len(word) < 2 or word[:1].isdigit() or not any(c.isalpha() for c in word)
        joined = end == found.start()
        yield Word(word, joined, not word.isascii() or word[:1].isupper(), False, stop)
        end = found.end()
