"""Facebook pages, by the Graph API: posts with words, a link or pictures; films as reels or videos; a first comment.

https://developers.facebook.com/docs/pages-api and https://developers.facebook.com/docs/graph-api/reference/page/feed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import Field, SecretStr

from pressroom.errors import ChannelUnusable
from pressroom.model import Medium
from pressroom.model.publishing import (
    Account,
    Approved,
    Asked,
    Certainty,
    Channel,
    Listed,
    Metrics,
    PartKind,
    Problem,
    Reading,
    RemoteRef,
    Sent,
)
from pressroom.publishers.facebook_api import films
from pressroom.publishers.sending import asking, graph
from pressroom.publishers.sending.credentials import Credentials
from pressroom.publishers.sending.line import Line, Means, Phase, Reply, Rule
from pressroom.publishers.sending.publisher import Job, NotYet, OAuth, Options, Publisher, option

API = f"api:/{graph.VERSION}"
REEL_SECONDS = (3.0, 90.0)
REEL_LEAST_WIDTH = 540
"""A reel is 9 wide and 16 high (reels of pages, publishing guide)."""

PHOTO_HOURS = timedelta(hours=20)
"""An unpublished temporary photo is kept for a day: one that is older than this is uploaded again."""

POST_FIELDS = "id,message,created_time,permalink_url,attachments{media_type,subattachments}"
FILM_FIELDS = "id,description,permalink_url"
FIGURES = {"insights": {"reach": "post_total_media_view_unique", "clicks": "post_clicks"},
           "video_insights": {"views": "total_video_views"}}  # fmt: skip
"""By the edge that is asked. Meta takes names back now and then: a figure under a name it refuses is left out."""
COUNTS = {"comments": "comments", "likes": "reactions"}


def _either(means: Means, *numbers: str, **more: Any) -> tuple[Rule, ...]:
    """Rules for errors that Meta numbers now in `code`, now in `error_subcode`."""
    return Rule(means, code=numbers, **more), Rule(means, subcode=numbers, **more)


class FacebookOptions(Options):
    film_as: Literal["auto", "reel", "video"] = Field(
        default="auto", title="Film", description="As a reel or a video; auto: a reel where its shape and length fit."
    )


class Facebook(Publisher):
    platform = "facebook"
    bases = {
        "api": "https://graph.facebook.com",
        "video": "https://graph-video.facebook.com",
        "upload": "https://rupload.facebook.com",
        "oauth": "https://www.facebook.com",
    }
    connection = OAuth(
        authorize=f"oauth:/{graph.VERSION}/dialog/oauth",
        token=f"{API}/oauth/access_token",
        scopes=("pages_show_list", "pages_manage_posts", "pages_read_engagement", "pages_manage_engagement",
                "read_insights", "business_management"),
        optional=("pages_manage_engagement", "read_insights", "business_management"),
        separator=",",
        pkce="",
        refresh="none",
    )  # fmt: skip
    certainty = Certainty.GOOD
    proof = "The page's own posts are listed and compared; a film has an id that tells whether it is published."
    options = FacebookOptions
    comments = True
    rules = (
        *_either("duplicate", "506", "1366051"),
        *_either("refused", "1366046", reason="image_invalid", hint="Facebook can't read a picture: attach another."),
        *_either("refused", "1609008", reason="link_blocked", hint="Facebook blocks the link: change it."),
        *_either("later", "1390008", seconds=600),
        *graph.RULES,
        Rule("later", code=("1", "2"), phases=(Phase.PREPARE,)),
        Rule("refused", code=("100",), phases=(Phase.PREPARE, Phase.SEND)),
    )
    read_error = staticmethod(graph.read_error)

    # Accounts

    def exchange(self, line: Line, credentials: Credentials) -> Credentials:
        app = {name: graph.app_secret(credentials, name) for name in ("client_id", "client_secret")}
        token = credentials.access.get_secret_value()
        asked = {"grant_type": "fb_exchange_token", "fb_exchange_token": token, **app}
        return graph.long_lived(line, f"{API}/oauth/access_token", **asked)

    def accounts(self, line: Line) -> Sequence[Account]:
        """The pages that a person may post to; with a page's own token, that page."""
        pages = _pages(line)
        if pages is None:
            pages = [line.get(f"{API}/me", params={"fields": "id,name,username"}).json()]
        return tuple(_account(page) for page in pages if "CREATE_CONTENT" in page.get("tasks", ["CREATE_CONTENT"]))

    def account_credentials(self, line: Line, account: Account, credentials: Credentials) -> Credentials:
        """The page's token; the one for a person's long-lived token has no end of its own."""
        for page in _pages(line) or ():
            if page["id"] == account.remote_id and page.get("access_token"):
                return Credentials(access=SecretStr(page["access_token"]), scopes=credentials.scopes)
        raise ChannelUnusable(f"Facebook gives no token for the page {account.name}.", reason="page_forbidden",
                              hint="Connect it again as a person who may post there.")  # fmt: skip

    def whoami(self, line: Line, channel: Channel) -> str:
        return str(line.value(line.get(f"{API}/me", params={"fields": "id"}), "id"))

    # Sending

    def check(self, approved: Approved, channel: Channel) -> Iterable[Problem]:
        if approved.link and approved.media and approved.link not in approved.text:
            yield Problem(code="link_dropped", message="Facebook shows no link card beside pictures or a film.",
                          where="link", hint="Write the link into the text.", blocking=False)  # fmt: skip
        film = _film(approved)
        if film and option(approved, "film_as", "auto") == "reel" and not _fits_reel(film):
            message = f"Media {film.position + 1} is no reel: 9:16, 3 to 90 seconds, at least 540x960."
            yield Problem(code="not_a_reel", message=message, where="film_as", hint="Send it as a video.")

    def prepare(self, job: Job) -> NotYet | None:
        if film := _own_film(job):
            return films.prepare(job, film, reel=_is_reel(job.approved, film))
        for medium in job.files:
            _prepare_photo(job, medium)
        return None

    def send(self, job: Job) -> Sent:
        if _own_film(job):
            films.finish(job)
            return Sent(ref=_ref(job.memory.get("video_id")), processing=True)
        if job.part.kind is PartKind.COMMENT:
            reply = job.line.post(f"{API}/{job.parents[0].remote_id}/comments", data={"message": job.part.text})
        else:
            reply = job.line.post(f"{API}/{_page_id(job)}/feed", data=_post(job))
        return Sent(ref=_ref(str(job.line.value(reply, "id"))))

    def ask(self, job: Job) -> Asked:
        if _own_film(job):
            return films.ask(job, _ref(job.memory.get("video_id")))
        return asking.among(self, job, asking.walk(lambda cursor: _mine(job, cursor), asking.window_start(job)))

    def read_back(self, job: Job, ref: RemoteRef) -> Reading | None:
        if _own_film(job):
            found = _object(job.line, ref.remote_id, FILM_FIELDS)
            return Reading(ref=_ref(found["id"], found), text=found.get("description", ""), media=1) if found else None
        fields = "id,message,created_time,permalink_url" if job.part.kind is PartKind.COMMENT else POST_FIELDS
        found = _object(job.line, ref.remote_id, fields)
        if found is None:
            return _listed_reading(job, ref)
        listed = _listed(found)
        return Reading(ref=listed.ref, text=listed.text, media=listed.media)

    def collect(self, line: Line, channel: Channel, remote_ids: Sequence[str]) -> Sequence[Metrics]:
        found = ((remote_id, _figures(line, remote_id)) for remote_id in remote_ids)
        return [Metrics(remote_id=remote_id, values=values) for remote_id, values in found if values is not None]

    def delete(self, line: Line, channel: Channel, ref: RemoteRef) -> None:
        reply = line.call("DELETE", f"{API}/{ref.remote_id}", ok=(200, 400, 404))
        if reply.status != 200 and not _is_gone(line, reply):
            raise line.error(line.read(reply))


PUBLISHER = Facebook()


def _pages(line: Line) -> list[Mapping[str, Any]] | None:
    """The pages of a person; None for the token of a page, which has no pages itself."""
    asked = {"fields": "id,name,username,access_token,tasks,picture{url}", "limit": "100"}
    reply = line.get(f"{API}/me/accounts", params=asked, ok=(200, 400))
    if reply.status == 200:
        return list(line.value(reply, "data"))
    refusal = line.read(reply)
    if refusal.code == "100":
        return None
    raise line.error(refusal)


def _account(page: Mapping[str, Any]) -> Account:
    avatar = ((page.get("picture") or {}).get("data") or {}).get("url", "")
    name = page.get("username") or page["name"]
    return Account(remote_id=page["id"], name=name, title=page["name"], avatar=avatar, kind="page")


def _page_id(job: Job) -> str:
    return job.channel.account.remote_id


def _object(line: Line, remote_id: str, fields: str) -> dict[str, Any] | None:
    """Fields of an object; None when Facebook has none of that id, or shows it no more: it doesn't tell which."""
    reply = line.get(f"{API}/{remote_id}", params={"fields": fields}, ok=(200, 400, 404))
    if reply.status == 200:
        line.value(reply, "id")
        found: dict[str, Any] = reply.json()
        return found
    if _is_gone(line, reply):
        return None
    raise line.error(line.read(reply))


def _is_gone(line: Line, reply: Reply) -> bool:
    refusal = line.read(reply)
    return (refusal.code, refusal.subcode) == ("100", "33")


# Posts


def _post(job: Job) -> dict[str, str]:
    """The form of a post. Pictures are attached even when there is one: by itself it would become a photo's story."""
    said = {"message": job.part.text}
    for number, medium in enumerate(job.files):
        photo = json.loads(job.memory.get(f"photo_{medium.position}"))["id"]
        said[f"attached_media[{number}]"] = json.dumps({"media_fbid": photo})
    if job.approved.link and not job.files:
        said["link"] = job.approved.link
    return {name: text for name, text in said.items() if text}


def _prepare_photo(job: Job, medium: Medium) -> None:
    """Uploads a picture unpublished. One that is left behind is seen by no reader, and ends after a day."""
    name = f"photo_{medium.position}"
    noted = json.loads(job.memory.get(name) or "null")
    if noted and job.now() - datetime.fromisoformat(noted["at"]) < PHOTO_HOURS:
        return
    said = {"published": "false", "temporary": "true", "alt_text_custom": medium.alt_text}
    reply = job.line.post(
        f"{API}/{_page_id(job)}/photos", data={name: text for name, text in said.items() if text},
        files={"source": ("picture", job.media.read(medium), medium.media_type)}, seconds=120,
    )  # fmt: skip
    photo = {"id": str(job.line.value(reply, "id")), "at": job.now().isoformat()}
    job.memory.put(**{name: json.dumps(photo)})


def _mine(job: Job, cursor: str) -> tuple[list[Listed], str]:
    """A page of the page's own posts, or of its comments below a post, the newest first."""
    if job.part.kind is PartKind.COMMENT:
        where = f"{job.parents[0].remote_id}/comments"
        more = {"fields": "id,message,created_time,from", "order": "reverse_chronological", "filter": "stream"}
    else:
        where, more = f"{_page_id(job)}/published_posts", {"fields": POST_FIELDS}
    reply = job.line.get(f"{API}/{where}", params={**more, "limit": "50", **({"after": cursor} if cursor else {})})
    own = [each for each in job.line.value(reply, "data") if each.get("from", {}).get("id") in {None, _page_id(job)}]
    paging = reply.json().get("paging") or {}
    after = paging.get("cursors", {}).get("after", "") if paging.get("next") else ""
    return [_listed(each) for each in own], after


def _listed(post: Mapping[str, Any]) -> Listed:
    created = graph.moment(post["created_time"])
    return Listed(ref=_ref(post["id"], post), text=post.get("message") or "", created_at=created, media=_count(post))


def _count(post: Mapping[str, Any]) -> int | None:
    """How many pictures or films a post has; None where it doesn't say."""
    first = next(iter((post.get("attachments") or {}).get("data") or ()), None)
    if first is None:
        return None if "from" in post else 0
    inner = (first.get("subattachments") or {}).get("data") or ()
    return len(inner) or int(first.get("media_type") in {"photo", "video"})


def _ref(remote_id: str, said: Mapping[str, Any] | None = None) -> RemoteRef:
    link = (said or {}).get("permalink_url") or f"/{remote_id}"
    return RemoteRef(remote_id=remote_id, permalink=link if "//" in link else f"https://www.facebook.com{link}")


def _listed_reading(job: Job, ref: RemoteRef) -> Reading | None:
    """A post that can't be read by itself, as the list has it: Facebook refuses the one now and then, not the other."""
    if job.part.kind is PartKind.COMMENT:
        return None
    listing = asking.walk(lambda cursor: _mine(job, cursor), asking.window_start(job))
    posts = [post for post in listing.posts if post.ref.remote_id == ref.remote_id]
    return next((Reading(ref=post.ref, text=post.text, media=post.media) for post in posts), None)


# Films


def _film(approved: Approved) -> Medium | None:
    return next((medium for medium in approved.media if medium.media_type.startswith("video/")), None)


def _own_film(job: Job) -> Medium | None:
    return _film(job.approved) if job.is_main else None


def _fits_reel(film: Medium) -> bool:
    width, height, seconds = film.width or 0, film.height or 0, film.seconds or 0.0
    tall = bool(height) and abs(width / height - 9 / 16) < 0.01
    return tall and width >= REEL_LEAST_WIDTH and REEL_SECONDS[0] <= seconds <= REEL_SECONDS[1]


def _is_reel(approved: Approved, film: Medium) -> bool:
    wanted = option(approved, "film_as", "auto")
    return wanted == "reel" or (wanted == "auto" and _fits_reel(film))


# Figures


def _figures(line: Line, remote_id: str) -> dict[str, int] | None:
    """Figures of a post or film; None when Facebook has none of that id."""
    counts = "comments.limit(0).summary(true),reactions.limit(0).summary(true)"
    is_post = "_" in remote_id
    said = _object(line, remote_id, f"id,{counts},shares" if is_post else f"id,{counts}")
    if said is None:
        return None
    found = {ours: said.get(theirs, {}).get("summary", {}).get("total_count") for ours, theirs in COUNTS.items()}
    found["shares"] = (said.get("shares") or {"count": 0})["count"] if is_post else None
    edge = "insights" if is_post else "video_insights"
    figures = _insights(line, f"{remote_id}/{edge}", FIGURES[edge])
    return figures | {name: count for name, count in found.items() if isinstance(count, int)}


def _insights(line: Line, where: str, names: Mapping[str, str]) -> dict[str, int]:
    """Figures by our names. A name that Facebook offers no more fails the whole call: then each is asked by itself."""
    reply = line.get(f"{API}/{where}", params={"metric": ",".join(names.values())}, ok=(200, 400))
    if reply.status == 200:
        said = graph.insights(reply.json())
        return {ours: said[theirs] for ours, theirs in names.items() if theirs in said}
    if line.read(reply).code != "100":
        raise line.error(line.read(reply))
    if len(names) == 1:
        return {}
    alone = (_insights(line, where, {ours: theirs}) for ours, theirs in names.items())
    return {name: value for figures in alone for name, value in figures.items()}
