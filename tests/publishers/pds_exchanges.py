"""The words of a Bluesky server, as a table: each exchange is a request and the answer that a real one gave.

`exchanges(base_url, account)` tries them all on any server: the real one keeps the table true, and a stand-in that
passes can be trusted. The account is new: the keys of its records are fixed here.

Worth knowing, since a publisher's decisions hang on it:
- the same record under the same key with `swapRecord: null` is no second post; another record is `InvalidSwap`;
- an absent record is 400 `RecordNotFound`, whereas a used key in `createRecord` and `applyWrites` is a bare 500;
- an image that is too large for a post is taken as a blob, and refused with the post;
- nothing checks that the post exists which a reply names, nor that a facet lies within its text;
- a refresh token that is used a second time gives the same new pair; after `deleteSession` it is `ExpiredToken`.
"""

from __future__ import annotations

from collections.abc import Callable

import httpx2

from tests.fixtures.real_pds import Account
from tests.publishers.pds_calls import (
    POST,
    POSTS,
    Conversation,
    Exchange,
    Fact,
    create,
    delete,
    expired,
    facet,
    get,
    identity,
    keys,
    picture,
    put,
    put_instead,
    put_with,
    refresh,
    reply,
    same,
    show,
    sign_in,
    write,
)

OTHER = {**POST, "text": "another"}
FIRST, ABSENT = "3kaaaaaaaaaaa", "3zzzzzzzzzzzz"
LATE, LATEST = "jyyyyyyyyyyyy", "jzzzzzzzzzzzz"
KEYS = [f"3kbbbbbbbbb{a}{b}" for a in "234567" for b in "234567abcdefghijklmnopqrstuvwxyz"]
NO_REPOSITORY = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa"
NO_BLOB = "bafkreibme22gw2h7y2h7tg2fhqotaqjucnbc24deqo72b6mkl2egezxhvy"
FAMILY = "\N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL}"
"""One grapheme of 18 bytes."""
MOST_OF_A_BLOB = 5 * 2**20  # bytes
MOST_OF_A_PICTURE = 1_000_000  # bytes

PUT = "uri cid commit validationStatus"
UNCHANGED = "uri cid validationStatus"
PAIR = "accessJwt refreshJwt did handle email emailConfirmed active"
VALUE = Fact(
    "the post", lambda one, body: bool(body["value"] == POST and body["cid"] == one.answers["a record"]["cid"])
)
SAME_PAIR = Fact("the new pair", lambda one, body: identity(body) == identity(one.answers["a refresh"]))
BLOB = Fact(
    "its size and type",
    lambda one, body: (body["blob"]["size"], body["blob"]["mimeType"]) == (MOST_OF_A_PICTURE, "image/jpeg"),
)
KEY = iter(KEYS[1:])

SESSIONS = (
    Exchange("a session", sign_in(), 200, fields=PAIR),
    Exchange("a wrong password", sign_in("wrong"), 401, "AuthenticationRequired", "Invalid identifier or password"),
    Exchange("no token", put_with(lambda one: "", KEYS[0]), 401, "AuthMissing", "Authentication Required"),
    Exchange(
        "no such token", put_with(lambda one: "eyJ.no.token", KEYS[0]), 400, "InvalidToken", "could not be verified"
    ),
    Exchange(
        "a refresh token as an access token",
        put_with(lambda one: str(one.answers["a session"]["refreshJwt"]), KEYS[0]),
        400,
        "InvalidToken",
        "Invalid token type",
    ),
    Exchange("a refresh", refresh("a session"), 200, fields=PAIR),
    Exchange("a refresh with a spent token", refresh("a session"), 200, fields=PAIR, holds=SAME_PAIR),
    Exchange("a refresh with the next token", refresh("a refresh"), 200, fields=PAIR),
    Exchange("a refresh with an access token", refresh("a session", "accessJwt"), 400, "InvalidToken"),
    Exchange("a refresh without a token", lambda one: one.refresh(""), 401, "AuthMissing"),
    Exchange("another session", sign_in(), 200, fields=PAIR),
    Exchange(
        "the end of a session",
        lambda one: one.call("com.atproto.server.deleteSession", None, one.answers["another session"]["refreshJwt"]),
        200,
    ),
    Exchange("a refresh after the end", refresh("another session"), 400, "ExpiredToken", "Token has been revoked"),
)
EXPIRED = (
    Exchange("an expired token", put_with(expired("accessJwt"), KEYS[0]), 400, "ExpiredToken", "Token has expired"),
    Exchange("an expired refresh token", lambda one: one.refresh(expired("refreshJwt")(one)), 400, "ExpiredToken"),
)
RECORDS = (
    Exchange("a record before it is there", get(FIRST), 400, "RecordNotFound", "Could not locate record: at://"),
    Exchange("a record", put(FIRST, POST, swapRecord=None), 200, fields=PUT),
    Exchange("it again", put(FIRST, POST, swapRecord=None), 200, fields=UNCHANGED, holds=same("a record")),
    Exchange("another in its place", put(FIRST, OTHER, swapRecord=None), 400, "InvalidSwap", "Record was at bafyrei"),
    Exchange("it is still there", get(FIRST), 200, fields="uri cid value", holds=VALUE),
    Exchange(
        "its fields in another order", put(FIRST, dict(reversed(POST.items())), swapRecord=None), 200, fields=UNCHANGED
    ),
    Exchange("it under another key", put(KEYS[0], POST, swapRecord=None), 200, fields=PUT, holds=same("a record")),
    Exchange("an edit", put(FIRST, OTHER), 200, fields=PUT),
    Exchange("an edit of what is there", put_instead(FIRST, POST, "an edit"), 200, fields=PUT, holds=same("a record")),
    Exchange("an edit of what was there", put_instead(FIRST, POST | {"text": "c"}, "an edit"), 400, "InvalidSwap"),
    Exchange("an edit of nothing", put_instead(ABSENT, POST, "an edit"), 400, "InvalidSwap", "Record was at null"),
    Exchange("an older version", lambda one: get(FIRST, cid=one.answers["an edit"]["cid"])(one), 400, "RecordNotFound"),
    Exchange("an absent record", get(ABSENT), 400, "RecordNotFound", "Could not locate record"),
    Exchange("a record of an absent account", get(FIRST, repo=NO_REPOSITORY), 502, "UpstreamFailure"),
    Exchange("a key that is not a TID", put("not-a-tid", POST), 400, "InvalidRequest", "Invalid TID string"),
    Exchange("a TID beyond its range", put("kzzzzzzzzzzzz", POST), 400, "InvalidRequest", "Invalid TID string"),
    Exchange("a created record", create(POST), 200, fields=PUT, holds=same("a record")),
    Exchange("a created record with a used key", create(POST, rkey=FIRST), 500, "InternalServerError"),
    Exchange("a record in an absent account", create(POST, repo=NO_REPOSITORY), 403, "AccountNotFound"),
    Exchange(
        "two writes",
        write((KEYS[-1], POST), (KEYS[-2], OTHER)),
        200,
        fields="commit results",
        holds=keys(KEYS[-1], KEYS[-2], of="results"),
    ),
    Exchange("a write with a used key", write((KEYS[-3], POST), (KEYS[-1], POST)), 500, "InternalServerError"),
    Exchange("the other write with it", get(KEYS[-3]), 400, "RecordNotFound"),
    Exchange("a write that is not valid", write((KEYS[-3], POST), (KEYS[-4], {})), 400, "InvalidRequest"),
    Exchange("the other write with that", get(KEYS[-3]), 400, "RecordNotFound"),
    Exchange("a record with the latest key", put(LATEST, POST), 200, fields=PUT),
    Exchange("a record with one before", put(LATE, POST), 200, fields=PUT),
    Exchange("a deletion", delete(KEYS[-1]), 200, fields="commit"),
    Exchange("a deletion again", delete(KEYS[-1]), 200),
    Exchange("a deleted record", get(KEYS[-1]), 400, "RecordNotFound"),
    Exchange("a record where one was deleted", put(KEYS[-1], POST, swapRecord=None), 200, fields=PUT),
    Exchange(
        "a list",
        lambda one: one.query("com.atproto.repo.listRecords", repo=one.account.did, collection=POSTS, limit=2),
        200,
        fields="records cursor",
        holds=keys(LATEST, LATE, of="records"),
    ),
    Exchange(
        "a list of an absent account",
        lambda one: one.query("com.atproto.repo.listRecords", repo=NO_REPOSITORY, collection=POSTS),
        400,
        "InvalidRequest",
        "Could not find repo",
    ),
)
_WRONG = (  # name, record, message
    ("301 graphemes", {**POST, "text": "x" * 301}, "grapheme too big (maximum 300, got 301) at $.record.text"),
    ("3,006 bytes", {**POST, "text": FAMILY * 167}, "string too big (maximum 3000, got 3006) at $.record.text"),
    ("no time", {"$type": POSTS, "text": "a"}, 'Missing required key "createdAt" at $.record'),
    ("a time in words", {**POST, "createdAt": "yesterday"}, 'Invalid datetime (got "yesterday") at $.record.createdAt'),
    ("a time without a zone", {**POST, "createdAt": "2026-01-01T00:00:00"}, "Invalid datetime"),
    ("4 languages", {**POST, "langs": ["en", "de", "fr", "it"]}, "array too big (maximum 3, got 4) at $.record.langs"),
    ("no language", {**POST, "langs": ["english!"]}, "Invalid language"),
    ("another type", {**POST, "$type": "app.bsky.feed.like"}, "Invalid $type: expected app.bsky.feed.post"),
    ("a facet before the text", facet(-1, 2, kind="tag", tag="a"), "integer too small (minimum 0, got -1)"),
    ("a link to nowhere", facet(0, 5, kind="link", uri="a b"), "Invalid uri"),
    ("a mention by handle", facet(0, 5, kind="mention", did="alice.test"), "Invalid DID"),
    ("a tag of 65", facet(0, 5, kind="tag", tag="x" * 65), "grapheme too big (maximum 64, got 65)"),
)
_RIGHT = (  # name, record
    ("300 graphemes of 2 bytes", {**POST, "text": "\N{LATIN SMALL LETTER E WITH ACUTE}" * 300}),
    ("2,988 bytes in 166 graphemes", {**POST, "text": FAMILY * 166}),
    ("no text", {**POST, "text": ""}),
    ("no type", {key: value for key, value in POST.items() if key != "$type"}),
    ("an unknown field", {**POST, "another": 1}),
    ("a zone in numbers", {**POST, "createdAt": "2026-01-01T00:00:00+00:00"}),
    ("a facet", facet(0, 5, kind="link", uri="https://a.example")),
    ("a facet behind the text", facet(0, 50, kind="link", uri="https://a.example")),
    ("a facet of an unknown kind", facet(0, 5, kind="another", uri="https://a.example")),
)
CONTENTS = (
    *(Exchange(name, put(next(KEY), one), 400, "InvalidRequest", message) for name, one, message in _WRONG),
    *(Exchange(name, put(next(KEY), one), 200, fields=PUT) for name, one in _RIGHT),
    Exchange("a reply", reply("a record", next(KEY)), 200, fields=PUT),
    Exchange("a reply to an absent post", reply("a record", next(KEY), cid=NO_BLOB), 200, fields=PUT),
    Exchange("a reply to no cid", reply("a record", next(KEY), cid="zz"), 400, "InvalidRequest", "Invalid CID string"),
)
PICTURES = (
    Exchange(
        "a picture", lambda one: one.upload(picture(MOST_OF_A_PICTURE), "image/png"), 200, fields="blob", holds=BLOB
    ),
    Exchange("a large picture", lambda one: one.upload(picture(MOST_OF_A_PICTURE + 1), "image/jpeg"), 200),
    Exchange("5 MiB", lambda one: one.upload(picture(MOST_OF_A_BLOB), "image/jpeg"), 200, fields="blob"),
    Exchange(
        "5 MiB and a byte", lambda one: one.upload(picture(MOST_OF_A_BLOB + 1), "image/jpeg"), 413, "PayloadTooLarge"
    ),
    Exchange("a text", lambda one: one.upload(b"some text", "text/plain"), 200, fields="blob"),
    Exchange("a post with it", show("a picture", next(KEY)), 200, fields=PUT),
    Exchange("a post with four", show("a picture", next(KEY), 4), 200, fields=PUT),
    Exchange("with five", show("a picture", next(KEY), 5), 400, "InvalidRequest", "array too big (maximum 4, got 5)"),
    Exchange(
        "with the large picture",
        show("a large picture", next(KEY)),
        400,
        "InvalidRequest",
        "blob too big (maximum 1000000, got 1000001) at $.record.embed.images[0].image",
    ),
    Exchange("with a text", show("a text", next(KEY)), 400, "InvalidRequest", 'Expected "image/*" (got "text/plain")'),
    Exchange(
        "without words", show("a picture", next(KEY), alt=None), 400, "InvalidRequest", 'Missing required key "alt"'
    ),
    Exchange(
        "with a picture that was never uploaded",
        show(
            "a picture",
            next(KEY),
            image={"$type": "blob", "ref": {"$link": NO_BLOB}, "mimeType": "image/png", "size": 9},
        ),
        400,
        "BlobNotFound",
        "Could not find blob",
    ),
    Exchange(
        "of no width",
        show("a picture", next(KEY), aspectRatio={"width": 0, "height": 1}),
        400,
        "InvalidRequest",
        "integer too small (minimum 1, got 0)",
    ),
)
EXCHANGES = (*SESSIONS, *RECORDS, *CONTENTS, *PICTURES)


def exchanges(base_url: str, account: Account, expire: Callable[[str], str] | None = None) -> dict[str, str]:
    """The exchanges that went otherwise, by name, and how: nothing, where a server speaks like the real one.

    account: a new one. expire: gives a token as it is after its time; without it expired tokens are not tried.
    """
    with httpx2.Client(base_url=f"{base_url}/xrpc/", timeout=30) as client:
        one = Conversation(client, account, expire)
        tried = {each.name: each.difference(one) for each in (*EXCHANGES, *(EXPIRED if expire else ()))}
    return {name: difference for name, difference in tried.items() if difference}
