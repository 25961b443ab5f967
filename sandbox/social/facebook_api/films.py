"""Films at Facebook: a reel in one upload, a video in pieces, and the call that makes either public."""

from __future__ import annotations

import re
from typing import Any

from sandbox.social.frame.graph import DAY, GraphStandin, refused
from sandbox.social.frame.standin import Account, Call, answer, route
from sandbox.wire import Response

FILM_SECONDS = 20
PIECE = 40_000
MOST_REELS = 30
VIDEO_FIELDS = {"id", "description", "permalink_url", "status", "published", "title", "comments", "reactions"}


class GraphFilms(GraphStandin):
    """Switches: `film_fails`; `wrong_piece` (the next piece of a video is not wanted)."""

    def start(self) -> None:
        self.films: dict[str, dict[str, Any]] = {}

    def page_of(self, call: Call, scope: str) -> Account:
        """The page of the path, whose own token the request has: a person's is refused."""
        account = self.owner(call, scope)
        if account.kind != "page":
            raise refused(200, "(#200) A page access token is required", status=403)
        return account

    @route("POST", "/api/{v}/{id}/video_reels")
    def reels(self, call: Call) -> Response:
        page, said = self.page_of(call, "pages_manage_posts"), call.form
        if said.get("upload_phase") == "start":
            number = self._new_film(page)
            return answer({"video_id": number, "upload_url": f"{call.origin}/facebook/upload/video-upload/v/{number}"})
        film = self.films.get(said.get("video_id", ""))
        if said.get("upload_phase") != "finish" or film is None or said.get("video_state") != "PUBLISHED":
            raise refused(100, "Invalid parameter")
        day_ago = self.clock.now() - DAY
        if (
            sum(each.extra.get("reel", False) and each.created_at > day_ago for each in self.posts.values())
            >= MOST_REELS
        ):
            raise refused(32, "Page request limit reached")
        return self._finish(page, said["video_id"], said, reel=True)

    @route("POST", "/upload/video-upload/{v}/{id}")
    def upload(self, call: Call) -> Response:
        headers, film = call.request.headers, self.films.get(call.found["id"])
        scheme, _, token = headers.get("authorization", "").partition(" ")
        account = self.account_of(token)
        if scheme != "OAuth" or film is None or account is None or account.id != film["page"]:
            raise refused(190, "Invalid OAuth access token", status=401)
        if int(headers.get("offset", -1)) != film["bytes"]:
            raise refused(100, "offset does not fit", status=400)
        film["bytes"] += len(call.body)
        film["size"] = int(headers.get("file_size", 0))
        self.count("upload")
        return answer({"success": True})

    @route("POST", "/video/{v}/{id}/videos")
    def videos(self, call: Call) -> Response:
        page, said = self.page_of(call, "pages_manage_posts"), call.form
        if said.get("upload_phase") == "start":
            number = self._new_film(page, int(said["file_size"]))
            return answer({"video_id": number, "upload_session_id": f"s{number}", **self._piece(number)})
        number = said.get("upload_session_id", "").removeprefix("s")
        film, file = self.films.get(number), call.file("video_file_chunk")
        if film is None:
            raise refused(6000, "There was a problem uploading your video file", subcode=1363030)
        if said.get("upload_phase") == "transfer" and file is not None:
            if said.get("start_offset") != str(film["bytes"]) or self.switches.pop("wrong_piece", False):
                raise refused(6001, "Invalid start offset", subcode=1363037)
            film["bytes"] += len(file.content)
            self.count("upload")
            return answer(self._piece(number))
        return self._finish(page, number, said, reel=False)

    def _new_film(self, page: Account, size: int = 0) -> str:
        number = self.graph_id()
        self.films[number] = {"page": page.id, "bytes": 0, "size": size, "finished": None, "post": "", "said": {}}
        self.count("film")
        return number

    def _piece(self, number: str) -> dict[str, str]:
        film = self.films[number]
        return {"start_offset": str(film["bytes"]), "end_offset": str(min(film["bytes"] + PIECE, film["size"]))}

    def _finish(self, page: Account, number: str, said: dict[str, str], *, reel: bool) -> Response:
        film = self.films[number]
        if film["page"] != page.id or not film["size"] or film["bytes"] != film["size"]:
            raise refused(100, "The upload is not complete")
        if film["finished"] is None:
            film["finished"], film["said"] = self.clock.now(), said
            post = self.publish(
                page.id, said.get("description", ""), id=f"{page.id}_{self.graph_id()}", title=said.get("title", ""),
                files=[{"type": "video", "alt": ""}], public=False, extra={"reel": reel, "film": number},
            )  # fmt: skip
            film["post"] = post.id
        return answer({"success": True})

    def film_told(self, number: str, fields: set[str]) -> dict[str, Any]:
        film = self.films[number]
        post = self.posts.get(film["post"])
        over = post is not None and self.clock.now() - film["finished"] >= FILM_SECONDS
        fails = over and self.switches.get("film_fails", False)
        if post is not None and over and not fails:
            post.public = True
        uploaded = bool(film["size"]) and film["bytes"] == film["size"]
        video = (
            "error"
            if fails
            else "ready"
            if over
            else "processing"
            if post
            else "upload_complete"
            if uploaded
            else "uploading"
        )
        upload = "complete" if uploaded else "in_progress"
        status = {
            "video_status": video,
            "uploading_phase": {"status": upload, "bytes_transferred": film["bytes"]},
            "processing_phase": {"status": "error" if fails else "complete" if over else "not_started"},
            "publishing_phase": {"status": "complete" if over and not fails else "not_started"},
        }  # fmt: skip
        said = {"id": number, "status": status, "published": over and not fails, "permalink_url": f"/reel/{number}",
                "description": film["said"].get("description", ""), **counts_told()}  # fmt: skip
        return {name: said[name] for name in said if name in fields | {"id"}}


def counts_told() -> dict[str, Any]:
    return {
        "comments": {"data": [], "summary": {"total_count": 1}},
        "reactions": {"data": [], "summary": {"total_count": 4}},
    }


def fields_asked(call: Call, known: set[str]) -> set[str]:
    """Names of the fields that are asked for, without what stands in brackets behind them. Raises `Refuse`."""
    names = set(re.sub(r"\{[^{}]*\}|\.\w+\([^()]*\)", "", call.query.get("fields", "id")).split(","))
    if unknown := names - known:
        raise refused(100, f"(#100) Tried accessing nonexisting field ({', '.join(sorted(unknown))})")
    return names
