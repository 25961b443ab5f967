"""The figure of a sentence that is worth a card of its own, exactly as it stands there."""

from __future__ import annotations

import regex

_NUMBER = r"\d++(?:[.,'’\u00a0\u202f ]\d{3}(?!\d))*+(?:[.,]\d++)?+"
_SCALE = (
    r"(?:trillions?|billions?|millions?|thousand|bn|[MB]n?(?!\w)|Billionen|Milliarden?|Millionen|Million|Tausend|Mrd\.?|Mio\.?"
    r"|milliards?|mille|millones|millón|mil|milioni|miliardi|milhões|bilhões|miljoen|miljard|miljoner|miljarder|milionów|miliardów"
    r"|миллион\w*|миллиард\w*|тысяч\w*|млн|млрд|тыс\.?|мільйон\w*|мільярд\w*|εκατομμύρι\w+|δισεκατομμύρι\w+|χιλιάδες)(?!\w)"
)
_MONEY = r"(?:[$€£¥₽₴₹]|US\$|CHF|EUR|USD|GBP)"
_SIGN = r"(?<![\p{Latin}\p{Cyrillic}\p{Greek}\d.,/:–-])[+−-]?"
_LETTER = r"[\p{Latin}\p{Cyrillic}\p{Greek}\d]"
_END = rf"(?!{_LETTER}|[/:]|[.,]\d)"

_KINDS = tuple(
    regex.compile(pattern)
    for pattern in (
        rf"{_SIGN}{_NUMBER}(?:\s?[–-]\s?{_NUMBER})?\s?[%％‰](?!{_LETTER})",
        rf"{_SIGN}{_MONEY}\s?{_NUMBER}(?:\s?{_SCALE})?(?!{_LETTER}|[.,]\d)|{_SIGN}{_NUMBER}(?:\s?{_SCALE})?\s?[€$£₽₴₹](?!{_LETTER})",
        rf"{_SIGN}{_NUMBER}\s?[x×](?!{_LETTER})",
        rf"{_SIGN}{_NUMBER}\s?{_SCALE}",
        rf"(?<![\d.,]){_NUMBER}\s?[万億兆](?:円|人|件|ドル|元)?|(?<![\d.,]){_NUMBER}\s?[割倍]",
        rf"{_SIGN}\d{{1,3}}(?:[.,'’\u00a0\u202f]\d{{3}})+{_END}",
    )
)
"""From the most striking to the least: shares, money, multiples, named magnitudes, Japanese ones, long numbers."""

_PLACE = regex.compile(
    r"(?:§+|#|\b(?:sections?|sec|paragraphs?|para|articles?|art|clauses?|rules?|chapters?|titles?|parts?|no|nr|num|numbers?"
    r"|versions?|release|v|pages?|p|pp|ids?|iso|rfc|ticket|issue|pr|table|figure|fig|step|line|absatz|abs|artikel|kapitel"
    r"|seite|ziffer|sección|artículo|capítulo|página|núm|chapitre|numéro|paragraphe|ligne|n[°º])\.?|第)\s*$",
    regex.IGNORECASE,
)
"""Matches before the number of a paragraph, a version or a page: such a number counts nothing."""

MOST = 14
"""Characters of a figure that can still stand very large."""


def figure(sentence: str) -> tuple[int, str] | None:
    """How striking (0 is most) and the figure itself; None for a sentence with none, or with more than two.

    Plain small numbers, years, dates and versions are no figures.
    """
    found: list[tuple[int, int, str]] = []
    for rank, kind in enumerate(_KINDS):
        for match in kind.finditer(sentence):
            taken = any(start <= match.start() < start + len(text) for _, start, text in found)
            is_place = _PLACE.search(sentence[: match.start()]) is not None
            if not taken and not is_place and len(match.group()) <= MOST:
                found.append((rank, match.start(), match.group().strip()))
    if not found or len(found) > 2:
        return None
    rank, _, text = min(found)
    return rank, text
