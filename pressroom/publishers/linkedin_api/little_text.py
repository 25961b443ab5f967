"""LinkedIn's text format: reserved characters stand behind a backslash, but for those of hashtags and mentions.

learn.microsoft.com, "little Text Format". LinkedIn cuts a post at the first reserved character without one, and says
that all is well.
"""

from __future__ import annotations

import re

RESERVED = "|{}@[]()<>#*_~\\"
_CLASS = re.escape(RESERVED)
_URL_CHAR = r"[\w\-.~:/?#@!$&'*+,;=%]"
_URL_END = r"[^\W_]|[\-/$&+=%]"
_URL = rf"(?i:https?)://(?:{_URL_CHAR}|\({_URL_CHAR}*\))*(?:{_URL_END}|\({_URL_CHAR}*\))"
_TAG = r"(?<![\w#])#(?!(?i:https?)://)\d*[^\W\d_][^\W_]*"
_URN = r"urn:li:\w{1,40}:[\w-]{1,80}"
_MENTION = rf"@\[(?P<name>[^\[\]\\\n]{{1,200}})\]\((?P<urn>{_URN})\)"
_GLUED = rf"(?P<address>(?i:https?)://(?:{_URL_CHAR}|[()])*)"
_PLAIN = re.compile(rf"{_GLUED}?{_MENTION}|(?P<whole>{_URL}|{_TAG})|(?P<reserved>[{_CLASS}])")
_ESCAPED = re.compile(
    rf"\\(?P<reserved>[{_CLASS}])|(?P<whole>{_URL})|\{{hashtag\|\\?[#＃]\|(?P<tag>[^{_CLASS}\s]{{1,200}})\}}"
    rf"|@\[(?P<name>(?:\\[{_CLASS}]|[^{_CLASS}\n]){{1,200}})\]\((?P<urn>{_URN})\)"
)
_SIGN = re.compile(f"[{_CLASS}]")
_PAIR = re.compile(rf"\\[{_CLASS}]")


def escape(text: str) -> str:
    """`text` as it is sent: addresses, `#hashtags` and `@[Name](urn:li:organization:1)` keep their meaning.

    A mention that is glued to an address is plain text: LinkedIn would read its `@` as part of the address.
    """
    return _PLAIN.sub(_with_backslashes, text)


def unescape(text: str) -> str:
    """The words of a post in LinkedIn's format; the opposite of `escape`. Hashtags as templates become plain ones."""
    return _ESCAPED.sub(_without_backslashes, text)


def _with_backslashes(found: re.Match[str]) -> str:
    if found["whole"]:
        return found["whole"]
    if found["address"]:
        return escape(found["address"]) + _SIGN.sub(_backslash, found.group()[len(found["address"]) :])
    if found["urn"]:
        return f"@[{_SIGN.sub(_backslash, found['name'])}]({found['urn']})"
    return _backslash(found)


def _backslash(found: re.Match[str]) -> str:
    return f"\\{found.group()}"


def _second(found: re.Match[str]) -> str:
    return found.group()[1]


def _without_backslashes(found: re.Match[str]) -> str:
    if found["urn"]:
        return f"@[{_PAIR.sub(_second, found['name'])}]({found['urn']})"
    return found["reserved"] or found["whole"] or f"#{found['tag']}"
