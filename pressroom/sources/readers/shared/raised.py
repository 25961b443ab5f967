"""Raised and lowered characters as one line of text: exponents stay (10⁶), marks of footnotes go (in 2025³)."""

from __future__ import annotations

import re

_UP = str.maketrans("0123456789+-\u2212\u2013=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ⁿⁱ")
_DOWN = str.maketrans("0123456789+-\u2212\u2013=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎")
_SIGNS = {"TM": "™", "SM": "℠", "MC": "ᴹᶜ", "R": "®", "(R)": "®", "c": "©"}

_ENDINGS = frozenset({"st", "nd", "rd", "th", "e", "er", "ère", "re", "ème", "nde", "de", "d", "o", "a", "os", "as"})
"""Of ordinals: 1st, 2e, XIXe, 1º."""
_SHORTENED = re.compile(r"(?:[nN]os?|N[ro]|[DMS][re]|St|M[ml].*|J[hn]|V[ve])")
_UNITS = frozenset({"m", "cm", "mm", "km", "dm", "nm", "µm", "μm", "hm", "ft", "yd", "mi", "in", "s", "sec"})
_FUNCTIONS = frozenset({"sin", "cos", "tan", "log", "ln"})
_OPERATOR = r"[=×·*/+\u2212<>≈≤≥^~]"

_FIGURES = re.compile(r"[+\-\u2212\u2013]?\d+(?:[.,/]\d+)?")
_CHARGE = re.compile(r"\d?[+\-\u2212]")
_NUMBER = re.compile(r"(?<![\d.,])\d[\d.,]*$")
_LETTERS = re.compile(r"[^\W\d_]+$")
_ROMAN = re.compile(r"[IVXLCDM]+")
_BRACKET = re.compile(r"\(([^()]*)\)$")
_LONG_WORD = re.compile(r"[^\W\d_]{3}")
_WORKED_OUT = re.compile(rf"(?:{_OPERATOR}|[⁰¹²³⁴-⁹])\s*[\d.,]*$")
_WORKED_ON = re.compile(rf"\s*{_OPERATOR}\s*[\dA-Za-z(]")
_LOOK_BACK = 60


def raised(before: str, text: str, after: str = "") -> str:
    """`text`, raised between `before` and `after`, as it reads on the line; empty when it marks a footnote.

    before: the sentence up to it. after: its next characters.
    """
    mark, before = text.strip(), before[-_LOOK_BACK:]
    if not any(char.isalnum() for char in mark):
        return mark.translate(_UP) if _CHARGE.fullmatch(mark) and before[-1:].isalnum() else _symbol(mark)
    if mark[0] in "[{" or (mark.startswith("(") and not _is_variable(before)):
        return _SIGNS.get(mark, "")
    if mark.isalpha():
        return _letters(before, mark, after)
    if _CHARGE.fullmatch(mark):
        return mark.translate(_UP)
    return _figures(before, mark, after)


def lowered(before: str, text: str) -> str:
    """`text`, lowered after `before`, as it reads on the line: CO₂, x₁, log₂; letters after a figure with `_`."""
    mark = text.strip()
    if mark and all(char in "0123456789+-\u2212\u2013=()" for char in mark):
        return mark.translate(_DOWN) if before[-1:].strip() else mark
    return f"_{mark}" if mark and before[-1:].isdigit() else text


def power(text: str) -> str:
    """`text` as an exponent: `⁶`, `ⁿ`, `^x`, `^(a+b)`."""
    plain = text.strip()
    if plain and all(ord(char) in _UP for char in plain):
        return plain.translate(_UP)
    return f"^{plain}" if re.fullmatch(r"\w*|[+\-\u2212]?\d+[.,]\d+", plain) else f"^({plain})"


def _symbol(mark: str) -> str:
    return mark if mark and all(char in "™®©℠°′″'\"ºª%" for char in mark) else ""


def _letters(before: str, mark: str, after: str) -> str:
    if mark in _SIGNS and len(mark) > 1:
        return _SIGNS[mark]
    word, number = _LETTERS.search(before), _NUMBER.search(before)
    if number:
        return _behind_number(number[0], mark, after)
    if word is None:
        return mark if len(mark) > 1 or (not before[-1:].strip() and after[:1].isalnum()) else ""
    if _ROMAN.fullmatch(word[0]) or _SHORTENED.fullmatch(word[0] + mark):
        return mark
    is_exponent = len(word[0]) == 1 and (len(mark) == 1 or word[0].islower())
    return power(mark) if is_exponent else mark if len(mark) > 1 else ""


def _behind_number(number: str, mark: str, after: str) -> str:
    if mark in "oO" and re.match(r"\s?[CFNSEWK]\b", after):
        return "°"
    if mark.casefold() in _ENDINGS or len(mark) > 1:
        return mark
    return power(mark) if number in ("2", "10") else ""


def _figures(before: str, mark: str, after: str) -> str:
    if not _FIGURES.fullmatch(mark):
        return power(mark) if _is_variable(before) and re.search(r"[a-z]", mark) else ""
    if after[:1] in ("/", "\u2044") or "/" in mark:  # half of a fraction, or a whole one
        return f" {mark}" if before[-1:].isdigit() else mark
    if not before[-1:].strip():  # an isotope's number stands before its letter; a footnote's before a space
        return mark.translate(_UP) if re.match(r"[A-Z][a-z]?\b", after) else ""
    if mark[0] in "-\u2212\u2013" and (before[-1].isalnum() or before[-1] in ")°"):
        return power(mark)
    return power(mark) if _is_base(before, mark, after) else ""


def _is_base(before: str, mark: str, after: str) -> bool:
    """Whether a figure raised after `before` is an exponent."""
    if bracket := _BRACKET.search(before):
        return not _LONG_WORD.search(bracket[1]) and re.search(r"[+\-\u2212·*/=]", bracket[1]) is not None
    if number := _NUMBER.search(before):
        worked = _WORKED_OUT.search(before[: number.start()]) or _WORKED_ON.match(after)
        return number[0] == "10" or (number[0] == "2" and len(mark) > 1) or worked is not None
    return (_is_variable(before) and mark != "1") or _is_unit(before, mark)


def _is_variable(before: str) -> bool:
    word = _LETTERS.search(before)
    return word is not None and (len(word[0]) == 1 or word[0] in _FUNCTIONS)


def _is_unit(before: str, mark: str) -> bool:
    word = _LETTERS.search(before)
    if word is None or word[0] not in _UNITS or mark not in ("2", "3"):
        return False
    return word[0] != "in" or re.search(r"\d\s?in$", before) is not None
