"""A call that takes minutes is handed in once: whoever asks after a time-out or a crash gets the same job's result."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from pressroom.calls.books import Books
from pressroom.calls.budget import Budget
from pressroom.calls.chain import Chain, RetryPolicy, chain_of
from pressroom.calls.images import Picture
from pressroom.calls.ledger import CLAIM_MARGIN_SECONDS, CallRecord, Ledger
from pressroom.calls.providers import Account
from pressroom.errors import ChainExhausted
from pressroom.media.keeping import Keeper
from pressroom.media.photography.photographing import photograph
from pressroom.media.pictures.intake import take_in
from pressroom.media.pictures.making import Made
from pressroom.providers.stability import image as stability
from pressroom.providers.stability.image import StabilityEdits
from pressroom.store.artifacts import ArtifactStore
from sandbox import Fault, ProviderServer, Reply
from sandbox.dialects.shared import orders
from tests.pressroom.providers.chain_desk import rows

POSTED, ASKED = "stability_relight", "stability_results"
NOT_YET = Reply(body={"id": "x", "status": "in-progress"}, status=202, purposes=("image_result",))


def product() -> bytes:
    """A cup on nothing."""
    import io

    from PIL import Image, ImageDraw

    image = Image.new("RGBA", (640, 800))
    ImageDraw.Draw(image).rounded_rectangle((160, 200, 460, 640), 40, fill=(190, 60, 50, 255))
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


CUP = take_in(product())


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(stability._declared(), "seconds_between_looks", 0.01)
    orders.forget()  # each test's ledger has the same workspace, hence the same keys


@pytest.fixture
def store(tmp_path: Path) -> ArtifactStore:
    return ArtifactStore(str(tmp_path / "artifacts"))


def chain(server: ProviderServer, *, timeout: float = 20.0, **policy: Any) -> Chain:
    one = Account(
        name="stability",
        provider="stability",
        api_key=SecretStr("k"),
        base_url=server.stability_url,
        model="core",
        timeout=timeout,
    )
    return chain_of([one], RetryPolicy(**{"attempts": 1, "sleep": lambda _: None, **policy}), kind="image")


def shot(one: Chain, ledger: Ledger, store: ArtifactStore, budget: Budget | None = None) -> Made:
    return photograph(
        CUP, "solid_background", one, Keeper(store, "default"), Books(ledger, budget), width=512, height=640
    )


def posted(server: ProviderServer) -> int:
    return int(server.counts["dialect"].get(POSTED, 0))


def late(server: ProviderServer, ledger: Ledger, store: ArtifactStore) -> None:
    """A job that is under way when the time for it is over."""
    server.fail(Fault.UNAVAILABLE, purposes=("image_result",))
    with pytest.raises(ChainExhausted, match="PROVIDER_TIMEOUT"):
        shot(chain(server, timeout=1.0), ledger, store)
    server.reset()
    (row,) = rows(ledger)
    assert (row.status, bool(row.job_id), row.answer) == ("submitted", True, None)


def test_a_job_that_takes_its_time_is_waited_for(server: ProviderServer, ledger: Ledger, store: ArtifactStore) -> None:
    faults = [Reply(fault=fault, purposes=("image_result",), seconds=0.01) for fault in (Fault.UNAVAILABLE, Fault.DROP)]
    server.enqueue(NOT_YET, *faults, NOT_YET)
    assert shot(chain(server), ledger, store).provider == "stability"
    assert server.counts["dialect"] == {POSTED: 1, ASKED: 5}
    (row,) = rows(ledger)
    assert (row.status, row.cost_microusd, bool(row.job_id)) == ("answered", 80_000, True)


def test_the_claim_of_a_long_job_lasts_as_long_as_it_is_asked_about(
    server: ProviderServer, ledger: Ledger, store: ArtifactStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A heartbeat at each question, by the database's clock: nobody takes over a job that is being waited for."""
    server.configure(job_looks=6)
    seen: list[datetime] = []
    poll, day = StabilityEdits.poll, datetime(2026, 11, 30, tzinfo=UTC)

    def watched(self: StabilityEdits, job: str) -> Picture | None:
        seen.append(rows(ledger)[0].claim_expires_at)
        return poll(self, job)

    monkeypatch.setattr(StabilityEdits, "poll", watched)
    monkeypatch.setattr("pressroom.calls.ledger.clock", lambda _: day + timedelta(seconds=100 * len(seen)))
    assert shot(chain(server), ledger, store).provider == "stability"
    server.configure(job_looks=0)
    assert server.counts["dialect"] == {POSTED: 1, ASKED: 7}
    assert seen == [day + timedelta(seconds=100 * number + 20 + CLAIM_MARGIN_SECONDS) for number in range(7)]


def test_a_heartbeat_holds_no_claim_of_another_process(ledger: Ledger) -> None:
    record = CallRecord(kind="edit", purpose="photo", provider="s", model="m", identity={"a": 1})
    assert ledger._claim(record) is not None
    theirs = Ledger(ledger.database, ledger.workspace_id)
    before = rows(ledger)[0].claim_expires_at
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pressroom.calls.ledger.this_process", lambda: "elsewhere/1/2/3")
        theirs.hold(record)
    assert rows(ledger)[0].claim_expires_at == before
    ledger.hold(record)
    assert rows(ledger)[0].claim_expires_at > before


def test_a_job_whose_taking_was_not_heard_of_is_the_same_job_when_it_is_handed_in_again(
    server: ProviderServer, ledger: Ledger, store: ArtifactStore
) -> None:
    """The answer to the handing in is lost on the way: by its key the provider knows that it has the job."""
    server.fail(Fault.CUT, dialects=(POSTED,), purposes=("image",), times=1)
    assert shot(chain(server, attempts=2), ledger, store).provider == "stability"
    first, second = (one for one in server.history if one.dialect == POSTED)
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"]
    assert [(row.status, row.error_code) for row in rows(ledger)] == [
        ("failed", "PROVIDER_CONNECTION"),
        ("answered", None),
    ]


def test_after_a_job_that_is_over_another_key_goes_along(
    server: ProviderServer, ledger: Ledger, store: ArtifactStore
) -> None:
    """By the old key a provider would give the failed job again."""
    server.enqueue(Reply(fault=Fault.UNKNOWN_MODEL, purposes=("image_result",)))
    with pytest.raises(ChainExhausted, match=r"PROVIDER_JOB_LOST.*The same command orders it again"):
        shot(chain(server), ledger, store)
    assert shot(chain(server), ledger, store).provider == "stability"
    keys = {one.headers["idempotency-key"] for one in server.history if one.dialect == POSTED}
    assert len(keys) == posted(server) == 2


def test_a_job_that_was_late_is_asked_for_and_not_paid_again(
    server: ProviderServer, ledger: Ledger, store: ArtifactStore
) -> None:
    late(server, ledger, store)
    assert shot(chain(server), ledger, store).provider == "stability"
    assert posted(server) == 0, "it was handed in before the server was reset"
    assert [row.status for row in rows(ledger)] == ["answered"]
    assert shot(chain(server), ledger, store) and server.counts["dialect"] == {ASKED: 1}, "a repeat asks nothing"


def test_the_result_of_a_job_is_asked_for_without_money(
    server: ProviderServer, ledger: Ledger, store: ArtifactStore
) -> None:
    late(server, ledger, store)
    spent = Budget(ledger.database, ledger.workspace_id, "", day_limit=0.01)
    assert shot(chain(server), ledger, store, budget=spent).provider == "stability"
    assert posted(server) == 0


def test_a_job_that_the_provider_has_forgotten_is_handed_in_again(
    server: ProviderServer, ledger: Ledger, store: ArtifactStore
) -> None:
    late(server, ledger, store)
    server.enqueue(Reply(fault=Fault.UNKNOWN_MODEL, purposes=("image_result",)))
    assert shot(chain(server), ledger, store).provider == "stability"
    assert posted(server) == 1
    assert [row.status for row in rows(ledger)] == ["answered"]


@pytest.mark.parametrize("fault", [Fault.UNKNOWN_MODEL, Fault.BAD_KEY])
def test_a_job_that_is_lost_or_refused_is_over(
    fault: Fault, server: ProviderServer, ledger: Ledger, store: ArtifactStore
) -> None:
    server.enqueue(Reply(fault=fault, purposes=("image_result",)))
    with pytest.raises(ChainExhausted):
        shot(chain(server, attempts=3), ledger, store)
    assert posted(server) == 1
    assert [(row.status, row.request_key) for row in rows(ledger)] == [("failed", None)]


def test_killed_between_handing_in_and_asking_pays_once(
    server: ProviderServer, ledger: Ledger, store: ArtifactStore, tmp_path: Path
) -> None:
    script = f"""
        import os
        from types import SimpleNamespace
        from tests.pressroom.providers.test_tickets import chain, shot
        from pressroom.calls.ledger import Ledger
        from pressroom.providers.stability.image import StabilityEdits
        from pressroom.store.artifacts import ArtifactStore
        from pressroom.store.database import Database

        StabilityEdits.poll = lambda self, job: os._exit(9)
        server = SimpleNamespace(stability_url={server.stability_url!r})
        ledger = Ledger(Database({str(ledger.database.url)!r}), {ledger.workspace_id!r})
        shot(chain(server), ledger, ArtifactStore({str(tmp_path / "artifacts")!r}))
    """
    root = str(Path(__file__).parents[3])
    died = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], env={**os.environ, "PYTHONPATH": root}, check=False, timeout=60
    )
    assert died.returncode == 9
    assert [row.status for row in rows(ledger)] == ["submitted"]
    assert shot(chain(server), ledger, store).provider == "stability"
    assert posted(server) == 1
    assert [row.status for row in rows(ledger)] == ["answered"]
