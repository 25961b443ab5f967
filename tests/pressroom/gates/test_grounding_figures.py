"""Figures and dates: what is the same in another form, what only looks like it, and what is no figure at all."""

from __future__ import annotations

import pytest

from pressroom.gates.grounding import Source, ungrounded
from pressroom.gates.grounding.kanji import worth
from pressroom.model import Document, Part, Section


def source(text: str, language: str = "en") -> Source:
    return Source.of(Document(source="text", kind="text", sections=(Section(text=text),), language=language))


def wrong(draft: str, said: str, language: str = "en") -> list[tuple[str, str]]:
    found = ungrounded([Part(label="Post", text=draft)], source(said, language))
    return [(one.code.split("_", maxsplit=1)[0], str(one.measured)) for one in found]


SAME = [
    ("1,200", "1200", "en"),
    ("1 200", "1200", "en"),
    ("1\u202f200", "1,200", "fr"),
    ("1’200", "1.200", "de"),
    ("1.200", "1,200", "de"),
    ("1.2k", "1,200", "en"),
    ("twelve hundred", "1,200", "en"),
    ("one thousand two hundred", "1.2k", "en"),
    ("one thousand, two hundred", "1,000 and 200", "en"),
    ("1,2 Tsd.", "1.200", "de"),
    ("zwölfhundert", "1.200", "de"),
    ("mil doscientos", "1.200", "es"),
    ("mille deux cents", "1 200", "fr"),
    ("千二百", "1,200", "ja"),
    ("１２００", "1200", "ja"),
    ("50 %", "50 percent", "en"),
    ("fifty per cent", "50%", "en"),
    ("cincuenta por ciento", "50 %", "es"),
    ("cinquante pour cent", "50 %", "fr"),
    ("fünfzig Prozent", "50 %", "de"),
    ("3M", "3 million", "en"),
    ("3,000,000", "three million", "en"),
    ("3億5000万円", "350,000,000円", "ja"),
    ("5 million dollars", "$5m", "en"),
    ("US$5,000,000", "$5 million", "en"),
    ("€5 million to €10 million", "€5-10 million", "en"),
    ("20 percent to 30 percent", "20 to 30 %", "en"),
    ("quatre-vingt-dix-neuf", "99", "fr"),
    ("treinta y uno", "31", "es"),
    ("dreiundzwanzig", "23", "de"),
    ("a hundred", "100", "en"),
    ("two dozen", "24", "en"),
    ("21st", "twenty-first", "en"),
    ("5km", "five kilometres", "en"),
    ("a 9-day trip", "nine days", "en"),
    ("two thirds", "2/3", "en"),
    ("½", "half", "en"),
    ("half", "50 %", "en"),
    ("50 %", "half", "en"),
    ("die Hälfte", "50 Prozent", "de"),
    ("one in four", "25 %", "en"),
    ("25 %", "1 in 4", "en"),
    ("jeder Vierte", "25 Prozent", "de"),
    ("4人に1人", "25%", "ja"),
    ("$0.04", "4 cents", "en"),
    ("4 cents", "$0.04", "en"),
    ("0,04 €", "4 céntimos", "es"),
    ("a dozen", "12", "en"),
    ("1.5 million", "1,500,000", "en"),
    ("half a million", "500,000", "en"),
    ("90 minutes", "1.5 hours", "en"),
    ("an hour and a half", "90 min", "en"),
    ("two and a half hours", "150 minutes", "en"),
    ("dos horas y media", "150 minutos", "es"),
    ("1時間半", "90分", "ja"),
    ("640 MB", "0.64GB", "en"),
    ("900ms", "0.9 seconds", "en"),
    ("2:30 pm", "14:30", "en"),
]

OTHER = [
    ("half", "51 %", "en"),
    ("die Hälfte", "40 Prozent", "de"),
    ("50", "50 %", "en"),
    ("50 %", "50 people", "en"),
    ("5 percentage points", "5 percent", "en"),
    ("1,300", "1,200", "en"),
    ("about 1,200", "1,187", "en"),
    ("12%", "1.2%", "en"),
    ("1.2 million", "1.2 billion", "en"),
    ("$5", "€5", "en"),
    ("$5", "5", "en"),
    ("5 km", "5 miles", "en"),
    ("two weeks", "two days", "en"),
    ("1,200", "1.2", "en"),
    ("Version 3.8.2", "Version 3.8.1", "en"),
    ("three million", "3", "en"),
    ("8:30", "7:30", "en"),
    ("五十人", "十五人", "ja"),
]


@pytest.mark.parametrize(("draft", "said", "language"), SAME)
def test_the_same_in_another_form_is_the_same(draft: str, said: str, language: str) -> None:
    assert wrong(f"x {draft} y.", f"x {said} y.", language) == []


@pytest.mark.parametrize(("draft", "said", "language"), OTHER)
def test_what_only_looks_alike_is_not(draft: str, said: str, language: str) -> None:
    (found,) = wrong(f"x {draft} y.", f"x {said} y.", language)
    assert found[0] == "number" and found[1] in draft


@pytest.mark.parametrize(
    "draft",
    [
        "1. Start small.\n2. Go on.\n3) Stop.",
        "1️⃣ Start small.",
        "0:00 Start\n1:30 Middle\n12:05 – 12:40 End",
        "[0:00-0:03] Start",
        "Step 4: stop.",
        "Here are 5 lessons.",
        "There are one, two or three ways.",
        "It is open 24/7.",
        "The H100 is bought by 4chan users in the B2B trade.".replace("H100", "h100"),
        "#2024goals",
    ],
)
def test_what_orders_a_draft_states_nothing(draft: str) -> None:
    assert [found for found in wrong(draft, "Small ways. 4chan h100 start middle end.") if found[0] == "number"] == []


def test_numbers_of_a_thread_need_no_source_and_others_do() -> None:
    parts = [Part(label=f"{n}/2", text=f"{text} {n}/2") for n, text in ((1, "We ran."), (2, "We won 9/10."))]
    assert [found.measured for found in ungrounded(parts, source("We ran and won."))] == ["9/10"]


@pytest.mark.parametrize(
    ("draft", "said"),
    [
        ("on 2024-03-03", "on 3 March 2024"),
        ("on March 3rd", "on 3 March 2024"),
        ("on March 3, 2024", "am 3. März 2024"),
        ("in 2024", "on 3 March 2024"),
        ("in March 2024", "on 3 March 2024"),
        ("in March", "on 3 March 2024"),
        ("on 03/04/2024", "on 3 April 2024"),
        ("on 4/3/2024", "on 3 April 2024"),
        ("3 de marzo de 2024", "3 mars 2024"),
        ("2024年3月3日", "二〇二四年三月三日"),
        ("on Tuesday", "every Tuesday"),
        ("on 3 March 2024", "on 3 March. It was 2024."),
    ],
)
def test_the_same_date_in_another_form(draft: str, said: str) -> None:
    assert wrong(f"x {draft}.", f"x {said}.") == []


@pytest.mark.parametrize(
    ("draft", "said"),
    [
        ("4 March 2024", "3 March 2024"),
        ("3 March 2023", "3 March 2024"),
        ("April 2024", "3 March 2024"),
        ("2019", "3 March 2024"),
        ("Tuesday", "Wednesday"),
        ("2024年3月4日", "2024年3月3日"),
    ],
)
def test_another_date_is_another(draft: str, said: str) -> None:
    assert wrong(f"x in {draft}.", f"x in {said}.") == [("date", draft)]


def test_the_day_of_publication_is_said_by_the_document() -> None:
    import datetime as dt

    document = Document(source="text", kind="text", sections=(Section(text="No."),), date=dt.date(2024, 3, 3))
    assert ungrounded([Part(label="Post", text="Since 3 March 2024.")], Source.of(document)) == ()


@pytest.mark.parametrize(
    ("kanji", "value"), [("二〇二〇", 2020), ("三千二百", 3200), ("十二", 12), ("1億2000万", 120_000_000), ("百", 100)]
)
def test_kanji(kanji: str, value: int) -> None:
    assert worth(kanji) == value


@pytest.mark.parametrize(
    ("draft", "said", "language"),
    [
        ("PR #132407", "We landed PR #132047.", "en"),
        ("計画は#3168だ", "計画の番号は#3186である。", "ja"),
        ("Eleven bugs were found", "Published December 11, 2025.", "en"),
        ("It takes 11 minutes", "Published December 11, 2025.", "en"),
        ("2,025 people came", "Published December 11, 2025.", "en"),
        ("Elf Fehler blieben", "Erschienen am 11. Dezember 2025.", "de"),
        ("It ran for 27 hours", "It needs version 27 of the tool.", "en"),
        ("Eleven bugs remain", "Windows 11 is out.", "en"),
        ("27 bugs remain", "It took 27 minutes.", "en"),
        ("5 million subscribers", "It cost $5 million.", "en"),
        ("took 27 minutes", "The build took 27s.", "en"),
        ("took 27 minutes", "The build took 27 s.", "en"),
        ("1.8 MB", "It weighs 1.8GB.", "en"),
        ("18 Minuten", "Es lief 18h.", "de"),
        ("5 miles", "It is 5km long.", "en"),
        ("4x as fast", "It is 3x as fast.", "en"),
        ("40 people", "It grew by 40%.", "en"),
        ("$4", "It costs 4 cents.", "en"),
        ("one in five", "A quarter of them came.", "en"),
    ],
)
def test_a_figure_is_grounded_by_one_of_its_own_part_and_unit(draft: str, said: str, language: str) -> None:
    """`#` labels an identifier; a day of the month counts nothing; a version lasts no time; glued units are units."""
    (found,) = wrong(f"{draft}.", said, language)
    assert found[0] == "number"


@pytest.mark.parametrize(
    ("draft", "said", "language"),
    [
        ("See PR 132047", "We landed PR #132047.", "en"),
        ("It was out on the 11th", "Published December 11, 2025.", "en"),
        ("3 to 11 December", "From December 3 to December 11.", "en"),
        ("In 2025 it came", "Published December 11, 2025.", "en"),
        ("Version 27 is needed", "It needs version 27 of the tool.", "en"),
        ("27 long minutes", "It took 27 minutes.", "en"),
        ("It took 27 seconds", "The build took 27s.", "en"),
        ("3x faster", "It is 3x as fast.", "en"),
        ("the 1990s", "It began in the 1990s.", "en"),
        ("the 90s", "It began in the 90s.", "en"),
        ("three out of four shops closed", "Of the shops, 75 % closed.", "en"),
        ("12 of the volunteers left", "There were 12 volunteers.", "en"),
        ("18 heures", "Cela dure 18h.", "fr"),
    ],
)
def test_a_figure_in_its_own_part_is_said(draft: str, said: str, language: str) -> None:
    assert wrong(f"{draft}.", said, language) == []


def test_the_number_of_a_label_may_stand_in_the_address_of_a_link() -> None:
    document = Document(
        source="text", kind="text", sections=(Section(text="Fixed."),), links=("https://git.example/a/pull/132047",)
    )
    drafts = [Part(label="Post", text=f"Fixed in #{number}.") for number in ("132047", "132407")]
    assert [one.measured for one in ungrounded(drafts, Source.of(document))] == ["#132407"]
