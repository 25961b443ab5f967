"""A web page is checked before and after its text is taken out: for a sign-in, a list of teasers, a shell."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from pressroom.errors import SourceNeedsLogin, SourceNoArticle
from pressroom.platforms import counting
from pressroom.sources.readers.shared.assemble import Parts
from pressroom.sources.readers.shared.flow import Flow
from pressroom.sources.readers.shared.tidy import one_line

Tree = Any
"""An lxml element."""

LEAST_WORDS = 25
"""Below it, what is left of a page is a caption or a notice."""

SIGN_IN_WORDS = 50
"""A page with a password field and fewer words than that asks for a sign-in; others have a form at their edge."""

SHORT_WORDS = 300
"""Below it, a page with a form for signing in may show only the beginning of its article."""

LINKED = "Most of its words are links: it may be a list of other pages."
CUT = "The page has a form for signing in: its text may be only the beginning of the article."

_LONGEST_BYLINE = 120
_BYLINE_WORDS = frozenset(
    {"by", "on", "at", "published", "updated", "posted", "written", "von", "am", "vom", "veröffentlicht", "par", "le"}
    | {"publié", "por", "el", "publicado", "de", "di", "da"}
)
_WORD = re.compile(r"\w+")
_ERROR_WORDS = 80
_LEAST_CARDS = 3
_SHARE_IN_CARDS = 0.6
_SHARE_OF_ONE = 0.5
_SHARE_LINKED = 0.6

_SIGN_IN = "//input[translate(@type, 'PASWORD', 'pasword') = 'password']"
_SIGN_IN_FORM = re.compile(r"(?:^|[/_.-])(?:log-?in|sign-?in|anmelden|connexion|iniciar-sesion)(?:$|[/_.?-])", re.I)
_ERROR = re.compile(
    r"\b(?:404|not found|page (?:doesn.t|does not) exist|no longer (?:exists|available)|access denied|forbidden"
    r"|nicht gefunden|existiert nicht|introuvable|n.existe pas|no encontrada|no existe|non trovata|não encontrada"
    r"|niet gevonden)\b|見つかりません|存在しません",
    re.I,
)
_SCRIPT = re.compile(r"javascript", re.I)
_SHOWN = "//body//text()[not(ancestor::script or ancestor::style or ancestor::noscript)]"
_CARD_HEADING = (
    "//*[self::h2 or self::h3 or self::h4 or self::h5]"
    "[.//a[@href and not(starts-with(@href, '#'))] or ancestor::a[@href]]"
)
_CARD = "ancestor::*[self::article or self::li or self::section or self::div or self::td][1]"


class Look:
    """Describes a page as a whole, before anything is taken out of it."""

    def __init__(self, tree: Tree) -> None:
        forms = (f"{form.get('action', '')} {form.get('id', '')}" for form in tree.iter("form"))
        self.asks_for_sign_in = bool(tree.xpath(_SIGN_IN)) or any(
            _SIGN_IN_FORM.search(part) for form in forms for part in form.split()
        )
        self.names = " ".join(one_line(text) for text in tree.xpath("//head/title//text() | //h1//text()"))
        without = " ".join(tree.xpath("//noscript//text()"))
        bare = counting.words(" ".join(tree.xpath(_SHOWN)))
        self.needs_scripts = bool(_SCRIPT.search(without) or (bare < LEAST_WORDS and tree.xpath("//script")))


def check(look: Look, tree: Tree, flow: Flow, source: str) -> None:
    """Refuses a page whose main text (what `flow` has read) is no article; notes what else may be wrong with it.

    Raises:
        SourceNeedsLogin: it asks for a sign-in.
        SourceNoArticle: it is an error, a list of teasers, or needs a browser.
    """
    texts = [text for _, found in flow.parts.found for text in found]
    words = counting.words("\n".join(texts))
    if look.asks_for_sign_in and words < SIGN_IN_WORDS:
        raise SourceNeedsLogin(
            f"{source} asks for a sign-in instead of showing an article.",
            hint="Save the page from your browser, or copy its text, and give that.",
        )
    if words < _ERROR_WORDS and _ERROR.search(look.names):
        raise SourceNoArticle(f"{source} is an error page.", hint="Open the address in a browser and check it.")
    if words < LEAST_WORDS:
        raise _too_little(look, source)
    if flow.links_alone > _SHARE_LINKED * words or _is_made_of_cards(tree, texts, words):
        raise SourceNoArticle(
            f"{source} is a list of links to articles, and none itself.", hint="Give the address of one article."
        )
    if flow.linked_words > _SHARE_LINKED * words:
        flow.parts.omissions.note(LINKED)
    if look.asks_for_sign_in and words < SHORT_WORDS:
        flow.parts.omissions.note(CUT)


def drop_bylines(parts: Parts, author: str, date: dt.date | None) -> None:
    """Takes out paragraphs that say only who wrote the article and when: both are known of it."""
    for _, texts in parts.found:
        texts[:] = [text for text in texts if not _is_byline(text, author, date)]


def _is_byline(text: str, author: str, date: dt.date | None) -> bool:
    if len(text) > _LONGEST_BYLINE or not (author or date):
        return False
    left = set(_WORD.findall(text.casefold())) - set(_WORD.findall(author.casefold())) - _BYLINE_WORDS
    if date is not None:
        numbers = (str(date.year), str(date.month), str(date.day), f"{date.month:02}", f"{date.day:02}")
        left -= {*numbers, f"{date:%B}".casefold(), f"{date:%b}".casefold()}
    return not left


def _too_little(look: Look, source: str) -> SourceNoArticle:
    if look.needs_scripts:
        return SourceNoArticle(
            f"{source} shows its text only in a browser that runs its scripts.",
            hint="Open it in a browser, save the page or copy its text, and give that.",
        )
    return SourceNoArticle(
        f"{source} holds no article: no running text was found on the page.",
        hint="Give the address of one article, or copy its text and give that.",
    )


def _is_made_of_cards(tree: Tree, texts: list[str], words: int) -> bool:
    """True when most text stands in teasers: boxes with one linked heading each, none of them the article."""
    cards: dict[Any, int] = {}
    for heading in tree.xpath(_CARD_HEADING):
        for card in heading.xpath(_CARD):
            cards[card] = cards.get(card, 0) + 1
    inside = [one_line(" ".join(card.itertext())) for card, headings in cards.items() if headings == 1]
    if len(inside) < _LEAST_CARDS:
        return False
    counts = [0] * len(inside)
    for text in texts:
        at = next((at for at, card in enumerate(inside) if text.removeprefix("- ") in card), None)
        if at is not None:
            counts[at] += counting.words(text)
    return sum(counts) > _SHARE_IN_CARDS * words and max(counts) < _SHARE_OF_ONE * words
