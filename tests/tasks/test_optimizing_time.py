"""A picture's time bounds whoever is asked about it, and one whose time is up is not asked about any more."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date

import pytest
from pydantic import SecretStr

from blocks import connections
from pressroom.calls.chain import Chain, RetryPolicy, chain_of
from pressroom.calls.ledger import Ledger
from pressroom.calls.providers import Account
from pressroom.calls.timing import ends
from pressroom.errors import ProcessingTimeout
from pressroom.model import RunRef
from pressroom.model.optimizing import ImageRef, OptimizedImage, OptimizeRequest, Prepared
from pressroom.model.results import ImageFile
from pressroom.store import runs
from pressroom.store.tables import Run
from sandbox import Fault, ProviderServer
from tasks.image_results import images_status as status_of
from tasks.optimizing import suggest_accounts, write_platform
from tasks.runs import reference
from tests.fixtures.plans import optimize_plan

WISH = OptimizeRequest(images=("oranges.jpg",), platforms=("x",))
SECONDS = 1.0
"""Of a picture's time that are left."""


@pytest.fixture
def hanging(server: ProviderServer, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> Iterator[ProviderServer]:
    """A provider that never answers; the chains of the tasks lead there."""
    server.fail(Fault.HANG)
    account = Account(
        name="openai", provider="openai", api_key=SecretStr("k"), base_url=server.openai_url, model="m", timeout=30
    )
    writing, searching = chain_of([account], RetryPolicy()), chain_of([account], RetryPolicy(), kind="search")
    _ = (
        writing.links[0].client("text"),
        searching.links[0].client("search"),
    )  # an SDK's import may take longer than the picture has
    monkeypatch.setattr(connections, "database", lambda: ledger.database)
    monkeypatch.setattr(connections, "chain", lambda names: writing)
    monkeypatch.setattr(connections, "search_chain", lambda: searching)
    yield server
    server.reset()


@pytest.fixture
def run(ledger: Ledger) -> RunRef:
    wanted = Run(
        workspace_id=ledger.workspace_id, kind="optimize", run_key="k", day=date(2026, 11, 20), trigger="manual",
        status="running", plan=optimize_plan(chain=("openai",)),
    )  # fmt: skip
    row = runs.open_run(ledger.database, wanted, lease_seconds=60)
    return reference(row)


def prepared(seconds: float) -> Prepared:
    """A picture for X that has so much of its time left."""
    file = ImageFile(file="x.jpg", width=1600, height=900, media_type="image/jpeg", bytes=9, alt_text="Oranges")
    return Prepared(
        image=ImageRef(id="i", position=1, source="oranges.jpg"), sha256="0", width=1800, height=1200,
        description="Three oranges on a table", alt_text="Oranges", files={"x": file}, file_notes={"x": ()},
        until=time.time() + seconds,
    )  # fmt: skip


def test_templates_write_when_the_model_is_not_done_in_time(hanging: ProviderServer, run: RunRef) -> None:
    began = time.monotonic()
    written = write_platform.fn(run, prepared(SECONDS), "x", WISH)
    assert time.monotonic() - began < SECONDS + 3
    assert not written.by_model and written.result.caption
    assert any(note.startswith("No model wrote the words") for note in written.result.notes)
    assert hanging.counts["total"] == 1


def test_the_search_ends_with_the_pictures_time(hanging: ProviderServer, run: RunRef) -> None:
    began = time.monotonic()
    accounts = suggest_accounts.fn(run, prepared(SECONDS), WISH)
    assert time.monotonic() - began < SECONDS + 3
    assert accounts.found == {"x": ()} and "deadline" in accounts.none_because
    assert hanging.counts["total"] == 1


def test_nobody_is_asked_once_it_is_up(hanging: ProviderServer, run: RunRef) -> None:
    with pytest.raises(ProcessingTimeout):
        write_platform.fn(run, prepared(-1), "x", WISH)
    with pytest.raises(ProcessingTimeout):
        suggest_accounts.fn(run, prepared(-1), WISH)
    assert hanging.counts["total"] == 0


@pytest.mark.parametrize(("patience", "left", "expected"), [(100, 600, 100), (600, 100, 100)])
def test_whichever_ends_first_counts(patience: float, left: float, expected: float) -> None:
    chain = Chain((), RetryPolicy(deadline=patience))
    assert ends(chain, time.time() + left).left == pytest.approx(expected, abs=5)


def image(*, ok: tuple[str, ...] = (), failed: tuple[str, ...] = (), code: str = "") -> OptimizedImage:
    return OptimizedImage(source="-", session_id="-", ok=ok, failed=failed, code=code)


@pytest.mark.parametrize(
    ("images", "status"),
    [
        ([image(ok=("x",)), image(ok=("x",))], "completed"),
        ([image(ok=("x",), failed=("tiktok",))], "partial"),
        ([image(ok=("x",)), image(code="IMAGE_TOO_SMALL")], "partial"),
        ([image(failed=("x",)), image(code="IMAGE_TOO_SMALL")], "failed"),
    ],
)
def test_a_run_is_completed_only_when_every_platform_has_its_picture(images: list[OptimizedImage], status: str) -> None:
    assert status_of(images) == status
