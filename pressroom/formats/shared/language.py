"""The effect of a text on its reader, as far as words show it: promotional clichés, questions, calls to action."""

from __future__ import annotations

import re
from types import MappingProxyType

PLAIN_WORDS = MappingProxyType(
    {
        "game-changer": "real change",
        "game changer": "real change",
        "game-changing": "useful",
        "revolutionize": "change",
        "revolutionise": "change",
        "revolutionized": "changed",
        "revolutionised": "changed",
        "revolutionizes": "changes",
        "revolutionises": "changes",
        "revolutionizing": "changing",
        "revolutionising": "changing",
        "cutting-edge": "new",
        "cutting edge": "new",
        "unlock the power": "make use",
        "unleash": "use",
        "unleashes": "uses",
        "unleashed": "used",
        "unleashing": "using",
        "in today's fast-paced world": "today",
        "take it to the next level": "improve it",
        "take your business to the next level": "improve your business",
        "synergy": "cooperation",
        "synergies": "shared gains",
        "don't miss out": "take a look",
        "act now": "begin now",
        "limited time offer": "offer",
        "best-in-class": "good",
        "world-class": "good",
        "dive into": "look at",
        "buckle up": "listen",
    }
)
"""Promotional phrases that no post needs, and what to say instead; matched as whole words in any case."""

QUESTION_MARKS = "?？؟⁇⁈⁉՞\u037e"

_VERBS = (
    "add ask begin book bring browse build call check choose click comment compare consider count decide describe "
    "download draw drop explore find follow forward get give go grab join keep learn leave let list listen look make "
    "mark measure meet message move name note open order pass pick pin plan play post print put read register "
    "remember reply reserve run save say schedule see send set share show sign sketch start stop subscribe swap take "
    "talk tell test think try turn use visit vote walk watch work write"
)
IMPERATIVES = frozenset(_VERBS.split())
"""English verbs that, opening a clause, call the reader to do something."""

_CLICHE = re.compile(
    r"(?<!\w)(?:" + "|".join(re.escape(phrase) for phrase in sorted(PLAIN_WORDS, key=len, reverse=True)) + r")(?!\w)",
    re.I,
)
_CLAUSE = re.compile(r"(?:^|[.!…:;,–—]\s+|\b(?:and|or|please|then|so|now)\s+)(?=(\w+))", re.I | re.M)


def cliches(text: str) -> list[str]:
    """The promotional clichés in `text`, each once, in lower case."""
    return list(dict.fromkeys(found.casefold() for found in _CLICHE.findall(text.replace("’", "'"))))


def without_cliches(text: str) -> str:
    """`text` with plain words in their place; text without clichés comes back as it is."""
    return _CLICHE.sub(_plain, text.replace("’", "'")) if cliches(text) else text


def _plain(found: re.Match[str]) -> str:
    words = PLAIN_WORDS[found.group().casefold()]
    return words[0].upper() + words[1:] if found.group()[0].isupper() else words


def asks(text: str) -> bool:
    return any(mark in text for mark in QUESTION_MARKS)


def invites(text: str, language: str = "en") -> bool:
    """True when `text` asks a question or calls for an action.

    A question is recognised by its mark in any language, a call to action by its verb in English only; in other
    languages every text counts as one.
    """
    if asks(text):
        return True
    if language.partition("-")[0].casefold() != "en":
        return bool(text.strip())
    return any(verb.casefold() in IMPERATIVES for verb in _CLAUSE.findall(text))
