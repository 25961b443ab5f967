"""The oracles refuse what the platforms refuse: an oracle that lets everything pass would prove nothing."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from pydantic import ValidationError

from tests.publishers import oracles

POST: dict[str, Any] = {"$type": "app.bsky.feed.post", "text": "hi", "createdAt": "2026-01-01T00:00:00.000Z"}
BLOB = {
    "$type": "blob",
    "ref": {"$link": "bafkreibme22gw2h7y2h7tg2fhqotaqjucnbc24deqo72b6mkl2egezxhvy"},
    "mimeType": "image/png",
    "size": 1000,
}
PICTURE = {"alt": "", "image": BLOB}
LINK = {"$type": "app.bsky.richtext.facet#link", "uri": "https://a.example"}


def _pictures(*pictures: dict[str, Any]) -> dict[str, Any]:
    return {**POST, "embed": {"$type": "app.bsky.embed.images", "images": list(pictures)}}


def _facet(feature: dict[str, Any]) -> dict[str, Any]:
    return {**POST, "facets": [{"index": {"byteStart": 0, "byteEnd": 2}, "features": [feature]}]}


def test_the_model_of_bluesky_knows_its_lexicon() -> None:
    model = oracles.bluesky_post_model()
    for body in (POST, {**POST, "langs": ["en"]}, _pictures(PICTURE), _pictures(*[PICTURE] * 4), _facet(LINK)):
        model.model_validate(body)
    for why, body in {
        "another": {**POST, "another": 1},
        "created": {"text": "hi", "created_at": POST["createdAt"]},
        "datetime": {**POST, "createdAt": "yesterday"},
        "3000": {**POST, "text": "x" * 3001},
        "alt": _pictures({"image": BLOB}),
        "at most 4": _pictures(*[PICTURE] * 5),
        "facet#other": _facet({**LINK, "$type": "app.bsky.richtext.facet#other"}),
        "language": {**POST, "langs": ["english!"]},
    }.items():
        with pytest.raises(ValidationError, match=why):
            model.model_validate(body)


def test_the_model_of_x_knows_its_fields() -> None:
    model = oracles.x_create_post_model()
    reply = {"in_reply_to_tweet_id": "1"}
    right: list[dict[str, Any]] = [{"text": "a"}, {"text": "a", "media": {"media_ids": ["1"]}}]
    for body in (*right, {"text": "a", "reply": reply}):
        model.model_validate(body)
    for why, body in {
        "another": {"text": "a", "another": 1},
        "media.another": {"text": "a", "media": {"media_ids": ["1"], "another": 1}},
        "reply_settings": {"text": "a", "reply_settings": "all"},
        "in_reply_to_tweet_id": {"text": "a", "reply": {"id": "1"}},
        "text": {"text": 1},
    }.items():
        with pytest.raises(ValidationError, match=why):
            model.model_validate(body)


def test_the_schema_of_youtube_knows_its_fields() -> None:
    insert, update = (oracles.youtube_schema("videos", method) for method in ("insert", "update"))
    status = {"privacyStatus": "private", "publishAt": "2026-01-01T00:00:00Z", "containsSyntheticMedia": True}
    jsonschema.validate({"snippet": {"title": "a", "tags": ["b"], "categoryId": "22"}, "status": status}, insert)
    for why, schema, body in (
        ("another", insert, {"another": 1}),
        ("another", insert, {"snippet": {"another": 1}}),
        ("hidden", insert, {"status": {"privacyStatus": "hidden"}}),
        ("'1' is not of type", insert, {"snippet": {"tags": "1"}}),
        ("'id' is a required", update, {"snippet": {"title": "a"}}),
    ):
        with pytest.raises(jsonschema.ValidationError, match=why):
            jsonschema.validate(body, schema)
    with pytest.raises(KeyError):
        oracles.youtube_schema("videos", "list")


def test_the_parameters_and_paths_of_youtube_are_known() -> None:
    insert = oracles.youtube_parameters("videos", "insert")
    jsonschema.validate({"part": "snippet,status", "uploadType": "resumable", "notifySubscribers": "false"}, insert)
    report = oracles.youtube_parameters("reports", "query", "youtubeAnalytics.v2")
    jsonschema.validate({"ids": "channel==MINE", "metrics": "views", "startDate": "2026-01-01"}, report)
    for query in ({"part": "id", "another": "1"}, {"uploadType": "resumable"}, {"part": "id", "alt": "yaml"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(query, insert)
    assert oracles.youtube_path("videos", "insert") == "/resumable/upload/youtube/v3/videos"
    assert oracles.youtube_path("playlistItems", "list") == "/youtube/v3/playlistItems"
    assert oracles.youtube_path("reports", "query", "youtubeAnalytics.v2") == "/v2/reports"


def test_the_client_of_mastodon_waits_for_no_limit() -> None:
    assert oracles.mastodon_client("http://localhost:1", "token").ratelimit_method == "throw"
