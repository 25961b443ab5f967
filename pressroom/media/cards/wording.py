"""Text as it may stand on a card: no emoji, one kind of space, the quotation marks of its language."""

from __future__ import annotations

import tomllib
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Any

import regex

NBSP, NARROW = "\u00a0", "\u202f"

_EMOJI = regex.compile(
    r"[\p{Regional_Indicator}]{2}|[0-9#*]\ufe0f?\u20e3"
    r"|[\p{Extended_Pictographic}--[©®™↔↕✓✔]][\ufe0e\ufe0f\p{Emoji_Modifier}]*"
    r"(?:\u200d\p{Extended_Pictographic}[\ufe0e\ufe0f\p{Emoji_Modifier}]*)*|[\ufe0e\ufe0f\p{Emoji_Modifier}]",
    regex.V1,
)
_CONTROL = regex.compile(r"[\p{Cc}\p{Cs}\p{Co}\p{Cn}\u00ad\u200b\u2060\ufeff\ufffc\ufffd\u202a-\u202e\u2066-\u2069]")
_SPACES = regex.compile(r"[^\S\u00a0\u202f]+")
_COMPOSED = regex.compile(r"[\ufb00-\ufb06\u2460-\u24ff]")  # ligatures, circled numbers
_OPENING = regex.compile(r"(?:^|(?<=[\s(\[{«„“‘‚—–/-]))[\"']")
_UNIT = regex.compile(r"(?<=\d) (?=[%‰€$£¥₽°])|(?<=[€$£¥₽№§]) (?=\d)")
_CODE = regex.compile(r"(?<!`)(`++)\s?([^`]{1,200}?)\s?\1")
_EMPHASIS = regex.compile(r"(?<![\w*_~=])(\*\*\*|\*\*|\*|___|__|_|~~|==)(?=\S)([^*_~=]{1,200}?)(?<=\S)\1(?![\w*_~=])")
_TAG = regex.compile(r"</?[A-Za-z][^<>]{0,40}>")
WHOLE = 24
"""Characters of code or of a tag that stay on one line."""
_FRENCH = regex.compile(r"(?<=\S) (?=[?!:;»])|(?<=«) ")


@cache
def typography() -> dict[str, Any]:
    """`typography.toml`."""
    return tomllib.loads((files(__package__) / "typography.toml").read_text("utf-8"))


def quotes(language: str) -> tuple[str, str, str, str]:
    """Outer opening and closing, inner opening and closing quotation marks; the English ones when unknown."""
    table: dict[str, list[str]] = typography()["quotes"]
    whole = language.lower().replace("_", "-")
    opening, closing, inner, inner_closing = table.get(whole) or table.get(whole.split("-")[0]) or table["en"]
    return opening, closing, inner, inner_closing


def quoted(text: str, language: str) -> tuple[str, str]:
    """`text` after its language's opening mark; and the closing mark, with the full stop where that language has it."""
    opening, closing, inner, inner_closing = quotes(language)
    text = text.replace(opening, inner).replace(closing, inner_closing)  # quotations in it
    code = language.lower().split("-")[0]
    if code in typography()["stop_outside"] and text.endswith("."):
        return opening + text[:-1], closing + "."
    if code in typography()["stop_dropped"]:
        text = text.removesuffix("。")
    return opening + text, closing


def clean(text: str, language: str) -> str:
    """`text` in one line, composed (NFC), without emoji, control characters and Markdown, its quotes made curly.

    A short piece of code, and a short tag such as `<App />`, is not broken over lines.
    """
    text = _plain(text)
    text = _COMPOSED.sub(lambda found: unicodedata.normalize("NFKC", found.group()), unicodedata.normalize("NFC", text))
    text = _SPACES.sub(" ", _CONTROL.sub("", _EMOJI.sub("", text.replace("\n", " ").replace("\t", " "))))
    text = regex.sub(r"(?<! ) ++(?=[,.](?:\s|$))", "", text).strip()
    text = _UNIT.sub(NARROW, text.replace("...", "…"))
    text = regex.sub(r"(?<=\S) (?=[–—] )", NBSP, text)  # a dash never begins a line
    if language.lower().startswith("fr"):
        text = _FRENCH.sub(NARROW, text)
    return _curly(text, language)


def _plain(text: str) -> str:
    """`text` without Markdown's marks for code and emphasis; short code and tags hold together."""
    if "`" in text:
        text = _CODE.sub(lambda code: _whole(code[2]), text).replace("`", "")
    text = _EMPHASIS.sub(r"\2", text)
    return _TAG.sub(lambda tag: _whole(tag.group()), text) if "<" in text else text


def _whole(code: str) -> str:
    return code.replace(" ", NBSP) if len(code) <= WHOLE else code


def unquoted(text: str) -> str:
    """`text` without the quotation marks around all of it."""
    marks = {('"', '"'), ("'", "'")} | {
        pair for row in typography()["quotes"].values() for pair in ((row[0].strip(), row[1].strip()), (row[2], row[3]))
    }
    bare = text.strip()
    for opening, closing in sorted(marks):
        inner = bare[1:-1]
        if len(bare) > 2 and bare[0] == opening and bare[-1] == closing and opening not in inner:
            return inner.strip()
    return bare


def _curly(text: str, language: str) -> str:
    """Straight double quotes as the language's own, apostrophes as ’; a mark after a blank opens, others close."""
    if '"' not in text and "'" not in text:
        return text
    outer, outer_closing, inner, inner_closing = quotes(language)
    text = regex.sub(r"(?<=\w)'(?=\w)|(?<=\s)'(?=\d0s)", "’", text)
    text = _OPENING.sub(lambda found: outer if found.group() == '"' else inner, text)
    return text.replace('"', outer_closing).replace("'", inner_closing if text.count(inner) else "’")
