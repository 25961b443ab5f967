"""Cards of every template in four languages, and brands that are hard to serve."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from pressroom.model.images import CardText

WORDS: dict[str, dict[str, object]] = {
    "en": {
        "title": "Ask the night shift before you replace the pager",
        "text": "Teams that rehearsed their failures cut the time to recover by 38% within one quarter.",
        "number": "38%",
        "items": ("Rehearse one failure every month", "Delete an alert for each one you add", "Pay for the nights"),
        "attribution": "Maria Okafor, Head of Operations",
    },
    "de": {
        "title": "Datenschutzfolgenabschätzung: was im Alltag wirklich zählt",
        "text": "Durch die Umstellung sparte das Werk im ersten Jahr 1,2 Mio. € an Energiekosten.",
        "number": "1,2 Mio. €",
        "items": ("Wer arbeitet nachts damit?", "Was passiert bei einem Ausfall?", "Wie kommen wir heraus?"),
        "attribution": "Jürgen Weiß",
    },
    "ru": {
        "title": "Спросите ночную смену, прежде чем менять систему",
        "text": "За год сервис обработал 3,4 млн заявок без единой потери.",
        "number": "3,4 млн",
        "items": ("Репетируйте сбои", "Удаляйте лишние сигналы", "Пишите передачу смены", "Отдыхайте"),
        "attribution": "Анна Петрова",
    },
    "el": {
        "title": "Ρωτήστε πρώτα τη νυχτερινή βάρδια",
        "text": "Το 62% των ομάδων άλλαξε τον τρόπο που γράφει τις παραδόσεις βάρδιας.",
        "number": "62%",
        "items": ("Πρόβα μία φορά τον μήνα", "Λιγότερες ειδοποιήσεις", "Σαφής παράδοση"),
        "attribution": "Ελένη Παπαδοπούλου",
    },
}


@pytest.fixture
def card() -> Callable[..., CardText]:
    """`card("quote", "de", text="...")`: such a card, some of its words changed."""

    def make(template: str, language: str = "en", **changed: object) -> CardText:
        return CardText.model_validate(
            {**WORDS.get(language, WORDS["en"]), "template": template, "language": language, **changed}
        )

    return make


@pytest.fixture
def logo(tmp_path: Path) -> Path:
    """A red square of 40 x 40 pixels in the middle of 120 x 120 transparent ones."""
    picture = Image.new("RGBA", (120, 120), (0, 0, 0, 0))
    picture.paste((220, 20, 20, 255), (40, 40, 80, 80))
    path = tmp_path / "logo.png"
    picture.save(path)
    return path
