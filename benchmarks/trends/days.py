"""Ten invented days of raw answers: stories that rise and fade on a forum and in six feeds, every six hours."""

from __future__ import annotations

import datetime as dt
import json
import math
import random
from dataclasses import dataclass
from email.utils import format_datetime
from html import escape

from pressroom.model.trends import RawAnswer

START = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)
STEP, DAYS = dt.timedelta(hours=6), 10
STORIES, FRONT_PAGE, FEEDS = 260, 40, 6
GRAVITY = 1.8
"""By which the forum sorts its front page: (points - 1) / (hours + 2)^1.8."""
_SYLLABLES = [first + second for first in "bdfgklmnprstvz" for second in ("a", "e", "i", "o", "an", "er", "il", "ost")]
WORDS = 5
"""Invented words of a title: real ones in common would make one topic of two stories."""


@dataclass(frozen=True)
class Story:
    """One story. size: points that it ends with; slow: hours until half of them; rises: an S-curve, else at once.

    articles: by feed, hours after its birth.
    """

    name: str
    title: str
    born: dt.datetime
    size: float
    slow: float
    rises: bool
    articles: dict[int, float]

    def points(self, at: dt.datetime) -> int:
        hours = (at - self.born).total_seconds() / 3600
        share = 1 / (1 + math.exp(-4 * (hours / self.slow - 1))) if self.rises else 1 - 2 ** (-hours / self.slow)
        return round(self.size * share)


def stories(seed: int = 1) -> tuple[Story, ...]:
    """The same ones for the same seed."""
    dice = random.Random(seed)
    found = []
    for number in range(STORIES):
        words = ["".join(dice.choices(_SYLLABLES, k=3)) for _ in range(WORDS)]
        name, title = words[0].capitalize(), " ".join([words[0].capitalize(), *words[1:]])
        slow, size = dice.uniform(3, 30), dice.lognormvariate(4, 1.1)
        many = min(FEEDS, int(size / 60) + dice.randrange(3))
        articles = {feed: dice.uniform(0, 2 * slow) for feed in dice.sample(range(FEEDS), many)}
        born = START + dt.timedelta(hours=dice.uniform(-24, DAYS * 24))
        found.append(Story(f"{name}{number}", title, born, size, slow, dice.random() < 0.5, articles))
    return tuple(found)


def collections(
    seed: int = 1, numbers: range = range(DAYS * 4)
) -> tuple[tuple[dt.datetime, tuple[RawAnswer, ...]], ...]:
    """(time, raw answers) of each collection, or of those with these numbers."""
    found = stories(seed)
    times = [START + STEP * number for number in numbers]
    return tuple((at, (_forum(found, at), *(_feed(found, number, at) for number in range(FEEDS)))) for at in times)


def gravity(points: float, hours: float) -> float:
    return (points - 1) / (max(0.0, hours) + 2) ** GRAVITY


def _forum(found: tuple[Story, ...], at: dt.datetime) -> RawAnswer:
    there = [one for one in found if one.born <= at and one.points(at) > 1]
    there.sort(key=lambda one: -gravity(one.points(at), (at - one.born).total_seconds() / 3600))
    hits = [
        {"objectID": one.name, "title": one.title, "points": one.points(at), "num_comments": one.points(at) // 3,
         "url": f"https://{one.name.lower()}.example.com/", "created_at_i": int(one.born.timestamp()), "author": "x"}
        for one in there[:FRONT_PAGE]
    ]  # fmt: skip
    return _answer("hacker_news", "https://hn.algolia.com/api/v1/search", json.dumps({"hits": hits}), at)


def _feed(found: tuple[Story, ...], number: int, at: dt.datetime) -> RawAnswer:
    place = f"https://paper{number}.example.org"
    dated = [(one, one.born + dt.timedelta(hours=one.articles[number])) for one in found if number in one.articles]
    items = "".join(
        f"<item><title>{escape(one.title)} - Paper {number}</title><link>{place}/{one.name}</link>"
        f"<guid>{place}/{one.name}</guid><pubDate>{format_datetime(then, usegmt=True)}</pubDate></item>"
        for one, then in dated
        if at - dt.timedelta(hours=48) <= then <= at
    )
    text = f'<rss version="2.0"><channel><title>Paper {number}</title><link>{place}</link>{items}</channel></rss>'
    return _answer("feeds", f"{place}/feed.xml", text, at)


def _answer(source: str, address: str, text: str, at: dt.datetime) -> RawAnswer:
    return RawAnswer(source=source, address=address, status=200, content=text.encode(), fetched_at=at)
