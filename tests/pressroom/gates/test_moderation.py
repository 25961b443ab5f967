"""What moderation flags, what it leaves alone, and that it never shows what it found in full."""

from __future__ import annotations

import subprocess
import sys

import pytest

from pressroom.gates.moderation import findings_from_openai, moderate_text
from pressroom.gates.moderation_words import _is_offensive
from pressroom.model import Finding, Part
from tests.fixtures.measuring import assert_takes_less_than


def found(text: str, language: str = "en") -> list[tuple[str, str]]:
    return [(f.kind, f.reason) for f in moderate_text([Part(label="Post", text=text)], language=language)]


@pytest.mark.parametrize(
    "text",
    [
        "Scunthorpe, Penistone, Lightwater, Clitheroe, Sussex and Essex",
        "The class will assess the analysis, assemble the bass, pass the cocktail and press the button",
        "Dick Cheney, Philip K. Dick and John Lee Hooker",
        "graduated summa cum laude, watched a great tit, tit-for-tat",
        "kill the process, master the market, peg the currency, snowballing costs, it sucks",
        "Galaxy A55, BS5, H100, GPT-4, sha256 and C-R-U-D",
        "*bold*, 5*5 and a * b; butter, spices, buttress",
    ],
)
def test_innocent_words_pass(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "This is fucking great",
        "f u c k this",
        "F.U.C.K",
        "sh1t happens",
        "a$$hole",
        "those assholes",
        "shiiiit",
        "sh*t",
        "fück",
        "ｆｕｃｋ",
        "you dick",
        "piece of shit",
        "🖕",
    ],
)
def test_offensive_words_are_flagged(text: str) -> None:
    assert {kind for kind, _ in found(text)} == {"offensive_language"}


@pytest.mark.parametrize(
    ("language", "bad", "fine"),
    [
        ("de", "Du Arschloch", "Die Rosette im Dom ist nackt, die Analyse gut"),
        ("fr", "putain de merde", "Une bite d'amarrage, la pédale et Peter"),
        ("es-MX", "hijo de puta", "El martillo y la concha"),
        ("pt-BR", "filho da puta", "Uma cerveja no inferno"),
        ("ja", "ファック", "クレイプとウェブカメラとファンタジー"),
        ("zh", "操你妈", "人工智能的激情与刚度"),
    ],
)
def test_lists_of_other_languages(language: str, bad: str, fine: str) -> None:
    assert found(bad, language)
    assert found(fine, language) == []


def test_an_unknown_language_gets_the_english_list() -> None:
    assert found("shit", "xx-Latn")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Write to jane.doe@example.com now", "An e-mail address: j***@example.com."),
        ("j@münchen.de", "An e-mail address: j***@münchen.de."),
        ("card 4111 1111 1111 1111", "A payment card: •••• 1111."),
        ("amex 378282246310005.", "A payment card: •••• 0005."),
        ("IBAN DE89 3704 0044 0532 0130 00 AND MORE", "A bank account (IBAN): DE89 … 00."),
        ("GB82WEST12345698765432", "A bank account (IBAN): GB82 … 32."),
        ("SSN 536-90-4399", "A US social security number: ***-**-4399."),
        ("(415) 555-2671", "A telephone number: (41… 71."),
        ("+49 30 123456", "A telephone number: +49… 56."),
        ("020 7946 0958", "A telephone number: 020… 58."),
        ("01 42 68 53 00", "A telephone number: 01 … 00."),
        ("call 4155552671 now", "A telephone number: 415… 71."),
        ("📞 +1 202 555 0143", "A telephone number: +1 … 43."),
    ],
)
def test_personal_data_are_flagged_and_masked(text: str, reason: str) -> None:
    assert found(text) == [("personal_data", reason)]


@pytest.mark.parametrize(
    "text",
    [
        "In 2024-2025 we sold 1,234,567 units for $12,500,000 with v3.8.8",
        "2030 2040 2050, 1000 1500 2000, 10 000 000 and 100,000-200,000",
        "2026-11-20 06:00:00, 10.12.2026, 06:00-18:30, 24/7/365",
        "192.168.10.12, ISBN 978-3-16-148410-0, order 4155552671, 3.14159265358979",
        "@jane_doe #AI2026 https://x.com/jane/status/1234567890123456789",
        "https://shop.example/4111111111111111",
        "4111 1111 1111 1112 and 000-12-3456 and DE00370400440532013000",
    ],
)
def test_numbers_that_are_nobodys_pass(text: str) -> None:
    assert found(text) == []


def test_kinds_side_by_side_are_all_found() -> None:
    text = "a@b.com 415-555-2671 4111 1111 1111 1111 DE89370400440532013000 536-90-4399"
    assert len(found(text)) == 5


def test_where_is_the_label_of_the_part_and_repeats_count_once() -> None:
    parts = [Part(label="Post 1", text="fine"), Part(label="Post 2", text="shit shit a@b.com a@b.com")]
    findings = moderate_text(parts)
    assert [finding.where for finding in findings] == ["Post 2", "Post 2"]


@pytest.mark.parametrize(
    "text", ["", " ", "🎉" * 50, "שלום עולם", "数据中心" * 50, "\x00\ufeff", "@" * 500, "1" * 3000, "a.b-" * 800]
)
def test_odd_texts_do_no_harm(text: str) -> None:
    assert_takes_less_than(1, lambda: found(text), before=_is_offensive.cache_clear)
    assert found(text) == []


def test_a_draft_takes_milliseconds() -> None:
    text = "Every morning 5 teams assess 1,200 drafts with v3.8.8 in 2026. #AI @jane " * 40
    found(text)
    assert_takes_less_than(0.02, lambda: found(text))


def test_nothing_heavy_is_imported_before_it_is_needed() -> None:
    code = (
        "import sys, pressroom.gates.moderation; print({'glin_profanity','phonenumbers','stdnum'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_an_endpoints_verdict_becomes_findings() -> None:
    result = {
        "flagged": True,
        "categories": {"harassment": True, "hate": False, "self-harm/intent": True, "violence": None},
        "category_scores": {"harassment": 0.912, "hate": 0.01},
    }
    assert findings_from_openai(result, where="Post") == (
        Finding(kind="harassment", where="Post", reason="The moderation endpoint sees harassment (score 0.91)."),
        Finding(kind="self-harm/intent", where="Post", reason="The moderation endpoint sees self-harm, intent."),
    )


def test_an_endpoint_that_flags_without_a_category_is_heard() -> None:
    assert [finding.kind for finding in findings_from_openai({"flagged": True})] == ["flagged"]
    assert findings_from_openai({"flagged": False, "categories": {"hate": False}}) == ()
