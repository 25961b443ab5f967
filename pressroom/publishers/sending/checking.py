"""Problems that keep a post from a platform, known before its first byte leaves: text, files and options."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from pressroom import platforms
from pressroom.model import AssetKind, Medium
from pressroom.model.publishing import Approved, Channel, PartKind, Problem
from pressroom.platforms import Platform, counting
from pressroom.platforms.platform import Films, Limit, Uploads
from pressroom.publishers.sending.publisher import Publisher

MEGA = 1_000_000


def check(publisher: Publisher, approved: Approved, channel: Channel) -> tuple[Problem, ...]:
    """Every problem, of what all platforms have in common and then of the platform's own."""
    platform = platforms.get(publisher.platform)
    found = [*_text(publisher, platform, approved), *_files(platform, approved.media)]
    found += _choices(publisher.options, approved.options, "option", "Choose it when you plan the post.")
    found += _choices(publisher.settings, channel.settings, "setting", "Choose it in the settings of the channel.")
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
    uploads = platform.uploads or Uploads(source="", checked=platform.images.checked)
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
    for medium in documents:
        yield from _size(platform, medium, uploads.document_most_bytes)
    yield from _needs(platform, uploads, pictures, films)
    for medium in pictures:
        yield from _picture(platform, uploads, medium)
    for medium in films:
        yield from _film(platform, uploads, medium)
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


def _picture(platform: Platform, uploads: Uploads, medium: Medium) -> Iterator[Problem]:
    yield from _kind(platform, medium, uploads.image_types)
    yield from _size(platform, medium, uploads.type_bytes.get(medium.media_type, platform.images.most_bytes))
    width, height = medium.width or 0, medium.height or 0
    if uploads.image_most_pixels and width * height > uploads.image_most_pixels:
        found, most = f"{width}x{height} = {width * height:,} pixels", f"{uploads.image_most_pixels:,}"
        yield _media(platform, medium, "image_too_many_pixels", f"has {found}", f"at most {most}")
    if uploads.image_least_width and width < uploads.image_least_width:
        yield _media(platform, medium, "image_too_narrow", f"is {width} wide", f"at least {uploads.image_least_width}")
    yield from _shape(platform, medium, uploads.image_shape)
    most_alt = platform.images.alt_characters
    if most_alt and len(medium.alt_text) > most_alt:
        found = f"has an alternative text of {len(medium.alt_text)} characters"
        yield _media(platform, medium, "alt_text_too_long", found, f"at most {most_alt}")


def _film(platform: Platform, uploads: Uploads, medium: Medium) -> Iterator[Problem]:
    films: Films | None = platform.films
    yield from _kind(platform, medium, uploads.film_types)
    yield from _shape(platform, medium, uploads.film_shape)
    if films is None:
        return
    yield from _size(platform, medium, films.most_bytes)
    seconds = medium.seconds or 0.0
    if films.least_seconds is not None and seconds < films.least_seconds:
        yield _media(platform, medium, "film_too_short", f"lasts {seconds:g} s", f"at least {films.least_seconds:g} s")
    if films.most_seconds is not None and seconds > films.most_seconds:
        yield _media(platform, medium, "film_too_long", f"lasts {seconds:g} s", f"at most {films.most_seconds:g} s")


def _kind(platform: Platform, medium: Medium, types: Iterable[str]) -> Iterator[Problem]:
    if medium.media_type not in types:
        allowed = ", ".join(each.partition("/")[2].upper() for each in types) or "no such files"
        yield _media(platform, medium, "media_type", f"is {medium.media_type}", allowed)


def _size(platform: Platform, medium: Medium, most: int | None) -> Iterator[Problem]:
    if most and medium.size > most:
        yield _media(platform, medium, "media_too_large", f"has {medium.size:,} bytes", f"at most {most:,}")


def _shape(platform: Platform, medium: Medium, shape: tuple[float, float] | None) -> Iterator[Problem]:
    if shape is None or not (medium.width and medium.height):
        return
    ratio = medium.width / medium.height
    if not shape[0] - 0.005 <= ratio <= shape[1] + 0.005:
        found = f"is {medium.width}x{medium.height}, {ratio:.2f} wide for 1 high"
        yield _media(platform, medium, "media_shape", found, f"{shape[0]:.2f} to {shape[1]:.2f}")


def _media(platform: Platform, medium: Medium, code: str, found: str, limit: str) -> Problem:
    message = f"Media {medium.position + 1} ({medium.label}) {found}; {platform.title} takes {limit}."
    return Problem(code=code, message=message, where=f"media {medium.position + 1}", hint="Attach another file.")


def _choices(model: type[BaseModel], values: Mapping[str, Any], noun: str, hint: str) -> Iterator[Problem]:
    """Problems of the choices that people made: `option_missing`, `setting_invalid`, ..."""
    try:
        model.model_validate(dict(values))
    except ValidationError as error:
        for each in error.errors():
            name = ".".join(str(step) for step in each["loc"])
            label = name.replace("_", " ").capitalize()
            if each["type"] == "missing":
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


def comment_dropped(publisher: Publisher, approved: Approved) -> bool:
    """True when the first comment stays behind, since the platform takes none from a program."""
    return not publisher.comments and any(part.kind is PartKind.COMMENT for part in approved.parts)
