"""The language of a title: by its script, as declared, by its country, and last by its words."""

from __future__ import annotations

import re
from collections import Counter

_SCRIPTS = (
    ("ja", r"[\u3040-\u30ff\u31f0-\u31ff]", ()),
    ("ko", r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]", ()),
    ("zh", r"[\u3400-\u4dbf\u4e00-\u9fff]", ("ja", "yue", "wuu")),
    ("ar", r"[\u0600-\u06ff\u0750-\u077f]", ("fa", "ur", "ps", "ckb", "sd", "ug", "arz")),
    ("he", r"[\u0590-\u05ff]", ("yi",)),
    ("ru", r"[\u0400-\u04ff]", ("uk", "be", "bg", "sr", "mk", "kk", "mn", "ky")),
    ("el", r"[\u0370-\u03ff]", ()),
    ("hi", r"[\u0900-\u097f]", ("mr", "ne")),
    ("bn", r"[\u0980-\u09ff]", ("as",)),
    ("ta", r"[\u0b80-\u0bff]", ()),
    ("te", r"[\u0c00-\u0c7f]", ()),
    ("th", r"[\u0e00-\u0e7f]", ()),
)
"""Language that a script most often stands for, its letters, and the other languages that are written in it."""
_OTHER_THAN_LATIN = frozenset(code for first, _, others in _SCRIPTS for code in (first, *others))
_SPOKEN = {
    "de": "DE AT LI", "en": "US GB AU NZ IE CA NG GH KE ZA SG", "es": "ES MX AR CO CL PE VE EC GT CU BO DO HN PY SV NI "
    "CR PA UY PR", "fr": "FR MC SN CI", "pt": "BR PT AO MZ", "it": "IT SM", "nl": "NL", "sv": "SE", "da": "DK",
    "nb": "NO", "fi": "FI", "pl": "PL", "cs": "CZ", "sk": "SK", "hu": "HU", "ro": "RO MD", "tr": "TR", "id": "ID",
    "vi": "VN", "ja": "JP", "ko": "KR", "zh": "CN TW HK", "ru": "RU", "uk": "UA", "bg": "BG", "sr": "RS", "el": "GR CY",
    "he": "IL", "th": "TH", "fa": "IR", "ur": "PK", "ar": "SA EG AE QA KW BH OM JO LB DZ MA TN IQ LY SD YE",
}  # fmt: skip
_OF_COUNTRY = {country: language for language, countries in _SPOKEN.items() for country in countries.split()}
"""Countries with one language that most of their titles are in; those of several are told by their words."""
SHORTEST = 25
"""Letters from which words tell the language."""
ALIASES = {"no": "nb", "nn": "nb", "iw": "he", "in": "id", "ji": "yi"}


def language_of(title: str, *, declared: str = "", region: str = "", more: str = "") -> str:
    """The language's code without its country, empty where nothing tells. more: further text of the same author."""
    first = re.split(r"[-_]", declared.strip().lower())[0]
    said = ALIASES.get(first, first) if re.fullmatch(r"[a-z]{2,3}", first) else ""
    said = "" if said in {"und", "mul", "zxx"} else said
    written = _by_script(title)
    likely = said or spoken_in(region)
    if written:
        return _of_script(written, likely)
    if likely and likely not in _OTHER_THAN_LATIN:
        return likely
    return _by_words(f"{title} {more}") or likely


def spoken_in(region: str) -> str:
    """The language that most titles of a country are in; empty for a country of several, and for the world."""
    return _OF_COUNTRY.get(region, "")


def _by_script(text: str) -> str:
    """The script that more letters are in than in Latin, by its first language; empty for Latin."""
    counts = Counter({code: len(re.findall(letters, text)) for code, letters, _ in _SCRIPTS})
    if counts["ja"]:
        counts["ja"] += counts.pop("zh")
    code, most = counts.most_common(1)[0]
    return code if most * 2 > len(re.findall(r"[a-zA-ZÀ-ɏ]", text)) else ""


def _of_script(code: str, likely: str) -> str:
    others = next(others for first, _, others in _SCRIPTS if first == code)
    return likely if likely in others else code


def _by_words(text: str) -> str:
    if len(re.findall(r"[^\W\d_]", text)) < SHORTEST:
        return ""
    from py3langid import classify  # half a second with its model

    code = str(classify(text)[0])
    return "" if code == "und" else ALIASES.get(code, code)
