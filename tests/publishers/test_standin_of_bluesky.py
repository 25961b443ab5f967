"""The stand-in of Bluesky answers as the real server does: by the same table, which a real one keeps true."""

from __future__ import annotations

from pressroom.errors import PublishLater
from pressroom.publishers.sending.line import Phase
from sandbox.social.frame.server import SocialServer
from tests.fixtures.real_pds import Account
from tests.fixtures.social import at, desk_at, picture
from tests.publishers.pds_exchanges import exchanges


def test_the_stand_in_passes_the_table_of_the_real_server() -> None:
    with SocialServer("bluesky") as server:
        standin = server["bluesky"]
        account = next(iter(standin.accounts.values()))

        def expire(token: str) -> str:
            standin.tokens[token]["until"] = 0.0
            return token

        assert exchanges(f"{server.url}/bluesky/api", Account(account.id, account.password), expire) == {}


def test_a_picture_that_the_server_has_dropped_is_uploaded_again() -> None:
    with SocialServer("bluesky") as server:
        desk = desk_at(server, "bluesky")
        job = desk.job(desk.approved("With a picture", media=[picture(desk.files)]))
        desk.prepare(job)
        server["bluesky"].blobs.clear()
        try:
            desk.publisher.send(at(job, Phase.SEND))
        except PublishLater:
            desk.send(job)
        assert server["bluesky"].public == 1
        assert len(next(iter(server["bluesky"].posts.values())).files) == 1
