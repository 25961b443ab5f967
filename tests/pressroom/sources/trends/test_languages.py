"""The language of a title, which keeps topics apart."""

from __future__ import annotations

from pressroom.sources.trends.shared.languages import language_of


def test_of_every_way_to_tell_it() -> None:
    long_german = "Zehn Minuten Gehen nach dem Essen helfen der Konzentration am Nachmittag"
    for title, declared, region, language in (
        ("Rain", "en-US", "", "en"),
        ("Regen", "de_AT", "US", "de"),
        ("lumen 4", "", "JP", "ja"),  # a name in Latin letters that is searched for there
        ("lumen 4", "", "DE", "de"),
        ("lumen 4", "", "CH", ""),
        ("lumen 4", "", "", ""),
        (long_german, "", "", "de"),
        (long_german, "", "CH", "de"),
        ("桜 開花", "", "JP", "ja"),
        ("桜 開花", "", "", "zh"),
        ("さくら開花", "", "", "ja"),
        ("Lumen 4を公開", "en", "", "ja"),
        ("نتایج تازه", "fa", "", "fa"),
        ("نتایج تازه", "en", "", "ar"),
        ("Нова пошукова система", "", "UA", "uk"),
        ("Oslo", "no", "", "nb"),
        ("Rain", "und", "", ""),
        ("Rain", "<script>", "", ""),
    ):
        assert language_of(title, declared=declared, region=region) == language, (title, declared, region)
