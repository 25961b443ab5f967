"""Bluesky: a personal data server as version 0.4.217 answers, held to a real one by the same table of exchanges."""

from __future__ import annotations

import base64
import json
from typing import Any
from uuid import uuid4

from sandbox.social.bluesky_api.lexicon import MOST_BLOB, TID, cid_of, media_type_of, wrong_with
from sandbox.social.frame.standin import Account, Call, Refuse, Standin, answer, route
from sandbox.wire import Response

ACCESS_SECONDS, REFRESH_SECONDS, GRACE_SECONDS = 7200, 60 * 86400, 7200


def refused(code: str, message: str, status: int = 400) -> Refuse:
    return Refuse(answer({"error": code, "message": message}, status))


def revoked() -> Refuse:
    return refused("ExpiredToken", "Token has been revoked")


class BlueskyStandin(Standin):
    name = "bluesky"
    title = "Bluesky"

    def start(self) -> None:
        self.records: dict[str, dict[str, Any]] = {}
        self.blobs: dict[str, dict[str, Any]] = {}
        self.refreshed: dict[str, tuple[float, dict[str, Any]]] = {}
        self.add_account(Account(id="did:plc:demo234567", name="demo.bsky.test", password="app-pass-word"))  # noqa: S106

    def seed(self) -> dict[str, Any]:
        account = next(iter(self.accounts.values()))
        session = self._session(account)
        credentials = {"access": session["accessJwt"], "refresh": session["refreshJwt"]}
        return {"account": {"remote_id": account.id, "name": account.name}, "credentials": credentials}

    # Sessions

    @route("POST", "/api/xrpc/com.atproto.server.createSession")
    def create_session(self, call: Call) -> Response:
        said = call.json or {}
        for account in self.accounts.values():
            if said.get("identifier") in {account.name, account.id} and said.get("password") == account.password:
                return answer(self._session(account))
        raise refused("AuthenticationRequired", "Invalid identifier or password", 401)

    @route("POST", "/api/xrpc/com.atproto.server.refreshSession")
    def refresh_session(self, call: Call) -> Response:
        held = self._refresh_token(call)
        if call.token in self.refreshed:
            until, session = self.refreshed[call.token]
            if until > self.clock.now():
                return answer(session)
            raise revoked()
        session = self._session(self.accounts[held["account"]])
        self.refreshed[call.token] = (self.clock.now() + GRACE_SECONDS, session)
        self.count("refresh")
        return answer(session)

    @route("POST", "/api/xrpc/com.atproto.server.deleteSession")
    def delete_session(self, call: Call) -> Response:
        self._refresh_token(call)["until"] = 0.0
        return answer(None)

    @route("GET", "/api/xrpc/com.atproto.server.getSession")
    def get_session(self, call: Call) -> Response:
        account = self._account(call)
        return answer({"did": account.id, "handle": account.name, "active": True})

    @route("GET", "/api/xrpc/com.atproto.identity.resolveHandle")
    def resolve(self, call: Call) -> Response:
        for account in self.accounts.values():
            if account.name == call.query.get("handle"):
                return answer({"did": account.id})
        raise refused("InvalidRequest", "Unable to resolve handle")

    # Records

    @route("POST", "/api/xrpc/com.atproto.repo.uploadBlob")
    def upload_blob(self, call: Call) -> Response:
        self._account(call)
        if len(call.body) > MOST_BLOB:
            raise refused("PayloadTooLarge", "request entity too large", 413)
        kind = media_type_of(call.body, call.request.headers.get("content-type", "application/octet-stream"))
        link = cid_of({"content": base64.b64encode(call.body).decode()}, "bafkrei")
        blob = {"$type": "blob", "ref": {"$link": link}, "mimeType": kind, "size": len(call.body)}
        self.blobs[link] = blob
        self.count("blob")
        return answer({"blob": blob})

    @route("POST", "/api/xrpc/com.atproto.repo.putRecord")
    def put_record(self, call: Call) -> Response:
        account, said = self._owner(call)
        uri, record = self._place(account, said, str(said.get("rkey", ""))), self._checked(said.get("record"))
        there, cid = self.records.get(uri), cid_of(record)
        swap = said.get("swapRecord")
        if there is not None and there["cid"] == cid and swap in {None, cid}:
            return answer({"uri": uri, "cid": cid, "validationStatus": "valid"})
        if "swapRecord" in said and swap != (there and there["cid"]):
            raise refused("InvalidSwap", f"Record was at {there['cid'] if there else 'null'}")
        return answer({**self._keep(account, uri, record), "commit": _commit(uri)})

    @route("POST", "/api/xrpc/com.atproto.repo.createRecord")
    def create_record(self, call: Call) -> Response:
        account, said = self._owner(call)
        record = self._checked(said.get("record"))
        uri = self._free(account, said)
        return answer({**self._keep(account, uri, record), "commit": _commit(uri)})

    @route("POST", "/api/xrpc/com.atproto.repo.applyWrites")
    def apply_writes(self, call: Call) -> Response:
        """All of the writes, or none."""
        account, said = self._owner(call)
        writes = [(self._free(account, each), self._checked(each.get("value"))) for each in said.get("writes", ())]
        results = [self._keep(account, uri, record) for uri, record in writes]
        return answer({"commit": _commit(results[-1]["uri"]), "results": results})

    @route("GET", "/api/xrpc/com.atproto.repo.getRecord")
    def get_record(self, call: Call) -> Response:
        query = call.query
        if query.get("repo") not in self.accounts:
            raise refused("UpstreamFailure", "Upstream Failure", 502)
        uri = f"at://{query.get('repo')}/{query.get('collection')}/{query.get('rkey')}"
        found = self.records.get(uri)
        if found is None or query.get("cid", found["cid"]) != found["cid"]:
            raise refused("RecordNotFound", f"Could not locate record: {uri}")
        return answer({"uri": uri, **found})

    @route("GET", "/api/xrpc/com.atproto.repo.listRecords")
    def list_records(self, call: Call) -> Response:
        query = call.query
        if query.get("repo") not in self.accounts:
            raise refused("InvalidRequest", f"Could not find repo: {query.get('repo')}")
        start = f"at://{query.get('repo')}/{query.get('collection')}/"
        found = sorted((uri for uri in self.records if uri.startswith(start)), reverse=True)
        page = [uri for uri in found if uri < f"{start}{query.get('cursor', '~')}"][: int(query.get("limit", 50))]
        cursor = {"cursor": page[-1].rpartition("/")[2]} if page else {}
        return answer({"records": [{"uri": uri, **self.records[uri]} for uri in page], **cursor})

    @route("POST", "/api/xrpc/com.atproto.repo.deleteRecord")
    def delete_record(self, call: Call) -> Response:
        account, said = self._owner(call)
        uri = f"at://{account.id}/{said.get('collection')}/{said.get('rkey')}"
        if self.records.pop(uri, None) is None:
            return answer({})
        self.posts[uri].public = False
        return answer({"commit": _commit(uri)})

    @route("GET", "/api/xrpc/app.bsky.feed.getPosts")
    def get_posts(self, call: Call) -> Response:
        self._account(call)
        there = [uri for uri in call.queries.get("uris", []) if uri in self.records]
        figures = {"likeCount": 3, "repostCount": 1, "replyCount": 2, "quoteCount": 0}
        grown = {uri: self.grown(self.posts[uri], figures) for uri in there}
        return answer({"posts": [{"uri": uri, "cid": self.records[uri]["cid"], **grown[uri]} for uri in there]})

    # Rules of the server

    def _session(self, account: Account) -> dict[str, Any]:
        return {
            "accessJwt": self._jwt(account, ACCESS_SECONDS),
            "refreshJwt": self._jwt(account, REFRESH_SECONDS, refresh=True),
            "did": account.id,
            "handle": account.name,
            "email": "demo@example.com",
            "emailConfirmed": False,
            "active": True,
        }

    def _jwt(self, account: Account, seconds: int, *, refresh: bool = False) -> str:
        until = self.clock.now() + seconds
        body = json.dumps({"sub": account.id, "exp": int(until), "jti": uuid4().hex}).encode()
        token = f"eyJhbGciOiJub25lIn0.{base64.urlsafe_b64encode(body).rstrip(b'=').decode()}.{uuid4().hex}"
        self.tokens[token] = {"account": account.id, "until": until, "refresh": refresh}
        return token

    def _refresh_token(self, call: Call) -> dict[str, Any]:
        held = self._held(call)
        if not held["refresh"]:
            raise refused("InvalidToken", "Invalid token type")
        if held["until"] <= self.clock.now():
            raise revoked()
        return held

    def _account(self, call: Call) -> Account:
        if self._held(call)["refresh"]:
            raise refused("InvalidToken", "Invalid token type")
        account = self.account_of(call.token)
        if account is None:
            raise refused("ExpiredToken", "Token has expired")
        return account

    def _held(self, call: Call) -> dict[str, Any]:
        if not call.token:
            raise refused("AuthMissing", "Authentication Required", 401)
        if call.token not in self.tokens:
            raise refused("InvalidToken", "Token could not be verified")
        return self.tokens[call.token]

    def _owner(self, call: Call) -> tuple[Account, dict[str, Any]]:
        account, said = self._account(call), call.json
        if not isinstance(said, dict) or said.get("repo") not in {account.id, account.name}:
            raise refused("AccountNotFound", "Account not found", 403)
        return account, said

    def _place(self, account: Account, said: dict[str, Any], rkey: str) -> str:
        if not TID.fullmatch(rkey):
            raise refused("InvalidRequest", "Invalid TID string at $.rkey")
        return f"at://{account.id}/{said.get('collection')}/{rkey}"

    def _free(self, account: Account, said: dict[str, Any]) -> str:
        """A place where nothing is yet: a used one is answered with a bare 500, which proves nothing."""
        made = f"3z{uuid4().hex[:11]}".translate(str.maketrans("0189", "mnop"))
        uri = self._place(account, said, str(said.get("rkey") or made))
        if uri in self.records:
            raise refused("InternalServerError", "Internal Server Error", 500)
        return uri

    def _checked(self, record: Any) -> dict[str, Any]:
        """The record. Raises `Refuse` for one that the lexicon does not allow, or whose blobs are not there."""
        if fault := wrong_with(record):
            raise refused("InvalidRequest", f"Invalid app.bsky.feed.post record: {fault}")
        for image in record.get("embed", {}).get("images", []):
            link = image["image"].get("ref", {}).get("$link")
            if link not in self.blobs:
                raise refused("BlobNotFound", f"Could not find blob: {link}")
        return dict(record)

    def _keep(self, account: Account, uri: str, record: dict[str, Any]) -> dict[str, Any]:
        cid = cid_of(record)
        self.records[uri] = {"cid": cid, "value": record}
        embed = record.get("embed", {})
        files = [{"type": "image", "alt": each["alt"]} for each in embed.get("images", ())]
        files += [{"type": "video", "alt": embed.get("alt", "")}] if "video" in embed else []
        parent = record.get("reply", {}).get("parent", {}).get("uri", "")
        if parent and parent not in self.records:
            self.count("orphan")
        self.publish(account.id, record["text"], id=uri, parent=parent, files=files)
        return {"uri": uri, "cid": cid, "validationStatus": "valid"}


STANDIN = BlueskyStandin


def _commit(uri: str) -> dict[str, str]:
    rev = uri.rpartition("/")[2]
    return {"cid": cid_of({"uri": uri}), "rev": rev}
