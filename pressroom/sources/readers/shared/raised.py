"""Raised and lowered letters in a line of plain text: exponents, units, formulas, ordinals; footnote marks go."""

from __future__ import annotations

import re

_UP = str.maketrans(
    "0123456789+-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWβγδθφχ",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᶿᵠᵡ",
)
_DOWN = str.maketrans("0123456789+-=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ")
_MINUS = str.maketrans("−–‐‑", "----")

_CENTS = re.compile(r"(?:[$€£¥₹]|\b(?:EUR|USD|CHF|GBP|SEK|NOK|DKK|Fr\.|R\$))\s?\d[\d.,' ]{0,12}$")
_USUAL_CENTS = re.compile(r"00|[2-9][059]|[4-9]\d")
"""A lower number behind a price may be a footnote's."""
_MONEY = re.compile(r"\s?(?:[$€£₹]|(?:EUR|USD|CHF|GBP|SEK|NOK|DKK|euros?|dollars?|pounds?|francs?|Euro|kr)\b)", re.I)
_CLOCK = re.compile(r"\s?(?:h|hrs?|Uhr|uur|a\.?m|p\.?m)\b", re.I)
_MARK = re.compile(r"[\[(]?\s*(?:\d{1,3}|[ivx]{1,5}|[*†‡§¶#]{1,4}|[a-z])(?:\s*[,;–-]\s*(?:\d{1,3}|[a-z]))*\s*[\])]?")
"""Of a footnote: figures, small letters or signs, several of them with commas between."""
_FIGURES = re.compile(r"[+-]?\d{1,4}")
_CHARGE = re.compile(r"\d{0,2}[+-]")
_SIGN = re.compile(r"(?:TM|SM|R|[®™℠©°ºª′″])", re.I)
_ORDINAL = re.compile(
    r"st|nd|rd|th|er?|re|ère|ers|ème|nde?|o|a|os|as|mo|ma|do|da|me|lle|le|te|r|s|t|de|ste|h|[ºª°]", re.I
)

_ABBREVIATED = frozenset({"n", "d", "m", "st", "c", "v"})
"""Beginnings of abbreviations that end in one raised letter: nº, Dr, Ste, Ce."""

_TEN = re.compile(r"(?:^|[^\w.,])(?:\d[\d.,]*\s?[x×·⋅*]\s?)?10$")
_OPERATED = re.compile(r"[=×·⋅*/^√<>≈±+−]\s?-?(?:\d[\d.,]*|[^\W\d_]{1,3})$|[)\]²³]$")
_VARIABLE = re.compile(r"(?:^|[^\w'’])[^\W\d_]$")
_UNIT = re.compile(
    r"(?:^|[\d\s/·⋅*(\[⁻¹²³])(?:[kKhdcmµunp]?m|[kdcm]?g|ft|yd|mi|sec|s|px|Å|metres?|meters?|mètres?|Meter|metros?|metri)$"
    r"|\d\s?in$"
)
_ELEMENT = re.compile(r"(?:^|[^a-z])(?:[A-Z][a-z]?|[)\]])(?:[₀-₉]*)$|[₀-₉][)\]]?$")
_FUNCTION = re.compile(r"\b(?:sin|cos|tan|log|ln)$")
_WORKED_OUT = re.compile(r"\((?![^()]*[^\W\d_]{3})[^()]*[-+−·*/=][^()]*\)$")
_DEGREES = re.compile(r"\s?[CFNSEWK]\b")
_BEGINS_ELEMENT = re.compile(r"[A-Z][a-z]?(?![a-z])")
_BEGINS_EQUATION = re.compile(r"\s?[=×·⋅+*/≈]\s?[\w(−-]")
_ENDS_IN_WORD = re.compile(r"\w$")
_ROMAN = re.compile(r"\b[IVXLC]+$")


def raised(before: str, inside: str, after: str = "", *, link: bool = False) -> str:
    """`inside`, raised over the line after `before`, as plain text: `⁶`, `^(n+1)`, `th`, or nothing for a mark.

    link: whether it leads to another place of the same document, as a footnote's mark does.
    """
    text = " ".join(inside.translate(_MINUS).split())
    if link and _MARK.fullmatch(text):
        return ""
    if _SIGN.fullmatch(text):
        return {"tm": "™", "sm": "℠", "r": "®"}.get(text.lower(), text)
    if part := _lower_unit(before, text, after):
        return part
    if _is_ordinal(before, text) or (text.isdecimal() and after[:1] in ("/", "⁄")):
        return _on_the_line(before, text, after)
    if _is_power(before, text, after):
        return shifted(text, "^")
    return "" if not text or _MARK.fullmatch(text) else _beside(before, inside)


def _beside(before: str, inside: str) -> str:
    """Words of their own, after a space where they follow a word."""
    return f" {inside.strip()}" if _ENDS_IN_WORD.search(before) else inside.strip()


def _lower_unit(before: str, text: str, after: str) -> str:
    """`.99` or `:30` for two figures that are the cents of a price or the minutes of a time, else nothing."""
    if not re.fullmatch(r"\d\d", text) or not before[-1:].isdecimal():
        return ""
    if _MONEY.match(after) or (_CENTS.search(before) and _USUAL_CENTS.fullmatch(text)):
        return f".{text}"
    is_hour = re.search(r"(?<![\d.,:])(?:[01]?\d|2[0-3])$", before) is not None
    return f":{text}" if is_hour and text < "60" and _CLOCK.match(after) else ""


def _on_the_line(before: str, text: str, after: str) -> str:
    """The ending of an ordinal, the degree of a temperature, the upper half of a fraction."""
    if text.isdecimal():
        return f" {text}" if before[-1:].isdecimal() else text
    return "°" if text in "oO" and _DEGREES.match(after) else text


def power(exponent: str) -> str:
    """`exponent` behind its base: `⁶`, `ⁿ⁺¹`, `^(a/b)`."""
    return shifted(exponent.strip(), "^") if exponent.strip() else ""


def lowered(before: str, inside: str) -> str:
    """`inside`, below the line after `before`, as plain text: `₂`, `_(total)`; words of their own after a space."""
    text = " ".join(inside.translate(_MINUS).split())
    if before[-1:] in ("/", "⁄") and text.isdecimal():
        return text  # the lower half of a fraction
    alone = not _ENDS_IN_WORD.search(before) and text.isalpha() and len(text) > 1
    if " " not in text and not alone:
        return shifted(text, "_")
    return _beside(before, inside)


def _is_power(before: str, text: str, after: str) -> bool:
    """True when a raised text is an exponent, a charge or an atomic mass, by the text around it."""
    if _CHARGE.fullmatch(text):
        return _ELEMENT.search(before) is not None or _VARIABLE.search(before) is not None
    if not _ENDS_IN_WORD.search(before[-1:]) and before[-1:] not in (")", "]", "|"):
        return text.isdecimal() and _BEGINS_ELEMENT.match(after) is not None and not before[-1:].strip()
    if _FIGURES.fullmatch(text):
        return text.startswith(("-", "+")) or _is_base(before, text, after)
    return _is_short_term(text) and bool(_VARIABLE.search(before) or _TEN.search(before) or _is_two(before, text))


def _is_base(before: str, figure: str, after: str) -> bool:
    """True when `figure` can be the exponent of the end of `before`."""
    if _TEN.search(before) or (figure in ("2", "3", "4") and _UNIT.search(before)) or _VARIABLE.search(before):
        return True
    if _is_two(before, figure) or _FUNCTION.search(before) or _WORKED_OUT.search(before):
        return True
    return bool(_OPERATED.search(before) and before[-1:] not in "])") or (
        _BEGINS_EQUATION.match(after) is not None and re.search(r"[\d)\]]$", before) is not None
    )


def _is_two(before: str, text: str) -> bool:
    """Two to the power of at least eight, as memory is counted."""
    return re.search(r"(?:^|[^\w.,])2$", before) is not None and (not text.isdecimal() or int(text) >= 8)


def _is_short_term(text: str) -> bool:
    return re.fullmatch(r"-?(?:\d*[^\W\d_]|[^\W\d_](?:\s?[+-]\s?\d{1,3})?|\d{1,4}[.,/]\d{1,4})", text) is not None


def _is_ordinal(before: str, text: str) -> bool:
    """True when raised letters belong to the figure or abbreviation before them: 1st, XIXe, nº, Mme."""
    if not _ORDINAL.fullmatch(text):
        return False
    word = re.search(r"(?<![\w.])[\w.]*+$", before)
    stem = word[0] if word else ""
    if stem[-1:].isdecimal():
        return True
    return bool(_ROMAN.search(before)) or (0 < len(stem) <= 2 and (len(text) > 1 or stem.casefold() in _ABBREVIATED))


def shifted(text: str, sign: str) -> str:
    """`text` in small raised (sign `^`) or lowered (`_`) letters where Unicode has them all, else after the sign."""
    plain = text.translate(_MINUS).replace(" ", "")
    moved = plain.translate(_UP if sign == "^" else _DOWN)
    if all(new != old for old, new in zip(plain, moved, strict=True)):
        return moved
    return f"{sign}{plain}" if len(plain) == 1 or re.fullmatch(r"-?\w+", plain) else f"{sign}({text})"
