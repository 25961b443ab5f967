"""Pinterest, by its API v5: pins on a board, with pictures in the call that makes the pin, or a film uploaded before.

https://github.com/pinterest/api-description, version 5.23.0, and developers.pinterest.com.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from pydantic import Field

from pressroom import platforms
from pressroom.model import Medium
from pressroom.model.publishing import (
    Account,
    Approved,
    Asked,
    Certainty,
    Channel,
    Found,
    Listed,
    Listing,
    Metrics,
    Problem,
    Reading,
    RemoteRef,
    Sent,
    Similar,
)
from pressroom.publishers.pinterest_api import films
from pressroom.publishers.sending import asking
from pressroom.publishers.sending.line import Line, Phase, Rule
from pressroom.publishers.sending.publisher import ChannelSettings, Job, NotYet, OAuth, Options, Publisher, option

FIGURE_DAYS = 90
"""How far back Pinterest counts."""

FIGURES = {"views": "IMPRESSION", "clicks": "OUTBOUND_CLICK", "opens": "PIN_CLICK", "saves": "SAVE",
           "comments": "TOTAL_COMMENTS", "likes": "TOTAL_REACTIONS"}  # fmt: skip
LIFETIME = {"views": "impression", "clicks": "clickthrough", "opens": "pin_click", "comments": "comment",
            "likes": "reaction"}  # fmt: skip


class PinterestSettings(ChannelSettings):
    board_id: str = Field(pattern=r"^\d+$", title="Board", description="The board that pins go to.")
    section_id: str = Field(default="", pattern=r"^\d*$", title="Section", description="A section of the board.")
    sandbox: bool = Field(
        default=False, title="Sandbox", description="Pins that only you see, for apps with trial access."
    )


class PinterestOptions(Options):
    cover_second: int = Field(default=0, ge=0, title="Cover", description="Second of the film that its cover shows.")


class Pinterest(Publisher):
    platform = "pinterest"
    bases = {
        "api": "https://api.pinterest.com",
        "sandbox": "https://api-sandbox.pinterest.com",
        "oauth": "https://www.pinterest.com",
    }
    hosts = ("pinterest-media-upload.s3-accelerate.amazonaws.com", "pinterest-media-upload.s3.amazonaws.com")
    connection = OAuth(
        authorize="oauth:/oauth/",
        token="api:/v5/oauth/token",  # noqa: S106 (a path)
        scopes=("boards:read", "boards:write", "pins:read", "pins:write", "user_accounts:read"),
        separator=",",
        pkce="",
        client_auth="basic",
        token_extra={"continuous_refresh": "true"},
    )
    certainty = Certainty.GOOD
    proof = "The account's own pins are listed, and its board, title, link and description are compared."
    options = PinterestOptions
    settings = PinterestSettings
    rules = (
        Rule("account", code=("29",), reason="trial_access",
             hint="Ask Pinterest for standard access to its API, or turn on the channel's sandbox."),
        Rule("token", code=("2", "3")),
        Rule("later", status=(429,), seconds=60),
        Rule("refused", words="spam", status=(400, 403), phases=(Phase.SEND,), reason="link_blocked",
             hint="Pinterest does not take this link: change it and approve the post again."),
        Rule("account", status=(404,), words="board", phases=(Phase.SEND,), reason="board_gone",
             hint="The board or its section is gone: choose another one in the settings of the channel."),
        Rule("account", status=(403,), phases=(Phase.ACCOUNT, Phase.PREPARE, Phase.SEND), reason="board_forbidden",
             hint="The account may not add pins there: choose another board, or connect the channel again."),
        Rule("account", status=(400,), phases=(Phase.ACCOUNT,)),
        Rule("refused", status=(400,), code=("1",)),
    )  # fmt: skip

    # Accounts

    def accounts(self, line: Line) -> Sequence[Account]:
        reply = line.get("api:/v5/user_account")
        name, said = line.value(reply, "username"), reply.json()
        titles = {"title": said.get("business_name") or name, "avatar": said.get("profile_image") or ""}
        kind = str(said.get("account_type", "")).lower()
        return (Account(remote_id=str(line.value(reply, "id")), name=name, kind=kind, **titles),)

    def whoami(self, line: Line, channel: Channel) -> str:
        return str(line.value(line.get(f"{_base(channel)}/user_account"), "id"))

    def choices(self, line: Line, channel: Channel) -> Mapping[str, Sequence[tuple[str, str]]]:
        """The account's boards, and the sections of the one that is chosen."""
        base, board = _base(channel), channel.settings.get("board_id")
        found = {"board_id": tuple(_named(line, f"{base}/boards"))}
        if board in dict(found["board_id"]):
            found["section_id"] = tuple(_named(line, f"{base}/boards/{board}/sections"))
        return found

    # Sending

    def check(self, approved: Approved, channel: Channel) -> Iterable[Problem]:
        numbers = platforms.get(self.platform)
        yield from _too_long("title", "title", approved.title, numbers.limits["title_characters"].most)
        yield from _too_long("link", "link", approved.link, numbers.limits["link_characters"].most)
        if len(approved.media) > 1:
            most = numbers.images.alt_characters or 0
            yield from _too_long("alt_text", "alternative text of all pictures", _alt_text(approved.media), most)

    def prepare(self, job: Job) -> NotYet | None:
        job.memory.put(settings=json.dumps(dict(job.channel.settings)))
        if not (job.files and _is_film(job.files[0])):
            return None
        return films.prepare(job, _base(job.channel))

    def send(self, job: Job) -> Sent:
        reply = job.line.post(f"{_base(_channel(job))}/pins", json=_pin(job), seconds=120)
        job.line.value(reply, "id")
        return Sent(ref=_ref(reply.json()))

    def ask(self, job: Job) -> Asked:
        start, channel = asking.window_start(job), _channel(job)
        pages, board = f"{_base(channel)}/pins", channel.settings["board_id"]
        whole = asking.walk(lambda cursor: _listed_page(job.line, pages, cursor), start)
        older = [post for post in whole.posts if post.created_at < start]
        here = [post for post in whole.posts if post.created_at >= start and post.ref.extra["board"] == board]
        same = [post for post in here if self._same(post.ref.extra, job)]
        found = asking.among(self, job, Listing(posts=(*(same or here), *older), complete=whole.complete))
        if isinstance(found, Found) and not same:
            return Similar(posts=tuple(post for post in here if post.ref == found.ref))
        return found

    def _same(self, shown: Mapping[str, str], job: Job) -> bool:
        """True when title and link are those of `job` too."""
        wanted = {"title": job.approved.title, "link": job.approved.link}
        return all(self.comparable(shown[name]) == self.comparable(text) for name, text in wanted.items())

    def read_back(self, job: Job, ref: RemoteRef) -> Reading | None:
        pin = _pin_of(job.line, _channel(job), ref.remote_id)
        if pin is None:
            return None
        listed = _listed(pin)
        return Reading(ref=listed.ref, text=listed.text, media=listed.media)

    def collect(self, line: Line, channel: Channel, remote_ids: Sequence[str]) -> Sequence[Metrics]:
        """Figures since each pin was made: with saves for 90 days, after which Pinterest counts them no more."""
        pins = [_pin_of(line, channel, each, pin_metrics="true") for each in remote_ids]
        return [Metrics(remote_id=pin["id"], values=_figures(line, channel, pin)) for pin in pins if pin is not None]

    def delete(self, line: Line, channel: Channel, ref: RemoteRef) -> None:
        line.call("DELETE", f"{_base(channel)}/pins/{ref.remote_id}", ok=(200, 204, 404))


PUBLISHER = Pinterest()


def _base(channel: Channel) -> str:
    return "sandbox:/v5" if channel.settings.get("sandbox") else "api:/v5"


def _channel(job: Job) -> Channel:
    """The channel with the board that it had when the pin was prepared: a pin is looked for where it was sent."""
    noted = job.memory.get("settings")
    return job.channel.model_copy(update={"settings": json.loads(noted)}) if noted else job.channel


def _too_long(code: str, noun: str, text: str, most: int) -> Iterator[Problem]:
    if len(text) > most:
        message = f"The {noun} has {len(text)} characters; Pinterest takes {most}."
        yield Problem(code=f"{code}_too_long", message=message, where=noun, hint="Shorten it and approve it again.")


def _is_film(medium: Medium) -> bool:
    return medium.media_type.startswith("video/")


def _named(line: Line, where: str) -> Iterator[tuple[str, str]]:
    """(id, name) of all that a list has, up to 1,000."""
    cursor = ""
    for _ in range(10):
        found, cursor = _page(line, where, cursor)
        yield from ((each["id"], each["name"]) for each in found)
        if not cursor:
            return


def _page(line: Line, where: str, cursor: str) -> tuple[list[Mapping[str, Any]], str]:
    reply = line.get(where, params={"page_size": "100", **({"bookmark": cursor} if cursor else {})})
    return list(line.value(reply, "items")), reply.json().get("bookmark") or ""


# Pins


def _pin(job: Job) -> dict[str, Any]:
    approved, settings = job.approved, _channel(job).settings
    said = {
        "board_id": settings["board_id"],
        "board_section_id": settings.get("section_id", ""),
        "title": approved.title,
        "description": job.part.text,
        "link": approved.link,
        "alt_text": _alt_text(job.files),
        "media_source": _source(job),
    }
    return {name: value for name, value in said.items() if value}


def _source(job: Job) -> dict[str, Any]:
    if _is_film(job.files[0]):
        cover = option(job.approved, "cover_second", 0)
        return {"source_type": "video_id", "media_id": job.memory.get("media_id"), "cover_image_key_frame_time": cover}
    pictures = [
        {"content_type": medium.media_type, "data": base64.b64encode(job.media.read(medium)).decode()}
        for medium in job.files
    ]
    if len(pictures) == 1:
        return {"source_type": "image_base64", **pictures[0]}
    return {"source_type": "multiple_image_base64", "items": pictures}


def _alt_text(media: Sequence[Medium]) -> str:
    """One text for the whole pin, since its pictures have none of their own."""
    return "\n".join(medium.alt_text for medium in media if medium.alt_text)


def _ref(pin: Mapping[str, Any]) -> RemoteRef:
    extra = {"board": pin.get("board_id") or "", "title": pin.get("title") or "", "link": pin.get("link") or ""}
    return RemoteRef(remote_id=pin["id"], permalink=f"https://www.pinterest.com/pin/{pin['id']}/", extra=extra)


def _listed(pin: Mapping[str, Any]) -> Listed:
    media = pin.get("media") or {}
    count = {"image": 1, "video": 1, "multiple_images": len(media.get("items") or ()) or None}
    return Listed(ref=_ref(pin), text=pin.get("description") or "", created_at=_moment(pin["created_at"]),
                  media=count.get(str(media.get("media_type"))))  # fmt: skip


def _listed_page(line: Line, where: str, cursor: str) -> tuple[list[Listed], str]:
    found, after = _page(line, where, cursor)
    return [_listed(pin) for pin in found], after


def _moment(text: str) -> datetime:
    """Pinterest's moments are UTC, with or without saying so."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _pin_of(line: Line, channel: Channel, remote_id: str, **params: str) -> Mapping[str, Any] | None:
    """The pin; None when Pinterest says that it has none."""
    reply = line.get(f"{_base(channel)}/pins/{remote_id}", params=params, ok=(200, 404))
    if reply.status == 404 and line.read(reply).code:
        return None
    line.value(reply, "id")
    pin: Mapping[str, Any] = reply.json()
    return pin


# Figures


def _figures(line: Line, channel: Channel, pin: Mapping[str, Any]) -> dict[str, int]:
    found = _numbers(LIFETIME, (pin.get("pin_metrics") or {}).get("lifetime_metrics") or {})
    first, today = _moment(pin["created_at"]).date(), datetime.now(UTC).date()
    if (today - first).days < FIGURE_DAYS:
        found |= _analytics(line, channel, pin["id"], first, max(first, today))
    return found


def _analytics(line: Line, channel: Channel, remote_id: str, first: date, last: date) -> dict[str, int]:
    asked = {"start_date": f"{first}", "end_date": f"{last}", "metric_types": ",".join(FIGURES.values())}
    said = line.value(line.get(f"{_base(channel)}/pins/{remote_id}/analytics", params=asked), "all")
    return _numbers(FIGURES, {**said.get("summary_metrics", {}), **said.get("lifetime_metrics", {})})


def _numbers(names: Mapping[str, str], said: Mapping[str, Any]) -> dict[str, int]:
    return {ours: int(said[theirs]) for ours, theirs in names.items() if said.get(theirs) is not None}
