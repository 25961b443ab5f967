"""The facts about one platform, as data: each group of numbers with its source and the day it was checked."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Literal
from urllib.parse import unquote, urlsplit

from pydantic import Field

from pressroom.errors import WrongInput
from pressroom.model.base import Frozen
from pressroom.model.snapshots import AGES
from pressroom.platforms import counting, tags
from pressroom.platforms.measures import MEASURES, Measure, MeasureName

Size = tuple[int, int]
"""Width and height in pixels."""

ALL_PARTS = "*"


class Fact(Frozen):
    """A group of numbers. source: where they come from; checked: the day they were last compared with it."""

    source: str
    checked: date


class Limit(Fact):
    """most: what the platform takes; usual: what we write at most, where that is less.

    parts: labels of the parts of a draft that it holds for, `*` for each. post: it holds for a post as a whole.
    """

    most: int
    usual: int | None = None
    measure: MeasureName
    parts: tuple[str, ...] = ()
    post: bool = False

    @property
    def measured(self) -> Measure:
        return MEASURES[self.measure]


class Restricted(Fact):
    """Hashtags that the platform is known to hide or to limit."""

    why: str
    tags: tuple[str, ...]


class Hashtags(Fact):
    """least, most: how many a post has by default; hard: how many the platform takes, where that is known."""

    least: int = 0
    most: int = 3
    hard: int | None = None
    place: Literal["first_comment", "in_post"]
    restricted: tuple[Restricted, ...] = ()

    def most_for(self, own: int) -> int:
        """How many a post may have when the caller asks for `own` of them: more than usual, up to the hard limit."""
        return max(self.most, min(own, self.hard or self.most))


class Links(Fact):
    """most: links that a post may have."""

    most: int


class Fold(Fact):
    """Where a feed cuts a long post and shows "…more": after so many characters or lines, whichever comes first."""

    characters: int
    lines: int


class Handles(Fact):
    """Accounts. form: regular expression of a whole name; hosts: of profiles; path: what stands before the name there;
    reserved: names of pages that are not accounts."""

    form: str
    hosts: tuple[str, ...]
    path: str
    address: str
    reserved: tuple[str, ...]


class Images(Fact):
    """usual_bytes: the size we aim at; most_bytes: what the platform takes; alt_characters: of alternative texts."""

    sizes: tuple[Size, ...] = Field(min_length=1)
    usual_bytes: int
    most_bytes: int | None = None
    alt_characters: int | None = None


class Covered(Fact):
    """Pixels from each edge of 1080 x 1920 that the platform's own captions and buttons cover of a film."""

    left: int
    top: int
    right: int
    bottom: int


class Coding(Fact):
    """How a film's file may be coded; empty or None where the platform names no limit.

    codecs, sounds, pixels: as ffmpeg names them. fps: frames a second, from and to. head_first: only files that play
    while they load are taken.
    """

    codecs: tuple[str, ...] = ()
    sounds: tuple[str, ...] = ()
    pixels: tuple[str, ...] = ()
    fps: tuple[float, float] | None = None
    most_kbits: int | None = None
    most_sound_rate: int | None = None
    least_width: int | None = None
    most_width: int | None = None
    head_first: bool = False


class Films(Fact):
    """Lengths in seconds; None where the platform names none."""

    sizes: tuple[Size, ...] = Field(min_length=1)
    least_seconds: float | None = None
    most_seconds: float | None = None
    most_bytes: int
    covered: Covered | None = None
    coding: Coding | None = None


class Uploads(Fact):
    """Files of one post, as the platform's API takes them. types: MIME types; shape: least and most width / height.

    needs: what a post can't do without; equal_sizes: all pictures of a post have one size. most_thumbnails: pictures
    that go with a film as its thumbnail.
    """

    image_types: tuple[str, ...] = ()
    most_images: int = 0
    image_shape: tuple[float, float] | None = None
    image_least_width: int | None = None
    image_most_pixels: int | None = None
    type_bytes: Mapping[str, int] = {}
    equal_sizes: bool = False
    film_types: tuple[str, ...] = ()
    most_films: int = 0
    most_thumbnails: int = 0
    film_shape: tuple[float, float] | None = None
    most_documents: int = 0
    document_most_bytes: int | None = None
    needs: Literal["", "media", "image", "film"] = ""
    alt_text: bool = True


class Publishing(Fact):
    """spacing_minutes: between two different posts. processing_minutes: the longest a file is worked at.

    cost_microusd and link_cost_microusd: of one post in millionths of a dollar, without and with a link in it.
    bare_links: true where an address without a scheme is a link, too.
    """

    spacing_minutes: int = 10
    processing_minutes: int = 30
    cost_microusd: int = 0
    link_cost_microusd: int = 0
    bare_links: bool = False

    def cost_of(self, text: str) -> int:
        """The price of one post of `text`, in millionths of a dollar."""
        links = counting.x_links(text) if self.bare_links else counting.links(text)
        return self.link_cost_microusd if links else self.cost_microusd


class Figure(Frozen):
    """One figure of posts. native: the platform's name; counts: what a view is there, `impressions` or `views`.

    version: of its meaning, raised when the platform changes that. ended: the day from which on it is not given; the
    same for posts older than `days`. meaning: in words, where the name misleads.
    """

    native: str
    counts: Literal["", "impressions", "views"] = ""
    version: int = 1
    ended: date | None = None
    days: int | None = None
    meaning: str = ""


class Results(Fact):
    """The figures of published posts. ages: hours after publication at which they are asked for.

    at_once: posts that one call asks about. cost_microusd: of one post that is read, in millionths of a dollar.
    calls_an_hour: at most for a channel, by our own rule. lag_hours: how late the platform counts.
    """

    ages: tuple[int, ...] = AGES
    at_once: int = 1
    cost_microusd: int = 0
    calls_an_hour: int = 200
    lag_hours: int = 0
    figures: Mapping[str, Figure]

    def offers(self, metric: str) -> bool:
        return metric in self.figures

    def has_ended(self, metric: str, on: date, hours: float) -> bool:
        """True when the platform gives the figure no more on that day, of a post of that age."""
        one = self.figures[metric]
        return bool((one.ended and on >= one.ended) or (one.days and hours > one.days * 24))


class Api(Fact):
    """The version of the platform's API that calls name, and the day from which on it is refused."""

    version: str
    ends: date


class Posting(Fact):
    """times: good moments of the week, `tue 09:00`, in the audience's own zone."""

    times: tuple[str, ...]


class Words(Frozen):
    """post: the platform's noun for the words beside a picture. accounts: where they are tagged, as a sentence.

    closing: ends a plain caption in English. scene: what a picture made for the platform should look like.
    """

    post: str
    accounts: str
    closing: str
    scene: str


class Card(Frozen):
    """The card that is drawn for it; see `media/cards/purposes.toml` for what the fields mean."""

    templates: tuple[str, ...]
    pick: int = 0
    words: int = 16
    text: bool = True


class Platform(Frozen):
    """One platform. aliases: what else it is called; previews: templates of formats that do not look like its posts.

    thread_posts: how many posts a thread has at most, 1 where there are no threads. disclosure: the field of its API
    that marks content made with AI, empty where it has none. compose: address of its own form for a new post, with
    `{text}` for the words; empty where it takes none.
    """

    key: str
    title: str
    aliases: tuple[str, ...]
    preview: str
    previews: Mapping[str, str] = {}
    thread_posts: int = 1
    disclosure: str = ""
    compose: str = ""
    limits: Mapping[str, Limit] = {}
    hashtags: Hashtags
    links: Links | None = None
    fold: Fold | None = None
    handles: Handles
    images: Images
    films: Films | None = None
    uploads: Uploads | None = None
    publishing: Publishing | None = None
    results: Results | None = None
    api: Api | None = None
    posting: Posting
    words: Words
    card: Card

    @property
    def names(self) -> tuple[str, ...]:
        """Its names in small letters; the first is ours."""
        return (self.key, *self.aliases)

    def facts(self) -> Iterator[tuple[str, Fact]]:
        """Each dated group of numbers, with its place in the file."""
        groups = {name: getattr(self, name) for name in type(self).model_fields}
        yield from ((name, value) for name, value in groups.items() if isinstance(value, Fact))
        yield from ((f"limits.{name}", value) for name, value in self.limits.items())
        parts = {"covered": self.films.covered, "coding": self.films.coding} if self.films else {}
        yield from ((f"films.{name}", value) for name, value in parts.items() if value)
        yield from ((f"hashtags.restricted.{at}", value) for at, value in enumerate(self.hashtags.restricted))

    @cached_property
    def post_limits(self) -> tuple[Limit, ...]:
        """The limits of a whole post; the first is the one that people see."""
        return tuple(limit for limit in self.limits.values() if limit.post)

    @property
    def post_measure(self) -> Measure:
        """How a whole post is measured."""
        return self.post_limits[0].measured if self.post_limits else MEASURES["characters"]

    def fits(self, text: str) -> bool:
        """True when a post of `text` is within each limit."""
        return all(limit.measured.count(text) <= limit.most for limit in self.post_limits)

    def limit_of_part(self, label: str) -> Limit | None:
        """The limit that holds for a part of a draft with that label."""
        return next((limit for limit in self.limits.values() if {label, ALL_PARTS} & set(limit.parts)), None)

    def whole_post(self, caption: str, hashtags: Sequence[str]) -> str:
        """The text to paste as the post: the caption, and below it the hashtags where they stand in the post."""
        apart = self.hashtags.place == "first_comment"
        return "\n\n".join(part for part in (caption, "" if apart else tags.written(hashtags)) if part)

    def image_size_for(self, width: int, height: int) -> Size:
        """The allowed size whose shape is nearest to `width` x `height`.

        Nearest by the ratio of the two shapes, so that twice as wide is as far off as twice as high.

        Raises:
            WrongInput: the source has no area.
        """
        if width <= 0 or height <= 0:
            raise WrongInput(f"An image of {width}x{height} pixels has no shape.")
        shape = math.log(width / height)
        return min(self.images.sizes, key=lambda size: abs(math.log(size[0] / size[1]) - shape))

    def preview_of(self, form: str) -> str:
        """The page's template for a draft of the format `form`."""
        return self.previews.get(form, self.preview)

    def account(self, text: str) -> str | None:
        """The account's name in small letters, as `text` has it with or without @; None when it is not one."""
        name = text.strip().removeprefix("@").casefold()
        return name if re.fullmatch(self.handles.form, name) and name not in self.handles.reserved else None

    def account_at(self, url: str) -> str | None:
        """The account whose profile `url` leads to; None when it leads elsewhere."""
        if host_of(url) not in self.handles.hosts:
            return None
        path = unquote(urlsplit(_whole(url)).path.lstrip("/")).casefold()
        if not path.startswith(self.handles.path):
            return None
        return self.account(path.removeprefix(self.handles.path).partition("/")[0])

    def profile(self, account: str) -> str:
        return self.handles.address.format(name=account)


def host_of(url: str) -> str:
    """The host without what countries and phones put before it: `www`, `m`, `de`, ..."""
    try:
        host = (urlsplit(_whole(url)).hostname or "").casefold()
    except ValueError:
        return ""
    head, _, rest = host.partition(".")
    return rest if "." in rest and (head in {"www", "mobile"} or len(head) <= 2) else host


def _whole(url: str) -> str:
    return url if "//" in url else f"//{url}"
