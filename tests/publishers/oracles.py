"""The platforms' own word on requests, from packages that they or others release: nothing here is written by us.

| platform | where from | refuses |
|---|---|---|
| YouTube | the discovery file inside google-api-python-client | unknown fields and values, wrong types |
| X | the models of xdk | the same |
| Bluesky | the models of atproto, made from the lexicons | the same; over 3,000 characters, 4 images, 3 languages |
| Mastodon | Mastodon.py, a client | answers that it can't read |

None of them knows every limit: 280 characters on X and 300 graphemes on Bluesky are for other tests.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, RootModel, model_validator

if TYPE_CHECKING:
    from mastodon import Mastodon

Schema = dict[str, Any]
UPLOAD = {"uploadType": {"enum": ["media", "multipart", "resumable"]}, "upload_id": {"type": "string"}}


def youtube_schema(resource: str, method: str, api: str = "youtube.v3") -> Schema:
    """JSON Schema of a request's body, as in `youtube_schema("videos", "insert")`; KeyError where there is no body."""
    root = _method(api, resource, method)["request"]
    called, schemas = f"{api.partition('.')[0]}.{resource}.{method}", _discovery(api)["schemas"]
    definitions: Schema = {}
    missing = {root["$ref"]}
    while missing:
        definitions |= {name: _json_schema(schemas[name], called) for name in missing}
        missing = set(re.findall(r"#/\$defs/(\w+)", json.dumps(definitions))) - set(definitions)
    return {**_json_schema(root, called), "$defs": definitions}


def youtube_parameters(resource: str, method: str, api: str = "youtube.v3") -> Schema:
    """JSON Schema of a request's query, whose values are strings; a list is its values with commas between."""
    described = _method(api, resource, method)
    parameters = {**_discovery(api)["parameters"], **described.get("parameters", {})}
    return {
        "type": "object",
        "properties": {name: _in_query(one) for name, one in parameters.items()}
        | (UPLOAD if described.get("supportsMediaUpload") else {}),
        "required": [name for name, one in parameters.items() if one.get("required")],
        "additionalProperties": False,
    }


def youtube_path(resource: str, method: str, api: str = "youtube.v3") -> str:
    """The path of a method, as `/youtube/v3/videos`; of one that takes a file, the path of its resumable upload."""
    described = _method(api, resource, method)
    if upload := described.get("mediaUpload"):
        return str(upload["protocols"]["resumable"]["path"])
    return f"/{_discovery(api)['servicePath']}{described['path']}"


def x_create_post_model() -> type[RootModel[Any]]:
    """The body of `POST /2/tweets`."""
    from xdk.posts.models import CreateRequest

    return _strict(CreateRequest)


def x_initialize_upload_model() -> type[RootModel[Any]]:
    """The body of `POST /2/media/upload/initialize`."""
    from xdk.media.models import InitializeUploadRequest

    return _strict(InitializeUploadRequest)


def x_media_metadata_model() -> type[RootModel[Any]]:
    """The body of `POST /2/media/metadata`."""
    from xdk.media.models import CreateMetadataRequest

    return _strict(CreateMetadataRequest)


def bluesky_post_model() -> type[RootModel[Any]]:
    """The record of `app.bsky.feed.post`, with the lexicon's formats of times, languages, links and references."""
    from atproto_client import models

    return _strict(models.AppBskyFeedPost.Record, context={"strict_string_format": True})


def bluesky_posts(base_url: str, did: str) -> dict[str, Any]:
    """The newest 100 posts of an account by their URIs, as atproto's client reads them from a server."""
    from atproto_client import Client

    return dict(Client(f"{base_url}/xrpc").app.bsky.feed.post.list(did, limit=100).records)


def mastodon_client(base_url: str, token: str) -> Mastodon:
    """A client that repeats nothing by itself and raises `MastodonRatelimitError` instead of waiting."""
    from mastodon import Mastodon

    return Mastodon(api_base_url=base_url, access_token=token, ratelimit_method="throw", version_check_mode="none")


@cache
def _discovery(api: str) -> Schema:
    document: Schema = json.loads((files("googleapiclient.discovery_cache") / f"documents/{api}.json").read_bytes())
    return document


def _method(api: str, resource: str, method: str) -> Schema:
    described: Schema = _discovery(api)["resources"][resource]["methods"][method]
    return described


def _json_schema(described: Schema, called: str) -> Schema:
    """JSON Schema of a schema in the discovery format. called: the method, which some fields are required by."""
    schema: Schema = {key: described[key] for key in ("type", "enum", "description") if key in described}
    if name := described.get("$ref"):
        schema["$ref"] = f"#/$defs/{name}"
    if properties := described.get("properties"):
        schema["properties"] = {name: _json_schema(one, called) for name, one in properties.items()}
        schema["required"] = [
            name for name, one in properties.items() if called in one.get("annotations", {}).get("required", ())
        ]
        schema["additionalProperties"] = False
    for key in ("items", "additionalProperties"):
        if key in described:
            schema[key] = _json_schema(described[key], called)
    return schema


def _in_query(parameter: Schema) -> Schema:
    if parameter["type"] == "boolean":
        return {"enum": ["true", "false"]}
    if parameter["type"] == "integer":
        return {"type": "string", "pattern": r"^-?\d+$"}
    if parameter.get("repeated"):
        return {"type": "string"}
    return {key: parameter[key] for key in ("type", "enum", "pattern") if key in parameter}


def _strict(model: type[BaseModel], **options: Any) -> type[RootModel[Any]]:
    """The model, refusing what it does not know at any depth: the SDKs let such fields pass for versions to come."""

    class Strict(RootModel[model]):  # type: ignore[valid-type]
        @model_validator(mode="before")
        @classmethod
        def refuse_unknown_fields(cls, body: Any) -> Any:
            read = model.model_validate(body, by_alias=True, by_name=False, **options)
            if unknown := list(_unknown(read, "")):
                raise ValueError(f"{model.__name__} does not know {', '.join(unknown)}")
            return body

    return Strict


def _unknown(value: Any, place: str) -> Iterator[str]:
    """Dotted names of the fields that no model describes."""
    if isinstance(value, BaseModel):
        yield from (f"{place}.{name}".lstrip(".") for name in value.model_extra or ())
        for name in type(value).model_fields:
            yield from _unknown(getattr(value, name), f"{place}.{name}")
    elif isinstance(value, (list, tuple)):
        for position, one in enumerate(value):
            yield from _unknown(one, f"{place}.{position}")
    elif hasattr(value, "to_dict"):  # atproto's DotDict: a member of a union by a `$type` no lexicon has
        yield f"{place}: {value.to_dict()}".lstrip(".")
