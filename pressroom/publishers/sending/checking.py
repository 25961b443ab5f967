"""Problems that keep a post from a platform, known before its first byte leaves: text, files and options."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from pressroom import platforms
from pressroom.model import AssetKind, Medium
from pressroom.model.publishing import Approved, Channel, PartKind, Problem
from pressroom.platforms import Platform, counting
from pressroom.platforms.fitting import Measured
from pressroom.platforms.platform import Limit, Uploads
from pressroom.publishers.sending.measures import measures, uploads_of
from pressroom.publishers.sending.publisher import Publisher

MOST_OF_A_NAME = 60
"""Characters of a choice's name in a sentence: names that the platform has are shorter."""


def check(publisher: Publisher, approved: Approved, channel: Channel) -> tuple[Problem, ...]:
    """Every problem, of what all platforms have in common and then of the platform's own."""
    platform = platforms.get(publisher.platform)
    found = [*_text(publisher, platform, approved), *_files(platform, approved.media)]
    title = platform.title
    found += _choices(title, publisher.options, approved.options, "option", "Choose it when you plan the post.")
    setting = "Choose it in the settings of the channel."
    found += _choices(title, publisher.settings, channel.settings, "setting", setting)
    found += [*_scopes(publisher, channel), *publisher.check(approved, channel)]
    return tuple(dict.fromkeys(found))


def _text(publisher: Publisher, platform: Platform, approved: Approved) -> Iterator[Problem]:
    for number, part in enumerate(approved.posts, 1):
        where = f"post {number}" if len(approved.posts) > 1 else "text"
        yield from _length(platform, publisher.counted(part.text), where)
        if not part.text.strip() and (number > 1 or not approved.media):
            yield Problem(code="text_empty", message=f"The {where} is empty.", where=where, hint="Write it.")
    for part in approved.parts if publisher.comments else ():
        if part.kind is PartKind.COMMENT and (limit := platform.limit_of_part("First comment")):
            yield from _over(platform, limit, publisher.counted(part.text), "first comment")
    if len(approved.posts) > max(1, platform.thread_posts):
        message = f"{platform.title} takes {platform.thread_posts} posts in a thread; this has {len(approved.posts)}."
        yield Problem(code="thread_too_long", message=message, where="text", hint="Shorten the thread.")
    if platform.links and (links := _links(approved)) > platform.links.most:
        message = f"{platform.title} takes {platform.links.most} links in a post; this has {links}."
        yield Problem(code="too_many_links", message=message, where="text", hint="Remove links.")


def _length(platform: Platform, text: str, where: str) -> Iterator[Problem]:
    for limit in platform.post_limits:
        yield from _over(platform, limit, text, where)


def _over(platform: Platform, limit: Limit, text: str, where: str) -> Iterator[Problem]:
    count = limit.measured.count(text)
    if count > limit.most:
        message = f"The {where} has {count} {limit.measured.unit} as it is sent; {platform.title} takes {limit.most}."
        yield Problem(code="text_too_long", message=message, where=where, hint="Shorten it and approve it again.")


def _links(approved: Approved) -> int:
    return max((len(counting.links(part.text)) for part in approved.posts), default=0)


def _files(platform: Platform, media: tuple[Medium, ...]) -> Iterator[Problem]:
    uploads = uploads_of(platform)
    pictures = [medium for medium in media if medium.kind is AssetKind.PICTURE]
    films = [medium for medium in media if medium.media_type.startswith("video/")]
    documents = [medium for medium in media if medium.kind is AssetKind.DOCUMENT]
    thumbnails = uploads.most_thumbnails if films else 0
    yield from _count(platform, pictures, thumbnails or uploads.most_images, "pictures")
    yield from _count(platform, films, uploads.most_films, "films")
    yield from _count(platform, documents, uploads.most_documents, "documents")
    yield from _count(platform, [medium for medium in media if medium.kind is AssetKind.SOUND], 0, "sounds")
    if pictures and films and not (thumbnails or (uploads.most_images and uploads.most_films > 1)):
        message = f"{platform.title} takes pictures or a film in a post, not both."
        yield Problem(code="media_mixed", message=message, where="media", hint="Remove one kind.")
    if documents and (pictures or films):
        message = f"{platform.title} takes a document by itself, without pictures or films."
        yield Problem(code="media_mixed", message=message, where="media", hint="Remove one kind.")
    yield from _needs(platform, uploads, pictures, films)
    for medium in (*documents, *pictures, *films):
        yield from (_media(platform, medium, each) for each in measures(platform, medium) if not each.fits)
    if uploads.equal_sizes and len({(one.width, one.height) for one in pictures}) > 1:
        sizes = ", ".join(sorted({f"{one.width}x{one.height}" for one in pictures}))
        message = f"{platform.title} takes pictures of one size in a post; these are {sizes}."
        yield Problem(code="image_sizes_differ", message=message, where="media", hint="Crop them to one size.")


def _count(platform: Platform, media: list[Medium], most: int, noun: str) -> Iterator[Problem]:
    if len(media) > most:
        message = f"{platform.title} takes {most} {noun} in a post; this has {len(media)}."
        yield Problem(code="too_many_media", message=message, where="media", hint=f"Remove {len(media) - most}.")


def _needs(platform: Platform, uploads: Uploads, pictures: list[Medium], films: list[Medium]) -> Iterator[Problem]:
    there = {"media": pictures or films, "image": pictures, "film": films}
    if uploads.needs and not there[uploads.needs]:
        noun = {"media": "picture or film", "image": "picture", "film": "film"}[uploads.needs]
        message = f"A post on {platform.title} needs a {noun}."
        yield Problem(code="media_missing", message=message, where="media", hint="Attach one to the draft.")


def _media(platform: Platform, medium: Medium, measured: Measured) -> Problem:
    where = f"media {medium.position + 1}"
    message = f"Media {medium.position + 1} ({medium.label}) {measured.said}; {platform.title} takes {measured.limit}."
    return Problem(code=measured.code, message=message, where=where, hint="Attach another file.")


def _choices(title: str, model: type[BaseModel], values: Mapping[str, Any], noun: str, hint: str) -> Iterator[Problem]:
    """Problems of the choices that people made: `option_missing`, `setting_invalid`, ..."""
    try:
        model.model_validate(dict(values))
    except ValidationError as error:
        for each in error.errors():
            name = ".".join(str(step) for step in each["loc"])[:MOST_OF_A_NAME]
            label = name.replace("_", " ").capitalize()
            if each["type"] == "extra_forbidden":
                known = ", ".join(model.model_fields)
                message = f"{title} has no {noun} {name!r}."
                there = f"It has: {known}." if known else "Leave it out."
                yield Problem(code=f"{noun}_invalid", message=message, where=name, hint=there)
            elif each["type"] == "missing":
                yield Problem(code=f"{noun}_missing", message=f"{label} is not chosen.", where=name, hint=hint)
            else:
                yield Problem(code=f"{noun}_invalid", message=f"{label}: {each['msg']}.", where=name, hint=hint)


def _scopes(publisher: Publisher, channel: Channel) -> Iterator[Problem]:
    missing = [
        scope for scope in publisher.scopes_needed(channel.account) if channel.scopes and scope not in channel.scopes
    ]
    if missing:
        message = f"{channel.account.name} did not grant {', '.join(missing)}."
        yield Problem(code="scope_missing", message=message, where="channel", hint="Connect the channel again.")
