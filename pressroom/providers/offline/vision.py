"""Vision without a model: how a picture looks, and never what it shows."""

from __future__ import annotations

from collections.abc import Sequence

from pressroom.calls.pictures import pictures_of
from pressroom.calls.providers import Account, Kind
from pressroom.errors import CannotCompose
from pressroom.model import Answer, TextRequest
from pressroom.model.vision import Sight, Sights
from pressroom.providers.offline.measuring import Measures, declared, measure

MODEL = "pixels-1"


class OfflineVision:
    """Free of charge and without a network; the same picture is always described in the same words, in English."""

    def __init__(self, account: Account) -> None:
        self.account = account

    def send(self, request: TextRequest) -> Answer:
        """The JSON of `Sights`.

        Raises:
            CannotCompose: the request brings no pictures.
        """
        measured = [measure(image) for image in pictures_of(request)]
        if not measured:
            raise CannotCompose("There is no picture to look at.", hint="Ask about at least one.")
        words = str(request.inputs.get("words", ""))
        sights = Sights(images=tuple(_sight(one, words) for one in measured), comparison=_comparison(measured))
        return Answer(text=sights.model_dump_json(), model=MODEL)


def _sight(measures: Measures, words: str) -> Sight:
    looks = _looks(measures)
    light = _joined(_light(measures))
    return Sight(
        description=f"{_article(looks)} {looks}{f'; it is {light}' if light else ''}.",
        subjects=(),
        is_product=None,
        confidence=0.0,
        product_name="",
        product_kind="",
        colours=measures.colours,
        text_in_image="",
        alt_text=f"{words.rstrip(' .')} ({looks})." if words.strip() else f"{_article(looks)} {looks}.",
        safety=(),
    )


def _looks(measures: Measures) -> str:
    rest = [colour for colour in measures.colours if colour != measures.ground]
    ground = f" on plain {measures.ground}" if measures.ground and rest else ""
    return f"{measures.shape} picture in {_joined(rest or measures.colours)}{ground}"


def _light(measures: Measures) -> list[str]:
    limits = declared()
    said = [
        (measures.brightness >= limits["bright"], "bright"),
        (measures.brightness <= limits["dark"], "dark"),
        (measures.contrast >= limits["contrast_high"], "high in contrast"),
        (measures.contrast <= limits["contrast_low"], "low in contrast"),
        (measures.sharpness < limits["blurred"] and not measures.contrast <= limits["contrast_low"], "softly focused"),
    ]
    return [words for holds, words in said if holds]


def _comparison(measured: Sequence[Measures]) -> str:
    if len(measured) < 2:
        return ""
    numbers = range(len(measured))
    sharpest = max(numbers, key=lambda number: measured[number].sharpness) + 1
    brightest = max(numbers, key=lambda number: measured[number].brightness) + 1
    return f"Picture {sharpest} is the sharpest, picture {brightest} the brightest."


def _joined(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _article(words: str) -> str:
    return "An" if words[0] in "aeiou" else "A"


VISION = Kind(client=OfflineVision)
