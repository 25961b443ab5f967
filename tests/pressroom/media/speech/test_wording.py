"""What is written and what is said: numbers, money, dates, units, abbreviations, addresses, names, by language."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from pressroom.calls.speech import MOST_CHARACTERS
from pressroom.media.speech.normalising import Language, spoken_forms
from pressroom.media.speech.wording import sentences_of
from pressroom.model.speech import SpeechRequest

SAID = {
    "en": {
        "On 2026-05-03 we paid $4.50.": "On May third twenty twenty-six we paid four dollars and fifty cents.",
        "3.5 kg, i.e. 45% more": "three point five kilograms, that is forty-five percent more",
        "Dr. Smith's $1,200.": "Doctor Smith's one thousand two hundred dollars.",
        "$4.5 million or $2bn": "four point five million dollars or two billion dollars",
        "in 1999, 1,200 of 2034": "in nineteen ninety-nine, one thousand two hundred of twenty thirty-four",
        "7:30 pm, 14:05, 9:00, 2pm": "seven thirty p m, fourteen oh five, nine o'clock, two p m",
        "May 3, 2026": "May third, twenty twenty-six",
        "jane.doe@example.com": "jane dot doe at example dot com",
        "https://www.acme-labs.io/pricing?x=1": "W W W dot acme dash labs dot I O slash pricing",
        "#NoCode2024 by @ada": "hashtag No Code twenty twenty-four by at ada",
        "24/7 APIs, CEOs of NASA": "twenty-four seven A P I's, C E O's of NASA",
        "GPT-5 B2B MP3 OpenAI AI": "G P T five B two B M P three Open A I A I",
        "You must NOT do it": "You must not do it",
        "THIS IS NOT SO, DO IT NOW": "this is not so, do it now",
        "10-20% of 2019–2024": "ten to twenty percent of twenty nineteen to twenty twenty-four",
        "555-0199": "five five five zero one nine nine",
        "-5°C and ½ price": "minus five degrees Celsius and one half price",
        "U.S. teams vs. them": "U S teams versus them",
        "100k users, 5x, 007": "one hundred thousand users, five times, zero zero seven",
        "Yes 🎉 – really 👩‍👩‍👧": "Yes, really",
        "1 km, 2 km, 1km/h": "one kilometre, two kilometres, one kilometre per hour",
    },
    "de": {
        "Am 3. Mai 2026": "Am dritten Mai zweitausendsechsundzwanzig",
        "1.200,50 € bzw. 4,5 Mio. Euro": (
            "eintausendzweihundert Euro fünfzig beziehungsweise vier Komma fünf Millionen Euro"
        ),
        "z. B. um 7:30 Uhr": "zum Beispiel um sieben Uhr dreißig",
        "25 % der EU, 1 Euro": "fünfundzwanzig Prozent der E U, ein Euro",
    },
    "fr": {"Le 1er, 1 234 à 14h30": "Le premier, mille deux cent trente-quatre à quatorze heures trente"},
    "es": {"1.200 € y 45% más": "mil doscientos euros y cuarenta y cinco por ciento más"},
    "xx": {"12 things": "12 things"},
}


def test_what_is_said_for_what_is_written() -> None:
    for tag, table in SAID.items():
        for written, said in table.items():
            assert " ".join(filter(None, spoken_forms(written.split(), Language.of(tag), {}))) == said


def test_a_pronunciation_holds_for_whole_words() -> None:
    own = (("Łukasz", "Wookash"), ("SQL", "sequel"))
    request = SpeechRequest(text="Łukasz's SQL, ŁUKASZ! MySQL is not it.", pronunciations=own)
    (first, second) = sentences_of(request)
    assert first.text == "Wookash's sequel, Wookash!"
    assert second.text == "My S Q L is not it."


def test_sentences_end_where_they_do() -> None:
    def cut(text: str, language: str = "en") -> list[str]:
        found = sentences_of(SpeechRequest(text=text, language=language))
        return [" ".join(word.text for word in one.words) for one in found]

    assert cut("Dr. Ada met J. K. Rowling at 3 p.m. today. Then? Off!") == [
        "Dr. Ada met J. K. Rowling at 3 p.m. today.",
        "Then?",
        "Off!",
    ]
    assert cut("Am 3. Mai kommt z. B. Ada. Und dann.", "de") == ["Am 3. Mai kommt z. B. Ada.", "Und dann."]
    assert cut("🙂 Hi. 🎉\n\n🚀") == ["🙂 Hi. 🎉 🚀"]
    assert len(cut("今日は良い天気です。明日は雨が降るでしょう。", "ja")) == 2
    assert [one.pause for one in sentences_of(SpeechRequest(text="One. Two.\n\nThree."))] == [0.25, 0.5, 0.5]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.sampled_from(["en", "de", "fr", "es", "ja", "xx", "pt-BR"]))
def test_any_text_has_its_words(text: str, language: str) -> None:
    """Every written word is there once and in order, whatever it is, and no request is too long for a vendor."""
    found = sentences_of(SpeechRequest(text=text, language=language))
    if found and language != "ja":
        assert [word.text for one in found for word in one.words] == text.split()
    for one in found:
        assert one.text and one.text == " ".join(one.text.split())
        assert len(one.text) <= MOST_CHARACTERS or len(one.words) == 1
