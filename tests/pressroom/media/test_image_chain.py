"""The image chain: who is asked, what is kept, what is paid for, and what a repeat costs."""

from __future__ import annotations

import io
import os
import struct
import subprocess
import sys
import textwrap
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from pressroom.calls.books import Books
from pressroom.calls.chain import RetryPolicy, chain_of
from pressroom.calls.ledger import Ledger
from pressroom.errors import BudgetReached, ChainExhausted, StoreUnusable
from pressroom.media.keeping import PAUSES, Keeper
from pressroom.media.pictures.making import Made, make_picture
from pressroom.model import Brand, ImageRequest
from pressroom.store.artifacts import ArtifactStore
from sandbox import Fault, ProviderServer, Reply
from tests.pressroom.media.picture_desk import (
    MODELS,
    REQUEST,
    account,
    asked,
    chain,
    picture,
    png,
    request,
    rows,
    scripted,
)

IMAGE = ("image",)


@pytest.fixture
def make(server: ProviderServer, ledger: Ledger, store: ArtifactStore) -> Callable[..., Made]:
    """`make("openai", "stability", request=...)` by a chain of its own."""

    def made(*names: str, request: ImageRequest = REQUEST, budget: Any = None, **policy: Any) -> Made:
        one = chain(server, *names, **policy)
        keeper = Keeper(store, "default", one.policy.sleep)
        return make_picture(request, one, keeper, Books(ledger, budget, "t"))

    return made


def fail(server: ProviderServer, *faults: Fault, **reply: Any) -> None:
    server.enqueue(*(Reply(fault=fault, purposes=IMAGE, **reply) for fault in faults))


# One picture


@pytest.mark.parametrize("name", MODELS)
def test_a_picture_from_each_maker(
    name: str, make: Callable[..., Made], ledger: Ledger, store: ArtifactStore, server: ProviderServer
) -> None:
    made = make(name)
    with Image.open(io.BytesIO(made.data)) as image:
        assert image.size == (1200, 627) == (made.width, made.height)
        assert Image.MIME[image.format or ""] == made.media_type
    (row,) = rows(ledger)
    assert (row.kind, row.purpose, row.provider, row.status) == ("image", "linkedin", name, "answered")
    assert made.call_ids == (row.id,)
    assert (made.provider, made.model, made.drawn) == (name, MODELS[name], name == "offline")
    assert (row.cost_microusd > 0) == (name != "offline")
    assert row.answer and made.source_key in row.answer["text"]
    assert made.source_key.startswith("default/pictures/") and store.exists(made.source_key)
    assert asked(server) == ([] if name == "offline" else [name])


def test_the_cost_is_that_of_the_tokens_or_of_the_picture(make: Callable[..., Made], ledger: Ledger) -> None:
    make("openai"), make("stability")
    tokens, flat = rows(ledger)
    assert tokens.cost_microusd == round(tokens.input_tokens * 5 + tokens.output_tokens * 30) > 0
    assert flat.cost_microusd == 30_000


# Nothing is paid for twice


@pytest.mark.parametrize("name", MODELS)
def test_a_repeat_asks_nobody(name: str, make: Callable[..., Made], server: ProviderServer) -> None:
    first = make(name)
    calls = server.counts["total"]
    assert make(name) == first
    assert server.counts["total"] == calls


def test_platforms_that_ask_the_same_share_one_picture(make: Callable[..., Made], server: ProviderServer) -> None:
    first, second = make("stability"), make("stability", request=request(purpose="x", width=1200, height=675))
    assert first.source_key == second.source_key
    assert (second.width, second.height) == (1200, 675)
    assert server.counts["total"] == 1


@pytest.mark.parametrize("change", [{"prompt": "A loaf."}, {"variant": 1}, {"quality": "high"}, {"width": 627}])
def test_what_makes_it_another_picture(
    change: dict[str, Any], make: Callable[..., Made], server: ProviderServer
) -> None:
    make("openai"), make("openai", request=request(**change))
    assert server.counts["total"] == 2


def test_a_repeat_finds_what_a_later_account_made(make: Callable[..., Made], server: ProviderServer) -> None:
    fail(server, Fault.BAD_KEY)
    first = make("openai", "stability")
    assert make("openai", "stability") == first
    assert asked(server) == ["openai", "stability"]


def test_a_picture_that_is_gone_is_made_once_more(
    make: Callable[..., Made], server: ProviderServer, store: ArtifactStore
) -> None:
    first = make("openai")
    store.delete(first.source_key)
    again = make("openai")
    assert again.data == first.data and again.call_ids[0] == first.call_ids[0] and len(again.call_ids) == 2
    make("openai")
    assert server.counts["total"] == 2


def test_bytes_that_were_changed_are_not_used(
    make: Callable[..., Made], server: ProviderServer, store: ArtifactStore
) -> None:
    first = make("openai")
    store.put(first.source_key, b"something else")
    assert make("openai").data == first.data
    assert server.counts["total"] == 2


def test_many_who_want_the_same_pay_once(make: Callable[..., Made], server: ProviderServer) -> None:
    server.configure(image_latency=0.3)
    try:
        with ThreadPoolExecutor(8) as pool:
            made = list(pool.map(lambda _: make("openai"), range(8)))
    finally:
        server.configure(image_latency=0.0)
    assert len({one.data for one in made}) == 1 == server.counts["total"]


def test_another_logo_under_the_same_name_is_another_card(make: Callable[..., Made], tmp_path: Path) -> None:
    logo, keys = tmp_path / "logo.png", set()
    for colour in ("red", "white"):
        logo.write_bytes(png(Image.new("RGB", (200, 200), colour)))
        keys.add(make("offline", request=request(brand=Brand(logo=logo))).source_key)
    assert len(keys) == 2


def test_killed_between_store_and_ledger_costs_one_call(
    server: ProviderServer, sqlite_url: str, folder_url: str, ledger: Ledger, make: Callable[..., Made]
) -> None:
    """The process dies as the answer is about to be written; the picture is in the store, its claim is free."""
    script = f"""
        import os
        from types import SimpleNamespace
        from tests.pressroom.media.picture_desk import REQUEST, chain
        from pressroom.calls.books import Books
        from pressroom.media.keeping import Keeper
        from pressroom.media.pictures.making import make_picture
        from pressroom.store.artifacts import ArtifactStore
        from pressroom.store.database import Database
        from pressroom.calls.ledger import Ledger

        Ledger._keep = lambda *arguments: os._exit(9)
        server = SimpleNamespace(openai_url={server.openai_url!r}, stability_url="")
        ledger = Ledger(Database({sqlite_url!r}), {ledger.workspace_id!r})
        keeper = Keeper(ArtifactStore({folder_url!r}), "default")
        make_picture(REQUEST, chain(server, "openai"), keeper, Books(ledger))
    """
    root = Path(__file__).parents[3]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    died = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], env=environment, check=False, timeout=60)
    assert died.returncode == 9
    assert [row.status for row in rows(ledger)] == ["claimed"]
    make("openai"), make("openai")
    assert server.counts["total"] == 2
    assert len(ArtifactStore(folder_url).list()) == 1, "the same bytes are kept once"


# When it goes wrong


@pytest.mark.parametrize("fault", [Fault.RATE_LIMIT, Fault.SERVER_ERROR, Fault.CUT, Fault.MALFORMED_BODY])
def test_a_passing_fault_is_tried_again(fault: Fault, make: Callable[..., Made], server: ProviderServer) -> None:
    fail(server, fault)
    assert make("openai", "stability").provider == "openai"
    assert asked(server) == ["openai", "openai"]


@pytest.mark.parametrize(
    "fault", [Fault.BAD_KEY, Fault.PAYMENT_REQUIRED, Fault.INSUFFICIENT_QUOTA, Fault.UNKNOWN_MODEL, Fault.REFUSAL]
)
@pytest.mark.parametrize("names", [("openai", "stability"), ("stability", "openai")])
def test_a_lasting_fault_goes_on_at_once(
    names: tuple[str, str], fault: Fault, make: Callable[..., Made], server: ProviderServer
) -> None:
    fail(server, fault)
    assert make(*names).provider == names[1]
    assert asked(server) == list(names)


def huge(edge: int) -> bytes:
    """A file of one pixel that says it has `edge` x `edge`."""
    small = png(Image.new("RGB", (1, 1)))
    header = b"IHDR" + struct.pack(">II", edge, edge) + small[24:29]
    return small[:12] + header + struct.pack(">I", zlib.crc32(header)) + small[33:]


HOSTILE = {
    "page": b"<!doctype html><title>Sign in</title>",
    "nothing": b"",
    "truncated": png(picture(1536, 1024))[:4_000],
    "bomb": huge(20_000),
    "large": huge(7_000),
    "flat": png(Image.new("RGB", (1536, 1024), "#336699")),
    "invisible": png(Image.new("RGBA", (1536, 1024), (0, 0, 0, 0))),
    "small": png(picture(300, 200)),
    "shape": png(picture(3000, 800)),
    "gif": png(picture(1536, 1024), "GIF"),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_a_picture_that_is_none_costs_one_call_and_is_never_kept(
    data: bytes, make: Callable[..., Made], server: ProviderServer, store: ArtifactStore, ledger: Ledger
) -> None:
    server.enqueue(scripted(data))
    made = make("openai", "stability")
    assert made.provider == "stability"
    assert asked(server) == ["openai", "stability"]
    assert store.list() == [made.source_key]
    assert [row.status for row in rows(ledger)] == ["answered", "answered"], "the broken one was paid for too"
    assert make("openai", "stability").data == made.data
    assert server.counts["total"] == 2


@pytest.mark.parametrize("fault", [Fault.TRUNCATED, Fault.PROSE, Fault.EMPTY, Fault.RULE_BREAKING])
def test_the_servers_own_spoilt_pictures(fault: Fault, make: Callable[..., Made], server: ProviderServer) -> None:
    fail(server, fault)
    assert make("stability", "offline").provider == "offline"


def test_nobody_makes_one(make: Callable[..., Made], server: ProviderServer) -> None:
    fail(server, Fault.REFUSAL, Fault.PROSE)
    with pytest.raises(ChainExhausted) as caught:
        make("openai", "stability")
    told = "; ".join(caught.value.attempts)
    assert "openai: PROVIDER_REFUSED" in told and "stability: PROVIDER_BROKEN_ANSWER" in told and "no PNG" in told


def test_a_picture_that_was_withheld_is_paid_for_once(make: Callable[..., Made], server: ProviderServer) -> None:
    withheld = {"image": "aGVsbG8=", "finish_reason": "CONTENT_FILTERED", "seed": 1}
    server.enqueue(Reply(body=withheld, purposes=IMAGE))
    for _ in range(2):
        assert make("stability", "offline").provider == "offline"
    assert server.counts["total"] == 1


class EmptyBudget:
    def check(self) -> None:
        raise BudgetReached("The budget of the day is spent.")


def test_without_money_a_card_is_drawn(make: Callable[..., Made], server: ProviderServer) -> None:
    made = make("openai", "offline", budget=EmptyBudget())
    assert made.drawn and server.counts["total"] == 0


def test_a_store_that_is_away_for_a_moment_loses_nothing(
    make: Callable[..., Made], server: ProviderServer, store: ArtifactStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, away = store.put, iter([True, True, False])

    def put(*arguments: Any) -> Any:
        if next(away, False):
            raise StoreUnusable("The artifact store is away.")
        return real(*arguments)

    monkeypatch.setattr(store, "put", put)
    slept: list[float] = []
    assert make("openai", sleep=slept.append).provider == "openai"
    assert server.counts["total"] == 1 and slept == list(PAUSES[:2])


def test_a_store_that_stays_away_is_told(
    make: Callable[..., Made], store: ArtifactStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def put(*arguments: Any) -> Any:
        raise StoreUnusable("The artifact store is away.")

    monkeypatch.setattr(store, "put", put)
    with pytest.raises(StoreUnusable):
        make("openai")


# The chain itself


def test_its_fingerprint_changes_with_the_model_and_not_with_the_key(server: ProviderServer) -> None:
    def print_of(**changes: Any) -> str:
        return chain_of([account("openai", server, **changes)], RetryPolicy(), kind="image").fingerprint

    assert print_of() == print_of(api_key="another") != print_of(model="gpt-image-1.5")


def test_a_model_nobody_knows_fails_at_its_link_only(
    server: ProviderServer, ledger: Ledger, store: ArtifactStore
) -> None:
    accounts = [account("stability", server, model="sd9"), account("offline", server)]
    fail(server, Fault.UNKNOWN_MODEL)
    one = chain_of(accounts, RetryPolicy(attempts=1), kind="image")
    assert make_picture(REQUEST, one, Keeper(store, "w"), Books(ledger)).provider == "offline"
