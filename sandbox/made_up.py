"""Ideas made up by number, for runs of more ideas than the topic bank has: thousands, no two of them alike.

An idea is six words, one from each list below. Word number i is chosen by the value at i of the polynomial whose
coefficients are the digits of the idea's number, modulo the prime that each list's length is. Two such polynomials
agree in two places at most, so two ideas have at most two of the six words in common; the first 529 only one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from pressroom.model import Idea, IdeaList, Preferences

PRIME = 23
TERMS = 3
MOST = PRIME**TERMS
"""How many ideas there are."""

WORDS = {
    "trade": (
        "bakery brewery quarry library orchard shipyard pharmacy vineyard laundry cinema florist tannery sawmill "
        "museum airline hospital kindergarten winery foundry glazier locksmith circus dairy"
    ),
    "town": (
        "Lisbon Krakow Bergen Osaka Quito Nairobi Dublin Zagreb Hanoi Montreal Tbilisi Accra Leipzig Perth Vilnius "
        "Cusco Jaipur Utrecht Fukuoka Aarhus Bologna Wichita Gdynia"
    ),
    "tool": (
        "barcodes drones chatbots lasers podcasts sandboxes webhooks kiosks robots magnets telemetry blockchain "
        "holograms spreadsheets wearables forklifts thermostats dashboards emulators microscopes joysticks "
        "passkeys QR-posters"
    ),
    "goods": (
        "saddles lanterns umbrellas violins invoices passports blankets engines pumpkins keyrings carpets syringes "
        "helmets tickets jigsaws mattresses teapots zippers wardrobes fertiliser gloves yoghurt ornaments"
    ),
    "cause": (
        "flood strike heatwave merger burglary audit election wedding eclipse lawsuit typhoon recession fire outage "
        "marathon vaccination embargo harvest inheritance rebranding earthquake jubilee bankruptcy"
    ),
    "gauge": (
        "noise humidity turnover loyalty breakage overtime latency footfall morale paperwork mileage sunlight "
        "plagiarism vibration queueing corrosion patience altitude churn pollen radiation literacy bandwidth"
    ),
}
"""Exactly `PRIME` words each; alike neither within a list nor between two, as the gate reads them."""

TITLES = (
    "How a {trade} in {town} sells {goods} by {tool}",
    "{tool} for {goods}: what a {trade} in {town} found",
    "A {trade} in {town} asks {tool} to count its {goods}",
)
DESCRIPTION = (
    "Before the {cause} no one at the {trade} had thought of {tool}. Now {town} compares {gauge}, {cause} or none, "
    "and everyone wants to know what {goods} have to do with {gauge}."
)


def made_up(data: Mapping[str, Any], asked_before: int) -> IdeaList:
    """The next `count` ideas after those in `exclude`, topics taking turns; fewer only at the very end.

    data: of a request for ideas. asked_before: how often the same words came already; each time is further on.
    """
    count, topics = int(data["count"]), Preferences.model_validate(data.get("preferences", {})).topics
    first = _after(data.get("exclude", ())) + asked_before * count
    return IdeaList(ideas=[idea(number, topics) for number in range(first, min(first + count, MOST))])


def idea(number: int, topics: Sequence[str]) -> Idea:
    """The idea with this number, from 0 to `MOST` - 1."""
    words = _words(number)
    return Idea(title=_title(number), description=DESCRIPTION.format(**words), category=topics[number % len(topics)])


def _title(number: int) -> str:
    title = TITLES[number % len(TITLES)].format(**_words(number))
    return title[0].upper() + title[1:]


def _words(number: int) -> dict[str, str]:
    digits = [number // PRIME**place % PRIME for place in range(TERMS)]
    values = (sum(digit * at**place for place, digit in enumerate(digits)) for at in range(len(WORDS)))
    return {slot: _list(slot)[value % PRIME] for slot, value in zip(WORDS, values, strict=True)}


@cache
def _list(slot: str) -> list[str]:
    return WORDS[slot].split()


def _after(titles: Sequence[str]) -> int:
    """The number after the highest that has one of these titles: a request names only the latest that were used."""
    return 1 + max((_numbers().get(title, -1) for title in titles), default=-1)


@cache
def _numbers() -> dict[str, int]:
    return {_title(number): number for number in range(MOST)}
