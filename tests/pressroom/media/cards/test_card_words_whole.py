"""Words on cards stay whole: code, tags and Japanese words on one line, a signature that leaves room for the words."""

from __future__ import annotations

from itertools import pairwise

from pressroom.media.cards import card_for
from pressroom.media.cards.breaking import pieces
from pressroom.media.cards.wording import NBSP, clean


def texts(words: str) -> list[str]:
    return [piece.text for piece in pieces(words)]


def test_marks_of_markdown_are_not_set() -> None:
    table = {
        "Ship `npm ci` faster": f"Ship npm{NBSP}ci faster",
        "Why ``a`b`` works": "Why ab works",
        "A **bold** and _quiet_ ~~not~~ ==yes== claim": "A bold and quiet not yes claim",
        "snake_case_name and 2 * 3 * 4 stay": "snake_case_name and 2 * 3 * 4 stay",
        "`": "",
        "if a == b then c == d": "if a == b then c == d",
    }
    assert {words: clean(words, "en") for words in table} == table


def test_code_and_tags_are_not_broken_over_lines() -> None:
    for words, whole in (
        ("Render `<App />` twice", f"<App{NBSP}/>"),
        ('Put <Link to="/"> there', f"<Link{NBSP}to="),
        ("Run `git add -p` first", f"git{NBSP}add{NBSP}-p"),
    ):
        assert any(whole in text for text in texts(clean(words, "en"))), words
    long = "`docker run --rm -it --name demo image`"
    assert len(texts(clean(long, "en"))) > 3, "a long command may be broken"


def test_a_katakana_word_stays_together() -> None:
    for word in ("プログラミング", "コンピューター", "スケジュール", "データベース"):
        assert word in "".join(texts(f"新しい{word}の話")) and any(word in text for text in texts(f"新しい{word}の話"))
    broken = texts("レディー・ガガとマイクロソフト")
    assert any(text.endswith("・") for text, _ in pairwise(broken)), "a dot between two words is a place to break"


def test_a_long_list_of_authors_is_named_by_its_first() -> None:
    sentence = "Nothing earns trust like an alarm that stays silent all night."
    authors = "Ann Lee, Ben Ortiz, Chi Ito, Dana Wu and Eve Fox"
    card = card_for("A title", [sentence], purpose="linkedin", language="en", said_by=[authors])
    assert (card.template, card.attribution) == ("quote", "Ann Lee et al.")
    two = card_for("A title", [sentence], purpose="linkedin", language="en", said_by=["Ann Lee and Ben Ortiz"])
    assert two.attribution == "Ann Lee and Ben Ortiz"
