"""Characters of Word documents that stand for others by their font: Symbol's Greek, Wingdings' marks."""

from __future__ import annotations

UNREADABLE = "\ufffd"

_SYMBOL = dict(
    zip(
        (*range(0x20, 0x7F), *range(0xA0, 0xE6), 0xF1, 0xF2),
        " !∀#∃%&∋()∗+,\u2212./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼"
        "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑〉∫",
        strict=True,
    )
)
_WINGDINGS = {
    0x20: " ",
    0x22: "✂",
    0x28: "☎",
    0x2A: "✉",
    0x46: "☞",
    0x4A: "☺",
    0x4C: "☹",
    0x6C: "●",
    0x6E: "■",
    0x6F: "□",
    0x76: "❖",
    0x9F: "•",
    0xA7: "▪",
    0xA8: "□",
    0xAB: "★",
    0xD8: "➢",
    0xDF: "←",
    0xE0: "→",
    0xE1: "↑",
    0xE2: "↓",
    0xE8: "➔",
    0xF0: "⇨",
    0xFB: "✗",
    0xFC: "✓",
    0xFD: "☒",
    0xFE: "☑",
}
_FONTS = {"symbol": _SYMBOL, "wingdings": _WINGDINGS}
_PRIVATE = range(0xF000, 0xF100)
_OWN = 0x100
"""Characters from there on are what they are in any font."""


def as_shown(text: str, font: str) -> str:
    """`text` as `font` shows it; signs nothing is known of go to Unicode's private area. Other fonts show letters."""
    known = _FONTS.get(font.casefold())
    if known is None and not font.casefold().startswith(("wingdings", "webdings", "zapfdingbats")):
        return text
    return "".join(
        (known or {}).get(_code(char), chr(_PRIVATE.start + _code(char))) if _code(char) < _OWN else char
        for char in text
    )


def symbol(code: str, font: str) -> str:
    """The character with the hexadecimal `code` of `font`."""
    try:
        return as_shown(chr(int(code, 16)), font)
    except (ValueError, OverflowError):
        return UNREADABLE


def _code(char: str) -> int:
    return ord(char) - 0xF000 if ord(char) in _PRIVATE else ord(char)
