"""Bluesky: a personal data server as version 0.4.217 answers, held to a real one by the tests."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from typing import Any
from uuid import uuid4

from pressroom.platforms import counting
from sandbox.social.frame.standin import Account, Call, Refuse, Standin, answer, route
from sandbox.wire import Response

MOST_BLOB = 5_000_000
MOST_IMAGE = 1_000_000
MOST_GRAPHEMES, MOST_BYTES = 300, 3000
ACCESS_SECONDS, REFRESH_SECONDS, GRACE_SECONDS = 7200, 60 * 86400, 7200
_TID = re.compile(r"[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}")


def refused(code: str, message: str, status: int = 400) -> Refuse:
    return Refuse(answer({"error": code, "message": message}, status))


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
        held = self.tokens.get(call.token)
        if held is None or not held.get("refresh") or held["until"] <= self.clock.now():
            raise refused("ExpiredToken", "Token has been revoked")
        if call.token in self.refreshed:
            until, session = self.refreshed[call.token]
            if until > self.clock.now():
                return answer(session)
            raise refused("ExpiredToken", "Token has been revoked")
        session = self._session(self.accounts[held["account"]])
        self.refreshed[call.token] = (self.clock.now() + GRACE_SECONDS, session)
        self.count("refresh")
        return answer(session)

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
        kind = call.request.headers.get("content-type", "application/octet-stream")
        link = f"bafkrei{hashlib.sha256(call.body).hexdigest()}"
        blob = {"$type": "blob", "ref": {"$link": link}, "mimeType": kind, "size": len(call.body)}
        self.blobs[link] = blob
        self.count("blob")
        return answer({"blob": blob})

    @route("POST", "/api/xrpc/com.atproto.repo.putRecord")
    def put_record(self, call: Call) -> Response:
        account, said = self._owner(call)
        rkey, record = str(said.get("rkey", "")), said.get("record")
        if not _TID.fullmatch(rkey):
            raise refused("InvalidRequest", "Invalid record key: record key is not a valid TID")
        record = self._check(record)
        uri = f"at://{account.id}/{said['collection']}/{rkey}"
        there, cid = self.records.get(uri), _cid(record)
        if there is not None and there["cid"] == cid:
            return answer({"uri": uri, "cid": cid, "validationStatus": "valid"})
        if there is not None and "swapRecord" in said and said["swapRecord"] != there["cid"]:
            raise refused("InvalidSwap", f"Record was at {there['cid']}")
        self._keep(account, uri, cid, record)
        commit = {"cid": cid, "rev": rkey}
        return answer({"uri": uri, "cid": cid, "commit": commit, "validationStatus": "valid"})

    @route("POST", "/api/xrpc/com.atproto.repo.createRecord")
    def create_record(self, call: Call) -> Response:
        account, said = self._owner(call)
        record = self._check(said.get("record"))
        uri = f"at://{account.id}/{said['collection']}/{said.get('rkey') or uuid4().hex[:13]}"
        if uri in self.records:
            raise refused("InternalServerError", "Internal Server Error", 500)  # as the server answers, and no proof
        cid = _cid(record)
        self._keep(account, uri, cid, record)
        return answer({"uri": uri, "cid": cid})

    @route("GET", "/api/xrpc/com.atproto.repo.getRecord")
    def get_record(self, call: Call) -> Response:
        query = call.query
        uri = f"at://{query.get('repo')}/{query.get('collection')}/{query.get('rkey')}"
        if uri not in self.records:
            raise refused("RecordNotFound", f"Could not locate record: {uri}")
        return answer({"uri": uri, **self.records[uri]})

    @route("GET", "/api/xrpc/com.atproto.repo.listRecords")
    def list_records(self, call: Call) -> Response:
        start = f"at://{call.query.get('repo')}/{call.query.get('collection')}/"
        found = [{"uri": uri, **record} for uri, record in self.records.items() if uri.startswith(start)]
        return answer({"records": sorted(found, key=lambda each: each["uri"], reverse=True)})

    @route("POST", "/api/xrpc/com.atproto.repo.deleteRecord")
    def delete_record(self, call: Call) -> Response:
        account, said = self._owner(call)
        uri = f"at://{account.id}/{said.get('collection')}/{said.get('rkey')}"
        self.records.pop(uri, None)
        if uri in self.posts:
            self.posts[uri].public = False
        return answer({})

    @route("GET", "/api/xrpc/app.bsky.feed.getPosts")
    def get_posts(self, call: Call) -> Response:
        self._account(call)
        there = [uri for uri in call.queries.get("uris", []) if uri in self.records]
        figures = {"likeCount": 3, "repostCount": 1, "replyCount": 2, "quoteCount": 0}
        return answer({"posts": [{"uri": uri, "cid": self.records[uri]["cid"], **figures} for uri in there]})

    # Rules of the server

    def _session(self, account: Account) -> dict[str, Any]:
        return {
            "accessJwt": self._jwt(account, ACCESS_SECONDS),
            "refreshJwt": self._jwt(account, REFRESH_SECONDS, refresh=True),
            "did": account.id,
            "handle": account.name,
        }

    def _jwt(self, account: Account, seconds: int, *, refresh: bool = False) -> str:
        until = self.clock.now() + seconds
        body = json.dumps({"sub": account.id, "exp": int(until), "jti": uuid4().hex}).encode()
        token = f"eyJhbGciOiJub25lIn0.{base64.urlsafe_b64encode(body).rstrip(b'=').decode()}.{uuid4().hex}"
        self.tokens[token] = {"account": account.id, "until": until, "refresh": refresh}
        return token

    def _account(self, call: Call) -> Account:
        held = self.tokens.get(call.token)
        if held is None or held.get("refresh"):
            raise refused("AuthMissing" if not call.token else "InvalidToken", "Token could not be verified", 401)
        account = self.account_of(call.token)
        if account is None:
            raise refused("ExpiredToken", "Token has expired")
        return account

    def _owner(self, call: Call) -> tuple[Account, dict[str, Any]]:
        account, said = self._account(call), call.json
        if not isinstance(said, dict) or said.get("repo") not in {account.id, account.name}:
            raise refused("InvalidRequest", "Could not find repo")
        return account, said

    def _check(self, record: Any) -> dict[str, Any]:
        """The record. Raises `Refuse` for one that the lexicon does not allow."""
        if not isinstance(record, dict) or not record.get("createdAt") or not isinstance(record.get("text"), str):
            raise refused("InvalidRequest", 'Invalid app.bsky.feed.post record: Record must have the property "text"')
        text = record["text"]
        graphemes = counting.graphemes(text)
        if graphemes > MOST_GRAPHEMES:
            said = f"Record/text must not be longer than 300 graphemes: grapheme too big (maximum 300, got {graphemes})"
            raise refused("InvalidRequest", f"Invalid app.bsky.feed.post record: {said}")
        if len(text.encode()) > MOST_BYTES:
            raise refused("InvalidRequest", "Invalid app.bsky.feed.post record: Record/text must not be longer")
        images = record.get("embed", {}).get("images", [])
        if len(images) > 4:
            raise refused("InvalidRequest", "Record/embed/images must not have more than 4 elements")
        for image in images:
            self._check_blob(image)
        for facet in record.get("facets", ()):
            place = facet["index"]
            if not 0 <= place["byteStart"] < place["byteEnd"] <= len(text.encode()):
                raise refused("InvalidRequest", "Record/facets: a place is outside of the text")
        return record

    def _check_blob(self, image: dict[str, Any]) -> None:
        blob = image.get("image", {})
        if "alt" not in image:
            raise refused("InvalidRequest", 'Record/embed/images must have the property "alt"')
        if blob.get("ref", {}).get("$link") not in self.blobs:
            raise refused("InvalidRequest", "Could not find blob")
        if blob["size"] > MOST_IMAGE:
            raise refused(
                "InvalidRequest", f"This file is too large. It is {blob['size']} but the maximum is {MOST_IMAGE}"
            )

    def _keep(self, account: Account, uri: str, cid: str, record: dict[str, Any]) -> None:
        self.records[uri] = {"cid": cid, "value": record}
        embed = record.get("embed", {})
        files = [{"type": "image", "alt": each["alt"]} for each in embed.get("images", ())]
        files += [{"type": "video", "alt": embed.get("alt", "")}] if "video" in embed else []
        parent = record.get("reply", {}).get("parent", {}).get("uri", "")
        if parent and parent not in self.records:
            self.count("orphan")
        self.publish(account.id, record["text"], id=uri, parent=parent, files=files)


STANDIN = BlueskyStandin


def _cid(record: dict[str, Any]) -> str:
    return f"bafyrei{hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()}"
