"""Meta's errors and tokens, as its three platforms have them in common."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pressroom.errors import ChannelUnusable, OutcomeUnclear, PostRefused, PressroomError, PublishLater
from pressroom.publishers.sending import graph
from pressroom.publishers.sending.line import Line, Phase, Reply, TokenRefused


def refusal(code: int, subcode: int = 0, status: int = 400, **more: Any) -> Reply:
    said = {"message": "No.", "type": "OAuthException", "code": code, "error_subcode": subcode, **more}
    return Reply(status, {}, json.dumps({"error": said}).encode())


def test_each_error_of_meta_says_what_to_do() -> None:
    rows: list[tuple[Reply, Phase, type[PressroomError], str]] = [
        (refusal(190, 463), Phase.PREPARE, TokenRefused, ""),
        (refusal(190), Phase.SEND, TokenRefused, ""),
        (refusal(190, 460), Phase.SEND, ChannelUnusable, "token_revoked"),
        (refusal(190, 458), Phase.ASK, ChannelUnusable, "token_revoked"),
        (refusal(190, 459), Phase.ACCOUNT, ChannelUnusable, "account_blocked"),
        (refusal(10, status=403), Phase.SEND, ChannelUnusable, "scope_missing"),
        (refusal(200, status=403), Phase.PREPARE, ChannelUnusable, "scope_missing"),
        (refusal(4), Phase.SEND, PublishLater, ""),
        (refusal(368), Phase.SEND, PostRefused, "blocked"),
        (refusal(1, status=500), Phase.SEND, OutcomeUnclear, ""),
        (refusal(2, status=503), Phase.PREPARE, PublishLater, ""),
        (refusal(77777), Phase.PREPARE, PostRefused, "refused"),
        (refusal(77777, is_transient=True), Phase.PREPARE, PublishLater, ""),
        (refusal(77777, is_transient=True), Phase.SEND, OutcomeUnclear, ""),
        (Reply(400, {}, b"<html>"), Phase.SEND, OutcomeUnclear, ""),
    ]
    for reply, phase, kind, reason in rows:
        error = Line("Meta", {}, rules=graph.RULES, phase=phase).error(graph.read_error(reply))
        assert type(error) is kind, (reply.text, phase)
        assert getattr(error, "reason", "") == reason, reply.text


def test_users_read_the_sentence_that_is_meant_for_them() -> None:
    found = graph.read_error(refusal(9, 2207042, error_user_msg="You have posted too often today."))
    assert (found.code, found.subcode, found.message) == ("9", "2207042", "You have posted too often today.")


def test_a_figure_that_is_not_offered_is_left_out() -> None:
    said = {"data": [{"name": "views", "values": [{"value": 7}]}, {"name": "likes", "total_value": {"value": 2}},
                     {"name": "shares", "values": []}]}  # fmt: skip
    assert graph.insights(said) == {"views": 7, "likes": 2}
    assert graph.insights(None) == {}


def test_the_secret_of_the_app_is_named_where_it_is_missing() -> None:
    from pydantic import SecretStr

    from pressroom.publishers.sending.credentials import Credentials

    with pytest.raises(ChannelUnusable, match="client_secret"):
        graph.app_secret(Credentials(access=SecretStr("token-of-a-test")))
