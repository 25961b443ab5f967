"""Measures of text, each as the platform or the reader counts it, in any script."""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any
from urllib.parse import quote, urlsplit

WORDS_A_MINUTE = 150
"""Speed of calm speech, words a minute."""

CJK_A_MINUTE = 300
"""Speed of calm speech in Chinese and Japanese, characters a minute: two of them take as long as one word."""

THAI_CHARACTERS_A_WORD = 5
"""Thai, Lao, Burmese and Khmer are written without spaces: their words are estimated from their length."""

_CJK = (
    r"\u3005-\u3007\u3040-\u3098\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u31f0-\u31ff"
    r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
_THAI = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_LETTER = rf"[^\W_{_CJK}{_THAI}]"
_LINK = rf"https?://[^\s{_CJK}]+"
_UNSPACED = re.compile(rf"[{_CJK}{_THAI}]")
_LINKS = re.compile(_LINK, re.I)
_BLUESKY_LINK = re.compile(r"(?<![^\s(])https?://\S+", re.I)
_MASTODON_MENTION = re.compile(r"(?<![=/\w])@(\w(?:[\w.-]*\w)?)@\w[\w.-]*\w")
_INSIDE_TAG = "\u200c\u200d\u05be\u05f3\u05f4\u00b7\u30fb\u30a0\uff65\u0f0b\u0f0c"
"""Joiners and signs inside words: a hashtag holds them and does not end with one."""
_BREAK = re.compile(r"\n\s*\n|\u2029")
# Common characters that X counts as one, without a dot that could make a link: twitter-text takes 1.4 ms for a post.
_COUNTED_ONCE = re.compile(r"(?:[\n -\-/-~‘’“”–—]|\.(?!\w))*")
_X_PIECE = re.compile(r"\s+|\S+")
_X_LONGEST_WORD, _X_MOST_DOTS = 60, 12
_X_LONGEST_PIECE = 600
"""No link has as many dots as make twitter-text slow."""
_SURROGATE = re.compile(r"[\ud800-\udfff]")
# Most posts in Latin, Greek or Cyrillic script are of these: letters, signs and emoji; no mark, joiner, CJK or Thai.
_PLAIN = re.compile(
    r"[\u0000-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u052f\u1e00-\u1fff\u2010-\u2027\u2030-\u205e"
    r"\u20a0-\u20bf\u2190-\u2bff\U0001f000-\U0001faff]*"
)
_PLAIN_WORD = re.compile(r"https?://\S+|[^\W_]+(?:['’.,-][^\W_]+)*", re.I)


def words(text: str) -> int:
    """Words of `text`; a hashtag or a link counts as one, and so does every CJK character."""
    cjk, other = _spoken(text)
    return cjk + other


def hashtags(text: str) -> list[str]:
    """Hashtags in `text` without their `#`, in order, repeated ones repeated; a # in a link begins none.

    A hashtag has letters of any script with their marks, digits, `_`, joiners, and the signs that stand inside words:
    the dots of `col·legi` and `レディー・ガガ`, the maqaf of Hebrew. One of them is a letter.
    """
    if "#" not in text and "＃" not in text:
        return []
    text = unicodedata.normalize("NFC", text)
    shadow = _LINKS.sub(lambda link: " " * len(link.group()), text)
    found = (match.group(1).rstrip(_INSIDE_TAG) for match in _patterns().hashtag.finditer(shadow))
    return [tag for tag in found if any(map(_is_letter, tag))]


def _is_letter(char: str) -> bool:
    return unicodedata.category(char)[0] == "L"


def links(text: str) -> list[str]:
    """The web addresses in `text`, in order, repeated ones repeated; punctuation that ends a sentence is not theirs."""
    return [link.rstrip(".,;:!?") for link in _LINKS.findall(text)]


def paragraphs(text: str) -> int:
    """Blocks of `text` parted by blank lines; 0 for blank text."""
    return sum(1 for block in _BREAK.split(text) if block.strip())


def spoken_seconds(text: str) -> float:
    """How long `text` takes to say aloud, in seconds: 150 words, or 300 CJK characters, a minute."""
    cjk, other = _spoken(text)
    return cjk * 60 / CJK_A_MINUTE + other * 60 / WORDS_A_MINUTE


def is_unspaced(text: str) -> bool:
    """True when `text` holds a script that puts no spaces between words (CJK, Thai and its neighbours)."""
    return _UNSPACED.search(text) is not None


def graphemes(text: str) -> int:
    """Characters of `text` as a reader sees them (extended grapheme clusters): a family emoji or an `é` is one."""
    return len(_patterns().cluster.findall(text))


def bluesky_shown(text: str) -> str:
    """`text` as Bluesky's composer posts it: of each full link the host and at most 13 characters after it.

    What a link leads to stands beside the text there (facets are places in it, docs.bsky.app/docs/advanced-guides),
    so the text as shown is all that its limits count.
    """
    return "".join(shown for shown, _ in bluesky_pieces(text))


def bluesky_pieces(text: str) -> list[tuple[str, str]]:
    """`text` as Bluesky shows it, in pieces: (shown, address), where a piece that is no link has an empty address."""
    pieces, end = [], 0
    for found in _BLUESKY_LINK.finditer(text):
        address = _link_in(found.group())
        pieces += [(text[end : found.start()], ""), (_shown(address), address)]
        end = found.start() + len(address)
    return [piece for piece in [*pieces, (text[end:], "")] if piece[0]]


def threads_length(text: str) -> int:
    """Length of a post on Threads: characters, but of an emoji its bytes in UTF-8.

    Source: "Limitations" of developers.facebook.com/docs/threads/posts.
    """
    patterns = _patterns()
    bytes_more = (len(_utf8(emoji)) - len(emoji) for emoji in patterns.cluster.findall(text) if patterns.emoji(emoji))
    return len(text) + sum(bytes_more)


def mastodon_length(text: str, *, of_link: int = 23) -> int:
    """Length of a post on Mastodon: graphemes; a link counts `of_link`, a mention without its server.

    Source: StatusLengthValidator of github.com/mastodon/mastodon; an instance names its own `of_link`.
    """

    def counted(link: re.Match[str]) -> str:
        return "x" * of_link + link.group()[len(link.group().rstrip(".,;:!?")) :]

    return graphemes(_MASTODON_MENTION.sub(r"@\1", _LINKS.sub(counted, text)))


def x_length(text: str) -> int:
    """Weighted length of a post on X by the twitter-text rules: links 23, emoji 2, CJK 2."""
    if _COUNTED_ONCE.fullmatch(text):
        return len(text)
    return sum(map(_x_weight, _X_PIECE.findall(text)))


def _x_weight(piece: str) -> int:
    """Of the blanks, or of what stands between two; twitter-text takes seconds for a word with hundreds of dots."""
    if _COUNTED_ONCE.fullmatch(piece):
        return len(piece)
    if len(piece) > _X_LONGEST_WORD and len(piece.split(".", _X_MOST_DOTS)) > _X_MOST_DOTS:
        return sum(map(_x_weight, piece.replace(".", " ").split())) + piece.count(".")
    return int(_parsed(piece).weightedLength)


def x_links(text: str) -> list[str]:
    """The web addresses in `text` as X finds them, those without a scheme (`example.com`) among them."""
    _parser()  # brings the package in without its warning
    from twitter_text import extract_urls

    pieces = (
        piece
        for piece in _X_PIECE.findall(_SURROGATE.sub("\ufffd", text))
        if "." in piece and not _COUNTED_ONCE.fullmatch(piece)
    )
    few = (piece for piece in pieces if piece.count(".") <= _X_MOST_DOTS)
    return [link for piece in few for link in extract_urls(_near_dot(piece))]


def _near_dot(piece: str) -> str:
    """A piece, or of a long one the stretch around its first dot: twitter-text takes the square of a piece's length."""
    dot = piece.index(".")
    return piece if len(piece) <= _X_LONGEST_PIECE else piece[max(0, dot - 100) : dot + 200]


def x_refuses(text: str) -> str:
    """The characters in `text` that X takes in no post, as code points (`U+FEFF`); empty when all is well."""
    bad = sorted({char for char in text if char in "\ufeff\ufffe\uffff" or _SURROGATE.match(char)})
    return ", ".join(f"U+{ord(char):04X}" for char in bad)


@dataclass(frozen=True)
class _Patterns:
    cluster: Any
    hashtag: Any
    emoji: Callable[[str], Any]


@cache
def _patterns() -> _Patterns:
    import regex  # 10 ms, needed where text has hashtags, emoji or clusters to count

    hashtag = regex.compile(rf"(?<![\w&/])[#＃]([\p{{L}}\p{{M}}\p{{Nd}}_{_INSIDE_TAG}]++)")
    return _Patterns(
        cluster=regex.compile(r"\X"),
        hashtag=hashtag,
        emoji=regex.compile(r"\p{Emoji_Presentation}|\ufe0f|\u20e3").search,
    )


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _link_in(found: str) -> str:
    """The address without the punctuation of the sentence around it."""
    link = found.rstrip(".,;:!?")
    return link if "(" in link else link.removesuffix(")")


def _shown(link: str) -> str:
    try:
        parts = urlsplit(link)
        host = (parts.hostname or "").encode("idna").decode() + (f":{parts.port}" if parts.port else "")
    except ValueError:  # no address after all, or an invalid host
        return link
    after = parts._replace(scheme="", netloc="", path="" if parts.path == "/" else parts.path).geturl()
    path = quote(after, safe="/?#[]@!$&'()*+,;=:%~", errors="replace")
    return host + (f"{path[:13]}..." if len(path) > 15 else path)


@lru_cache(maxsize=4096)
def _parsed(text: str) -> Any:
    return _parser()(_SURROGATE.sub("\ufffd", text))  # it can't encode half a surrogate pair


@cache
def _parser() -> Callable[[str], Any]:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="pkg_resources is deprecated")  # which setuptools<81 answers
        from twitter_text import parse_tweet  # 0.2 s, needed by one platform only
    parse: Callable[[str], Any] = parse_tweet
    return parse


@cache
def _word() -> re.Pattern[str]:
    """In order: a link, one CJK character, a run of Thai, letters and digits with inner apostrophes or hyphens.

    Compiled with the first text that needs it: that takes 20 ms, and most commands count nothing.
    """
    return re.compile(rf"{_LINK}|(?P<cjk>[{_CJK}])|(?P<thai>[{_THAI}]+)|{_LETTER}+(?:['’.,-]{_LETTER}+)*", re.I)


def _spoken(text: str) -> tuple[int, int]:
    """CJK characters of `text`, and its words in other scripts."""
    text = unicodedata.normalize("NFC", text)
    if _PLAIN.fullmatch(text):
        return 0, len(_PLAIN_WORD.findall(text))
    cjk = other = 0
    for found in _word().finditer(_with_marks_as_letters(text)):
        if found["cjk"]:
            cjk += 1
        elif found["thai"]:
            other += -(-len(found["thai"]) // THAI_CHARACTERS_A_WORD)
        else:
            other += 1
    return cjk, other


def _with_marks_as_letters(text: str) -> str:
    r"""`text` with every mark or joiner inside a word replaced by a letter: `\w` matches none, words need them."""
    if _PLAIN.fullmatch(text):
        return text
    shadow, inside = [], False
    for char in text:
        mark = unicodedata.category(char)[0] == "M" or char in "\u00ad\u200c\u200d"
        if mark and inside:
            shadow.append("a")
        else:
            inside = (char.isalnum() or char == "_") and not is_unspaced(char)
            shadow.append(char)
    return "".join(shadow)
