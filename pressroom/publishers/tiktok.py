"""TikTok, by the content posting API v2: a film goes up in chunks, and pictures are fetched from the media door.

https://developers.tiktok.com/doc/content-posting-api-reference-direct-post, its media transfer guide and photo posts.
A film has a handle, its publish_id, before its last chunk makes it public. Pictures get theirs with the answer of the
call that publishes them: where that is lost, only the creator's own list is left to ask.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pressroom.errors import PostRefused
from pressroom.model import Medium
from pressroom.model.publishing import (
    Absent,
    Account,
    Approved,
    Asked,
    Certainty,
    Channel,
    Failed,
    Found,
    Listed,
    Metrics,
    Problem,
    Processing,
    Reading,
    RemoteRef,
    Sent,
)
from pressroom.platforms.measures import MEASURES
from pressroom.publishers.sending import asking
from pressroom.publishers.sending.line import Line, Phase, Refusal, Reply, Rule, retry_after
from pressroom.publishers.sending.publisher import Job, NotYet, OAuth, Publisher
from pressroom.publishers.tiktok_api import films
from pressroom.publishers.tiktok_api.calls import TikTokOptions, choices_of, data_of, film_of, options_of, status_of

IDS_A_CALL = 20
PHOTO_TITLE = 90
"""UTF-16 units of the title that stands above pictures."""
OPEN_TO_ALL = "PUBLIC_TO_EVERYONE"
ONLY_ME = "SELF_ONLY"

_FIELDS = "id,title,video_description,create_time,share_url"
_FIGURES = {"views": "view_count", "likes": "like_count", "comments": "comment_count", "shares": "share_count"}
_REASONS = {
    "file_format_check_failed": "the file has a format that it does not take",
    "duration_check_failed": "the film is too short or too long",
    "frame_rate_check_failed": "the film has a frame rate that it does not take",
    "picture_size_check_failed": "a picture or the film has a size that it does not take",
    "video_pull_failed": "the film could not be fetched from the media door",
    "photo_pull_failed": "a picture could not be fetched from the media door",
    "publish_cancelled": "the post was cancelled in TikTok",
    "auth_removed": "the account took the app's permission away",
    "internal": "it failed inside TikTok",
}


class TikTok(Publisher):
    platform = "tiktok"
    bases = {"api": "https://open.tiktokapis.com", "oauth": "https://www.tiktok.com"}
    hosts = (".tiktokapis.com",)
    connection = OAuth(
        authorize="oauth:/v2/auth/authorize/",
        token="api:/v2/oauth/token/",  # noqa: S106 (an address)
        scopes=("user.info.basic", "video.publish", "video.upload", "video.list"),
        separator=",",
        pkce="hex",
        client_id_field="client_key",
    )
    certainty = Certainty.GOOD
    proof = "A film's publish_id tells whether it is out; for pictures whose answer is lost, only a person can be sure."
    options = TikTokOptions
    deletes = False
    rules = (
        Rule("token", code=("access_token_invalid",)),
        Rule("account", code=("invalid_grant",), reason="token_revoked"),
        Rule("account", code=("scope_not_authorized", "scope_permission_missed"), reason="scope_missing"),
        Rule("account", code=("unaudited_client_can_only_post_to_private_accounts",), reason="unaudited",
             hint="Until TikTok has audited the app, choose SELF_ONLY and set the account to private."),
        Rule("account", code=("url_ownership_unverified",), reason="url_unverified",
             hint="Verify the address of the media door in the app's settings at developers.tiktok.com."),
        Rule("account", code=("spam_risk_user_banned_from_posting",), reason="account_blocked",
             hint="TikTok has banned the account from posting."),
        Rule("later", code=("rate_limit_exceeded",), seconds=60),
        Rule("later", code=("spam_risk_too_many_posts", "spam_risk_too_many_pending_share", "reached_active_user_cap"),
             seconds=86_400, hint="The account, or the app, has reached TikTok's number of posts in 24 hours."),
        Rule("refused", code=("privacy_level_option_mismatch",), reason="privacy_level",
             hint="Choose a privacy level that the account offers now."),
        Rule("refused", code=("invalid_params", "invalid_param", "file_format_check_failed", "duration_check_failed",
                              "picture_size_check_failed"), phases=(Phase.PREPARE, Phase.SEND), reason="refused"),
        Rule("later", code=("internal_error", "upload_address"), phases=(Phase.PREPARE,)),
        Rule("later", status=(429,)),
    )  # fmt: skip

    def read_error(self, reply: Reply) -> Refusal:
        """The refusal of an answer, which may come with status 200."""
        body = reply.json()
        said = body if isinstance(body, dict) else {}
        error = said.get("error")
        if isinstance(error, dict):
            return Refusal(reply.status, str(error.get("code") or ""), message=str(error.get("message") or ""),
                           seconds=retry_after(reply))  # fmt: skip
        message = str(said.get("error_description") or said.get("message") or reply.text)
        return Refusal(reply.status, str(error or ""), message=message, seconds=retry_after(reply))

    # Accounts

    def accounts(self, line: Line) -> Sequence[Account]:
        said = line.get("api:/v2/user/info/", params={"fields": "open_id,display_name,avatar_url"})
        user, creator = data_of(line, said, "user"), _creator(line)
        return (
            Account(
                remote_id=user["open_id"],
                name=creator.get("creator_username", ""),
                title=user.get("display_name", ""),
                avatar=user.get("avatar_url", ""),
            ),
        )

    def whoami(self, line: Line, channel: Channel) -> str:
        return str(data_of(line, line.get("api:/v2/user/info/", params={"fields": "open_id"}), "user", "open_id"))

    def choices(self, line: Line, channel: Channel) -> Mapping[str, Sequence[tuple[str, str]]]:
        levels = _creator(line).get("privacy_level_options", ())
        return {"privacy_level": tuple((level, level.replace("_", " ").capitalize()) for level in levels)}

    # Sending

    def check(self, approved: Approved, channel: Channel) -> Iterable[Problem]:
        chosen = approved.options
        if chosen.get("brand_content") and chosen.get("privacy_level") == ONLY_ME:
            message = "Branded content can't be for the creator alone."
            yield Problem(code="branded_private", message=message, where="privacy_level", hint="Choose another level.")
        if film_of(approved) is None and approved.media:
            yield from _picture_problems(approved)
        elif chosen.get("mode") == "inbox":
            message = "A film in the inbox comes without its words: the person writes them in the app."
            yield Problem(code="text_stays", message=message, where="mode", blocking=False)

    def prepare(self, job: Job) -> NotYet | None:
        film, chosen = film_of(job.approved), options_of(job.approved)
        if chosen.mode == "direct":
            _agree(_creator(job.line), chosen, film)
        if film is None:
            return None
        if not job.memory.get("publish_id"):
            films.begin(job, film)
        elif not films.goes_on(job, film):
            return None
        return films.upload(job, film)

    def send(self, job: Job) -> Sent:
        film, inbox = film_of(job.approved), options_of(job.approved).mode == "inbox"
        publish_id = _publish_pictures(job) if film is None else films.finish(job, film)
        return Sent(ref=RemoteRef(remote_id=publish_id), processing=not inbox, waiting_person=inbox)

    def ask(self, job: Job) -> Asked:
        film, publish_id = film_of(job.approved), job.memory.get("publish_id")
        if film is not None and not publish_id:
            return Absent(certain=True)  # without a handle no byte of it was taken
        state = _state(job, publish_id) if publish_id else None
        return state or _listed(self, job)

    def read_back(self, job: Job, ref: RemoteRef) -> Reading | None:
        video = ref.remote_id
        if publish_id := ref.extra.get("publish_id"):  # public to fewer than all, or not looked at by TikTok yet
            status = status_of(job.line, publish_id)
            if not (video := _post_id(status or {})):
                return Reading(ref=ref, text=None)
        found = _videos(job.line, [video], _FIELDS)
        if not found:
            return None
        return Reading(ref=_ref(job.channel, video), text=str(found[0].get("video_description") or ""))

    def collect(self, line: Line, channel: Channel, remote_ids: Sequence[str]) -> Sequence[Metrics]:
        fields, found = ",".join(("id", *_FIGURES.values())), []
        for start in range(0, len(remote_ids), IDS_A_CALL):
            for video in _videos(line, remote_ids[start : start + IDS_A_CALL], fields):
                values = {ours: int(video[theirs]) for ours, theirs in _FIGURES.items() if theirs in video}
                found.append(Metrics(remote_id=str(video["id"]), values=values))
        return found

    def delete(self, line: Line, channel: Channel, ref: RemoteRef) -> None:
        raise PostRefused("TikTok lets no program delete a post.", hint="Delete it in the app.", reason="no_deletion")


PUBLISHER = TikTok()


def _creator(line: Line) -> dict[str, Any]:
    """The limits of the creator's account as they are now; TikTok wants them asked before each post."""
    said = data_of(line, line.post("api:/v2/post/publish/creator_info/query/", json={}))
    return said if isinstance(said, dict) else {}


def _agree(creator: Mapping[str, Any], chosen: TikTokOptions, film: Medium | None) -> None:
    """Raises PostRefused where the account allows less than a person chose."""
    levels = creator.get("privacy_level_options", ())
    if chosen.privacy_level not in levels:
        message = f"The account offers {', '.join(levels) or 'no privacy level'}; {chosen.privacy_level} was chosen."
        raise PostRefused(message, reason="privacy_level", hint="Choose another level and approve it again.")
    most = creator.get("max_video_post_duration_sec")
    if film is not None and most and (film.seconds or 0) > most:
        raise PostRefused(f"The film lasts {film.seconds:g} s; the account may post {most} s.", reason="film_too_long")


# Pictures


def _publish_pictures(job: Job) -> str:
    """Has TikTok fetch the pictures and publish them. The handle."""
    inbox = options_of(job.approved).mode == "inbox"
    said = {
        "media_type": "PHOTO",
        "post_mode": "MEDIA_UPLOAD" if inbox else "DIRECT_POST",
        "post_info": {
            "title": job.approved.title,
            "description": job.part.text,
            **({} if inbox else choices_of(job)),
        },
        "source_info": {
            "source": "PULL_FROM_URL",
            "photo_cover_index": 0,
            "photo_images": [job.media.url(medium) for medium in job.files],
        },
    }
    reply = job.line.post("api:/v2/post/publish/content/init/", json=said)
    publish_id = str(data_of(job.line, reply, "publish_id"))
    job.memory.put(publish_id=publish_id)
    return publish_id


def _picture_problems(approved: Approved) -> Iterable[Problem]:
    length = MEASURES["utf16_units"].count(approved.title)
    if length > PHOTO_TITLE:
        message = f"The title has {length:g} characters; TikTok takes {PHOTO_TITLE} with pictures."
        yield Problem(code="title_too_long", message=message, where="title", hint="Shorten it and approve it again.")
    if approved.ai_generated:
        message = "TikTok has no mark for pictures made with AI: only the words can tell."
        yield Problem(code="no_ai_mark", message=message, where="media", blocking=False)


# Asking


def _state(job: Job, publish_id: str) -> Asked | None:
    """How far TikTok is with a post; None when it no longer knows its handle."""
    status, film = status_of(job.line, publish_id), film_of(job.approved)
    if status is None:
        return None
    match status["status"]:
        case "FAILED":
            reason = str(status.get("fail_reason") or "unknown")
            return Failed(reason=reason, message=f"TikTok did not publish it: {_REASONS.get(reason, reason)}.")
        case "PUBLISH_COMPLETE":
            return _published(job, publish_id, _post_id(status))
        case "PROCESSING_UPLOAD" if film and "uploaded_bytes" in status and films.lacks(job, film, status):
            return Absent(certain=True)
    return Processing()  # worked at, fetched by TikTok, or in the person's inbox


def _published(job: Job, publish_id: str, post_id: str) -> Asked:
    """A post for all gets its id after TikTok has looked at it; others get none, and their handle stays."""
    if post_id:
        return Found(ref=_ref(job.channel, post_id))
    chosen = options_of(job.approved)
    if chosen.mode == "direct" and chosen.privacy_level == OPEN_TO_ALL:
        return Processing()
    return Found(ref=RemoteRef(remote_id=publish_id, extra={"publish_id": publish_id}))


def _post_id(status: Mapping[str, Any]) -> str:
    """The id of a public post; the field's name is spelt as TikTok does."""
    found = status.get("publicaly_available_post_id") or status.get("publicly_available_post_id") or ()
    return str(found[0]) if found else ""


def _listed(publisher: Publisher, job: Job) -> Asked:
    """The creator's list. It has films that are public to all: its silence about anything else proves nothing."""

    def page(cursor: str) -> tuple[list[Listed], str]:
        said = {"max_count": IDS_A_CALL, **({"cursor": int(cursor)} if cursor else {})}
        reply = job.line.post("api:/v2/video/list/", params={"fields": _FIELDS}, json=said)
        data = data_of(job.line, reply)
        more = str(data.get("cursor") or "") if data.get("has_more") else ""
        return [_in_list(job.channel, video) for video in job.line.value(reply, "data", "videos")], more

    found = asking.among(publisher, job, asking.walk(page, asking.window_start(job)))
    shows = film_of(job.approved) is not None and options_of(job.approved).privacy_level == OPEN_TO_ALL
    return Absent(certain=False) if isinstance(found, Absent) and not shows else found


def _in_list(channel: Channel, video: Mapping[str, Any]) -> Listed:
    moment = datetime.fromtimestamp(video["create_time"], UTC)
    return Listed(ref=_ref(channel, str(video["id"])), text=str(video.get("video_description") or ""),
                  created_at=moment)  # fmt: skip


def _videos(line: Line, ids: Sequence[str], fields: str) -> list[dict[str, Any]]:
    said = {"filters": {"video_ids": list(ids)}}
    found = data_of(line, line.post("api:/v2/video/query/", params={"fields": fields}, json=said), "videos")
    return found if isinstance(found, list) else []


def _ref(channel: Channel, post_id: str) -> RemoteRef:
    link = f"https://www.tiktok.com/@{channel.account.name}/video/{post_id}"
    return RemoteRef(remote_id=post_id, permalink=link)
