"""Pinterest: boards, pins, films and figures, as strict as its API description 5.23.

Switches: `trial` (an app with trial access: pins in the sandbox alone), `film_fails`, `form_too_old` (of uploads),
`spam` (a word: links with it are refused).
"""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sandbox.dialects.shared.declare import Trouble
from sandbox.dialects.shared.shown import shown
from sandbox.social.frame.oauth import Consent
from sandbox.social.frame.standin import Account, Call, Post, Refuse, Standin, answer, route
from sandbox.wire import Request, Response

SCOPES = "boards:read,boards:write,pins:read,pins:write,user_accounts:read"
ACCESS_SECONDS, REFRESH_SECONDS = 30 * 86400, 60 * 86400
FILM_SECONDS = 15
MOST = {"title": 100, "description": 800, "link": 2048, "alt_text": 500}
FIELDS = {*MOST, "board_id", "board_section_id", "dominant_color", "media_source", "parent_pin_id", "sponsor_id"}
SOURCES = {
    "image_base64": {"content_type", "data", "is_standard"},
    "multiple_image_base64": {"items", "index"},
    "video_id": {"media_id", "cover_image_url", "cover_image_data", "cover_image_content_type",
                 "cover_image_key_frame_time", "is_standard"},
}  # fmt: skip
FIGURES = {"IMPRESSION": 40, "OUTBOUND_CLICK": 5, "PIN_CLICK": 9, "SAVE": 3}
LIFETIME = {"TOTAL_COMMENTS": 1, "TOTAL_REACTIONS": 2}
WHOLE_LIFE = {"impression": 40, "clickthrough": 5, "pin_click": 9, "comment": 1, "reaction": 2}
MOST_DAYS = 90
_POLICY = b"<Error><Code>AccessDenied</Code><Message>Invalid according to Policy: Policy expired.</Message></Error>"


def refused(status: int, code: int, message: str) -> Refuse:
    return Refuse(answer({"code": code, "message": message}, status))


class PinterestStandin(Standin):
    name = "pinterest"
    title = "Pinterest"

    def start(self) -> None:
        self.consent = Consent(self, pkce="", client_auth="basic", access_seconds=ACCESS_SECONDS, refresh="new")
        self.refresh_until: dict[str, float] = {}
        self.films: dict[str, dict[str, Any]] = {}
        self.boards: dict[str, dict[str, Any]] = {}
        self.add_account(Account(id="2783136121146311751", name="demo", kind="BUSINESS"))
        self.add_account(Account(id="2783136121146311752", name="other", kind="PINNER"))
        self.add_board("549755885175", "2783136121146311751", "Recipes", {"549755885200": "Salads"})
        self.add_board("549755885176", "2783136121146311751", "Ideas")
        self.add_board("549755885177", "2783136121146311752", "Not yours")

    def add_board(self, board: str, owner: str, name: str, sections: dict[str, str] | None = None) -> None:
        self.boards[board] = {"owner": owner, "name": name, "sections": sections or {}}

    def seed(self, *, scopes: str = SCOPES) -> dict[str, Any]:
        account = next(iter(self.accounts.values()))
        access = self.grant(account.id, seconds=ACCESS_SECONDS, scopes=scopes)
        return {
            "account": {"remote_id": account.id, "name": account.name},
            "credentials": {"access": access, "refresh": "unused-refresh-token"},
            "settings": {"board_id": next(iter(self.boards))},
        }

    def nowhere(self, request: Request, path: str) -> Response:
        return answer({"code": 404, "message": "Not found."}, 404)

    # Accounts

    @route("GET", "/oauth/oauth/")
    def page(self, call: Call) -> Response:
        return self.consent.page(call)

    @route("POST", "/api/v5/oauth/token")
    def token(self, call: Call) -> Response:
        old = self.refresh_until.get(call.form.get("refresh_token", ""))
        if old is not None and old < self.clock.now():
            raise refused(400, 1, "The refresh token has expired.")
        said = json.loads(self.consent.token(call).body)
        self.refresh_until[said["refresh_token"]] = self.clock.now() + REFRESH_SECONDS
        ends = {"refresh_token_expires_in": REFRESH_SECONDS, "response_type": call.form["grant_type"]}
        return answer({**said, **ends, "refresh_token_expires_at": int(self.clock.now()) + REFRESH_SECONDS})

    @route("GET", "/{host}/v5/user_account")
    def user_account(self, call: Call) -> Response:
        account = self._account(call, "user_accounts:read")
        return answer({"id": account.id, "username": account.name, "account_type": account.kind})

    @route("GET", "/{host}/v5/boards")
    def list_boards(self, call: Call) -> Response:
        account = self._account(call, "boards:read")
        mine = [{"id": number, "name": board["name"], "privacy": "PUBLIC"}
                for number, board in self.boards.items() if board["owner"] == account.id]  # fmt: skip
        return self._paged(call, mine)

    @route("GET", "/{host}/v5/boards/{board}/sections")
    def list_sections(self, call: Call) -> Response:
        board = self._board(self._account(call, "boards:read"), call.found["board"])
        return self._paged(call, [{"id": each, "name": name} for each, name in board["sections"].items()])

    # Pins

    @route("POST", "/{host}/v5/pins")
    def create(self, call: Call) -> Response:
        account, said = self._account(call, "pins:write"), call.json
        if self.switches.get("trial") and call.found["host"] != "sandbox":
            raise refused(403, 29, "You are not permitted to access that resource. Apps with Trial access may not "
                          "create Pins in production: use https://api-sandbox.pinterest.com.")  # fmt: skip
        self._check(said)
        board = self._board(account, said["board_id"])
        if said.get("board_section_id", "") not in {"", *board["sections"]}:
            raise refused(404, 404, "Board section not found.")
        files = self._files(account, said["media_source"], said.get("alt_text", ""))
        self._check_link(said.get("link") or "")
        made = {name: said.get(name) for name in FIELDS - {"media_source"}}
        words = (said.get("description") or "").strip()
        post = self.publish(
            account.id, words, raw=said.get("description") or "", id=str(10**17 + len(self.posts)), files=files,
            title=said.get("title") or "", link=said.get("link") or "", extra={**made, "host": call.found["host"]},
        )  # fmt: skip
        return answer(self._pin(post), 201)

    @route("GET", "/{host}/v5/pins")
    def list_pins(self, call: Call) -> Response:
        account = self._account(call, "pins:read")
        mine = [post for post in self.listed(account.id) if post.extra["host"] == call.found["host"]]
        return self._paged(call, [self._pin(post) for post in mine])

    @route("GET", "/{host}/v5/pins/{pin}")
    def get_pin(self, call: Call) -> Response:
        post = self._own(call, "pins:read")
        wanted = call.query.get("pin_metrics") == "true"
        more = {"pin_metrics": {"lifetime_metrics": self.grown(post, WHOLE_LIFE)}} if wanted else {}
        return answer({**self._pin(post), **more})

    @route("DELETE", "/{host}/v5/pins/{pin}")
    def delete_pin(self, call: Call) -> Response:
        self._own(call, "pins:write").public = False
        return answer(None, 204)

    @route("GET", "/{host}/v5/pins/{pin}/analytics")
    def analytics(self, call: Call) -> Response:
        post = self._own(call, "pins:read")
        days = [_day(call.query.get(name, "")) for name in ("start_date", "end_date")]
        today = self.clock.moment().date()
        if None in days or days[0] < today - timedelta(days=MOST_DAYS) or not days[0] <= days[1]:  # type: ignore[operator]
            raise refused(400, 1, "Invalid pins analytics parameters.")
        kinds = call.query.get("metric_types", "").split(",")
        if unknown := set(kinds) - {*FIGURES, *LIFETIME, "SAVE_RATE", "USER_FOLLOW", "PROFILE_VISIT"}:
            raise refused(400, 1, f"Invalid metric types: {', '.join(sorted(unknown))}.")
        summary, lifetime = (
            {name: value for name, value in self.grown(post, each).items() if name in kinds}
            for each in (FIGURES, LIFETIME)
        )
        return answer({"all": {"daily_metrics": [], "summary_metrics": summary, "lifetime_metrics": lifetime}})

    # Films

    @route("POST", "/{host}/v5/media")
    def register(self, call: Call) -> Response:
        account = self._account(call, "pins:write")
        if call.json != {"media_type": "video"}:
            raise refused(400, 1, "Invalid media_type.")
        media = str(5_000_000 + len(self.films))
        form = {"x-amz-date": "20261130T000000Z", "key": f"uploads/{media}", "policy": f"policy-{media}",
                "Content-Type": "multipart/form-data"}  # fmt: skip
        self.films[media] = {"account": account.id, "form": form, "uploaded": None}
        self.count("media")
        said = {"media_id": media, "media_type": "video", "upload_parameters": form}
        return answer({**said, "upload_url": f"{call.origin}/{self.name}/storage/{media}"}, 201)

    @route("POST", "/storage/{media}")
    def upload(self, call: Call) -> Response:
        """The storage: all fields of the form first, then the file, and no token of Pinterest's."""
        film = self.films.get(call.found["media"])
        names = [part.name for part in call.multipart]
        if film is None or self.switches.get("form_too_old"):
            return Response(403, _POLICY, {"content-type": "application/xml"})
        if names != [*film["form"], "file"] or call.form != film["form"] or "authorization" in call.request.headers:
            return Response(400, b"<Error><Code>InvalidArgument</Code></Error>", {"content-type": "application/xml"})
        film["uploaded"] = self.clock.now()
        self.count("upload")
        return Response(204, b"")

    @route("GET", "/{host}/v5/media/{media}")
    def media_status(self, call: Call) -> Response:
        account = self._account(call, "pins:read")
        film = self.films.get(call.found["media"])
        if film is None or film["account"] != account.id:
            raise refused(404, 404, "Media not found.")
        return answer({"media_id": call.found["media"], "media_type": "video", "status": self._status(film)})

    def _status(self, film: dict[str, Any]) -> str:
        if film["uploaded"] is None:
            return "registered"
        if self.clock.now() - film["uploaded"] < FILM_SECONDS:
            return "processing"
        return "failed" if self.switches.get("film_fails") else "succeeded"

    # Rules of the platform

    def _account(self, call: Call, scope: str) -> Account:
        account = self.account_of(call.token) if call.found["host"] in {"api", "sandbox"} else None
        if account is None:
            raise refused(401, 2, "Authentication failed.")
        if scope not in self.tokens[call.token]["scopes"].split(","):
            raise refused(403, 7, f"Your application consumer type is not supported: {scope} is missing.")
        return account

    def _board(self, account: Account, number: str) -> dict[str, Any]:
        board = self.boards.get(number)
        if board is None:
            raise refused(404, 40, "Board not found.")
        if board["owner"] != account.id:
            raise refused(403, 7, "You are not permitted to access that resource.")
        return board

    def _own(self, call: Call, scope: str) -> Post:
        account, post = self._account(call, scope), self.posts.get(call.found["pin"])
        if post is None or not post.public or post.account_id != account.id:
            raise refused(404, 50, "Pin not found.")
        return post

    def _check(self, said: Any) -> None:
        if not isinstance(said, dict) or not isinstance(said.get("media_source"), dict):
            raise refused(400, 1, "Invalid request: media_source is required.")
        if unknown := set(said) - FIELDS:
            raise refused(400, 1, f"Invalid request: {', '.join(sorted(unknown))} is not a field of a pin.")
        for name, most in MOST.items():
            if not isinstance(said.get(name) or "", str) or len(said.get(name) or "") > most:
                raise refused(400, 1, f"Invalid request: {name} has more than {most} characters.")
        if not re.fullmatch(r"\d+", str(said.get("board_id", ""))):
            raise refused(400, 1, "Invalid request: board_id does not match ^\\d+$.")

    def _check_link(self, link: str) -> None:
        if link and not re.match(r"https?://[^\s/]+\.[^\s/]+|https?://localhost", link):
            raise refused(400, 1, "Invalid request: link is not a URL.")
        if self.switches.get("spam") and self.switches["spam"] in link:
            raise refused(400, 1, "Sorry! We blocked this link because it may lead to spam.")

    def _files(self, account: Account, source: dict[str, Any], alt: str) -> list[dict[str, Any]]:
        kind = str(source.get("source_type"))
        if kind not in SOURCES or set(source) - SOURCES[kind] - {"source_type"}:
            raise refused(400, 1, f"Invalid media_source: {kind} with {', '.join(source)}.")
        if kind == "video_id":
            return [self._film(account, source, alt)]
        items = [source] if kind == "image_base64" else source.get("items", [])
        if kind != "image_base64" and not 2 <= len(items) <= 5:
            raise refused(400, 1, "Invalid media_source: items must be 2 to 5.")
        sizes = [_size(item) for item in items]
        if len(set(sizes)) > 1:
            raise refused(400, 1, "Invalid media_source: all images must have the same size.")
        return [{"type": "image", "alt": alt, "size": size} for size in sizes]

    def _film(self, account: Account, source: dict[str, Any], alt: str) -> dict[str, Any]:
        film = self.films.get(str(source.get("media_id")))
        if film is None or film["account"] != account.id or self._status(film) != "succeeded":
            raise refused(400, 1, "Invalid media_source: the media is not ready.")
        if not {"cover_image_url", "cover_image_data", "cover_image_key_frame_time"} & set(source):
            raise refused(400, 1, "Invalid media_source: a cover image is required.")
        return {"type": "video", "alt": alt, "cover": source.get("cover_image_key_frame_time")}

    def _pin(self, post: Post) -> dict[str, Any]:
        kind = "image" if len(post.files) == 1 else "multiple_images"
        media: dict[str, Any] = {"media_type": "video" if post.files[0]["type"] == "video" else kind}
        if kind == "multiple_images":
            media["items"] = [{"item_type": "image"} for _ in post.files]
        fields = {name: value for name, value in post.extra.items() if name in FIELDS}
        at = datetime.fromtimestamp(post.created_at, UTC).replace(tzinfo=None).isoformat(timespec="seconds")
        return {**fields, "id": post.id, "created_at": at, "description": post.text, "title": post.title.strip(),
                "link": post.link, "media": media, "is_owner": True}  # fmt: skip

    def _paged(self, call: Call, items: list[dict[str, Any]]) -> Response:
        size, start = int(call.query.get("page_size", 25)), int(call.query.get("bookmark") or 0)
        if not 1 <= size <= 250:
            raise refused(400, 1, "page_size must be 1 to 250.")
        more = str(start + size) if start + size < len(items) else None
        return answer({"items": items[start : start + size], "bookmark": more})


STANDIN = PinterestStandin


def _size(item: Any) -> tuple[int, int]:
    """Width and height of a picture in a request. Raises `Refuse`."""
    if not isinstance(item, dict) or item.get("content_type") not in {"image/jpeg", "image/png"}:
        raise refused(400, 1, "Invalid media_source: content_type must be image/jpeg or image/png.")
    try:
        picture = shown(item["content_type"], str(item.get("data", "")))
    except Trouble:
        raise refused(400, 1, "Invalid media_source: the image can't be read.") from None
    return picture.width, picture.height


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
