"""The lexicon of a Bluesky post: what a server checks of a record, with its own words for what is wrong."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from pressroom.platforms import counting

POSTS = "app.bsky.feed.post"
TID = re.compile(r"[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}")
MOST_BLOB = 5 * 2**20
"""Bytes that an upload takes; a post's picture has fewer."""
MOST_PICTURE = 1_000_000
MOST_GRAPHEMES, MOST_BYTES = 300, 3000

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{1,8})*|x(-[A-Za-z0-9]{1,8})+")
_CID = re.compile(r"baf[a-z2-7]{50,}")
_URI = re.compile(r"[a-z][a-z.-]{0,80}:\S{1,8000}")
_DID = re.compile(r"did:[a-z]+:[a-zA-Z0-9._:%-]+")


def cid_of(record: Mapping[str, Any], kind: str = "bafyrei") -> str:
    """The address of a value by its content, whatever the order of its fields."""
    digest = hashlib.sha256(json.dumps(record, sort_keys=True).encode()).digest()
    return kind + base64.b32encode(digest).decode().rstrip("=").lower()


def wrong_with(record: Any) -> str:
    """The first thing that a server refuses about a post; empty when it takes it."""
    if not isinstance(record, dict):
        return "Expected an object at $.record"
    return next(_faults(record), "")


def _faults(record: dict[str, Any]) -> Iterator[str]:
    if record.get("$type", POSTS) != POSTS:
        yield f"Invalid $type: expected {POSTS}, got {record['$type']}"
    for name in ("text", "createdAt"):
        if not isinstance(record.get(name), str):
            yield f'Missing required key "{name}" at $.record'
    yield from _too_long(record["text"], MOST_GRAPHEMES, MOST_BYTES, "$.record.text")
    if not _TIME.fullmatch(record["createdAt"]):
        yield f'Invalid datetime (got "{record["createdAt"]}") at $.record.createdAt'
    langs = record.get("langs", [])
    if len(langs) > 3:
        yield f"array too big (maximum 3, got {len(langs)}) at $.record.langs"
    if any(not _LANGUAGE.fullmatch(lang) for lang in langs):
        yield "Invalid language at $.record.langs"
    for facet in record.get("facets", ()):
        yield from _facet(facet)
    for ref in record.get("reply", {}).values():
        if not _CID.fullmatch(str(ref.get("cid", ""))):
            yield "Invalid CID string at $.record.reply"
    yield from _pictures(record.get("embed", {}).get("images", []))


def _too_long(text: str, graphemes: int, most: int, where: str) -> Iterator[str]:
    if (size := len(text.encode())) > most:
        yield f"string too big (maximum {most}, got {size}) at {where}"
    if (count := counting.graphemes(text)) > graphemes:
        yield f"grapheme too big (maximum {graphemes}, got {count}) at {where}"


def _facet(facet: dict[str, Any]) -> Iterator[str]:
    for name in ("byteStart", "byteEnd"):
        if facet["index"][name] < 0:
            yield f"integer too small (minimum 0, got {facet['index'][name]}) at $.record.facets"
    for feature in facet.get("features", ()):
        match str(feature.get("$type", "")).partition("#")[2]:
            case "link" if not _URI.fullmatch(feature.get("uri", "")):
                yield "Invalid uri at $.record.facets"
            case "mention" if not _DID.fullmatch(feature.get("did", "")):
                yield "Invalid DID at $.record.facets"
            case "tag":
                yield from _too_long(feature.get("tag", ""), 64, 640, "$.record.facets")


def _pictures(images: list[dict[str, Any]]) -> Iterator[str]:
    if len(images) > 4:
        yield f"array too big (maximum 4, got {len(images)}) at $.record.embed.images"
    for place, image in enumerate(images):
        where = f"$.record.embed.images[{place}]"
        blob = image.get("image", {})
        if not str(blob.get("mimeType", "")).startswith("image/"):
            yield f'Expected "image/*" (got "{blob.get("mimeType")}") mime type at {where}.image'
        if blob.get("size", 0) > MOST_PICTURE:
            yield f"blob too big (maximum {MOST_PICTURE}, got {blob['size']}) at {where}.image"
        if "alt" not in image:
            yield f'Missing required key "alt" at {where}'
        for side in image.get("aspectRatio", {"width": 1}).values():
            if side < 1:
                yield f"integer too small (minimum 1, got {side}) at {where}.aspectRatio"


def media_type_of(content: bytes, said: str) -> str:
    """The type of an upload by its first bytes, or else as its sender says."""
    for head, kind in ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG", "image/png"), (b"GIF8", "image/gif")):
        if content.startswith(head):
            return kind
    return said
