"""What a reader would mark in drafts of documents: each kind of fault in the smallest text that shows it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pressroom import formats
from pressroom.media.cards.figures import figure
from pressroom.model import Excerpt
from pressroom.providers.offline.composing.choosing import chosen, likeness
from pressroom.providers.offline.documents import person, sayings, speakers, unfit
from pressroom.providers.offline.documents.analysis import analysed
from pressroom.providers.offline.documents.blocks import blocks_of
from pressroom.providers.offline.values import Quote
from tests.pressroom.providers.offline import offline_documents_desk as desk

UNFIT = {
    "en": [
        ("points", "The code above opens the database."),
        ("points", "As we mentioned in the last post, the pools share one socket."),
        ("points", "The result is shown in the following table."),
        ("points", "You will see output like this:"),
        ("points", "In this tutorial, we build a search page."),
        ("links", "You can read more about it here."),
        ("links", "Click here to download the first release."),
        ("aside", "Oct 7, 2025 by A. Lee, B. Ray and C. Poe."),
        ("aside", "If you don't have it already, install it from the app store."),
        ("aside", "Sign up for our newsletter."),
        ("points", "Figure 2: requests per second."),
        ("hands", "Create two empty folders backend and frontend."),
    ],
    "de": [
        ("points", "Wie oben erwähnt, gilt der normale Ausweis."),
        ("points", "Siehe unten."),
        ("links", "Mehr erfahren Sie hier."),
    ],
    "es": [("points", "Como se mencionó anteriormente, es gratis."), ("links", "Para más información, haz clic aquí.")],
    "fr": [("points", "Comme indiqué ci-dessus, la carte suffit."), ("links", "Pour en savoir plus, cliquez ici.")],
    "ja": [("points", "以下のとおり、設備をまとめました。"), ("links", "詳しくはこちらをご覧ください。")],
    "ar": [("points", "كما ذكرنا أعلاه، الشبكة قديمة."), ("links", "اقرأ المزيد هنا.")],
}
FIT = {
    "en": [
        "Prices fell below two dollars for the first time.",
        "We follow three rules when a server fails.",
        "The command line is older than the mouse.",
        "A reader learns more from one example than from ten rules.",
    ],
    "de": ["Hier in Hamburg regnet es an 130 Tagen im Jahr.", "Die Bücherei öffnet auch am Sonntag."],
    "es": ["El mercado abre de noche todos los jueves."],
    "fr": ["La médiathèque prête des outils depuis lundi."],
    "ja": ["図書館は夜十時まで開館します。"],
}


def test_sentences_that_point_to_what_is_not_there_are_told_from_others() -> None:
    for language, cases in UNFIT.items():
        assert [(unfit.reason(text, language), text) for _, text in cases] == cases, language
    for language, texts in FIT.items():
        assert [text for text in texts if unfit.reason(text, language)] == []


FILLER = desk.document("en_400").text


@pytest.mark.parametrize("name", formats.names())
def test_no_draft_points_to_what_is_not_there_or_begins_with_a_byline(name: str) -> None:
    byline, pointer = "Oct 7, 2025 by Ann Lee, Bob Ray and Cy Poe.", "The code above shows how the repair shop works."
    document = desk.excerpt(f"{byline}\n\n{pointer} See below.\n\n{FILLER}")
    said = str(desk.draft_from(document, name))
    assert not any(text in said for text in (byline, pointer, "See below"))


def test_a_sentence_whose_antecedent_is_left_out_is_left_out_too() -> None:
    text = "The code above stops the old server. Instead, we hand the socket over. This takes a second."
    read = analysed(f"{text}\n\n{FILLER}", "How a deploy works", "en")
    assert not any(one.text.startswith(("Instead", "This takes")) for one in read.sentences)


def test_near_equal_sentences_are_not_chosen_together() -> None:
    texts = [
        "The new release opens large files three times faster than before.",
        "Large files open three times faster in the new release than before.",
        "A second window shows the history of each line.",
    ]
    quotes = [
        Quote(text=text, position=at, weight=1 - at / 10, opens=True, paragraph=at) for at, text in enumerate(texts)
    ]
    assert likeness(texts[0], texts[1]) > 0.6
    assert [one.position for one in chosen(quotes, lambda _: True, lambda _: False)] == [0, 2]


INTERVIEW = """Dan Brown has run the payment systems of three banks. Kelly Marsh met him in Leeds.

KM: What did you learn from your first week at the bank?

DB: I learned that nobody had ever tested the backup of the whole system. I restore one random backup every Friday now.

KM: You often say that boring systems are better. Why is that so?

Dan Brown: A boring system has failed in every way it can fail, and somebody has written down what to do. I sleep well.

KM: Is there a place for new technology at all in a bank?

DB: My team moved its reports to a new database last year, and the nightly run fell from six hours to forty minutes.

KM: What should a young operator in a bank read first?

DB: Reports of failures teach more than any book about architecture. I have read four hundred of these reports, and most
of the failures came from a full disk, an expired certificate or a change on a Friday afternoon."""


def test_speakers_of_an_interview_are_told_by_names_initials_and_questions() -> None:
    told = speakers.turns_of(blocks_of(INTERVIEW), "An interview with Dan Brown", "Kelly Marsh")
    assert told is not None
    assert [turn.speaker for turn in told] == ["", *[speakers.HOST, "Dan Brown"] * 4]
    unlabelled = INTERVIEW.replace("KM: ", "").replace("DB: ", "").replace("Dan Brown: ", "")
    told = speakers.turns_of(blocks_of(unlabelled), "An interview", "")
    assert told is not None and {turn.speaker for turn in told} == {"", speakers.HOST, "Dan Brown"}
    lines = (
        "佐藤恵子さんはパン屋です。",
        "――なぜ書くのですか。",
        "佐藤　小麦は毎日ちがいます。",
        "――失敗は。",
        "佐藤　多いです。",
    )
    told = speakers.turns_of(blocks_of("\n\n".join(lines)), "", "")
    assert told is not None and [turn.speaker for turn in told] == ["", *[speakers.HOST, "佐藤恵子"] * 2]
    assert speakers.turns_of(blocks_of(FILLER), "No interview", "") is None


@pytest.mark.parametrize("name", ["linkedin_post", "x_thread", "tiktok_script"])
def test_answers_are_quoted_under_the_name_of_who_gives_them_and_questions_are_not(name: str) -> None:
    document = desk.excerpt(INTERVIEW, title="An interview with Dan Brown").model_copy(update={"author": "Kelly Marsh"})
    said = str(desk.draft_from(document, name))
    assert "Dan Brown: " in said and "KM:" not in said and "DB:" not in said
    assert "What did you learn from your first week" not in said


def test_a_card_signs_only_what_its_author_says() -> None:
    interview = Excerpt(title="An interview", text=INTERVIEW, author="Kelly Marsh")
    assert {(one.by, one.text.startswith("Dan Brown has")) for one in sayings(interview, most=9)} >= {
        ("Dan Brown", False)
    }
    assert "Kelly Marsh" not in {one.by for one in sayings(interview, most=9)}
    quoting = Excerpt(
        title="",
        text=f"“A quick test saves a month of meetings,” one of them told us later.\n\n{FILLER}",
        author="Ann Lee",
    )
    assert {one.by for one in sayings(quoting, most=30) if "“" in one.text} <= {""}
    assert "Ann Lee" in {one.by for one in sayings(quoting, most=30)}


def test_slugs_and_accounts_are_no_names() -> None:
    assert [person(name) for name in ("ann-lee", "admin", "annlee92", "ada", "Oct 7, Bob Ray, Cy Poe")] == [""] * 5
    assert [person(name) for name in ("Ann Lee", "田中", "The Fieldnotes Team")] == [
        "Ann Lee",
        "田中",
        "The Fieldnotes Team",
    ]


def test_the_number_of_a_paragraph_is_no_figure() -> None:
    assert figure("Section 39.103 of the code requires a written estimate.") is None
    assert figure("A bicycle breaks down once every 1,900 kilometres.") == (5, "1,900")


@pytest.mark.parametrize("name", formats.names())
def test_a_bare_title_is_never_all_a_draft_begins_with(name: str) -> None:
    for text in ("en_400", "de_400", "fr_400"):
        body: dict[str, Any] = desk.draft_from(desk.document(text), name).model_dump()
        first = body.get("hook") or str((body.get("posts") or [body.get("message") or body.get("caption") or ""])[0])
        assert first.split("\n\n")[0].strip(" .") != desk.document(text).title


def test_endings_differ_by_the_kind_of_text() -> None:
    guide = desk.excerpt(FILLER, title="How to run a repair shop: a step-by-step guide")
    report = desk.excerpt(FILLER, title="A survey of repair shops: the figures")
    closings = {str(desk.draft_from(document, "facebook_post").model_dump()["closing"]) for document in (guide, report)}
    assert len(closings) == 2


def test_hashtags_are_content_words() -> None:
    text = "Create a related file and use the file to create a related page of the archive. " * 6
    tags = desk.draft_from(desk.excerpt(f"{FILLER}\n\n{text}"), "linkedin_post").model_dump()["hashtags"]
    assert not {tag.casefold() for tag in tags} & {"create", "file", "related", "use"}


ARABIC = Path(__file__).parents[4] / "benchmarks" / "words" / "documents" / "ar_report_1.txt"


def test_tags_of_a_language_without_tables_are_single_content_words() -> None:
    """By the kept lists of stop words; nothing is run together where the script has no capitals to tell words by."""
    head, _, text = ARABIC.read_text("utf-8").partition("\n\n")
    document = desk.excerpt(text, "ar", head.splitlines()[0])
    words = set(text.replace(".", " ").replace("،", " ").split())
    for name in formats.names():
        tags = desk.tags_of(desk.draft_from(document, name)) if name != "youtube_video" else []
        assert not set(tags) & {"في", "من", "على", "التي", "إلى"}
        assert name.startswith("youtube") or set(tags) <= words
