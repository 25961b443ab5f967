"""The ready-to-post text of one platform: what is pasted where, and what a person should know before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from pressroom import platforms
from pressroom.model.results import ImageFile, Level, PlatformResult, Results
from pressroom.platforms import posting_times, tags
from pressroom.reports.words import WEEKDAYS, day_in_words, moment, money, one_line, platform_name
from pressroom.zones import zone_of

Section = tuple[str, str]
"""Heading and what stands below it; sections without anything below are left out."""

MADE = {
    Level.FULL_AI: "full AI: a model looked at the picture and wrote the words",
    Level.TEMPLATES: "templates: the words were put together without a model",
    Level.PLAIN: "plain processing: the picture was fitted, nothing was written",
}


def post_text(result: PlatformResult, results: Results, *, zone: str | None = None) -> str:
    """The text file of `result`, one of `results.platforms`; it ends with a line end.

    zone: the readers' IANA zone, for dates of the best times to post; by default the results' own, if they name one.

    Raises:
        WrongInput: there is no such zone.
    """
    title = f"{platform_name(result.platform)}: " + ("ready to post" if result.error is None else "not made")
    sections = _failed(result) if result.error else _post(result, results, zone or results.zone)
    blocks = [f"== {heading} ==\n{body}" for heading, body in (*sections, ("ABOUT", _about(result, results))) if body]
    return "\n\n".join((f"{title}\n{'=' * len(title)}", *blocks)) + "\n"


def _post(result: PlatformResult, results: Results, zone: str | None) -> Iterator[Section]:
    platform = result.platform
    known = platforms.find(platform)
    apart = known is not None and known.hashtags.place == "first_comment"
    post = known.whole_post(result.caption, result.hashtags) if known else _plain_post(result)
    yield "TITLE", one_line(result.title)
    yield "POST", post or "No words were made for it."
    yield "HASHTAGS FOR THE FIRST COMMENT", tags.written(result.hashtags) if apart else ""
    yield "LENGTH", length_line(platform, post)
    yield "BEST TIMES TO POST", times_to_post(platform, results.timestamp, zone)
    yield "ACCOUNTS TO TAG", _accounts(result)
    yield "IMAGE", "\n".join(_image(image) for image in (result.image, *result.more_images) if image)
    yield "ALT TEXT", one_line(result.image.alt_text) if result.image else ""
    yield "NOTES", "\n".join(f"- {one_line(note)}" for note in (*result.notes, *results.notes))


def _plain_post(result: PlatformResult) -> str:
    """Caption and hashtags, as on a platform that is not declared."""
    return "\n\n".join(filter(None, (result.caption, tags.written(result.hashtags))))


def _failed(result: PlatformResult) -> Iterator[Section]:
    if error := result.error:
        yield "WHY", f"{error.code}: {one_line(error.message)}"
        yield "WHAT TO DO", one_line(error.hint)
    yield "NOTES", "\n".join(f"- {one_line(note)}" for note in result.notes)


def _accounts(result: PlatformResult) -> str:
    """One line for each account, with the reason and the source; without accounts, the reason why."""
    if not result.accounts:
        return f"None: {one_line(result.no_accounts_because)}"
    named = [
        f"- @{account.name.removeprefix('@')}: {one_line(account.why)} ({account.source})"
        for account in result.accounts
    ]
    known = platforms.find(result.platform)
    where = [known.words.accounts] if known else []
    return "\n".join([*where, *named])


def _image(image: ImageFile) -> str:
    style = f", {one_line(image.style)}" if image.style else ""
    return f"{image.file} ({image.width}x{image.height}, {image.media_type}, {image.bytes:,} bytes{style})"


def _about(result: PlatformResult, results: Results) -> str:
    photography = ", ".join(map(one_line, result.photography.styles)) or "yes"
    lines = {
        "Niches": ", ".join(map(one_line, result.niches)),
        "Product photography": photography if result.photography.used else "not used",
        "Made by": MADE[results.level],
        "From": one_line(results.source),
        "Asked for": moment(results.timestamp),
        "Session": results.session_id,
        "Cost of the whole session": money(results.totals.cost_usd),
    }
    return "\n".join(f"{name}: {value}" for name, value in lines.items() if value)


def length_line(platform: str, post: str) -> str:
    """`412 of 2,200 characters`, with a warning when it is too long; plain characters for an unknown platform."""
    known = platforms.find(platform)
    if known is None:
        return f"{len(post):,} characters"
    used, unit = round(known.post_measure.count(post)), known.post_measure.unit
    if not known.post_limits:
        return f"The {known.words.post}: {used:,} {unit}"
    most = known.post_limits[0].most
    warning = f"; {used - most:,} too long, shorten it before you post" if used > most else ""
    return f"The {known.words.post}: {used:,} of {most:,} {unit}{warning}"


NEXT = 5
"""How many dates are named."""


def times_to_post(platform: str, after: datetime, zone: str | None) -> str:
    """The week's good times in the readers' local time; with their `zone`, also the next dates later than `after`.

    Raises:
        WrongInput: there is no such zone.
    """
    if zone is not None:
        zone_of(zone)
    known = platforms.find(platform)
    if known is None:
        return "The platform is not declared, so no times are known."
    week = posting_times.slots(platform)
    lines = [
        "Every week, in your readers' local time: "
        + ", ".join(f"{WEEKDAYS[slot.place[0]]} {slot.time:%H:%M}" for slot in week)
    ]
    if zone is not None:
        lines.append(f"The next in {zone}:")
        found = posting_times.next_slots(platform, zone, after, NEXT)
        lines += [f"- {day_in_words(at.date())}, {at:%H:%M} (UTC{_offset(at)})" for at in found]
    return "\n".join([*lines, f"Source, as of {known.posting.checked}: {known.posting.source}"])


def _offset(at: datetime) -> str:
    return f"{at:%z}"[:3] + ":" + f"{at:%z}"[3:5]
